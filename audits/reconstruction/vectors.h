/* Texts and libraries as vectors of fixed width, for adversaries that learn: features (insight/features.h) folded by
 * their index, with a sign that depends on it, so that folding keeps inner products in the mean (Weinberger et al.
 * 2009). */
#pragma once

#include "insight/features.h"
#include "protocol/library.h"

/* Adds scale * features to `out`. */
void vector_add(const struct features *features, double scale, size_t width, float *out);
void vector_normalise(size_t width, float *out); /* to length 1; 0 stays 0 */
MUST_USE enum status vector_add_candidate(const struct candidate *candidate, double scale, size_t width, float *out);
MUST_USE enum status vector_of_text(struct bytes text, size_t width, float *out); /* of length 1 */

/* What tells `after` from `before`: the insights that are new or altered (in a phrase, slot, step, kind, outcome, rate
 * or band of support), less those that are gone or were so before; by id, words and numbers. Its length is kept. */
MUST_USE enum status vector_of_difference(const struct library *before, const struct library *after, size_t width,
                                          float *out);
/* The texts of the insights that are new or altered, rendered, a line each. */
MUST_USE enum status text_of_difference(const struct library *before, const struct library *after, struct buf *out);
bool libraries_differ(const struct library *before, const struct library *after); /* in any of this */
