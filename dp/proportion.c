/* Exact bounds of proportions. Hides the continued fraction and the search for its inverse. */
#include "dp/proportion.h"

#include <math.h>

/* Lentz's method on the continued fraction of DLMF 8.17.22. */
static double beta_fraction(double a, double b, double x)
{
    enum { STEPS = 10000 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double result = d;
    for (int m = 1; m < STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double terms[2] = {even, odd};
        double change = 1;
        for (int i = 0; i < 2; i++) {
            d = 1 + terms[i] * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + terms[i] / c;
            c = fabs(c) < tiny ? tiny : c;
            change = c * d;
            result *= change;
        }
        if (fabs(change - 1) < 1e-15)
            break;
    }
    return result;
}

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

double dp_proportion_beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    if (x > (a + 1) / (a + b + 2)) /* where the fraction converges fast */
        return 1 - dp_proportion_beta(b, a, 1 - x);
    double front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x);
    return exp(front) * beta_fraction(a, b, x) / a;
}

/* x with I_x(a, b) = p, by bisection: it cannot fail, and 200 steps exhaust a double. */
static double beta_inverse(double a, double b, double p)
{
    double low = 0, high = 1;
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        *(dp_proportion_beta(a, b, middle) < p ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

double dp_proportion_upper(size_t hits, size_t n, double alpha)
{
    return hits >= n ? 1 : beta_inverse((double)hits + 1, (double)(n - hits), 1 - alpha);
}

double dp_proportion_lower(size_t hits, size_t n, double alpha)
{
    return hits == 0 ? 0 : beta_inverse((double)hits, (double)(n - hits) + 1, alpha);
}

struct interval dp_proportion_interval(size_t hits, size_t n)
{
    return (struct interval){dp_proportion_lower(hits, n, .025), dp_proportion_upper(hits, n, .025)};
}
