/* Between the raw inside of a JSON string, escapes as they stand, and its plain form; and which byte of the one is
 * which of the other. Raw text is walked from escape to escape: an offset that stands before a character or a whole
 * escape (a pair of surrogates is one) is a boundary. */
#pragma once

#include "base/bytes.h"

/* As json_unescape and json_escape, a block at a time: in JSON inside strings every few bytes are a quote. */
void raw_unescape(struct bytes raw, struct buf *out);
void raw_escape(struct bytes plain, struct buf *out);

/* The last boundary at or before `target`, seen from the boundary `at`; a quote that ends the string ends the walk,
 * and then *quote is set. */
size_t raw_boundary(struct bytes raw, size_t at, size_t target, bool *quote);

/* From plain offsets to raw ones, ascending. */
struct raw_walk {
    struct bytes raw;
    size_t at, plain; /* the boundary `at` stands for the offset `plain` */
};
/* Go on to the first boundary at or behind a plain offset; returns it. */
size_t raw_walk_to(struct raw_walk *walk, size_t plain);
