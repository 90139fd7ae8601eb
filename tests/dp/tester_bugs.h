/* Ten mechanisms with a mistake each, and the same ones without it. What each claims is in the table at the end. */
#pragma once

#include "dp/account.h"
#include "dp/bounded.h"
#include "dp/laplace.h"
#include "dp/partition.h"
#include "dp/stability.h"
#include "tests/dp/tester.h"

/* `state` of all of these: whether the mistake is made. */
static inline bool bug_is_made(const void *state)
{
    return *(const bool *)state;
}

/* A count, 10 or 11, with Laplace noise of ε = 1: with half of it. */
static inline void bug_half_noise(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_laplace_add(stream, 10 + neighbour, (struct dp_ratio){bug_is_made(state) ? 2 : 1, 1});
}

/* A histogram for two keywords a unit, to which one sends all eight: counted without the bound. */
static inline void bug_unbounded(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    const uint32_t keys[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    uint32_t chosen[8];
    size_t count = neighbour ? dp_bounded_keys(1, keys, 8, bug_is_made(state) ? 8 : 2, chosen) : 0;
    for (size_t i = 0; i < 8; i++)
        out[i] = 0;
    for (size_t i = 0; i < count; i++)
        out[chosen[i]]++;
    for (size_t i = 0; i < 8; i++)
        out[i] = dp_laplace_add(stream, out[i], (struct dp_ratio){1, 2});
}

/* A count of 0 or 1 with Laplace noise in floating point (Mironov 2012): what is released has low bits that tell from
 * which value it came. Second number: whether it is no multiple of 2^-53. */
static inline void bug_float(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    if (!bug_is_made(state)) {
        out[0] = dp_laplace_add(stream, neighbour, (struct dp_ratio){1, 1});
        out[1] = 0;
        return;
    }
    uint64_t word = dp_stream_u64(stream);
    double unit = ((double)(word >> 12) + 1) * 0x1p-52, released = neighbour + (word & 1 ? 1 : -1) * log(unit);
    out[0] = (int64_t)floor(released);
    out[1] = fmod(released * 0x1p53, 1) != 0;
}

/* A key that one unit has, or none: its noisy count is released without a look at the threshold. */
static inline void bug_no_threshold(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    struct dp_stability histogram;
    const struct dp_stability_terms terms = {{DP_COUNT_LAPLACE, {1, 1}}, DP_DELTA_ONE / 100, 1};
    if (dp_stability_for(terms, NULL, &histogram) != OK)
        abort();
    if (bug_is_made(state))
        histogram.threshold = INT64_MIN;
    out[0] = dp_stability_keeps(&histogram, stream, (uint64_t)neighbour, &out[1]);
}

/* A cap of ε = 1 and four questions of ε = 1/2: an account that forgets what was spent answers all. */
static inline void bug_double_spent(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    const struct dp_epsilon cap = {1000000}, charge = {500000};
    struct dp_epsilon spent = {0};
    for (int i = 0; i < 4; i++) {
        bool allowed = dp_account_allows(spent, charge, cap);
        out[i] = allowed ? dp_laplace_add(stream, 20 + neighbour, (struct dp_ratio){1, 2}) : 0;
        if (allowed && !bug_is_made(state))
            spent.micro += charge.micro;
    }
}

/* Three keys of a unit, noise for two: "fewer than three" instead of "at most three". */
static inline void bug_off_by_one(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    for (int i = 0; i < 3; i++)
        out[i] = dp_laplace_add(stream, neighbour, (struct dp_ratio){1, bug_is_made(state) ? 2 : 3});
}

/* Two counts, one of which the unit is in: both get the same draw. */
static inline void bug_reused(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    int64_t noise = dp_laplace(stream, (struct dp_ratio){1, 1});
    out[0] = 5 + neighbour + noise;
    out[1] = 5 + (bug_is_made(state) ? noise : dp_laplace(stream, (struct dp_ratio){1, 1}));
}

/* A tenant with four traces or none, noise for the unit `trace`. */
static inline void bug_adjacency(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    out[0] = dp_laplace_add(stream, 30 + 4 * neighbour, (struct dp_ratio){1, bug_is_made(state) ? 1 : 4});
}

/* Four rounds on the same data, each with the whole ε. */
static inline void bug_composition(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    for (int i = 0; i < 4; i++)
        out[i] = dp_laplace_add(stream, 7 + neighbour, (struct dp_ratio){1, bug_is_made(state) ? 1 : 4});
}

/* A noisy count that is released from five supporters on: five true ones, not five noisy ones. */
static inline void bug_true_threshold(const void *state, struct dp_stream *stream, int neighbour, int64_t *out)
{
    int64_t count = 4 + neighbour, noisy = dp_laplace_add(stream, count, (struct dp_ratio){1, 1});
    bool kept = (bug_is_made(state) ? count : noisy) >= 5;
    out[0] = kept;
    out[1] = kept ? noisy : 0;
}

static const struct bug {
    const char *name;
    tester_mechanism *run;
    size_t values;
    double epsilon, delta; /* claimed */
} bugs[] = {
    {"half noise", bug_half_noise, 1, 1, 0},           {"contribution without a bound", bug_unbounded, 8, 1, 0},
    {"Laplace in floating point", bug_float, 2, 1, 0}, {"forgotten threshold", bug_no_threshold, 2, 1, .01},
    {"budget spent twice", bug_double_spent, 4, 1, 0}, {"sensitivity off by one", bug_off_by_one, 3, 1, 0},
    {"randomness used twice", bug_reused, 2, 1, 0},    {"wrong adjacency", bug_adjacency, 1, 1, 0},
    {"missing composition", bug_composition, 4, 1, 0}, {"threshold on the true count", bug_true_threshold, 2, 1, 0},
};
#define BUGS (sizeof bugs / sizeof *bugs)

static inline double bug_epsilon(const struct bug *bug, bool made, size_t draws, uint64_t seed)
{
    const struct tester_task task = {bug->run, &made, bug->values, bug->delta, draws};
    return tester_epsilon(&task, seed);
}
