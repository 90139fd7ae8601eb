/* The normal distribution and the binomial's tail. */
#include <math.h>

#include "audits/statistics/statistics.h"

double stat_normal_upper(double z)
{
    return .5 * erfc(z / sqrt(2));
}

/* Bisection on the tail: fifty-odd steps, exact to rounding, no coefficients. */
double stat_normal_quantile(double probability)
{
    double low = -40, high = 40;
    if (!(probability > 0 && probability < 1))
        return probability > 0 ? INFINITY : -INFINITY;
    for (int step = 0; step < 200 && low < high; step++) {
        double middle = low + (high - low) / 2;
        bool under = probability < .5 ? stat_normal_upper(-middle) < probability
                                      : stat_normal_upper(middle) > 1 - probability;
        if (under)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

double stat_binomial_tail(size_t hits, size_t n, double rate)
{
    if (hits == 0 || rate >= 1)
        return 1;
    if (hits > n || rate <= 0)
        return 0;
    return dp_proportion_beta((double)hits, (double)(n - hits) + 1, rate);
}
