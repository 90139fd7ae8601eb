/* Amplification: what a mechanism's guarantee becomes when nobody knows who took part, or which answer is whose.
 *
 * Inputs are the guarantee of one use; results are rounded up. δ in 1 / DP_DELTA_ONE. */
#pragma once

#include "dp/zcdp.h"

/* (ε, δ) of a mechanism run on a sample: ε' = log(1 + q (e^ε - 1)), δ' = q δ (Balle, Barthe, Gaboardi 2018, theorems 8
 * and 9). Poisson: each unit is in the sample with probability q by itself, and the adjacency is one unit's records or
 * none. Without replacement: q is the sample's part of all, whose number is public, and the adjacency, of the mechanism
 * too, is one unit's records replaced by others. q above 0 and at most 1: otherwise ERR_USAGE, and the outputs the
 * largest. */
MUST_USE enum status dp_amplify_sampling(struct dp_epsilon epsilon, uint64_t delta, struct dp_ratio q,
                                         struct dp_epsilon *out, uint64_t *out_delta);

/* ε at `delta` against who sees only the shuffled answers of `count` units, each from an ε-local randomiser, for one
 * unit's value replaced by another. ERR_USAGE: delta not within (0, 1), count 0, or epsilon 0; ERR_TOO_LARGE: epsilon
 * above 20 or count above DP_SHUFFLE_MOST. *out is the largest value then. closed: Feldman, McMillan, Talwar 2021,
 * theorem 3.1, and epsilon itself where that has no answer. numeric: the pair of theorem 3.2, summed; at most the
 * closed one. */
#define DP_SHUFFLE_MOST UINT64_C(10000000)
MUST_USE enum status dp_shuffle_closed(struct dp_epsilon epsilon, uint64_t count, uint64_t delta,
                                       struct dp_epsilon *out);
MUST_USE enum status dp_shuffle_epsilon(struct dp_epsilon epsilon, uint64_t count, uint64_t delta,
                                        struct dp_epsilon *out);
