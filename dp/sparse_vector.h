/* Sparse vector: of a stream of questions, which are above a threshold. Questions that are not cost nothing.
 *
 * Guarantee: all answers together, until it halts, are ε-differentially private for a unit whose presence changes each
 * integer question's value by at most `sensitivity`; questions may be chosen after seeing earlier answers. It halts
 * after `answers` answers of "above" and then refuses: another run is another charge. Only yes or no is released, never
 * a value or a gap.
 * Noise: Laplace of scale sensitivity / ε1 once on the threshold, of scale 2 answers sensitivity / ε2 on each question
 * (half of that for monotone ones), ε1 + ε2 = ε, ε1 : ε2 = 1 : (2 answers)^(2/3) (monotone: answers^(2/3)), which is
 * best for questions far under the threshold. The variants known to be wrong (no noise on the questions, noise without
 * the factor `answers`, values released with the question's own noise) are not offered.
 *
 * Source: Dwork, Roth 2014, algorithm 1; Lyu, Su, Li, "Understanding the Sparse Vector Technique" (2017), algorithm 7,
 * theorems 4 and 5. */
#pragma once

#include "dp/laplace.h"
#include "dp/permute_flip.h"

struct dp_sparse_terms {
    struct dp_epsilon epsilon; /* of the whole run, at least 2 millionths */
    uint64_t sensitivity;      /* of each question, at least 1 */
    enum dp_scores scores;     /* DP_SCORES_MONOTONE: one unit moves all questions the same way, or not */
    uint32_t answers;          /* of "above" before it halts, at least 1 */
    int64_t threshold;         /* public */
};

struct dp_sparse;

/* Draws the threshold's noise. ERR_USAGE, and *why says which: a term that is 0 or out of dp_laplace_rate's bounds.
 * ERR_MEMORY. *out is NULL then. */
MUST_USE enum status dp_sparse_new(struct dp_sparse_terms terms, struct dp_stream *stream, struct why *why,
                                   struct dp_sparse **out);
void dp_sparse_free(struct dp_sparse *sparse); /* wipes; takes NULL */

/* ERR_POLICY: it has halted; nothing is looked at and *above is false. */
MUST_USE enum status dp_sparse_ask(struct dp_sparse *sparse, struct dp_stream *stream, int64_t value, bool *above);

/* Of the whole run, charged before its first question. */
struct dp_zcdp dp_sparse_loss(struct dp_sparse_terms terms);
