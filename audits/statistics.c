/* Exact bounds, resampling over clusters. Hides the continued fraction and the search for its inverse. */
#include "audits/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"

/* --- the beta distribution --- */

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

double stat_beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    if (x > (a + 1) / (a + b + 2)) /* where the fraction converges fast */
        return 1 - stat_beta(b, a, 1 - x);
    double front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x);
    return exp(front) * beta_fraction(a, b, x) / a;
}

/* x with I_x(a, b) = p, by bisection: it cannot fail, and 200 steps exhaust a double. */
static double beta_inverse(double a, double b, double p)
{
    double low = 0, high = 1;
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        *(stat_beta(a, b, middle) < p ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

double stat_exact_upper(size_t hits, size_t n, double alpha)
{
    return hits >= n ? 1 : beta_inverse((double)hits + 1, (double)(n - hits), 1 - alpha);
}

double stat_exact_lower(size_t hits, size_t n, double alpha)
{
    return hits == 0 ? 0 : beta_inverse((double)hits, (double)(n - hits) + 1, alpha);
}

struct interval stat_exact(size_t hits, size_t n)
{
    return (struct interval){stat_exact_lower(hits, n, .025), stat_exact_upper(hits, n, .025)};
}

/* --- clusters --- */

double stat_sign_flip(const double *differences, size_t clusters, size_t rounds, struct random random)
{
    double observed = 0;
    size_t as_large = 1;
    for (size_t i = 0; i < clusters; i++)
        observed += differences[i];
    for (size_t round = 0; round < rounds; round++) {
        double sum = 0;
        uint64_t bits = 0;
        for (size_t i = 0; i < clusters; i++) {
            if (i % 64 == 0)
                bits = random_u64(random);
            sum += bits >> (i % 64) & 1 ? differences[i] : -differences[i];
        }
        as_large += sum >= observed - 1e-12 * fabs(observed);
    }
    return (double)as_large / (double)(rounds + 1);
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

enum status stat_cluster_bootstrap(const double *values, const double *weights, size_t clusters, size_t rounds,
                                   struct random random, struct interval *out)
{
    SCOPED_MEM double *ratios = mem_new(rounds, sizeof *ratios);
    *out = (struct interval){0, 0};
    if (!ratios || clusters == 0)
        return clusters == 0 ? ERR_USAGE : ERR_MEMORY;
    for (size_t round = 0; round < rounds; round++) {
        double value = 0, weight = 0;
        for (size_t i = 0; i < clusters; i++) {
            size_t drawn = random_below(random, clusters);
            value += values[drawn];
            weight += weights[drawn];
        }
        ratios[round] = weight > 0 ? value / weight : 0;
    }
    qsort(ratios, rounds, sizeof *ratios, ascending);
    *out =
        (struct interval){ratios[(size_t)(.025 * (double)(rounds - 1))], ratios[(size_t)(.975 * (double)(rounds - 1))]};
    return OK;
}
