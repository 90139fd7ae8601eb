/* Truncated geometric noise. Hides the proof in integers that its outermost mass is within δ, and the draw. */
#include "dp/partition_count.h"

#include <math.h>

#include "dp/exponent.h"

typedef unsigned __int128 wide;

#define UNIT ((wide)1 << 64)

/* exp(-ε times) in 2^-64, outwards; 1 for times 0. */
static struct dp_exp_bounds power(struct dp_epsilon epsilon, uint64_t times)
{
    struct dp_exp_bounds bounds = {UINT64_MAX, UINT64_MAX};
    if (times > 0)
        INVARIANT(dp_exp_bounds((struct dp_ratio){epsilon.micro * times, DP_EPSILON_ONE}, &bounds) == OK);
    return bounds;
}

/* r = exp(-ε). The outermost mass is r^w (1 - r) / (1 + r - 2 r^(w + 1)); w is at least 1. */
static bool is_wide_enough(struct dp_epsilon epsilon, uint64_t delta, uint64_t width)
{
    uint64_t below = power(epsilon, 1).below;
    wide mass = (wide)power(epsilon, width).above * (uint64_t)(UNIT - below);
    wide whole = UNIT + below - 2 * (wide)power(epsilon, width + 1).above;
    return mass <= whole * delta; /* δ is at most one half, in 2^-64: no overflow */
}

enum status dp_partition_count_for(struct dp_partition_terms terms, struct why *why, struct dp_partition_count *out)
{
    *out = (struct dp_partition_count){{{0}, 0, 0}, 0};
    TRY(dp_partition_check(terms, why));
    uint64_t delta = (uint64_t)(((wide)terms.delta << 64) / DP_DELTA_ONE), low = 0, high = DP_PARTITION_SUPPORT_MOST;
    if (!is_wide_enough(terms.epsilon, delta, high))
        return why_set(why, ERR_TOO_LARGE, "the noise would be wider than 65536", "partition selection", 0);
    while (high - low > 1) { /* the mass falls with the width */
        uint64_t middle = (low + high) / 2;
        *(is_wide_enough(terms.epsilon, delta, middle) ? &high : &low) = middle;
    }
    *out = (struct dp_partition_count){terms, high};
    return OK;
}

/* Uniform on [-width, width], accepted with probability exp(-ε|x|): returned as x + width. At width - 1 the outermost
 * mass was over δ, at least 1e-18, so ε (width - 1) is under 42: at least one in 45 is accepted. */
static uint64_t draw(const struct dp_partition_count *count, struct dp_stream *stream)
{
    for (int tries = 0; tries < 45 * DP_TRIES_MOST; tries++) {
        uint64_t drawn = dp_stream_below(stream, 2 * count->width + 1);
        uint64_t size = drawn > count->width ? drawn - count->width : count->width - drawn;
        if (dp_bernoulli_exp(stream, (struct dp_ratio){size * count->terms.epsilon.micro, DP_EPSILON_ONE}))
            return drawn;
    }
    dp_stream_broken();
}

bool dp_partition_count_keeps(const struct dp_partition_count *count, struct dp_stream *stream, uint64_t supporters,
                              uint64_t *noisy)
{
    uint64_t under = count->terms.least - 1, above = supporters < under ? 0 : supporters - under;
    uint64_t shifted = draw(count, stream);
    *noisy = 0;
    if (above > UINT64_MAX / 2) /* noise of 65536 decides nothing here; it is only added */
        above = UINT64_MAX / 2;
    if (above + shifted <= 2 * count->width)
        return false;
    *noisy = above + shifted - count->width + under;
    return true;
}

/* P(X >= k - n + 1) of the noise X: a sum of the geometric series. */
double dp_partition_count_chance(const struct dp_partition_count *count, uint64_t supporters)
{
    uint64_t under = count->terms.least - 1, above = supporters < under ? 0 : supporters - under;
    double width = (double)count->width, least = width - (double)above + 1;
    double r = exp(-(double)count->terms.epsilon.micro / DP_EPSILON_ONE);
    double whole = (1 + r - 2 * pow(r, width + 1)) / (1 - r);
    if (above > 2 * count->width || above == 0)
        return above > 0;
    double tail = least > 0 ? (pow(r, least) - pow(r, width + 1)) / (1 - r)
                            : whole - (pow(r, 1 - least) - pow(r, width + 1)) / (1 - r);
    return tail / whole;
}

uint64_t dp_partition_count_support(const struct dp_partition_count *count, double chance)
{
    uint64_t low = count->terms.least - 1, high = low + 2 * count->width + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        *(dp_partition_count_chance(count, middle) < chance ? &low : &high) = middle;
    }
    return high;
}
