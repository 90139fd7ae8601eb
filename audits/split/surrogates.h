/* Two attackers who do not have the device's half and never see what goes in, only what leaves:
 * substitute: FORA (Xu et al. 2024), a half of one's own is moved until what it makes of public lessons is spread as
 * what leaves (mmd.h) and a discriminator no longer tells it from that, then an inverse network is trained on it.
 * unsplit: Erdogan, Kupcu, Cicek 2022, algorithm 1: a half of one's own and the inputs are found in turn, each by
 * descent with the other held, so that together they make what leaves. */
#pragma once

#include "audits/net/learn.h"
#include "audits/split/shadows.h"

/* observed: releases (count x width). *half begins as it is given. */
MUST_USE enum status substitute_learn(struct half *half, const struct shadows *shadows, const float *observed,
                                      size_t count, size_t steps, struct random random);

struct unsplit {
    struct half *half; /* borrowed: the attacker's own */
    size_t vocabulary;
    float *words; /* owned; vocabulary x HALF_BUCKETS: a word's features, which are public */
    float *bags;  /* owned; HALF_ROWS x vocabulary: how much of each word is in an input, 0 or more */
    float *folded, *out, *slopes, *folded_slopes, *bag_slopes; /* owned; of a batch */
};
/* Learns on the first HALF_ROWS releases. */
MUST_USE enum status unsplit_new(const struct lessons *lessons, struct half *half, const float *observed, size_t count,
                                 size_t rounds, struct unsplit *out);
void unsplit_free(struct unsplit *unsplit);
/* The input behind one release, with the half that was learned. */
MUST_USE enum status unsplit_guess(struct unsplit *unsplit, const float *released, size_t count, struct guess *out);
