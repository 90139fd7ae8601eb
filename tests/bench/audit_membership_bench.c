/* The reference attack on membership (a normal law for each target from shadow worlds without it; Ye et al. 2022,
 * attack R; the offline form of LiRA) over many targets: fit, score, decide at a hundred false-positive rates, and the
 * area under those points, which is what ML Privacy Meter gives.
 *
 * `--write DIR`: the signals and our answers, for peer_audit_membership.py. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "audits/statistics/shadow.h"
#include "audits/statistics/statistics.h"
#include "tests/bench/bench.h"

enum { TARGETS = 2000, SHADOWS = 128, RATES = 100, RUNS = 5 };

struct signals { /* low for members, as a loss is */
    double shadows[TARGETS][SHADOWS];
    double judged[TARGETS]; /* the first half are members */
};
struct answers {
    size_t hits[2][RATES]; /* others, members */
    double area;
};

static double normal(struct random random)
{
    double u = 1 - random_unit(random), v = random_unit(random);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static void draw(struct signals *out)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 2022);
    for (size_t t = 0; t < TARGETS; t++) {
        double level = 3 + normal(random), width = .5 + random_unit(random);
        for (size_t s = 0; s < SHADOWS; s++)
            out->shadows[t][s] = level + width * normal(random);
        out->judged[t] = level + width * (normal(random) - (t < TARGETS / 2));
    }
}

/* Ascending. The peer leaves out the ends, where thresholds would be infinite. */
static double rate_of(size_t i)
{
    return (double)(i + 1) / (RATES + 1);
}

static void attack(const struct signals *signals, struct answers *out)
{
    static double scores[TARGETS];
    double quantiles[RATES];
    *out = (struct answers){0};
    for (size_t i = 0; i < RATES; i++)
        quantiles[i] = stat_normal_quantile(rate_of(i));
    for (size_t t = 0; t < TARGETS; t++) {
        struct shadow_moments without = {0};
        for (size_t s = 0; s < SHADOWS; s++)
            shadow_add(&without, signals->shadows[t][s]);
        scores[t] = (signals->judged[t] - shadow_mean(&without)) /
                    sqrt(shadow_spread(&without) / SHADOWS); /* the peer's variance */
    }
    for (size_t t = 0; t < TARGETS; t++)
        for (size_t i = RATES; i > 0 && scores[t] < quantiles[i - 1]; i--)
            out->hits[t < TARGETS / 2][i - 1]++;
    for (size_t i = 1; i < RATES; i++)
        out->area +=
            (double)(out->hits[0][i] - out->hits[0][i - 1]) * (double)(out->hits[1][i] + out->hits[1][i - 1]) / 2;
    out->area /= TARGETS / 2. * (TARGETS / 2.);
}

static void write_row(FILE *file, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%.17g%c", values[i], i + 1 < count ? ' ' : '\n');
}

static void write_all(const char *folder, const struct signals *signals, const struct answers *answers)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/signals", folder);
    FILE *file = fopen(path, "w");
    bench_must(file ? OK : ERR_IO);
    for (size_t t = 0; t < TARGETS; t++)
        write_row(file, signals->shadows[t], SHADOWS);
    write_row(file, signals->judged, TARGETS);
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < RATES; i++)
            fprintf(file, "%zu%c", answers->hits[side][i], i + 1 < RATES ? ' ' : '\n');
    fprintf(file, "%.17g\n", answers->area);
    bench_must(fclose(file) == 0 ? OK : ERR_IO);
}

int main(int argc, char **argv)
{
    static struct signals signals;
    struct answers answers = {0};
    double times[RUNS];
    draw(&signals);
    for (size_t i = 0; i < RUNS; i++) {
        double start = bench_cpu();
        attack(&signals, &answers);
        times[i] = (bench_cpu() - start) * 1e3;
    }
    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        write_all(argv[2], &signals, &answers);
        return 0;
    }
    bench_result("audit.membership", bench_quantile(times, RUNS, .5), "ms",
                 "reference attack: 2,000 targets, 128 shadow worlds each; area %.4f", answers.area);
    return 0;
}
