/* Forward-backward over one line: from scores to probabilities. */
#pragma once

#include "redaction/tag_model.h"

/* Transitions as factors, with what may not follow at zero. */
struct tag_chain {
    float follow[TAG_LABELS][TAG_LANES]; /* row: before */
    float lead[TAG_LABELS][TAG_LANES];   /* the same, row: behind */
    float on[2][TAG_TYPES];              /* from the types' begins and insides to their insides, out of `follow` */
    float first[TAG_LANES];
};
void tag_chain_init(struct tag_chain *chain, const float follow[TAG_LABELS][TAG_LABELS], const float first[TAG_LABELS]);

struct tag_lattice {
    float score[TAG_LINE][TAG_LANES];   /* in: of each word's labels; out: as factors */
    float forward[TAG_LINE][TAG_LANES]; /* scaled so that each row's sum is 1 */
    float chance[TAG_LINE][TAG_LANES];  /* out: probability of each label */
};
/* Fill lattice->chance for words [from, to) of a line of `count`. What stands around them is taken to be outside. */
void tag_decode(const struct tag_chain *chain, struct tag_lattice *lattice, size_t from, size_t to, size_t count);
