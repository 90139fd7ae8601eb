/* Which words of a line have a chance to be found at all, before probabilities are worked out.
 *
 * For each word and type: by how many of the model's steps the best labelling that has the word in a find of that type
 * is ahead of the one that leaves that find out (max-marginals of the chain, Viterbi 1967, in saturating 16-bit steps).
 * A word whose types all stay below their bars is outside. The sums of many lesser labellings are what the bar leaves
 * room for. */
#pragma once

#include "redaction/tag_table.h"

typedef int16_t tag_types[TAG_TYPES]; /* a number of steps a type */

struct tag_gate {
    tag_types enter, leave[2], on[2]; /* [0] from a begin, [1] from an inside: gains over outside, rounded up */
};
void tag_gate_init(struct tag_gate *gate, const struct tag_model *model);

#define TAG_BAR_CLOSED INT16_MAX /* of a type that is not looked for */
/* Steps that the best labelling may fall behind if the chance of being withheld is to be `chance`, or more. */
int tag_bar(const struct tag_model *model, float chance);
/* open[i]: a bit for each type whose bar word i in [from, to) comes to; `sums` are the words' scores. What stands
 * around is outside. */
void tag_gate_open(const struct tag_gate *gate, const int16_t (*sums)[TAG_LANES], size_t from, size_t to,
                   const tag_types bar, uint8_t open[static TAG_LINE]);
