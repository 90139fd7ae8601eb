/* Exact coins. Hides the series by which exp is drawn without being computed. */
#include "dp/bernoulli.h"

bool dp_bernoulli(struct dp_stream *stream, struct dp_ratio probability)
{
    INVARIANT(probability.numerator <= probability.denominator);
    return dp_stream_below(stream, probability.denominator) < probability.numerator;
}

/* exp(-x) for x in [0, 1]: the first k at which a coin of probability x / k shows tails is odd with probability
 * exp(-x). The coin of x / k is the coin of x and the coin of 1 / k together, so that no product can overflow. */
static bool exp_of_fraction(struct dp_stream *stream, struct dp_ratio x)
{
    for (uint64_t k = 1; k <= DP_TRIES_MOST; k++)
        if (!dp_bernoulli(stream, x) || dp_stream_below(stream, k) != 0)
            return k % 2 == 1;
    dp_stream_broken();
}

bool dp_bernoulli_exp(struct dp_stream *stream, struct dp_ratio exponent)
{
    INVARIANT(exponent.denominator > 0);
    const struct dp_ratio one = {1, 1};
    uint64_t whole = exponent.numerator / exponent.denominator;
    for (uint64_t heads = 0; heads < whole; heads++) {
        if (!exp_of_fraction(stream, one))
            return false;
        if (heads == DP_TRIES_MOST)
            dp_stream_broken();
    }
    return exp_of_fraction(stream, (struct dp_ratio){exponent.numerator % exponent.denominator, exponent.denominator});
}
