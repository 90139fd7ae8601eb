/* Names of persons: word lists, the walk over capitalised words, and what follows "my name is". */
#pragma once

#include "redaction/detect.h"

enum name_class {
    NAME_GIVEN = 1,
    NAME_FAMILY = 2,
    NAME_COMMON = 4,   /* also an ordinary word, a place or a product: no name without more evidence */
    WORD_FILLER = 8,   /* may stand between a label and its value: "is", "of", "the" */
    WORD_TELLING = 16, /* likewise, and says that a value follows: "number", "id" */
};

/* Lists of lower-case words separated by blanks (redaction/names_data.c); written for this project from general
 * knowledge. */
extern const char names_given[], names_family[], names_common[];

MUST_USE enum status names_new(struct names **out);
void names_free(struct names *names);
unsigned names_class(const struct names *names, struct bytes text);
/* May text (words of any case) be a person's name: does it hold a listed word that is nothing else, or are all its
 * words listed? "Wall Clock" is none. */
bool names_likely(const struct names *names, struct bytes text);

/* Find names by lists in the whole text. */
void names_scan(struct scan *scan);
/* End of the capitalised word at `at`, or 0. */
size_t name_word(struct bytes text, size_t at);
