/* Shapes: the small language in which a token's format is written down.
 *
 *     ghp_%a{36}          SG.%w{22}.%w{43}          PMAK-%h{24}-%h{34}
 *
 * A byte stands for itself; %c is a class: d digit, h lower hex, x any hex, a letter or digit, A upper or digit,
 * n lower or digit, u upper, l lower, w letter, digit, _ or -, b base64 (with + / =), s a blank or a dash. {n}, {n,m}
 * and {n,} count it. A class is greedy and must be used up: after {36} no 37th may stand, so that a longer run of
 * another kind never matches half. No alternatives, no backtracking: one pass, linear. */
#pragma once

#include "base/bytes.h"

/* End of the match at `at`, or 0. Of several shapes ('|' between) the first is meant. */
size_t shape_match(const char *shape, struct bytes text, size_t at);
/* End of a match at `at` that the end of the text, of a string or a mark ("...", "[truncated") cuts off before the
 * shape is complete; 0 unless enough of it is there. */
size_t shape_cut(const char *shape, struct bytes text, size_t at);
/* Bytes at the front of the shape that stand for themselves. */
size_t shape_literal(const char *shape);
