/* The adversarial part of FORA (Xu et al. 2024, section 4; Goodfellow et al. 2014): a network that learns to tell what
 * leaves a device from what the attacker's own half makes, and says where to move the latter so that it no longer can.
 */
#pragma once

#include "audits/net/learn.h"
#include "audits/net/net.h"

struct discriminator {
    struct net net;
    struct net_adam adam;
    float *aims, *slopes, *pushes; /* owned; of a batch */
};
/* width: of a vector; rows_max: of the largest batch of either kind. */
MUST_USE enum status discriminator_new(size_t width, size_t rows_max, struct random random, struct discriminator *out);
void discriminator_free(struct discriminator *discriminator);
/* One step: made (rows x width) is the attacker's, seen (others x width) the device's. The mean of both cross-entropies
 * before the step; log 2 where nothing is told. */
double discriminator_learn(struct discriminator *discriminator, const float *made, size_t rows, const float *seen,
                           size_t others);
/* Adds to slopes (rows x width) the derivatives of -log D(made), the mean over rows, which is returned. */
double discriminator_push(struct discriminator *discriminator, const float *made, size_t rows, float *slopes);
