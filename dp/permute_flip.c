/* Permute and flip. Hides the coin of an exponent that needs more than 64 bits. */
#include "dp/permute_flip.h"

#include "dp/bernoulli.h"

typedef unsigned __int128 wide;

enum status dp_choice_check(struct dp_choice_terms terms, struct why *why)
{
    if (terms.epsilon.micro == 0 || terms.epsilon.micro > DP_CHOICE_EPSILON_MOST)
        return why_set(why, ERR_USAGE, "epsilon is 0 or too large", "private choice", 0);
    if (terms.sensitivity == 0 || terms.sensitivity > DP_CHOICE_SENSITIVITY_MOST)
        return why_set(why, ERR_USAGE, "sensitivity is 0 or too large", "private choice", 0);
    return OK;
}

/* True with probability exp(-ε gap / (sensitivity or twice it)): a coin of exp(-whole) and one of the fraction. */
static bool flip(struct dp_stream *stream, struct dp_choice_terms terms, uint64_t gap)
{
    uint64_t twice = terms.scores == DP_SCORES_MONOTONE ? 1 : 2;
    uint64_t under = twice * terms.sensitivity * DP_EPSILON_ONE; /* below 2^61 */
    wide over = (wide)gap * terms.epsilon.micro, whole = over / under;
    for (; whole > UINT64_MAX; whole -= UINT64_MAX) /* left at the first tail, as good as surely */
        if (!dp_bernoulli_exp(stream, (struct dp_ratio){UINT64_MAX, 1}))
            return false;
    return dp_bernoulli_exp(stream, (struct dp_ratio){(uint64_t)whole, 1}) &&
           dp_bernoulli_exp(stream, (struct dp_ratio){(uint64_t)(over % under), under});
}

/* One of `left` (indices into scores, reordered), swapped to its end. */
static void choose(struct dp_stream *stream, struct dp_choice_terms terms, const int64_t *scores, size_t *left,
                   size_t count)
{
    int64_t best = scores[left[0]];
    for (size_t i = 1; i < count; i++)
        best = scores[left[i]] > best ? scores[left[i]] : best;
    for (size_t unseen = count;; unseen--) { /* the best one's coin never fails: it ends before unseen is 0 */
        size_t at = dp_stream_below(stream, unseen), drawn = left[at];
        left[at] = left[unseen - 1];
        left[unseen - 1] = drawn;
        if (!flip(stream, terms, (uint64_t)best - (uint64_t)scores[drawn]))
            continue;
        left[unseen - 1] = left[count - 1];
        left[count - 1] = drawn;
        return;
    }
}

enum status dp_permute_flip_top(struct dp_stream *stream, struct dp_choice_terms terms, const int64_t *scores,
                                size_t count, size_t most, size_t *out, size_t *chosen)
{
    *chosen = 0;
    TRY(dp_choice_check(terms, NULL));
    if (count == 0 || most == 0)
        return ERR_USAGE;
    SCOPED_MEM size_t *left = mem_new(count, sizeof *left);
    if (!left)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        left[i] = i;
    for (; *chosen < most && *chosen < count; ++*chosen) {
        choose(stream, terms, scores, left, count - *chosen);
        out[*chosen] = left[count - *chosen - 1];
    }
    return OK;
}

enum status dp_permute_flip(struct dp_stream *stream, struct dp_choice_terms terms, const int64_t *scores, size_t count,
                            size_t *out)
{
    size_t chosen;
    *out = 0;
    return dp_permute_flip_top(stream, terms, scores, count, 1, out, &chosen);
}

struct dp_zcdp dp_choice_loss(struct dp_choice_terms terms, uint64_t choices)
{
    return dp_zcdp_times(dp_zcdp_of_pure(terms.epsilon), choices);
}
