/* Amplification. Hides the shuffler's dominating pair: how the sum over it is cut and rounded up. */
#include "dp/amplify.h"

#include <math.h>

#define UP (1 + 0x1p-40)
#define EPSILON_MOST (UINT64_C(20) * DP_EPSILON_ONE)

static double real(struct dp_epsilon epsilon)
{
    return (double)epsilon.micro / DP_EPSILON_ONE;
}

static struct dp_epsilon micro_up(double epsilon, struct dp_epsilon most)
{
    double micro = ceil(epsilon * DP_EPSILON_ONE * UP);
    return micro < (double)most.micro ? (struct dp_epsilon){(uint64_t)micro} : most;
}

enum status dp_amplify_sampling(struct dp_epsilon epsilon, uint64_t delta, struct dp_ratio q, struct dp_epsilon *out,
                                uint64_t *out_delta)
{
    *out = (struct dp_epsilon){UINT64_MAX};
    *out_delta = UINT64_MAX;
    if (q.numerator == 0 || q.numerator > q.denominator || epsilon.micro == 0 || delta >= DP_DELTA_ONE)
        return ERR_USAGE;
    double part = (double)q.numerator / (double)q.denominator, e = real(epsilon);
    *out = epsilon;
    if (e < 700) /* beyond, e^ε is no double, and the gain is nothing beside it */
        *out = micro_up(log1p(part * expm1(e)), epsilon);
    unsigned __int128 product = (unsigned __int128)delta * q.numerator;
    *out_delta = (uint64_t)(product / q.denominator) + (product % q.denominator != 0);
    return OK;
}

static enum status check(struct dp_epsilon epsilon, uint64_t count, uint64_t delta)
{
    if (delta == 0 || delta >= DP_DELTA_ONE || count == 0 || epsilon.micro == 0)
        return ERR_USAGE;
    return epsilon.micro > EPSILON_MOST || count > DP_SHUFFLE_MOST ? ERR_TOO_LARGE : OK;
}

enum status dp_shuffle_closed(struct dp_epsilon epsilon, uint64_t count, uint64_t delta, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    TRY(check(epsilon, count, delta));
    *out = epsilon;
    double e = real(epsilon), n = (double)count, d = (double)delta / (double)DP_DELTA_ONE;
    if (e > log(n / (16 * log(2 / d))) - 1e-9)
        return OK; /* the theorem says nothing here */
    double spread = 8 * sqrt(exp(e) * log(4 / d)) / sqrt(n) + 8 * exp(e) / n;
    *out = micro_up(log1p(tanh(e / 2) * spread), epsilon);
    return OK;
}

/* --- theorem 3.2: of the others C ~ Bin(count - 1, e^-ε0) answer as the unit's two values would, half of them each
 * way. P counts A ~ Bin(C, 1/2) and one more with probability `high` = e^ε0 / (e^ε0 + 1), Q one more with probability 1
 * - high. With more such others δ is less, for one more is a random bit added to both: a stretch of C's values counts
 * as its least one. --- */

struct shuffle {
    double epsilon0, others, rate, high;
};

static double log_binomial(double n, double k) /* log of n! / (k! (n - k)!) */
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* δ for C = c: the sum over a, the number one way, of P - e^ε Q where it is positive:
 * Bin(c, 1/2)(a - 1) * (high - e^ε (1 - high)) * (1 - least (c + 1 - a) / a), a / (c + 1 - a) over `least`. */
static double delta_of_others(const struct shuffle *s, double c, double epsilon)
{
    double grown = exp(epsilon), low = 1 / (exp(s->epsilon0) + 1), gain = s->high - grown * low;
    if (gain <= 0)
        return 0;
    double least = (grown * s->high - low) / gain, first = fmax(floor((c + 1) * least / (1 + least)), 1), sum = 0;
    double mass = exp(log_binomial(c, first - 1) - c * M_LN2);
    size_t count = (size_t)(c + 2 - first);
    for (size_t i = 0; i < count; i++) {
        double a = first + (double)i, term = mass * (1 - least * (c + 1 - a) / a);
        sum += fmax(term, 0);
        if (term > 0 && term < sum * 1e-20)
            break; /* what follows is less than c times this */
        mass *= (c + 1 - a) / a;
    }
    return sum * gain;
}

/* Mass of C in [from, from + stretch), at most. */
static double mass_between(const struct shuffle *s, double from, double stretch)
{
    double mass = exp(log_binomial(s->others, from) + from * log(s->rate) + (s->others - from) * log1p(-s->rate)),
           sum = 0;
    size_t count = (size_t)fmin(stretch, s->others - from + 1);
    for (size_t i = 0; i < count; i++) {
        double k = from + (double)i;
        sum += mass;
        mass *= (s->others - k) / (k + 1) * s->rate / (1 - s->rate);
    }
    return sum;
}

/* P(C is at c or farther from its mean), at most (Chernoff). */
static double mass_beyond(const struct shuffle *s, double c)
{
    double part = c / s->others;
    double divergence =
        (part > 0 ? part * log(part / s->rate) : 0) + (part < 1 ? (1 - part) * log((1 - part) / (1 - s->rate)) : 0);
    return exp(-s->others * divergence);
}

/* Stretches of a 64th of C's deviation, ten deviations about its mean; below them as if there were no others. */
static double delta_at(const struct shuffle *s, double epsilon)
{
    double mean = s->others * s->rate, deviation = sqrt(mean * (1 - s->rate)) + 1, stretch = ceil(deviation / 64);
    double from = fmax(floor(mean - 10 * deviation), 0), to = floor(mean + 10 * deviation), sum = 0;
    size_t stretches = (size_t)(fmin(to, s->others) - from) / (size_t)stretch + 1;
    for (size_t i = 0; i < stretches; i++) {
        double c = from + stretch * (double)i;
        sum += mass_between(s, c, stretch) * delta_of_others(s, c, epsilon);
    }
    if (from > 0)
        sum += mass_beyond(s, from) * delta_of_others(s, 0, epsilon);
    if (to < s->others)
        sum += mass_beyond(s, to) * delta_of_others(s, to, epsilon);
    return sum * (1 + 1e-6); /* lgamma near 1e7 is good to 1e-7 as an exponent */
}

enum status dp_shuffle_epsilon(struct dp_epsilon epsilon, uint64_t count, uint64_t delta, struct dp_epsilon *out)
{
    TRY(dp_shuffle_closed(epsilon, count, delta, out));
    double e = real(epsilon), d = (double)delta / (double)DP_DELTA_ONE;
    const struct shuffle s = {e, (double)count - 1, exp(-e), 1 / (1 + exp(-e))};
    uint64_t low = 0, high = out->micro; /* high is proven */
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (delta_at(&s, (double)middle / DP_EPSILON_ONE) <= d)
            high = middle;
        else
            low = middle;
    }
    out->micro = high;
    return OK;
}
