/* Exact discrete Laplace and geometric noise, in integers only.
 *
 * Guarantee: for an integer-valued query of which one unit of privacy changes the value by at most `sensitivity`, the
 * value plus dp_laplace noise at rate ε / sensitivity is ε-differentially private (pure), with unit and adjacency those
 * of the caller's sensitivity bound. The outputs' support is all integers for every input: the finite-precision attack
 * (Mironov 2012) has nothing to find. Source: Canonne, Kamath, Steinke 2020, Algorithm 2; Ghosh, Roughgarden,
 * Sundararajan 2009. Not constant in time: see dp/steady.h. Many draws of one law: dp/sampler.h. */
#pragma once

#include "dp/account.h"
#include "dp/bernoulli.h"

/* Bounds of a rate's numerator and denominator: within them no draw overflows. */
#define DP_RATE_MOST (UINT64_C(1) << 40)

/* The rate ε / sensitivity, exactly. ERR_USAGE: ε or sensitivity 0, or out of bounds. */
MUST_USE enum status dp_laplace_rate(struct dp_epsilon epsilon, uint64_t sensitivity, struct dp_ratio *rate);

/* X >= 0 with probability (1 - r) r^X, r = exp(-rate). Rate above 0 and within DP_RATE_MOST. */
int64_t dp_geometric(struct dp_stream *stream, struct dp_ratio rate);
/* X with probability (1 - r) / (1 + r) * r^|X|; variance 2r / (1 - r)^2. */
int64_t dp_laplace(struct dp_stream *stream, struct dp_ratio rate);

/* value + dp_laplace, held within int64 (a post-processing: it costs nothing). */
int64_t dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate);
/* The least t with P(|X| > t) <= numerator / denominator: the half-width of an interval around a noisy value. Computed
 * from the public rate in floating point and rounded up; never touches data. */
uint64_t dp_laplace_bound(struct dp_ratio rate, struct dp_ratio probability);
