/* Adversaries that learn from shadows what an update says of the private thing behind it: the same three for a
 * library's difference and for an adapter's update.
 *
 * A shadow is an update that the adversary made with a private thing of its own choice, at a step that it knows. Asked
 * about an update that it did not make, it gives every private thing that it holds a score. */
#pragma once

#include "base/bytes.h"
#include "base/random.h"

struct shadows {
    size_t rows, width;
    const float *updates; /* rows x width */
    const double *steps;  /* rows: the round or training step of each */
    const size_t *truths; /* rows: which private thing */
};
struct privates {
    size_t count, width;
    const float *vectors; /* count x width: what a reconstruction is compared with */
};
enum adversary_kind {
    ADVERSARY_MATCHING, /* analysis by synthesis: the nearest mean of the updates that a private thing gives */
    ADVERSARY_LOGISTIC, /* a multinomial logistic model of update and step */
    ADVERSARY_VAE,      /* audits/net/vae.h: reconstructs the private vector; then the nearest by cosine */
    ADVERSARIES
};
const char *adversary_name(enum adversary_kind kind); /* "matching" */

struct adversary; /* opaque; borrows privates */
/* epochs: passes over the shadows, where the kind learns in passes. */
MUST_USE enum status adversary_learn(enum adversary_kind kind, const struct shadows *shadows,
                                     const struct privates *privates, size_t epochs, struct random random,
                                     struct adversary **out);
void adversary_free(struct adversary *adversary);
/* A score for each of privates->count; a higher one is likelier. */
void adversary_score(struct adversary *adversary, const float *update, double step, double *scores);
