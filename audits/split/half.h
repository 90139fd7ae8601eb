/* The device's half of a split model, if there were one: what would leave if features of lessons were sent. No such
 * half is part of Chatham; it is put together here to try defences on, of parts that are: features of insight/features,
 * clipped, quantised and noised by dp/vector.
 *
 * features (hashed, sparse) -> folded into HALF_BUCKETS numbers with signs -> for HALF_LAYER a dense layer of secret
 * weights and an activation -> length 1 -> whole steps, clipped to norm 1 -> noise. */
#pragma once

#include "audits/net/net.h"
#include "audits/split/lessons.h"
#include "dp/floor.h"
#include "dp/stream.h"
#include "dp/vector.h"

#define HALF_BUCKETS 1024
#define HALF_WIDTH 256
#define HALF_ROWS 64    /* a batch, at most */
#define HALF_STEPS 4096 /* in a length of 1, where quantisation is no defence */

enum half_kind {
    HALF_RAW,  /* the folded features as they are */
    HALF_LAYER /* behind a dense layer whose weights only the device has */
};
struct half_terms {
    enum half_kind kind;
    enum net_activation activation; /* of HALF_LAYER */
    uint32_t steps;                 /* of quantisation, in a length of 1 */
    double noise;                   /* standard deviation of a coordinate's noise over the length; 0: none */
};
struct half {
    struct half_terms terms;
    struct dp_vector_terms vector;
    size_t width; /* of what leaves */
    struct net layer;
    float *folded;           /* owned, HALF_BUCKETS */
    int64_t *values, *steps; /* owned, width */
};
/* random: the layer's weights. ERR_USAGE: terms that dp_vector_check does not take. */
MUST_USE enum status half_new(const struct half_terms *terms, struct random random, struct half *out);
void half_free(struct half *half);
/* What a policy cannot go under (dp/floor.h) for vectors of features, as `noise`. */
double half_noise_floor(void);

/* A candidate's features in HALF_BUCKETS numbers, of length at most 1. */
MUST_USE enum status half_fold(const struct candidate *candidate, float *out);
MUST_USE enum status half_fold_word(const char *word, float *out);
/* Folded features through layer and activation, of length 1: half->width numbers. */
void half_forward(struct half *half, const float *folded, float *out);
/* The same of a batch behind a layer, and the way back: the derivatives by out's numbers (rows x half->width) are added
 * to the layer's gradients and, unless folded_slopes is NULL, put there as derivatives by the folded features. */
void half_forward_rows(struct half *half, const float *folded, size_t rows, float *out);
void half_backward_rows(struct half *half, const float *folded, const float *out, float *slopes, size_t rows,
                        float *folded_slopes);
/* What leaves: with real noise, in units of the length. */
MUST_USE enum status half_release(struct half *half, const struct candidate *candidate, struct dp_stream *stream,
                                  float *out);
/* The same quantisation, and noise of the same variance from a simulation: for whoever trains on his own texts. */
void half_simulate(struct half *half, float *vector, struct random random);
/* What the activation got, up to scale, for somebody who has the weights: it is undone number by number. */
void half_undo(const struct half *half, const float *released, float *before);
