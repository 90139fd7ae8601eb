/* What kind of value something is, in words of a public vocabulary only.
 *
 * "certificate_7504069" is a "certificate", "9502127" is "digits", "#W9502127" is "marked code": what a lesson needs
 * and a scrubber rightly destroys. The words come from a table of kinds of things that have ids, never from the value:
 * anything else is an "id", a "word" or a "text". */
#pragma once

#include "insight/trace.h"

#define SHAPE_MAX 40
/* The kind of one value. */
void value_shape(struct bytes value, char out[static SHAPE_MAX]);
/* A step's shapes: of a call one line a leaf of its arguments, in order; of spoken text the kinds of what it mentions
 * ("email", "digits", "code"), one line each, in order; NULL for others. Caller frees with mem_free. */
MUST_USE enum status step_shape(const struct step *step, char **out);
/* Line `index` of a shape, or BYTES_NONE. */
struct bytes shape_line(const char *shape, size_t index);
bool shape_mentions(const char *shape, const char *kind);
