/* From probabilities to finds. */
#pragma once

#include "redaction/detect.h"
#include "redaction/tag_decode.h"
#include "redaction/tag_gate.h"

/* A decoded line. */
struct tag_read {
    const struct tag_word *words;
    const struct tag_kind *const *kinds;
    const float (*chances)[TAG_LANES];
    unsigned genre;
};
/* Scores from which a word is withheld, or only reported. */
struct tag_levels {
    float withhold, flag;
};

/* The bars for words that may be reported in a text of the genre: of types that are not in `types` there are none. */
void tag_report_bars(const struct tag_model *model, uint64_t types, unsigned genre, float flag, tag_types bars);
/* Whether a find with the word in it may be reported for it, as one of these types (a bit each). */
bool tag_report_may(struct bytes text, const struct tag_word *word, const struct tag_kind *kind, unsigned genre,
                    uint8_t types);
/* Report what words [from, to) say. */
void tag_report(struct scan *scan, const struct tag_read *line, size_t from, size_t to,
                const struct tag_levels *levels);
