/* Phrases that many units use: n-grams of tokens, each length grown from the one before.
 *
 * Guarantee: dp_ngrams_release has the loss dp_ngrams_loss for a unit whose texts are replaced by none, if the units'
 * ids are different. Length by length:
 * 1. With a public vocabulary every token of it is a candidate; without one the tokens that occur are, by the weighted
 *    union of dp/weighted_union.h, whose δ is the whole release's only one.
 * 2. A longer n-gram is a candidate if both its (n - 1)-grams were released: a function of released things alone. Each
 *    unit adds its weight to at most `contributions` candidates that it has, by dp/bounded.h, so that it changes the
 *    vector of all candidates' sums by an L2 norm of at most DP_UNION_ONE; *every* candidate gets discrete Gaussian
 *    noise, those that nobody has too, and is released if its noisy sum reaches a threshold.
 * The threshold of step 2 is one of usefulness only: what makes the step private is that candidates are public and
 * none is passed over. It would be wrong, and would need a δ of its own, to draw for those alone that someone has.
 * All lengths are charged, whether n-grams of that length were looked for or not.
 *
 * Source: Kim, Gopi, Kulkarni, Yekhanin, "Differentially Private n-gram Extraction" (2021), algorithms 1 and 5; the
 * empty candidates are drawn one by one instead of by their number. */
#pragma once

#include "dp/weighted_union.h"

#include "base/bytes.h"
#include "dp/stream.h"

#define DP_NGRAMS_LONGEST 8
#define DP_NGRAMS_CONTRIBUTIONS_MOST 1024 /* DP_BOUNDED_MOST */
#define DP_NGRAMS_CANDIDATES_MOST (UINT32_C(1) << 20)
/* Between two texts of a unit: no n-gram reaches over it. */
#define DP_NGRAMS_BREAK UINT32_MAX

struct dp_ngrams_terms {
    uint32_t longest;       /* 1 .. DP_NGRAMS_LONGEST */
    uint32_t contributions; /* n-grams of a length of one unit: 1 .. DP_NGRAMS_CONTRIBUTIONS_MOST */
    uint32_t vocabulary;    /* public: tokens are below it; at most DP_NGRAMS_CANDIDATES_MOST; 0: no public one */
    uint32_t spurious;      /* in thousandths, 1 .. 500: of the candidates without support, against those released
                               of the length before, at most this share is expected to pass */
    struct dp_zcdp each;    /* of one length; δ is the first's and is 0 if and only if the vocabulary is public */
};

/* ERR_USAGE, and *why says which: a part that is out of bounds. */
MUST_USE enum status dp_ngrams_check(const struct dp_ngrams_terms *terms, struct why *why);

struct dp_ngrams_unit {
    uint64_t id;
    const uint32_t *tokens; /* with DP_NGRAMS_BREAK between texts */
    size_t count;
};

struct dp_ngrams;

/* ERR_USAGE as dp_ngrams_check, or ids that do not ascend. ERR_INPUT: a token outside a public vocabulary. ERR_MEMORY.
 * *out is NULL then; what was drawn is charged. Where candidates would be over DP_NGRAMS_CANDIDATES_MOST it ends with
 * the length before, which is decided by released things alone. */
MUST_USE enum status dp_ngrams_release(const struct dp_ngrams_terms *terms, struct dp_stream *stream,
                                       const struct dp_ngrams_unit *units, size_t unit_count, struct why *why,
                                       struct dp_ngrams **out);
void dp_ngrams_free(struct dp_ngrams *ngrams); /* takes NULL */

/* What was released, a length (1 .. longest) at a time, in ascending order of tokens: how many; the tokens (`length` of
 * them) and the noisy sum of one. A sum is in units of DP_UNION_ONE: over it by so much, at least so many units. */
size_t dp_ngrams_count(const struct dp_ngrams *ngrams, uint32_t length);
const uint32_t *dp_ngrams_tokens(const struct dp_ngrams *ngrams, uint32_t length, size_t i);
int64_t dp_ngrams_sum(const struct dp_ngrams *ngrams, uint32_t length, size_t i);

struct dp_zcdp dp_ngrams_loss(const struct dp_ngrams_terms *terms);
