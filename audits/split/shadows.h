/* What an attacker trains on: lessons of his own making, out of the lessons of tenants other than the one he attacks
 * and of words of the vocabulary, with the features that the client's code gives them. */
#pragma once

#include "audits/split/half.h"

struct shadows {
    size_t count, vocabulary;
    float *folded; /* owned; count x HALF_BUCKETS */
    float *words;  /* owned; count x vocabulary: 1 for a word that is in it */
    float *kinds;  /* owned; count x CANDIDATE_KINDS */
    float *places; /* owned; vocabulary: the mean place of a word in the others' lessons, from 0 to 1; 2: in none */
};
/* Where no other tenant has a lesson all is made of words. */
MUST_USE enum status shadows_new(const struct lessons *lessons, size_t attacked, size_t count, struct random random,
                                 struct shadows *out);
void shadows_free(struct shadows *shadows);
