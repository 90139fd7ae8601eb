/* Hides the threshold: the least that holds for every number of keys that a unit can have. */
#include "dp/weighted_union.h"

#include <math.h>

uint32_t dp_union_weight(uint32_t had)
{
    const uint64_t square = (uint64_t)DP_UNION_ONE * DP_UNION_ONE;
    uint32_t weight = (uint32_t)(DP_UNION_ONE / sqrt(had));
    while (weight > 0 && (uint64_t)weight * weight * had > square) /* the root's rounding */
        weight--;
    while ((uint64_t)(weight + 1) * (weight + 1) * had <= square)
        weight++;
    return weight;
}

/* Above P(noise >= distance): that of a continuous Gaussian one step nearer; the margin is far over erfc's error. */
static double tail(double deviation, int64_t distance)
{
    return 0.5 * erfc((double)(distance - 1) / (deviation * M_SQRT2)) * (1 + 1e-9);
}

/* The least distance beyond which the noise of `had` keys together is seen with probability `delta` at most. */
static int64_t distance_for(double deviation, uint32_t had, double delta)
{
    int64_t low = 0, high = (int64_t)(deviation * 64) + 2; /* erfc is 0 there, in double precision */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (had * tail(deviation, middle) <= delta)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int64_t threshold_for(double deviation, uint32_t keys, double delta)
{
    int64_t most = 0;
    for (uint32_t had = 1; had <= keys; had++) {
        int64_t threshold = dp_union_weight(had) + distance_for(deviation, had, delta);
        most = threshold > most ? threshold : most;
    }
    return most;
}

enum status dp_union_for(struct dp_zcdp loss, uint32_t keys, struct dp_union *out)
{
    *out = (struct dp_union){0};
    if (keys == 0 || keys > DP_UNION_KEYS_MAX || loss.rho < DP_UNION_RHO_LEAST || loss.rho > DP_UNION_RHO_MOST ||
        loss.delta == 0 || loss.delta >= DP_DELTA_ONE)
        return ERR_USAGE;
    /* sensitivity² / (2 ρ), rounded up: more noise than the loss allows for */
    uint64_t variance = ((uint64_t)DP_UNION_ONE * DP_UNION_ONE / 2 * DP_RHO_ONE + loss.rho - 1) / loss.rho;
    double delta = (double)loss.delta / (double)DP_DELTA_ONE * (1 - 1e-9);
    *out = (struct dp_union){keys, variance, threshold_for(sqrt((double)variance), keys, delta), loss};
    return OK;
}

double dp_union_probability(const struct dp_union *mechanism, int64_t sum)
{
    return 0.5 * erfc(((double)(mechanism->threshold - sum) - 0.5) / sqrt(2 * (double)mechanism->variance));
}
