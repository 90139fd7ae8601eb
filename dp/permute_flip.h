/* Private choice of the best of a public list: permute and flip.
 *
 * Guarantee: the index released is ε-differentially private for a unit whose presence changes each score by at most
 * `sensitivity`. In expectation the chosen score is never worse, and up to twice as near to the best, as the
 * exponential mechanism's at the same ε. The candidates and their order are public, the scores are not.
 * Monotone scores (counts: one unit's presence moves all of them the same way, or not) need half the noise: the coins
 * are exp(-ε gap / sensitivity) instead of exp(-ε gap / (2 sensitivity)). Exact: no exponential is computed.
 *
 * Several choices without replacement (peeling) are as many mechanisms, each on the candidates left over: `count`
 * choices at ε each are count ε together, or the sum of their losses in zCDP.
 *
 * Source: McKenna, Sheldon, "Permute-and-Flip" (2020), algorithm 1; that it is report noisy max with exponential noise,
 * from which the monotone case follows: Ding, Kifer, Sayed, Steinke, Wang, Xiao, Zhang (2021). */
#pragma once

#include "dp/account.h"
#include "dp/stream.h"
#include "dp/zcdp.h"

enum dp_scores {
    DP_SCORES_ANY,
    DP_SCORES_MONOTONE, /* adding one unit raises no score or lowers no score */
};

struct dp_choice_terms {
    struct dp_epsilon epsilon; /* a choice */
    uint64_t sensitivity;      /* of each score, at least 1 */
    enum dp_scores scores;
};

#define DP_CHOICE_SENSITIVITY_MOST (UINT64_C(1) << 40)
#define DP_CHOICE_EPSILON_MOST (UINT64_C(1) << 40) /* in millionths */

/* ERR_USAGE, and *why says which: ε 0 or over the bound, sensitivity 0 or over the bound. */
MUST_USE enum status dp_choice_check(struct dp_choice_terms terms, struct why *why);

/* One index below count. ERR_USAGE: no candidates, or terms that dp_choice_check refuses. *out is 0 then. Time depends
 * on the scores: do not let it be seen. */
MUST_USE enum status dp_permute_flip(struct dp_stream *stream, struct dp_choice_terms terms, const int64_t *scores,
                                     size_t count, size_t *out);
/* `most` indices (or all `count`, if fewer) in the order of choice, into out; *chosen says how many. ERR_USAGE as
 * above, ERR_MEMORY: nothing is released, but what was drawn may be charged. */
MUST_USE enum status dp_permute_flip_top(struct dp_stream *stream, struct dp_choice_terms terms, const int64_t *scores,
                                         size_t count, size_t most, size_t *out, size_t *chosen);

/* Of `choices` choices. */
struct dp_zcdp dp_choice_loss(struct dp_choice_terms terms, uint64_t choices);
