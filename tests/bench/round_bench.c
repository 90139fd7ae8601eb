/* A round over 1k, 10k and 100k synthetic candidates (tests/bench/synthetic.h) of 50 tenants: distilling, and selection
 * with the gate. Two shapes: "usual", where members meet the same patterns (a twentieth as many patterns as
 * candidates), and "odd", where nearly each candidate is a pattern of its own. `growth` is the time over ten times that
 * of a tenth of the size: 1 is linear. A size as argument runs that size alone. */
#include <stdlib.h>

#include "insight/release.h"
#include "tests/bench/bench.h"
#include "tests/bench/synthetic.h"

enum { TENANTS = 50 };

static void must(enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "round_bench: %s\n", status_text(status));
    exit(1);
}

static double run(const char *name, size_t n, size_t patterns, const struct redactor *redactor, double before)
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
    uint64_t start = clock_ticks();
    must(distiller.distil(distiller.state, candidates, n,
                          &(struct distil_options){policy.near_milli / 1000.0, policy.related_milli / 1000.0},
                          &proposals));
    double distilled = bench_seconds(start);
    struct library library = {0};
    struct release_report report;
    must(release_select(&(struct release_input){candidates, rows, n, &proposals, &policy, redactor, NULL}, &library,
                        &report));
    double seconds = bench_seconds(start);
    char note[160], growth[32] = "";
    if (before > 0)
        snprintf(growth, sizeof growth, "growth %.2f  ", seconds / before / 10);
    snprintf(note, sizeof note, "%sdistil %.2f s  select %.2f s  groups %zu  released %zu", growth, distilled,
             seconds - distilled, report.proposals, report.released);
    bench_row(name, n, seconds, note);
    library_free(&library);
    proposals_free(&proposals);
    mem_free(rows);
    synthetic_free(candidates, n);
    return seconds;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {1000, 10000, 100000};
    struct redactor *redactor;
    must(redactor_new(BYTES_NONE, NULL, &redactor, NULL));
    size_t only = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    double usual = 0, odd = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (only && sizes[i] != only)
            continue;
        usual = run("round.usual", sizes[i], sizes[i] / 20, redactor, usual);
        odd = run("round.odd", sizes[i], sizes[i], redactor, odd);
    }
    redactor_free(redactor);
    return 0;
}
