/* A statistical tester of differential privacy: how large the ε of a mechanism must be, as far as draws can tell.
 *
 * A mechanism is run on two neighbouring inputs. On one half of the draws the tester looks for the event that tells the
 * inputs apart best: a bound on one released number, on their sum, least, greatest or a difference, or equality. On the
 * other half it counts that one event: with P and Q its chances on the two inputs, every (ε, δ) mechanism has
 * P <= e^ε Q + δ, so that ln((P - δ) / Q) at the exact bounds of P and Q (Clopper, Pearson 1934) is a lower bound of ε
 * that a true mechanism exceeds with probability at most `alpha`. The halves are independent, so that what the search
 * tries costs nothing. Cf. Ding, Wang, Wang, Zhang, Kifer 2018; Bichsel, Steffen, Bogunovic, Vechev 2021.
 *
 * What it cannot see: an ε exceeded only on events rarer than some 1e-3, or on functions of the output that it does not
 * form; a charge that is never made. A mechanism that passes is not thereby proved. */
#pragma once

#include <math.h>
#include <stdlib.h>

#include "dp/proportion.h"
#include "tests/dp/seeded.h"

#define TESTER_VALUES 8
#define TESTER_ALPHA 1e-6

/* Writes what is released on neighbour 0 or 1: at most TESTER_VALUES numbers, small enough to be added. */
typedef void tester_mechanism(const void *state, struct dp_stream *stream, int neighbour, int64_t *out);

struct tester_task {
    tester_mechanism *run;
    const void *state;
    size_t values; /* written by it */
    double delta;
    size_t draws; /* on each input and half */
};

enum tester_kind { TESTER_AT_MOST, TESTER_AT_LEAST, TESTER_EQUAL };

/* `statistic` of the output is at most, at least or equal to `bound`; likelier on neighbour `likelier`. */
struct tester_event {
    size_t statistic;
    enum tester_kind kind;
    int64_t bound;
    int likelier;
    double score;
};

/* Statistics: each number, their sum, least and greatest, then the differences of pairs. */
static inline size_t tester_statistics(size_t values)
{
    return values + 3 + values * (values - 1) / 2;
}

static inline int64_t tester_difference(const int64_t *out, size_t values, size_t pair)
{
    size_t first = 0;
    for (; pair >= values - 1 - first; first++)
        pair -= values - 1 - first;
    return out[first] - out[first + 1 + pair];
}

static inline int64_t tester_statistic(const int64_t *out, size_t values, size_t which)
{
    if (which < values)
        return out[which];
    if (which >= values + 3)
        return tester_difference(out, values, which - values - 3);
    int64_t sum = 0, least = out[0], greatest = out[0];
    for (size_t i = 0; i < values; i++) {
        sum += out[i];
        least = out[i] < least ? out[i] : least;
        greatest = out[i] > greatest ? out[i] : greatest;
    }
    return (int64_t[]){sum, least, greatest}[which - values];
}

static inline int64_t *tester_draws(const struct tester_task *task, struct dp_stream *stream, int neighbour)
{
    int64_t *outputs = calloc(task->draws * task->values, sizeof *outputs);
    if (!outputs)
        abort();
    for (size_t i = 0; i < task->draws; i++)
        task->run(task->state, stream, neighbour, outputs + i * task->values);
    return outputs;
}

/* --- the search, on the first half: figures are rough, nothing is claimed of them --- */

