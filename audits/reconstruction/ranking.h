/* What a reconstruction is worth: where the true private thing stands among decoys. */
#pragma once

#include "base/bytes.h"
#include "base/random.h"

/* The place (from 0) of item `truth` when `count` items are sorted by falling score; among equals it is drawn, so that
 * scores that say nothing give each place with the same chance. NAN scores stand last. */
size_t ranking_place(const double *scores, size_t count, size_t truth, struct random random);
