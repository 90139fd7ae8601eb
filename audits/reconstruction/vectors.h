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

/* What tells `after` from `before`: the insights that are new or say something else, less those that are gone; by id
 * and text. Its length is kept: that nothing changed says something, too. */
MUST_USE enum status vector_of_difference(const struct library *before, const struct library *after, size_t width,
                                          float *out);
/* The texts of the insights that are new or say something else, rendered, a line each. */
MUST_USE enum status text_of_difference(const struct library *before, const struct library *after, struct buf *out);
