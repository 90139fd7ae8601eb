/* Exact coins: no floating point, no approximation. All randomness comes from the stream that is passed in; one
 * seeded by random_system() gives what a mechanism may release.
 *
 * Source: Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy" (2020), Algorithm 1. */
#pragma once

#include "dp/stream.h"

/* A non-negative rational; the denominator is not 0. */
struct dp_ratio {
    uint64_t numerator, denominator;
};

/* True with probability numerator / denominator, which is at most 1. */
bool dp_bernoulli(struct dp_stream *stream, struct dp_ratio probability);
/* True with probability exp(-numerator / denominator). Time grows with the integer part of the exponent (an expected
 * 1.6 steps of it, as each one ends the run with probability 1 - 1/e). */
bool dp_bernoulli_exp(struct dp_stream *stream, struct dp_ratio exponent);
