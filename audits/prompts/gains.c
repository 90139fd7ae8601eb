/* Hides what a bootstrap cannot say of a few guesses. */
#include "audits/prompts/gains.h"

#include <math.h>

#include "audits/statistics/statistics.h"

#define ROUNDS 2000
#define CLUSTERS_LEAST 5
#define ROUNDED 1e-9 /* of sums of shares */

enum status gains_new(size_t clusters, struct gains *out)
{
    *out = (struct gains){.count = clusters};
    out->right = mem_new(4 * clusters + 1, sizeof *out->right);
    if (!out->right)
        return ERR_MEMORY;
    out->chance = out->right + clusters;
    out->gain = out->chance + clusters;
    out->guesses = out->gain + clusters;
    return OK;
}

void gains_free(struct gains *gains)
{
    mem_free(gains->right);
    *gains = (struct gains){0};
}

void gains_add(struct gains *gains, size_t cluster, double right, double chance)
{
    gains->right[cluster] += right;
    gains->chance[cluster] += chance;
    gains->guesses[cluster]++;
}

/* A mean a cluster, those without a guess taken out. */
static void gains_close(struct gains *gains)
{
    size_t kept = 0;
    for (size_t i = 0; i < gains->count; i++) {
        double guesses = gains->guesses[i];
        if (guesses == 0)
            continue;
        gains->right[kept] = gains->right[i] / guesses;
        gains->chance[kept] = gains->chance[i] / guesses;
        gains->gain[kept] = gains->right[kept] - gains->chance[kept];
        gains->guesses[kept++] = 1;
    }
    gains->count = kept;
}

static double mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* No narrower than the exact interval on the share of clusters that are right, shares of right ones counted up and
 * down: a bootstrap is too sure of the few that are, and sure of itself where all fare alike. */
static void widen(const struct gains *gains, struct interval *interval)
{
    double right = mean(gains->right, gains->count) * (double)gains->count;
    double chance = mean(gains->chance, gains->count);
    double high = dp_proportion_interval((size_t)ceil(right - ROUNDED), gains->count).high - chance;
    double low = dp_proportion_interval((size_t)(right + ROUNDED), gains->count).low - chance;
    interval->high = fmax(interval->high, high);
    interval->low = fmin(interval->low, low);
}

enum status gains_infer(struct gains *gains, struct random random, struct audit_result *result)
{
    struct interval interval;
    gains_close(gains);
    if (gains->count < CLUSTERS_LEAST)
        return OK;
    TRY(stat_cluster_interval(gains->gain, gains->guesses, gains->count, ROUNDS, random, &interval));
    widen(gains, &interval);
    result->samples = gains->count;
    result->kind = INTERVAL_RESAMPLED;
    result->value = mean(gains->gain, gains->count);
    result->low = interval.low;
    result->high = interval.high;
    result->baseline = mean(gains->chance, gains->count);
    return OK;
}

double gains_by_lot(const struct gains *gains, double chance)
{
    double right = mean(gains->right, gains->count) * (double)gains->count;
    return stat_binomial_tail((size_t)ceil(right - ROUNDED), gains->count, chance);
}
