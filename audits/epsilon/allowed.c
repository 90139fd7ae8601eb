/* Gaussian trade-offs, read off. */
#include "audits/epsilon/allowed.h"

#include <math.h>

#include "audits/statistics/statistics.h"
#include "audits/statistics/trade_off.h"

static double delta_of(const struct private_terms *terms)
{
    return (double)terms->delta / (double)DP_DELTA_ONE;
}

static double shift_of(const struct private_terms *terms)
{
    return gaussian_mu((double)terms->epsilon.micro / DP_EPSILON_ONE, delta_of(terms));
}

struct allowed allowed_same(const struct private_terms *terms, size_t tenants, size_t rounds)
{
    double times = (double)tenants * (double)rounds;
    return (struct allowed){shift_of(terms) * (double)tenants * sqrt((double)rounds), delta_of(terms) * times};
}

struct allowed allowed_apart(const struct private_terms *terms, size_t rounds)
{
    return (struct allowed){shift_of(terms) * sqrt(2 * (double)rounds), delta_of(terms) * 2 * (double)rounds};
}

static double normal(double z)
{
    return stat_normal_upper(-z);
}

double allowed_rate(struct allowed allowed, double rate)
{
    return fmin(normal(stat_normal_quantile(rate) + allowed.shift) + allowed.delta, 1);
}

double allowed_choice(struct allowed allowed)
{
    return fmin(normal(allowed.shift / 2) + allowed.delta / 2, 1);
}

double allowed_area(struct allowed allowed)
{
    return fmin(normal(allowed.shift / sqrt(2)) + allowed.delta, 1);
}

double allowed_risk(struct allowed allowed, double held_out)
{
    if (held_out >= 1)
        return 1;
    return (allowed_rate(allowed, held_out) - held_out) / (1 - held_out);
}

double allowed_alone(const struct private_terms *terms, size_t tenants)
{
    if (tenants == 0)
        return 0;
    return normal(stat_normal_quantile(delta_of(terms)) + shift_of(terms) * (double)(tenants - 1));
}
