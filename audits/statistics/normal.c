/* The normal distribution and the binomial's tail. */
#include <math.h>

#include "audits/statistics/statistics.h"

double stat_normal_upper(double z)
{
    return .5 * erfc(z / sqrt(2));
}

/* z > 0 of a small tail, by Newton's method on its logarithm: that is concave, so that from the first step on the way
 * goes down to the root without passing it. */
static double quantile_of_tail(double tail)
{
    enum { STEPS = 60 };
    double wanted = log(tail), z = tail > .1 ? 0 : sqrt(-2 * wanted) - .5;
    for (int step = 0; step < STEPS; step++) {
        double above = stat_normal_upper(z), density = exp(-z * z / 2) * .3989422804014327;
        double by = (log(above) - wanted) * above / density;
        z += by;
        if (fabs(by) <= 1e-15 * (1 + z))
            break;
    }
    return z;
}

double stat_normal_quantile(double probability)
{
    if (!(probability > 0 && probability < 1))
        return probability > 0 ? INFINITY : -INFINITY;
    return probability < .5 ? -quantile_of_tail(probability) : quantile_of_tail(1 - probability);
}

double stat_binomial_tail(size_t hits, size_t n, double rate)
{
    if (hits == 0 || rate >= 1)
        return 1;
    if (hits > n || rate <= 0)
        return 0;
    return dp_proportion_beta((double)hits, (double)(n - hits) + 1, rate);
}
