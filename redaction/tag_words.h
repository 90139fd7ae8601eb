/* The words of a text as the tagger sees them, a line at a time: letters, numbers and marks with their shape, and which
 * of them stand in something that no person wrote as prose (a path, an identifier, a hash, a time stamp). */
#pragma once

#include "redaction/chars.h"

#define TAG_LINE 256 /* most words of a line; a longer one is cut, behind a full stop if there is one */

enum tag_shape {
    SHAPE_LOWER,
    SHAPE_CAPITAL, /* "Mia" */
    SHAPE_INITIAL, /* "M" */
    SHAPE_UPPER,   /* "NATO" */
    SHAPE_MIXED,   /* "McKay" */
    SHAPE_NUMBER,  /* "7", "1,500", "10:30" */
    SHAPE_CODE,    /* letters and digits: "F16" */
    SHAPE_MARK,
    SHAPES
};
enum tag_marks {
    WORD_SPACED = 1, /* a blank stands before */
    WORD_INERT = 2,  /* never tagged */
};
struct tag_word {
    uint64_t hash; /* of the word in lower case; of a number, or an inert stretch, only what kind it is */
    uint32_t at;
    uint16_t size;
    uint8_t shape, marks;
};

/* The words of the line at `at`, which ends at a newline, at 0x1e or after TAG_LINE words; *next is where the next one
 * begins, past `at` if any text is left. Lines are the same wherever a walk over the text began, if it began at one. */
size_t tag_line(struct bytes text, size_t at, struct tag_word out[static TAG_LINE], size_t *next);
/* Hash of a word in lower case, as in tag_word. */
uint64_t tag_hash(struct bytes word);
static inline uint64_t tag_mix(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}
