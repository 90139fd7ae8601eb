/* Exact discrete Gaussian noise, in integers only.
 *
 * Guarantee: for an integer-valued query of which one unit of privacy changes the value by at most `sensitivity`, the
 * value plus noise of this law is sensitivity^2 / (2 variance)-zCDP (concentrated), with unit and adjacency those of
 * the caller's sensitivity bound; for a vector of integers, each coordinate with noise of its own, sensitivity is the
 * Euclidean one. The outputs' support is all integers for every input. Source: Canonne, Kamath, Steinke 2020,
 * Algorithm 3 and Theorem 4. Not constant in time: see dp/steady.h. */
#pragma once

#include "dp/bernoulli.h"

/* Bounds of the numerator and the denominator of a variance: within them no draw overflows. */
#define DP_VARIANCE_MOST (UINT64_C(1) << 50)

/* X with probability proportional to exp(-X^2 / (2 variance)); variance above 0 and within DP_VARIANCE_MOST. Many
 * draws of one law: dp/sampler.h, many times as fast. */
int64_t dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);
