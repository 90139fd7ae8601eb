/* Searching many planted values in many bytes, in one pass (Aho & Corasick 1975), in the forms in which they would
 * leak: plain (letters of either case; white space made one space), JSON-escaped once and twice, with and without
 * \uXXXX, hex, and base64 (both alphabets) at each of its three alignments.
 *
 * A value of several lines or over NEEDLE_PIECE bytes is cut, and any piece found is the value found: half of a key is
 * a leak. */
#pragma once

#include "base/bytes.h"

#define NEEDLE_PIECE 48
#define NEEDLE_LEAST 6

struct needles;
MUST_USE enum status needles_new(struct needles **out);
void needles_free(struct needles *needles);
/* Values are numbered from 0. One of which no piece has NEEDLE_LEAST bytes: ERR_INPUT, and its number is not used. */
MUST_USE enum status needles_add(struct needles *needles, struct bytes value);
/* After the last add, before the first find. */
MUST_USE enum status needles_ready(struct needles *needles);
size_t needles_count(const struct needles *needles);
/* Mark found[i] for every value i that occurs in text; marks are only set, so that several texts add up. */
void needles_find(const struct needles *needles, struct bytes text, bool *found);
size_t needles_marked(const bool *found, size_t count);
