/* Laplace or Gaussian. Hides the tails' bounds. */
#include "dp/count_noise.h"

#include <math.h>

#include "dp/exponent.h"

typedef unsigned __int128 wide;

enum status dp_count_noise_check(struct dp_count_noise noise, struct why *why)
{
    struct dp_ratio size = noise.size;
    if (noise.kind != DP_COUNT_LAPLACE && noise.kind != DP_COUNT_GAUSSIAN)
        return why_set(why, ERR_USAGE, "unknown kind of noise", "noise", 0);
    if (size.numerator == 0 || size.numerator > DP_RATE_MOST || size.denominator == 0 ||
        size.denominator > DP_RATE_MOST)
        return why_set(why, ERR_USAGE, "rate or variance is 0 or out of bounds", "noise", 0);
    return OK;
}

static int64_t draw(struct dp_stream *stream, struct dp_count_noise noise)
{
    return noise.kind == DP_COUNT_LAPLACE ? dp_laplace(stream, noise.size) : dp_gaussian(stream, noise.size);
}

int64_t dp_count_noise_add(struct dp_stream *stream, struct dp_count_noise noise, int64_t value)
{
    int64_t drawn = draw(stream, noise), sum;
    if (!__builtin_add_overflow(value, drawn, &sum))
        return sum;
    return drawn < 0 ? INT64_MIN : INT64_MAX;
}

enum status dp_count_noise_prepare(struct dp_count_noise noise, struct dp_sampler **out)
{
    return noise.kind == DP_COUNT_LAPLACE ? dp_sampler_laplace(noise.size, out) : dp_sampler_gaussian(noise.size, out);
}

/* P(X >= t) = r^t / (1 + r) <= δ, with r = exp(-rate), all rounded against us. rate t is at most 46. */
static bool laplace_is_under(struct dp_ratio rate, uint64_t delta, uint64_t t)
{
    struct dp_exp_bounds tail, one;
    INVARIANT(dp_exp_bounds((struct dp_ratio){rate.numerator * t, rate.denominator}, &tail) == OK);
    INVARIANT(dp_exp_bounds(rate, &one) == OK);
    uint64_t most = (uint64_t)(((wide)delta << 64) / DP_DELTA_ONE);
    return tail.above <= most + ((wide)most * one.below >> 64);
}

static bool gaussian_is_under(struct dp_ratio variance, uint64_t delta, uint64_t t)
{
    const double margin = 1 + 1e-9; /* of erfc and the operations around it */
    double deviation = sqrt((double)variance.numerator / (double)variance.denominator);
    return erfc((double)(t - 1) / deviation / sqrt(2)) / 2 * margin <= (double)delta / (double)DP_DELTA_ONE;
}

static bool is_under(struct dp_count_noise noise, uint64_t delta, uint64_t t)
{
    return noise.kind == DP_COUNT_LAPLACE ? laplace_is_under(noise.size, delta, t)
                                          : gaussian_is_under(noise.size, delta, t);
}

/* Where the tail is under 1e-18 for sure: 45 scales, or nine deviations and one. */
static uint64_t far(struct dp_count_noise noise)
{
    if (noise.kind == DP_COUNT_LAPLACE)
        return 45 * noise.size.denominator / noise.size.numerator + 1;
    return 2 + (uint64_t)(9 * sqrt((double)noise.size.numerator / (double)noise.size.denominator));
}

uint64_t dp_count_noise_tail(struct dp_count_noise noise, uint64_t delta)
{
    INVARIANT(delta > 0 && delta < DP_DELTA_ONE);
    uint64_t low = 0, high = far(noise);
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        *(is_under(noise, delta, middle) ? &high : &low) = middle;
    }
    return high;
}

double dp_count_noise_deviation(struct dp_count_noise noise)
{
    double size = (double)noise.size.numerator / (double)noise.size.denominator;
    return noise.kind == DP_COUNT_LAPLACE ? 1 / (sqrt(2) * sinh(size / 2)) : sqrt(size);
}

struct dp_zcdp dp_count_noise_loss(struct dp_count_noise noise, uint64_t l1, uint64_t l2_squared)
{
    if (noise.kind == DP_COUNT_GAUSSIAN)
        return dp_zcdp_of_variance(l2_squared, noise.size);
    struct dp_epsilon epsilon;
    if (dp_count_noise_epsilon(noise, l1, &epsilon) != OK)
        return (struct dp_zcdp){UINT64_MAX, UINT64_MAX};
    return dp_zcdp_of_pure(epsilon);
}

enum status dp_count_noise_epsilon(struct dp_count_noise noise, uint64_t l1, struct dp_epsilon *out)
{
    uint64_t scaled;
    out->micro = UINT64_MAX;
    if (noise.kind != DP_COUNT_LAPLACE)
        return ERR_USAGE;
    if (__builtin_mul_overflow(noise.size.numerator, l1, &scaled))
        return ERR_TOO_LARGE;
    return dp_epsilon_of(scaled, noise.size.denominator, out);
}
