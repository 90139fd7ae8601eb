/* A vector of features, clipped and quantised in integers, with discrete Gaussian noise on each coordinate.
 *
 * Guarantee: what dp_vector_release returns has the loss dp_vector_loss for the unit whose vector it is, whatever the
 * vector: as it leaves a device it is a local guarantee, against everybody, the server included. `DP_VECTOR_NONE`: the
 * vector replaced by none, which is the zero vector; `DP_VECTOR_OTHER`: by any other. Sensitivity by construction:
 * values are rounded to whole steps first, then clipped, each by itself and the whole to a norm, so that the squares of
 * the integers that are noised sum to at most dp_vector_norm_squared, exactly; no rounding comes after. There is no
 * floating point between data and noise.
 *
 * Source: Canonne, Kamath, Steinke 2020, theorem 14 (vectors); clipping before noise: Abadi et al. 2016; here after the
 * rounding, which Kairouz, Liu, Steinke 2021 have to bound by a conditional draw instead. */
#pragma once

#include "dp/gaussian.h"
#include "dp/zcdp.h"

#define DP_VECTOR_DIMENSIONS_MOST (UINT32_C(1) << 20)
#define DP_VECTOR_BOUND_MOST (UINT32_C(1) << 31)

struct dp_vector_terms {
    uint32_t dimensions;      /* at least 1, at most DP_VECTOR_DIMENSIONS_MOST */
    uint32_t step;            /* units of an input value in a step of an output value, at least 1 */
    uint32_t most;            /* of one coordinate, in steps: 1 .. DP_VECTOR_BOUND_MOST */
    uint32_t norm;            /* L2, of the whole, in steps: 1 .. DP_VECTOR_BOUND_MOST */
    struct dp_ratio variance; /* of the noise, in steps squared, parts within DP_VARIANCE_MOST */
};

enum dp_vector_neighbour { DP_VECTOR_NONE, DP_VECTOR_OTHER };

/* ERR_USAGE, and *why says which: a part that is 0 or out of bounds. */
MUST_USE enum status dp_vector_check(const struct dp_vector_terms *terms, struct why *why);

/* The most that the squares of a clipped vector sum to: norm² or dimensions most², whichever is less. */
uint64_t dp_vector_norm_squared(const struct dp_vector_terms *terms);

/* values (terms->dimensions of them, and out) in whole steps, halves away from 0, clipped. Not private: what
 * dp_vector_release adds noise to. Terms that dp_vector_check takes. */
void dp_vector_clip(const struct dp_vector_terms *terms, const int64_t *values, int64_t *out);
/* Clipped and noised, in steps. Unbiased for what clipping leaves. */
void dp_vector_release(const struct dp_vector_terms *terms, struct dp_stream *stream, const int64_t *values,
                       int64_t *out);

struct dp_zcdp dp_vector_loss(const struct dp_vector_terms *terms, enum dp_vector_neighbour neighbour);
