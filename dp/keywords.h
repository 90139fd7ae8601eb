/* A histogram over a public vocabulary: how many units support each keyword, with noise on every one of them.
 *
 * Guarantee: dp_keywords_release has the loss dp_keywords_loss for a unit whose keywords are replaced by none. A unit
 * counts at most once for a keyword and for at most `contributions` keywords, whatever it sent: that is enforced here,
 * where the count is made, so that one unit moves the counts by at most `contributions` in L1 and by its square root in
 * L2. Laplace of rate ε / contributions is ε-DP; Gaussian of variance v is contributions / (2 v)-zCDP. Vocabulary,
 * terms and threshold are public constants; which units there are is public too. Every keyword gets noise, supported or
 * not.
 *
 * The released counts may be negative. What is derived from them alone (a threshold for display, the largest ones)
 * costs nothing more. Source: Dwork, McSherry, Nissim, Smith 2006 (histograms); Bun, Steinke 2016; bounding: Korolova,
 * Kenthapadi, Mishra, Ntoulas 2009. */
#pragma once

#include "dp/count_noise.h"

#define DP_KEYWORDS_MOST (UINT32_C(1) << 20)
#define DP_KEYWORDS_CONTRIBUTIONS_MOST 256

struct dp_keywords_terms {
    uint32_t vocabulary;         /* keywords are 0 .. vocabulary - 1; at least 1, at most DP_KEYWORDS_MOST */
    uint32_t contributions;      /* of one unit, at least 1, at most DP_KEYWORDS_CONTRIBUTIONS_MOST */
    struct dp_count_noise noise; /* on each count */
};

struct dp_keywords;

/* ERR_USAGE, and *why says which: a term that is 0 or out of bounds. ERR_MEMORY. *out is NULL then. */
MUST_USE enum status dp_keywords_new(struct dp_keywords_terms terms, struct why *why, struct dp_keywords **out);
void dp_keywords_free(struct dp_keywords *keywords); /* wipes the counts; takes NULL */

/* All of one unit's keywords, in any order, repeats allowed. Units come once each, in ascending order of their ids. Of
 * more than `contributions` different ones dp/bounded.h chooses.
 * ERR_INPUT: a keyword outside the vocabulary. ERR_USAGE: this unit or a later one was added before. ERR_POLICY:
 * released already. Nothing of the unit is counted then. */
MUST_USE enum status dp_keywords_add(struct dp_keywords *keywords, uint64_t unit, const uint32_t *keys, size_t count);

/* Once: noisy counts of the whole vocabulary into out (terms.vocabulary of them). The true counts are wiped.
 * ERR_POLICY: released already; ERR_MEMORY: nothing was drawn. out is all 0 then. */
MUST_USE enum status dp_keywords_release(struct dp_keywords *keywords, struct dp_stream *stream, int64_t *out);

/* A count for display: the least that keywords without support, all of them together, reach with at most this chance
 * (in 1 / DP_DELTA_ONE, above 0 and below 1). */
uint64_t dp_keywords_threshold(struct dp_keywords_terms terms, uint64_t chance);

struct dp_zcdp dp_keywords_loss(struct dp_keywords_terms terms);
