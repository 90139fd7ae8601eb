/* Weights and lists become the bytes of a model. */
#pragma once

#include "redaction/train/learn.h"

/* Weights in steps of `size`, clipped to what a byte holds; features whose weights are all zero then are left out. */
void pack_model(const struct weights *weights, const struct tag_lists *lists, float size, struct buf *out);
