/* Goodness of fit for the samplers' tests: observed counts against expected probabilities. */
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Upper quantile of the normal distribution at 1e-6: the chance that one true sampler fails one test. */
#define CHI_SQUARE_Z 4.7534

/* Whether the counts fit at alpha = 1e-6. Bins with under 10 expected are pooled into their neighbour. The critical
 * value is Wilson and Hilferty's (1931) cube. */
static inline bool chi_square_fits(const uint64_t *counts, const double *probabilities, size_t bins, uint64_t total)
{
    double statistic = 0, expected = 0, observed = 0;
    size_t freedom = 0;
    for (size_t i = 0; i < bins; i++) {
        expected += probabilities[i] * (double)total;
        observed += (double)counts[i];
        if (expected < 10 && i + 1 < bins)
            continue;
        if (expected > 0)
            statistic += (observed - expected) * (observed - expected) / expected;
        else if (observed > 0)
            return false;
        freedom++;
        expected = observed = 0;
    }
    double k = (double)(freedom > 1 ? freedom - 1 : 1), part = 2 / (9 * k);
    return statistic <= k * pow(1 - part + CHI_SQUARE_Z * sqrt(part), 3);
}
