/* Resampling over clusters. */
#include "audits/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"

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

static double least_high(const double *values, size_t clusters)
{
    size_t showing = 0;
    for (size_t i = 0; i < clusters; i++)
        showing += values[i] > 0;
    if (showing < STAT_SHOWING_LEAST)
        return dp_proportion_interval(showing, clusters).high;
    return clusters < STAT_CLUSTERS_LEAST ? dp_proportion_interval(0, clusters).high : -1;
}

enum status stat_cluster_interval(const double *values, const double *weights, size_t clusters, size_t rounds,
                                  struct random random, struct interval *out)
{
    TRY(stat_cluster_bootstrap(values, weights, clusters, rounds, random, out));
    out->high = fmax(out->high, least_high(values, clusters));
    return OK;
}