static inline int tester_ascending(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static inline int64_t *tester_column(const struct tester_task *task, const int64_t *outputs, size_t statistic)
{
    int64_t *column = calloc(task->draws, sizeof *column);
    if (!column)
        abort();
    for (size_t i = 0; i < task->draws; i++)
        column[i] = tester_statistic(outputs + i * task->values, task->values, statistic);
    qsort(column, task->draws, sizeof *column, tester_ascending);
    return column;
}

/* ln((P - δ) / Q) with five standard errors taken off each. */
static inline double tester_score(const struct tester_task *task, double hits, double others)
{
    double n = (double)task->draws, p = hits / n, q = others / n;
    double low = p - 5 * sqrt(p * (1 - p) / n) - task->delta, high = q + 5 * sqrt(q * (1 - q) / n) + 14 / n;
    return low > 0 ? log(low / high) : -HUGE_VAL;
}

static inline void tester_try(const struct tester_task *task, struct tester_event event, const double hits[2],
                              struct tester_event *best)
{
    for (event.likelier = 0; event.likelier < 2; event.likelier++) {
        event.score = tester_score(task, hits[event.likelier], hits[!event.likelier]);
        if (event.score > best->score)
            *best = event;
    }
}

/* All bounds on one statistic, from the least value seen to the greatest. */
static inline void tester_scan(const struct tester_task *task, int64_t *const columns[2], size_t statistic,
                               struct tester_event *best)
{
    size_t below[2] = {0, 0}, n = task->draws;
    while (below[0] < n || below[1] < n) {
        int64_t bound = INT64_MAX;
        size_t upto[2] = {below[0], below[1]};
        for (int i = 0; i < 2; i++)
            if (below[i] < n && columns[i][below[i]] < bound)
                bound = columns[i][below[i]];
        for (int i = 0; i < 2; i++)
            while (upto[i] < n && columns[i][upto[i]] == bound)
                upto[i]++;
        const double at_most[2] = {(double)upto[0], (double)upto[1]};
        const double at_least[2] = {(double)(n - below[0]), (double)(n - below[1])};
        const double equal[2] = {(double)(upto[0] - below[0]), (double)(upto[1] - below[1])};
        tester_try(task, (struct tester_event){statistic, TESTER_AT_MOST, bound, 0, 0}, at_most, best);
        tester_try(task, (struct tester_event){statistic, TESTER_AT_LEAST, bound, 0, 0}, at_least, best);
        tester_try(task, (struct tester_event){statistic, TESTER_EQUAL, bound, 0, 0}, equal, best);
        below[0] = upto[0];
        below[1] = upto[1];
    }
}

static inline struct tester_event tester_search(const struct tester_task *task, int64_t *const outputs[2])
{
    struct tester_event best = {0, TESTER_AT_MOST, 0, 0, -HUGE_VAL};
    for (size_t statistic = 0; statistic < tester_statistics(task->values); statistic++) {
        int64_t *const columns[2] = {tester_column(task, outputs[0], statistic),
                                     tester_column(task, outputs[1], statistic)};
        tester_scan(task, columns, statistic, &best);
        free(columns[0]);
        free(columns[1]);
    }
    return best;
}

/* --- the test, on the second half --- */

static inline size_t tester_count(const struct tester_task *task, const int64_t *outputs, struct tester_event event)
{
    size_t hits = 0;
    for (size_t i = 0; i < task->draws; i++) {
        int64_t value = tester_statistic(outputs + i * task->values, task->values, event.statistic);
        hits += event.kind == TESTER_EQUAL     ? value == event.bound
                : event.kind == TESTER_AT_MOST ? value <= event.bound
                                               : value >= event.bound;
    }
    return hits;
}

static inline void tester_draw_both(const struct tester_task *task, struct dp_stream *stream, int64_t *outputs[2])
{
    for (int i = 0; i < 2; i++)
        outputs[i] = tester_draws(task, stream, i);
}

/* The lower bound of ε, at error TESTER_ALPHA; 0 or less says nothing. */
static inline double tester_epsilon(const struct tester_task *task, uint64_t seed)
{
    struct dp_stream *stream SEEDED = seeded_stream(seed);
    int64_t *first[2], *second[2];
    tester_draw_both(task, stream, first);
    tester_draw_both(task, stream, second);
    struct tester_event event = tester_search(task, first);
    size_t hits = tester_count(task, second[event.likelier], event);
    size_t others = tester_count(task, second[!event.likelier], event);
    for (int i = 0; i < 2; i++) {
        free(first[i]);
        free(second[i]);
    }
    double low = dp_proportion_lower(hits, task->draws, TESTER_ALPHA / 2) - task->delta;
    return low > 0 ? log(low / dp_proportion_upper(others, task->draws, TESTER_ALPHA / 2)) : 0;
}
