/* Lower bounds of ε from 20,000 canaries' scores: the f-DP form of one run, the bound of 2023, and exact bounds on
 * counts, all at one threshold: what jax_privacy's auditor gives.
 *
 * `--write DIR`: the scores and our answers, for peer_audit_epsilon.py. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audits/statistics/many_run.h"
#include "audits/statistics/one_run.h"
#include "tests/bench/bench.h"

enum { CANARIES = 20000, GUESSES = 1000, RUNS = 5 };
#define DELTA 1e-5
#define ALPHA .05

struct canaries {
    double scores[CANARIES];
    bool in[CANARIES];
};
struct answers {
    double trade_off, pair, counts;
};

/* Gaussian noise of ε = 4. */
static void draw(struct canaries *out)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 2023);
    double mu = gaussian_mu(4, DELTA);
    for (size_t i = 0; i < CANARIES; i++) {
        double u = 1 - random_unit(random), v = random_unit(random);
        out->in[i] = random_below(random, 2);
        out->scores[i] = sqrt(-2 * log(u)) * cos(2 * M_PI * v) + (out->in[i] ? mu : 0);
    }
}

static void audit(const struct canaries *canaries, struct answers *out)
{
    struct one_run run;
    struct many_run counts = {0};
    bench_must(one_run_guess(canaries->scores, canaries->in, CANARIES, GUESSES, 0, &run));
    for (size_t i = 0; i < CANARIES; i++)
        counts.in += canaries->in[i];
    counts.out = CANARIES - counts.in;
    counts.in_hits = run.correct;
    counts.out_hits = run.guesses - run.correct;
    out->trade_off = one_run_epsilon_gaussian(run, DELTA, ALPHA);
    out->pair = one_run_epsilon_of_pairs(run, DELTA, ALPHA);
    out->counts = many_run_epsilon(counts, DELTA, ALPHA);
}

static void write_all(const char *folder, const struct canaries *canaries, const struct answers *answers)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/scores", folder);
    FILE *file = fopen(path, "w");
    bench_must(file ? OK : ERR_IO);
    fprintf(file, "%d %.17g %.17g %.17g\n", GUESSES, answers->trade_off, answers->pair, answers->counts);
    for (size_t i = 0; i < CANARIES; i++)
        fprintf(file, "%d %.17g\n", canaries->in[i], canaries->scores[i]);
    bench_must(fclose(file) == 0 ? OK : ERR_IO);
}

int main(int argc, char **argv)
{
    static struct canaries canaries;
    struct answers answers = {0};
    double times[RUNS];
    draw(&canaries);
    for (size_t i = 0; i < RUNS; i++) {
        double start = bench_cpu();
        audit(&canaries, &answers);
        times[i] = (bench_cpu() - start) * 1e3;
    }
    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        write_all(argv[2], &canaries, &answers);
        return 0;
    }
    bench_result("audit.epsilon", bench_quantile(times, RUNS, .5), "ms",
                 "three bounds of epsilon from 20,000 canaries: %.3f, %.3f and %.3f of 4", answers.trade_off,
                 answers.pair, answers.counts);
    return 0;
}
