/* Exact intervals for a proportion of independent trials: of what is published, audited or tested with its error beside
 * it. Floating point: for statements about samples, never near noise. */
#pragma once

#include <stddef.h>

struct interval {
    double low, high;
};

/* I_x(a, b), the regularised incomplete beta function; a, b > 0, x in [0, 1]. */
double dp_proportion_beta(double a, double b, double x);
/* Clopper & Pearson 1934: one-sided exact bounds at error `alpha` of a proportion, seen `hits` times in n > 0 trials.
 */
double dp_proportion_upper(size_t hits, size_t n, double alpha);
double dp_proportion_lower(size_t hits, size_t n, double alpha);
/* Two-sided, 95 %: each side at .025. */
struct interval dp_proportion_interval(size_t hits, size_t n);
