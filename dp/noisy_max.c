/* Report noisy max. Hides that a sum of score and noise may need more than 64 bits. */
#include "dp/noisy_max.h"

enum status dp_noisy_max(struct dp_stream *stream, struct dp_choice_terms terms, enum dp_max_noise noise,
                         const int64_t *scores, size_t count, size_t *out)
{
    int64_t (*const draws[])(struct dp_stream *, struct dp_ratio) = {
        [DP_MAX_GEOMETRIC] = dp_geometric,
        [DP_MAX_LAPLACE] = dp_laplace,
    };
    struct dp_ratio rate;
    __int128 best = 0;
    *out = 0;
    TRY(dp_choice_check(terms, NULL));
    TRY(dp_laplace_rate(terms.epsilon, terms.sensitivity * (terms.scores == DP_SCORES_MONOTONE ? 1 : 2), &rate));
    if (count == 0)
        return ERR_USAGE;
    for (size_t i = 0; i < count; i++) {
        __int128 noisy = (__int128)scores[i] + draws[noise](stream, rate);
        if (i > 0 && noisy <= best)
            continue;
        best = noisy;
        *out = i;
    }
    return OK;
}
