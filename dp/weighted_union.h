/* Weighted Gaussian set union: of keys that nobody listed beforehand, those that enough units have.
 *
 * Each unit has a set of at most `keys` keys; one that has m of them adds dp_union_weight(m) = floor(2^12 / sqrt(m)) to
 * the sum of each, so that together they change the vector of sums by an L2 norm of at most 2^12, however many they
 * are. A key is released, with its noisy sum, if the sum plus discrete Gaussian noise is at least the threshold. Keys
 * that nobody has are never drawn for.
 *
 * Guarantee: δ-approximate ρ-zCDP for one unit whose set is replaced by none, if each unit's set depends on that unit
 * alone. Keys that others have too: a Gaussian mechanism of sensitivity 2^12. Keys that only this unit has, m of them:
 * that none of them is released is an event of probability at least 1 - δ, as m times the tail of the noise beyond
 * threshold - weight(m) is at most δ for each m; on it the outputs are those of the first kind. Sums and noise are
 * integers. Released: keys and noisy sums; a noisy sum over 2^12 bounds the number of units from below, as no weight is
 * over 2^12.
 *
 * Source: Gopi, Gulhane, Kulkarni, Shen, Shokouhi, Yekhanin 2020, "Differentially Private Set Union", algorithms 1
 * and 7; tail: Canonne, Kamath, Steinke 2020, proposition 25. */
#pragma once

#include "dp/zcdp.h"

#define DP_UNION_ONE 4096u      /* the weight of a unit's only key */
#define DP_UNION_KEYS_MAX 4096u /* of one unit */
#define DP_UNION_RHO_LEAST (DP_RHO_ONE / 100000)
#define DP_UNION_RHO_MOST (DP_RHO_ONE * 1000)

struct dp_union {
    uint32_t keys;     /* of one unit at most */
    uint64_t variance; /* of the noise, in squares of a sum's unit */
    int64_t threshold;
    struct dp_zcdp loss; /* of the whole release */
};
/* The union whose loss is `loss` at most. ERR_USAGE: no keys or too many, a δ of 0 or 1, a ρ out of its range. */
MUST_USE enum status dp_union_for(struct dp_zcdp loss, uint32_t keys, struct dp_union *out);
/* What a unit with `had` keys, 1 to `keys`, adds to each. */
uint32_t dp_union_weight(uint32_t had);
/* The probability that a key is released whose sum is `sum`: for planning, from public numbers; in floating point. */
double dp_union_probability(const struct dp_union *mechanism, int64_t sum);
