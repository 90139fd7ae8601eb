/* Features of a candidate or a query: hashed word n-grams and slots, weighted by a *public* IDF (a built-in table of
 * common English and agent vocabulary; nothing is estimated from members' data), L2-normalised, sparse. */
#pragma once

#include "protocol/candidate.h"

#define FEATURE_DIMENSION (1u << 20)

struct feature {
    uint32_t index; /* < FEATURE_DIMENSION, ascending */
    float weight;
};
struct features {
    size_t count;
    struct feature *items; /* owned */
};
MUST_USE enum status features_of_candidate(const struct candidate *candidate, struct features *out);
MUST_USE enum status features_of_text(const char *text, struct features *out);
void features_free(struct features *features);
double features_cosine(const struct features *a, const struct features *b);
