/* The laws of noise as enclosures: weights in decreasing order from 0 outwards, and the distribution function that a
 * draw inverts. For dp/sampler.c and dp/steady.c.
 *
 * A law's weights are w_k = exp(-rate k) (geometric, Laplace) or exp(-k^2 / (2 variance)) (Gaussian). A two-sided law
 * is drawn as a sign and a magnitude: 0 has both signs, so w_0 is halved in it. */
#pragma once

#include "dp/enclosure.h"

struct law {
    enum { LAW_GEOMETRIC, LAW_LAPLACE, LAW_GAUSSIAN } kind;
    struct dp_ratio parameter; /* the rate (to DP_RATE_MOST), or the variance (to DP_VARIANCE_MOST) */
};

/* Whether the parameter is above 0 and within bounds. */
bool law_is_sound(const struct law *law);
bool law_is_two_sided(const struct law *law);
/* Whether all but 2^-bits of the law lies within so many magnitudes, by an estimate that errs to no. */
bool law_fits(const struct law *law, uint64_t magnitudes, uint64_t bits);

/* Going through the magnitudes at a precision. */
struct law_walk {
    const struct law *law;
    uint64_t magnitude;
    struct enclosure sum;           /* of the weights up to and with that of magnitude */
    struct enclosure weight, ratio; /* of the magnitude; of the next weight to it */
    struct enclosure step;          /* of each ratio to the one before */
};
void law_walk_start(struct law_walk *walk, const struct law *law, size_t limbs);
void law_walk_next(struct law_walk *walk);
/* Whether what is left no longer matters at this precision: weights under 2^(-64 (limbs - 1)). */
bool law_walk_ends(const struct law_walk *walk);

/* The sum of all weights. */
struct enclosure law_total(const struct law *law, size_t limbs);
/* What a weight of 1 has of half the distribution function: 1 / (2 total). */
struct enclosure law_share(const struct law *law, size_t limbs);

/* The magnitude of which half the distribution function surely contains the whole of [at, at + 2^(-64 words)), where
 * `at` has so many limbs behind the point and is under 1/2. False: too little is known of at. */
bool law_locate(const struct law *law, const struct wide *at, size_t words, uint64_t *magnitude);
