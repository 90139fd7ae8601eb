/* Sparse vector. Hides the split of ε and the noisy threshold. */
#include "dp/sparse_vector.h"

#include <math.h>

#include "base/secret.h"

struct dp_sparse {
    struct dp_ratio rate; /* of each question's noise */
    int64_t threshold, threshold_noise;
    uint32_t left;
};

/* ε1 of the threshold: of public terms alone, in floating point. At least a millionth is left on both sides. */
static struct dp_epsilon of_threshold(struct dp_sparse_terms terms)
{
    double answers = terms.answers, weight = cbrt(pow(terms.scores == DP_SCORES_MONOTONE ? answers : 2 * answers, 2));
    uint64_t micro = (uint64_t)((double)terms.epsilon.micro / (1 + weight));
    return (struct dp_epsilon){micro > 0 ? micro : 1};
}

static enum status rates(struct dp_sparse_terms terms, struct why *why, struct dp_ratio *threshold,
                         struct dp_ratio *question)
{
    if (terms.epsilon.micro < 2 || terms.epsilon.micro > DP_RATE_MOST)
        return why_set(why, ERR_USAGE, "epsilon is 0 or out of bounds", "sparse vector", 0);
    struct dp_epsilon first = of_threshold(terms), second = {terms.epsilon.micro - first.micro};
    uint64_t twice = terms.scores == DP_SCORES_MONOTONE ? 1 : 2, moved;
    if (terms.answers == 0 || __builtin_mul_overflow(terms.sensitivity, twice * terms.answers, &moved) ||
        dp_laplace_rate(second, moved, question) != OK || dp_laplace_rate(first, terms.sensitivity, threshold) != OK)
        return why_set(why, ERR_USAGE, "sensitivity or answers are 0 or out of bounds", "sparse vector", 0);
    return OK;
}

enum status dp_sparse_new(struct dp_sparse_terms terms, struct dp_stream *stream, struct why *why,
                          struct dp_sparse **out)
{
    struct dp_ratio threshold = {0, 1}, question = {0, 1};
    *out = NULL;
    TRY(rates(terms, why, &threshold, &question));
    struct dp_sparse *made = mem_new(1, sizeof *made);
    if (!made)
        return why_set(why, ERR_MEMORY, "no memory", "sparse vector", 0);
    *made = (struct dp_sparse){question, terms.threshold, dp_laplace(stream, threshold), terms.answers};
    *out = made;
    return OK;
}

void dp_sparse_free(struct dp_sparse *sparse)
{
    if (sparse)
        secret_wipe(sparse, sizeof *sparse);
    mem_free(sparse);
}

enum status dp_sparse_ask(struct dp_sparse *sparse, struct dp_stream *stream, int64_t value, bool *above)
{
    *above = false;
    if (sparse->left == 0)
        return ERR_POLICY;
    /* 128 bits: a sum held within 64 would not be the mechanism that is proved */
    *above =
        (__int128)value + dp_laplace(stream, sparse->rate) >= (__int128)sparse->threshold + sparse->threshold_noise;
    sparse->left -= *above;
    return OK;
}

struct dp_zcdp dp_sparse_loss(struct dp_sparse_terms terms)
{
    return dp_zcdp_of_pure(terms.epsilon);
}
