/* Wilson's score interval (1927) for a proportion. */
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Upper quantile of the normal distribution at 0.5e-6: two-sided alpha = 1e-6. */
#define WILSON_Z 4.8916

static inline bool wilson_holds(uint64_t hits, uint64_t total, double probability)
{
    double n = (double)total, share = (double)hits / n, z2 = WILSON_Z * WILSON_Z;
    double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    double half = WILSON_Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    return fabs(probability - middle) <= half * (1 + 1e-9); /* no hits: the interval begins at 0 */
}
