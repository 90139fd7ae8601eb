/* Real numbers between two bounds: fixed point of any number of 64-bit limbs, every operation rounded outwards, so that
 * the true value of a formula always lies within the enclosure of it. No floating point.
 *
 * This is what the samplers' thresholds are computed in. All numbers are non-negative and under 2^64. */
#pragma once

#include "dp/bernoulli.h"

/* At most so many limbs behind the point. */
#define ENCLOSURE_LIMBS 12

/* limb[0] is the whole part; the others are the fraction, the most significant first. Limbs over the precision in use
 * are not read. */
struct wide {
    uint64_t limb[1 + ENCLOSURE_LIMBS];
};

struct enclosure {
    size_t limbs; /* behind the point: the precision. Operands of one operation have the same */
    struct wide least, most;
};

/* numerator / denominator, the denominator not 0. */
struct enclosure enclosure_ratio(size_t limbs, struct dp_ratio ratio);
/* exp(-x), for x = numerator / denominator of any size. Source of the series: Taylor's of exp(x / 2^s), its remainder
 * bounded by its last term; then squared s times. */
struct enclosure enclosure_exp_minus(size_t limbs, struct dp_ratio x);

void enclosure_add(struct enclosure *sum, const struct enclosure *more); /* INVARIANT: it stays under 2^64 */
/* The product, under 2^64; out may be a factor. */
void enclosure_multiply(const struct enclosure *a, const struct enclosure *b, struct enclosure *out);
/* times * number, or number / by, by not 0. */
void enclosure_times(struct enclosure *number, uint64_t times);
void enclosure_over(struct enclosure *number, uint64_t by);
/* 1 / number, for a number that is surely 1/2 or more, and under 2^62. */
struct enclosure enclosure_inverse(const struct enclosure *number);

/* Under 0, 0 or above 0, as memcmp. */
int wide_compare(size_t limbs, const struct wide *a, const struct wide *b);
