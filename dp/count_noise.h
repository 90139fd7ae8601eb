/* The two noises that mechanisms add to integers, as one parameter: which, and how much.
 *
 * Guarantee: values of which one unit changes the vector by at most `l1` in L1 norm and by at most sqrt(l2_squared) in
 * L2 norm, plus independent draws on each, have the loss dp_count_noise_loss. Laplace is pure: ε = rate l1
 * (dp_count_noise_epsilon). Exact; sources in dp/laplace.h and dp/gaussian.h. */
#pragma once

#include "dp/gaussian.h"
#include "dp/laplace.h"
#include "dp/sampler.h"
#include "dp/zcdp.h"

enum dp_count_noise_kind { DP_COUNT_LAPLACE, DP_COUNT_GAUSSIAN };

struct dp_count_noise {
    enum dp_count_noise_kind kind;
    struct dp_ratio size; /* Laplace: the rate, 1 / scale; Gaussian: the variance */
};

/* ERR_USAGE, and *why says which: an unknown kind; a part of `size` that is 0 or above DP_RATE_MOST. */
MUST_USE enum status dp_count_noise_check(struct dp_count_noise noise, struct why *why);

/* value plus a draw, held within int64 (a post-processing). For terms that dp_count_noise_check takes. */
int64_t dp_count_noise_add(struct dp_stream *stream, struct dp_count_noise noise, int64_t value);

/* The same law for many draws: pays from some thousands on. ERR_MEMORY. *out is NULL then. */
MUST_USE enum status dp_count_noise_prepare(struct dp_count_noise noise, struct dp_sampler **out);

/* The least t >= 1 for which P(draw >= t) is proved to be at most delta (1 / DP_DELTA_ONE, above 0): a threshold above
 * what no one supports. Of public terms only. Laplace: exact sums, rounded up in integers. Gaussian: the continuous
 * tail at t - 1 (Canonne, Kamath, Steinke 2020, proposition 25), in floating point with a margin. */
uint64_t dp_count_noise_tail(struct dp_count_noise noise, uint64_t delta);
/* The standard deviation, for display and intervals. */
double dp_count_noise_deviation(struct dp_count_noise noise);

struct dp_zcdp dp_count_noise_loss(struct dp_count_noise noise, uint64_t l1, uint64_t l2_squared);
/* ERR_USAGE for Gaussian noise, which has no pure ε; ERR_TOO_LARGE. *out is the largest value then. */
MUST_USE enum status dp_count_noise_epsilon(struct dp_count_noise noise, uint64_t l1, struct dp_epsilon *out);
