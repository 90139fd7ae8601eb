/* Coins of 128 bits. Hides how a uniform number below so large a bound is had. */
#include "dp/bernoulli_wide.h"

typedef unsigned __int128 u128;

static size_t bits_of(u128 number)
{
    uint64_t high = (uint64_t)(number >> 64), low = (uint64_t)number;
    if (high)
        return 128 - (size_t)__builtin_clzll(high);
    return low ? 64 - (size_t)__builtin_clzll(low) : 0;
}

/* Uniform in [0, bound): so many bits as bound has, again until they are below it, which half of them are. */
static u128 below(struct dp_stream *stream, u128 bound)
{
    u128 mask = ((u128)1 << bits_of(bound)) - 1;
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        u128 high = dp_stream_u64(stream);
        u128 draw = (high << 64 | dp_stream_u64(stream)) & mask;
        if (draw < bound)
            return draw;
    }
    dp_stream_broken();
}

/* As in dp/bernoulli.c, for numerator <= denominator. */
static bool exp_of_fraction(struct dp_stream *stream, u128 numerator, u128 denominator)
{
    for (uint64_t k = 1; k <= DP_TRIES_MOST; k++)
        if (below(stream, denominator) >= numerator || dp_stream_below(stream, k) != 0)
            return k % 2 == 1;
    dp_stream_broken();
}

bool dp_bernoulli_exp_wide(struct dp_stream *stream, u128 numerator, u128 denominator)
{
    INVARIANT(denominator > 0 && denominator >> 126 == 0);
    const struct dp_ratio one = {1, 1};
    u128 whole = numerator / denominator;
    for (u128 heads = 0; heads < whole; heads++) {
        if (!dp_bernoulli_exp(stream, one))
            return false;
        if (heads == DP_TRIES_MOST)
            dp_stream_broken();
    }
    return exp_of_fraction(stream, numerator % denominator, denominator);
}
