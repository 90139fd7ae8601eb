/* Seeded trials of the bounds on mechanisms whose ε is known: how often a bound holds, and where its median lies. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/statistics/many_run.h"
#include "audits/statistics/one_run.h"
#include "base/bytes.h"

static inline double calibration_normal(struct random random)
{
    double u = 1 - random_unit(random), v = random_unit(random);
    return sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
}

static inline double calibration_laplace(struct random random)
{
    double u = random_unit(random) - .5;
    return u < 0 ? log1p(2 * u) : -log1p(-2 * u);
}

/* Canaries by fair coins, each with noise of its own: a mechanism of that ε for each of them. Scale: of the shift
 * against a deviation (Gaussian) or a scale (Laplace) of 1. */
enum calibration_noise { CALIBRATION_GAUSSIAN, CALIBRATION_LAPLACE };
static inline void calibration_scores(enum calibration_noise noise, double shift, size_t count, struct random random,
                                      double *scores, bool *in)
{
    for (size_t i = 0; i < count; i++) {
        in[i] = random_below(random, 2);
        scores[i] = noise == CALIBRATION_GAUSSIAN ? calibration_normal(random) : calibration_laplace(random);
        scores[i] += in[i] ? shift / 2 : -shift / 2;
    }
}

static inline int calibration_ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

struct calibration {
    size_t held;   /* bounds at or under the truth */
    double median; /* of all bounds */
};
static inline struct calibration calibration_of(double *bounds, size_t trials, double truth)
{
    struct calibration result = {0};
    for (size_t i = 0; i < trials; i++)
        result.held += bounds[i] <= truth;
    qsort(bounds, trials, sizeof *bounds, calibration_ascending);
    result.median = bounds[trials / 2];
    return result;
}

/* `trials` one-run bounds at alpha = .05 of `canaries`, guessing for the highest and the lowest twentieth together
 * (`guesses` of them). */
static inline struct calibration calibration_one_run(enum calibration_noise noise, double epsilon, double delta,
                                                     size_t canaries, size_t guesses, size_t trials)
{
    double shift = noise == CALIBRATION_GAUSSIAN ? gaussian_mu(epsilon, delta) : epsilon;
    double *scores = calloc(canaries, sizeof *scores), *bounds = calloc(trials, sizeof *bounds);
    bool *in = calloc(canaries, sizeof *in);
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 31 + (uint64_t)noise);
    assert_true(scores && bounds && in);
    for (size_t i = 0; i < trials; i++) {
        struct one_run run;
        calibration_scores(noise, shift, canaries, random, scores, in);
        assert_int_equal(one_run_guess(scores, in, canaries, guesses / 2, guesses / 2, &run), OK);
        bounds[i] = noise == CALIBRATION_GAUSSIAN ? one_run_epsilon_gaussian(run, delta, .05)
                                                  : one_run_epsilon_laplace(run, delta, .05);
    }
    struct calibration result =
        calibration_of(bounds, trials, noise == CALIBRATION_GAUSSIAN ? epsilon : laplace_epsilon(epsilon, delta));
    free(scores);
    free(bounds);
    free(in);
    return result;
}

/* `trials` many-run bounds at alpha = .05 of `runs` a side: randomised response of ε, with a little noise on the score
 * that leaves a threshold to be found. */
static inline struct calibration calibration_many_run(enum many_threshold how, double epsilon, size_t runs,
                                                      size_t trials)
{
    double *in = calloc(runs, sizeof *in), *out = calloc(runs, sizeof *out), *bounds = calloc(trials, sizeof *bounds);
    double truth = 1 / (1 + exp(-epsilon));
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 41 + (uint64_t)how);
    assert_true(in && out && bounds);
    for (size_t t = 0; t < trials; t++) {
        const struct many_scores scores = {in, out, runs, runs};
        for (size_t i = 0; i < runs; i++) {
            in[i] = (random_unit(random) < truth) + .5 * random_unit(random);
            out[i] = (random_unit(random) >= truth) + .5 * random_unit(random);
        }
        assert_int_equal(many_run_bound(&scores, how, 0, .05, random, &bounds[t], NULL), OK);
    }
    struct calibration result = calibration_of(bounds, trials, epsilon);
    free(in);
    free(out);
    free(bounds);
    return result;
}
