/* Discrete Laplace and geometric draws. Hides the split of a draw into a remainder and whole periods of 1/e. */
#include "dp/laplace.h"

#include <math.h>

enum status dp_laplace_rate(struct dp_epsilon epsilon, uint64_t sensitivity, struct dp_ratio *rate)
{
    *rate = (struct dp_ratio){0, 1};
    if (epsilon.micro == 0 || epsilon.micro > DP_RATE_MOST || sensitivity == 0 ||
        sensitivity > DP_RATE_MOST / DP_EPSILON_ONE)
        return ERR_USAGE;
    *rate = (struct dp_ratio){epsilon.micro, sensitivity * DP_EPSILON_ONE};
    return OK;
}

/* Uniform below period, kept with probability exp(-remainder / period), which is 1/e or more. */
static uint64_t draw_remainder(struct dp_stream *stream, uint64_t period)
{
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        uint64_t remainder = dp_stream_below(stream, period);
        if (dp_bernoulli_exp(stream, (struct dp_ratio){remainder, period}))
            return remainder;
    }
    dp_stream_broken();
}

/* How often a coin of 1/e shows heads in a row. */
static uint64_t draw_periods(struct dp_stream *stream)
{
    const struct dp_ratio one = {1, 1};
    for (uint64_t periods = 0; periods < DP_TRIES_MOST; periods++)
        if (!dp_bernoulli_exp(stream, one))
            return periods;
    dp_stream_broken();
}

/* Geometric of rate 1 / denominator: below 2^40 * 2^8; its whole numerators are geometric of the rate. */
int64_t dp_geometric(struct dp_stream *stream, struct dp_ratio rate)
{
    INVARIANT(rate.numerator > 0 && rate.numerator <= DP_RATE_MOST);
    INVARIANT(rate.denominator > 0 && rate.denominator <= DP_RATE_MOST);
    uint64_t remainder = draw_remainder(stream, rate.denominator);
    return (int64_t)((remainder + rate.denominator * draw_periods(stream)) / rate.numerator);
}

int64_t dp_laplace(struct dp_stream *stream, struct dp_ratio rate)
{
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        int64_t magnitude = dp_geometric(stream, rate);
        bool negative = dp_stream_u64(stream) >> 63;
        if (!(negative && magnitude == 0)) /* 0 has one sign, or it would come twice as often */
            return negative ? -magnitude : magnitude;
    }
    dp_stream_broken();
}

int64_t dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate)
{
    int64_t noise = dp_laplace(stream, rate), sum;
    if (!__builtin_add_overflow(value, noise, &sum))
        return sum;
    return noise < 0 ? INT64_MIN : INT64_MAX;
}

/* P(|X| > t) = 2 r^(t+1) / (1 + r) = p, solved for t. */
uint64_t dp_laplace_bound(struct dp_ratio rate, struct dp_ratio probability)
{
    double x = (double)rate.numerator / (double)rate.denominator;
    double p = (double)probability.numerator / (double)probability.denominator;
    double t = log(2 / (p * (1 + exp(-x)))) / x - 1;
    return t <= 0 ? 0 : (uint64_t)ceil(t * (1 + 1e-12));
}
