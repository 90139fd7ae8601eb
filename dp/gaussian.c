/* Discrete Gaussian draws by rejection from discrete Laplace. Hides the exponents of 128 bits and their bounds. */
#include "dp/gaussian.h"

#include "dp/bernoulli_wide.h"
#include "dp/laplace.h"

typedef unsigned __int128 u128;

/* A Laplace draw of scale t is over 2^10 t once in e^(2^10) draws: reaching it means that the stream is broken. */
#define SCALES_MOST (UINT64_C(1) << 10)

/* floor(sqrt(square)) by Newton's steps from above. */
static uint64_t root_of(uint64_t square)
{
    uint64_t root = square;
    for (uint64_t next = square / 2 + 1; next < root; next = (root + square / root) / 2)
        root = next;
    return root;
}

/* exp(-(|y| - variance / t)^2 / (2 variance)) = exp(-(|y| b t - a)^2 / (2 a b t^2)) with variance = a / b.
 * b t^2 <= b (sqrt(a / b) + 1)^2 <= 4 * 2^50, so |y| b t <= 2^62, its square is below 2^124, and 2 a b t^2 <= 2^103. */
static bool accepts(struct dp_stream *stream, uint64_t magnitude, struct dp_ratio variance, uint64_t t)
{
    uint64_t a = variance.numerator, b = variance.denominator;
    u128 reach = (u128)magnitude * b * t, off = reach > a ? reach - a : a - reach;
    return dp_bernoulli_exp_wide(stream, off * off, (u128)2 * a * b * t * t);
}

int64_t dp_gaussian(struct dp_stream *stream, struct dp_ratio variance)
{
    INVARIANT(variance.numerator > 0 && variance.numerator <= DP_VARIANCE_MOST);
    INVARIANT(variance.denominator > 0 && variance.denominator <= DP_VARIANCE_MOST);
    const uint64_t t = root_of(variance.numerator / variance.denominator) + 1;
    const struct dp_ratio rate = {1, t};
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        int64_t y = dp_laplace(stream, rate);
        uint64_t magnitude = (uint64_t)(y < 0 ? -y : y);
        INVARIANT(magnitude <= SCALES_MOST * t);
        if (accepts(stream, magnitude, variance, t))
            return y;
    }
    dp_stream_broken();
}
