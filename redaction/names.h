/* The walk over capitalised words: names of persons, and what else begins with a capital and the lists know. */
#pragma once

#include "redaction/detect.h"
#include "redaction/words.h"

/* The types that names_scan finds. */
#define NAMES_TYPES (1ull << REDACT_NAME | 1ull << REDACT_PLACE | 1ull << REDACT_DEMOGRAPHIC)

/* Find names, places and peoples by lists in the whole text. */
void names_scan(struct scan *scan);
/* End of the capitalised word at `at`, or 0. */
size_t name_word(struct bytes text, size_t at);
/* Report the place or people that stands at the capitalised word [at, end) whose classes are `class`; where it ends, or
 * 0. */
size_t places_consider(struct scan *scan, size_t at, size_t end, unsigned class);
/* Where a place begins that was taken with the direction before it: "Southern Poland" is in Poland, South Africa has
 * its own name. */
size_t places_start(const struct names *names, struct bytes text, size_t start, size_t end);
