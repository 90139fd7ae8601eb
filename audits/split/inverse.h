/* The inverse network (He, Zhang, Lee 2019, "Model inversion attacks against collaborative inference", and what arXiv
 * 2409.08503 found to work): learns from shadow lessons to tell from what leaves which words went in, or of what kind
 * the lesson is. It has never seen the attacked tenant. */
#pragma once

#include "audits/net/learn.h"
#include "audits/split/shadows.h"

struct inverse {
    struct net net;
    float scale; /* of its inputs */
};
/* outputs: shadows->vocabulary (targets: shadows->words) or CANDIDATE_KINDS (shadows->kinds). The half gives the
 * features and simulates quantisation and noise anew in every epoch; it is the device's own, or a substitute for it. */
MUST_USE enum status inverse_learn(struct half *half, const struct shadows *shadows, const float *targets,
                                   size_t outputs, size_t epochs, struct random random, struct inverse *out);
void inverse_free(struct inverse *inverse);
/* The `count` outputs that are likeliest. */
void inverse_guess(struct inverse *inverse, const float *released, size_t count, struct guess *out);
