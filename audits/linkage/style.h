/* How somebody writes: spellings that mean the same (phrase_key), and profiles of letters for telling authors apart. */
#pragma once

#include "protocol/contribution.h"

#define STYLES 8 /* of which 0 leaves a text as it is */
/* Every phrase of `from` as somebody with that habit would spell it: capital letters, commas, full stops. What it means
 * stays. */
MUST_USE enum status style_contribution(const struct contribution *from, unsigned style, struct contribution *out);

/* Counts of hashed runs of three bytes: character n-grams (Stamatatos 2009, "A survey of modern authorship attribution
 * methods", section 2.2). */
#define STYLE_BUCKETS 4096
struct style_profile {
    float counts[STYLE_BUCKETS];
};
void style_add(struct style_profile *profile, struct bytes text);
void style_add_profile(struct style_profile *profile, const struct style_profile *other, float times);
double style_cosine(const struct style_profile *a, const struct style_profile *b);
