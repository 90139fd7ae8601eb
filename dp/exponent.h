/* exp(-x) between two integers: for thresholds and tables that must err on one side only.
 *
 * Source: Taylor's series at the fraction, each term within 2 units of 2^-64 of the true one (26 terms at most), and
 * as many factors 1/e as x has whole units; every product is rounded outwards. */
#pragma once

#include "dp/bernoulli.h"

/* In units of 2^-64: below / 2^64 <= exp(-x) <= above / 2^64. */
struct dp_exp_bounds {
    uint64_t below, above;
};

#define DP_EXP_DENOMINATOR_MOST (UINT64_C(1) << 40)

/* above - below is under 2^9. ERR_USAGE, and the bounds 0 and 1, for an x of 0, a denominator of 0 or over the bound.
 */
MUST_USE enum status dp_exp_bounds(struct dp_ratio x, struct dp_exp_bounds *out);
