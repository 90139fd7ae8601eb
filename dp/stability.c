/* Stability histogram. */
#include "dp/stability.h"

enum status dp_stability_for(struct dp_stability_terms terms, struct why *why, struct dp_stability *out)
{
    *out = (struct dp_stability){{{0, {0, 0}}, 0, 0}, 0};
    TRY(dp_count_noise_check(terms.noise, why));
    if (terms.contributions == 0)
        return why_set(why, ERR_USAGE, "a unit may contribute nothing", "stability histogram", 0);
    if (terms.delta / terms.contributions == 0 || terms.delta >= DP_DELTA_ONE)
        return why_set(why, ERR_USAGE, "delta is 0 for a key, or 1", "stability histogram", 0);
    uint64_t tail = dp_count_noise_tail(terms.noise, terms.delta / terms.contributions);
    *out = (struct dp_stability){terms, 1 + (int64_t)tail};
    return OK;
}

bool dp_stability_keeps(const struct dp_stability *histogram, struct dp_stream *stream, uint64_t count, int64_t *noisy)
{
    *noisy = 0;
    if (count == 0)
        return false;
    int64_t sum = dp_count_noise_add(stream, histogram->terms.noise, count > INT64_MAX ? INT64_MAX : (int64_t)count);
    if (sum < histogram->threshold)
        return false;
    *noisy = sum;
    return true;
}

struct dp_zcdp dp_stability_loss(const struct dp_stability *histogram)
{
    struct dp_stability_terms terms = histogram->terms;
    struct dp_zcdp loss = dp_count_noise_loss(terms.noise, terms.contributions, terms.contributions);
    return dp_zcdp_add(loss, (struct dp_zcdp){0, terms.delta});
}
