/* Learning: a corpus becomes weights. Conditional log-likelihood, where labels are left open summed over what they may
 * be, by AdaGrad over lines in an order from the seed. */
#pragma once

#include "redaction/tag_decode.h"
#include "redaction/train/corpus.h"

struct learn_options {
    uint64_t seed;
    unsigned rounds;
    float rate, decay, drop; /* drop: share of features left out of each step */
    unsigned least;          /* how often a feature must occur */
};
struct weights {
    uint64_t *features; /* as in the model */
    float *rows;        /* TAG_LANES each */
    size_t count;
    float follow[TAG_LABELS][TAG_LABELS], first[TAG_LABELS];
};
void learn(const struct corpus *corpus, const struct tag_lists *lists, const struct learn_options *options,
           struct weights *out);
void weights_free(struct weights *weights);
