/* A round over 1k, 10k and 100k synthetic candidates (tests/bench/synthetic.h) of 50 tenants: distilling, then
 * selection with the gate. Two shapes: "usual", where members meet the same patterns (a twentieth as many patterns as
 * candidates), and "odd", where nearly each candidate is a pattern of its own. Each round has a process of its own, for
 * its peak memory. `growth` is the exponent from the size before: 1 is linear, 2 quadratic. Beside the grouping alone,
 * over 1k candidates, stands the obvious loop over all pairs. A size as argument runs that size alone. */
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "insight/group.h"
#include "insight/release.h"
#include "tests/bench/bench.h"
#include "tests/bench/synthetic.h"

enum { TENANTS = 50, PAIRS_OVER = 1000, PAIRS_RUNS = 5 };

struct measured {
    double distil, select, peak, groups, released;
};

static struct measured run(size_t n, size_t patterns, const struct redactor *redactor)
{
    struct candidate *candidates = synthetic_round(n, patterns, 1);
    struct release_row *rows = mem_new(n, sizeof *rows);
    for (size_t i = 0; rows && i < n; i++) {
        rows[i].tenant = (uint32_t)(i % TENANTS);
        memcpy(rows[i].task, candidates[i].task, TASK_TAG_BYTES);
    }
    struct policy policy;
    policy_default(&policy);
    struct distiller distiller = distiller_embedded();
    struct proposals proposals;
    struct measured measured = {0};
    uint64_t start = clock_ticks();
    bench_must(distiller.distil(distiller.state, candidates, n,
                                &(struct distil_options){policy.near_milli / 1000.0, policy.related_milli / 1000.0},
                                &proposals));
    measured.distil = bench_seconds(start);
    struct library library = {0};
    struct release_report report;
    start = clock_ticks();
    bench_must(release_select(&(struct release_input){candidates, rows, n, &proposals, &policy, redactor, NULL},
                              &library, &report));
    measured.select = bench_seconds(start);
    measured.peak = bench_peak();
    measured.groups = (double)report.proposals;
    measured.released = (double)report.released;
    library_free(&library);
    proposals_free(&proposals);
    mem_free(rows);
    synthetic_free(candidates, n);
    return measured;
}

static struct measured run_alone(size_t n, size_t patterns, const struct redactor *redactor)
{
    struct measured measured = {0};
    int ends[2], ended = 1;
    if (pipe(ends) != 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        measured = run(n, patterns, redactor);
        _exit(write(ends[1], &measured, sizeof measured) == (ssize_t)sizeof measured ? 0 : 1);
    }
    close(ends[1]);
    bool whole = read(ends[0], &measured, sizeof measured) == (ssize_t)sizeof measured;
    close(ends[0]);
    if (child < 0 || waitpid(child, &ended, 0) != child || ended != 0 || !whole)
        exit(1);
    return measured;
}

/* Returns the seconds; before: those of a tenth of the size, or 0. */
static double report(const char *shape, size_t n, size_t patterns, const struct redactor *redactor, double before)
{
    struct measured measured = run_alone(n, patterns, redactor);
    char name[64];
    double seconds = measured.distil + measured.select;
    snprintf(name, sizeof name, "round.%s.%zuk", shape, n / 1000);
    bench_result(name, seconds, "s", "distil %.2f s, select %.2f s, %.0f groups, %.0f released", measured.distil,
                 measured.select, measured.groups, measured.released);
    snprintf(name, sizeof name, "round.%s.%zuk.peak", shape, n / 1000);
    bench_result(name, measured.peak, "MiB", "peak memory of the process, candidates included");
    snprintf(name, sizeof name, "round.%s.%zuk.growth", shape, n / 1000);
    if (before > 0)
        bench_result(name, log10(seconds / before), "exponent", "from %zuk to %zuk", n / 10000, n / 1000);
    return seconds;
}

/* Each candidate joins the first leader that it is near, every pair compared. */
static size_t group_all_pairs(const struct candidate *candidates, size_t n, double near)
{
    struct features *features = mem_new(n, sizeof *features);
    bool *joined = mem_new(n, sizeof *joined);
    size_t groups = 0;
    if (!features || !joined)
        exit(1);
    for (size_t i = 0; i < n; i++)
        bench_must(features_of_candidate(&candidates[i], &features[i]));
    for (size_t i = 0; i < n; i++) {
        groups += !joined[i];
        for (size_t j = i + 1; j < n; j++) {
            bool close = features_cosine(&features[i], &features[j]) >= near;
            joined[j] |= close && !joined[i];
        }
    }
    for (size_t i = 0; i < n; i++)
        features_free(&features[i]);
    mem_free(features);
    mem_free(joined);
    return groups;
}

static void compare_grouping(void)
{
    struct candidate *candidates = synthetic_round(PAIRS_OVER, PAIRS_OVER / 20, 1);
    double ours[PAIRS_RUNS], theirs[PAIRS_RUNS];
    size_t groups = 0, pairs = 0;
    for (size_t i = 0; i < PAIRS_RUNS; i++) {
        struct grouping grouping;
        uint64_t start = clock_ticks();
        bench_must(group_candidates(candidates, PAIRS_OVER, 0.85, 0.4, &grouping));
        ours[i] = bench_seconds(start) * 1e3;
        groups = grouping.groups;
        grouping_free(&grouping);
        start = clock_ticks();
        pairs = group_all_pairs(candidates, PAIRS_OVER, 0.85);
        theirs[i] = bench_seconds(start) * 1e3;
    }
    bench_result("round.grouping.1k", bench_quantile(ours, PAIRS_RUNS, 0.5), "ms",
                 "grouping and linking alone, %zu groups; all pairs: %zu", groups, pairs);
    bench_peer("round.grouping.1k", bench_quantile(theirs, PAIRS_RUNS, 0.5), "ms", "all pairs");
    synthetic_free(candidates, PAIRS_OVER);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {1000, 10000, 100000};
    struct redactor *redactor;
    bench_must(redactor_new(BYTES_NONE, NULL, &redactor, NULL));
    size_t only = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    double usual = 0, odd = 0;
    compare_grouping();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (only && sizes[i] != only)
            continue;
        usual = report("usual", sizes[i], sizes[i] / 20, redactor, usual);
        odd = report("odd", sizes[i], sizes[i], redactor, odd);
    }
    redactor_free(redactor);
    return 0;
}
