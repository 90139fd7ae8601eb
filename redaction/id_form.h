/* Forms of identifiers: how a number is written down, and what is left of it when separators are gone.
 *
 *     d2ud8        two digits, a letter, eight digits
 *     d3.d3.d3-d2  the same with the separators that make it known without context
 *
 * d is a digit, u a letter, a either, each with a count behind; any other byte stands for itself. '|' between several
 * forms, the first that fits counts. Read loosely, one blank, dash, dot, slash or bracket may stand between two
 * characters, and letters may be small; but one dot alone makes a fraction, and many blanks a row of numbers. */
#pragma once

#include "base/bytes.h"

#define ID_MOST 40

struct id {
    uint8_t compact[ID_MOST]; /* capitals and digits */
    size_t size;
    size_t end; /* in the text */
};

enum id_reading { ID_EXACT, ID_LOOSE };

/* Does one of the forms stand at `at`? What follows may not continue it: a word ends, and no fraction begins. */
bool id_read(const char *forms, struct bytes text, size_t at, enum id_reading reading, struct id *out);
