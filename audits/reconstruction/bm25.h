/* BM25: how well a text answers a query, by the words they share (Robertson & Zaragoza 2009, equation 3.15; k1 = 1.2,
 * b = .75; the inverse document frequency log(1 + (N - n + .5) / (n + .5)), which is never negative). Words are those
 * of insight/words.h. */
#pragma once

#include "base/bytes.h"

struct bm25; /* documents, indexed; opaque */
MUST_USE enum status bm25_new(const struct bytes *documents, size_t count, struct bm25 **out);
void bm25_free(struct bm25 *bm25);
/* A score for every document. A word that the query has n times counts n times. */
void bm25_score(const struct bm25 *bm25, struct bytes query, double *scores);
