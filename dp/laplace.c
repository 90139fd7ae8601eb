/* Discrete Laplace and geometric draws. Hides the split of a draw into a remainder and whole periods of 1/e. */
#include "dp/laplace.h"

#include <math.h>

/* So many heads in a row of a coin of 1/e come once in e^(2^22) draws: reaching it means that the stream is broken. */
#define PERIODS_MOST (UINT64_C(1) << 22)

enum status dp_laplace_rate(struct dp_epsilon epsilon, uint64_t sensitivity, struct dp_ratio *rate)
{
    *rate = (struct dp_ratio){0, 1};
    if (epsilon.micro == 0 || epsilon.micro > DP_RATE_MOST || sensitivity == 0 ||
        sensitivity > DP_RATE_MOST / DP_EPSILON_ONE)
        return ERR_USAGE;
    *rate = (struct dp_ratio){epsilon.micro, sensitivity * DP_EPSILON_ONE};
    return OK;
}

/* Geometric of rate 1 / period: a remainder below period, accepted with probability exp(-remainder / period), and whole
 * periods, each with probability 1/e. */
static uint64_t draw_unit(struct dp_stream *stream, uint64_t period)
{
    const struct dp_ratio one = {1, 1};
    uint64_t remainder, periods = 0;
    do
        remainder = dp_stream_below(stream, period);
    while (!dp_bernoulli_exp(stream, (struct dp_ratio){remainder, period}));
    while (dp_bernoulli_exp(stream, one))
        INVARIANT(++periods < PERIODS_MOST);
    return remainder + period * periods; /* below 2^62 */
}

int64_t dp_geometric(struct dp_stream *stream, struct dp_ratio rate)
{
    INVARIANT(rate.numerator > 0 && rate.numerator <= DP_RATE_MOST);
    INVARIANT(rate.denominator > 0 && rate.denominator <= DP_RATE_MOST);
    return (int64_t)(draw_unit(stream, rate.denominator) / rate.numerator);
}

int64_t dp_laplace(struct dp_stream *stream, struct dp_ratio rate)
{
    for (;;) {
        int64_t magnitude = dp_geometric(stream, rate);
        bool negative = dp_stream_below(stream, 2) == 1;
        if (!(negative && magnitude == 0)) /* 0 has one sign, or it would come twice as often */
            return negative ? -magnitude : magnitude;
    }
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
