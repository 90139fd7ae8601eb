/* Times of interleaved classes, and their difference. Hides which percentiles are tried and how much is trimmed. */
#include "audits/channel/timing.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define TRIMMED .2 /* of either side */
static const double crops[] = {1, .95, .9, .75, .5};

uint64_t timing_now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at); /* of this thread alone: what else runs here does not count */
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

/* --- measuring --- */

static void shuffle(size_t *order, size_t count, struct random random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_below(random, i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

enum status timing_measure(const struct timing *timing, struct random random, double **out)
{
    size_t count = timing->classes;
    SCOPED_MEM size_t *order = mem_new(count, sizeof *order);
    SCOPED_MEM double *nanos = mem_new(count * timing->each, sizeof *nanos);
    *out = NULL;
    if (!order || !nanos)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t turn = 0; turn < timing->each; turn++) {
        shuffle(order, count, random);
        for (size_t i = 0; i < count; i++)
            TRY(timing->call(timing->context, order[i], &nanos[order[i] * timing->each + turn]));
    }
    *out = nanos;
    nanos = NULL;
    return OK;
}

/* --- Welch's t on what is below a percentile --- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct moments {
    double count, mean, variance;
};

/* Welford's recurrence. */
static struct moments moments_up_to(const double *sorted, size_t count, double limit)
{
    struct moments sum = {0};
    double squares = 0;
    for (size_t i = 0; i < count && sorted[i] <= limit; i++) {
        double before = sorted[i] - sum.mean;
        sum.count++;
        sum.mean += before / sum.count;
        squares += before * (sorted[i] - sum.mean);
    }
    sum.variance = sum.count > 1 ? squares / (sum.count - 1) : 0;
    return sum;
}

/* 0 where a class has next to nothing below the limit: the larger crops show that it differs. */
static double welch(const double *a, const double *b, size_t turns, double limit)
{
    struct moments x = moments_up_to(a, turns, limit), y = moments_up_to(b, turns, limit);
    double error = sqrt(x.variance / x.count + y.variance / y.count);
    if (x.count < TIMING_LEAST || y.count < TIMING_LEAST || error <= 0)
        return 0;
    return (y.mean - x.mean) / error;
}

static double largest_t(const double *a, const double *b, size_t turns, const double *both)
{
    double most = 0;
    for (size_t i = 0; i < sizeof crops / sizeof *crops; i++) {
        double limit = both[(size_t)(crops[i] * (double)(2 * turns - 1))];
        most = fmax(most, fabs(welch(a, b, turns, limit)));
    }
    return most;
}

/* --- how large --- */

static void trim(const double *sorted, size_t count, struct timing_test *out)
{
    size_t cut = (size_t)(TRIMMED * (double)count), left = count - 2 * cut;
    double low = sorted[cut], high = sorted[count - 1 - cut], sum = 0, squares = 0;
    for (size_t i = cut; i < count - cut; i++)
        sum += sorted[i];
    double winsorized = (sum + (low + high) * (double)cut) / (double)count;
    for (size_t i = 0; i < count; i++) {
        double away = fmin(fmax(sorted[i], low), high) - winsorized;
        squares += away * away;
    }
    out->difference = sum / (double)left;
    out->error = sqrt(squares / (double)(count - 1) / (double)count) / (1 - 2 * TRIMMED);
}

enum status timing_compare(const double *a, const double *b, size_t turns, struct timing_test *out)
{
    *out = (struct timing_test){0};
    if (turns < TIMING_LEAST)
        return ERR_USAGE;
    SCOPED_MEM double *room = mem_new(5 * turns, sizeof *room);
    if (!room)
        return ERR_MEMORY;
    double *x = room, *y = room + turns, *both = room + 2 * turns, *apart = room + 4 * turns;
    memcpy(x, a, turns * sizeof *a);
    memcpy(y, b, turns * sizeof *b);
    memcpy(both, room, 2 * turns * sizeof *both);
    for (size_t i = 0; i < turns; i++)
        apart[i] = b[i] - a[i];
    qsort(x, turns, sizeof *x, by_size);
    qsort(y, turns, sizeof *y, by_size);
    qsort(both, 2 * turns, sizeof *both, by_size);
    qsort(apart, turns, sizeof *apart, by_size);
    out->t = largest_t(x, y, turns, both);
    trim(apart, turns, out);
    return OK;
}
