/* Identifiers of our own making, drawn from a seed: one row a kind, with the sentence in which it stands in a trace.
 * At least one kind of every type that the scrubber knows by a shape, but ages, which are too short to be looked for.
 * Check digits are right; names are of the lists' cultures; no value is anyone's. */
#pragma once

#include "base/random.h"
#include "redaction/redaction.h"

#define KIND_VALUE_MAX 1024

enum kind_trait {
    KIND_LINES = 1,  /* it has lines, or is long: no form that splits it */
    KIND_NUMBER = 2, /* digits and marks between: blanks may stand between them */
    KIND_EMAIL = 4,  /* may be read out */
    KIND_TOKEN = 8,  /* known by its beginning: may be cut off */
    KIND_SHORT = 16, /* under nine characters */
    KIND_WORDS = 32, /* with blanks, as prose */
};

struct kind {
    const char *name;
    enum redact_type type; /* as whose example it stands here; the scrubber may call it otherwise */
    const char *sentence;  /* one %s */
    /* "%12d" draws twelve digits, %l and %u letters, %h lower hexadecimal, %a letters and digits, %A capitals and
     * digits, %b the letters of base32; every other character stands for itself. */
    const char *shape;
    /* Sets check digits, or draws what no shape says; NULL: the shape is all. */
    void (*finish)(struct random random, char value[static KIND_VALUE_MAX]);
    unsigned traits;
};
extern const struct kind kinds[];
extern const size_t kind_count;

void kind_draw(const struct kind *kind, struct random random, char value[static KIND_VALUE_MAX]);
/* The sentence with `value` in it. */
void kind_write(const struct kind *kind, struct bytes value, struct buf *out);
