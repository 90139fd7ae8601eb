/* An inverted index over feature vectors of length 1, with prefix filtering (AllPairs, Bayardo et al. 2007; L2AP,
 * Anastasiu and Karypis 2014): finds every indexed vector with cosine >= threshold to a given one.
 *
 * All vectors are put into one order of features, rarest first. The prefix of a vector ends where the length of the
 * rest falls under the threshold: two vectors as similar as the threshold share a feature of both prefixes. Only
 * prefixes are indexed and looked up. */
#pragma once

#include "insight/features.h"

struct postings;
/* Vectors to index or look up later, by their number in `vectors` (borrowed until postings_free). */
MUST_USE enum status postings_new(const struct features *vectors, size_t count, double threshold,
                                  struct postings **out);
void postings_free(struct postings *postings);
/* Index vector `number` (at most once each). */
void postings_add(struct postings *postings, uint32_t number);

struct posting_hit {
    uint32_t number;
    float similarity;
};
/* How many indexed vectors have cosine >= threshold to vector `number`, in no particular order; *hits is borrowed until
 * the next call. Features with more than shared_max postings are passed over (SIZE_MAX: none is, and nothing is
 * missed). */
size_t postings_find(struct postings *postings, uint32_t number, size_t shared_max, const struct posting_hit **hits);
