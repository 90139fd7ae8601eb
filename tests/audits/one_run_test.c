/* One-run bounds against known answers, hypotheses against each other, and what breaks the level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <cmocka.h>

#include "audits/statistics/one_run.h"
#include "audits/statistics/statistics.h"
#include "dp/plan.h"

static void near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.12g is not %.12g", value, wanted);
}

/* Significance 0.05; of the 2023 bound at δ = 1e-5 and 0 (theorem and code of arXiv 2305.08846), of the f-DP form
 * against Gaussian noise at δ = 1e-5 (arXiv 2410.22235): a prototype of either paper by itself, in Python. */
static const struct known {
    struct one_run run;
    double pair, pure, gaussian;
} known[] = {
    {{1000, 100, 100}, 3.465376, 3.492965, 5.549}, {{1000, 100, 90}, 1.626143, 1.630823, 2.456},
    {{1000, 200, 150}, 0.819973, 0.821396, 1.297}, {{1000, 1000, 700}, 0.731740, 0.732011, 1.372},
    {{5000, 500, 450}, 1.941420, 1.947138, 2.776}, {{1000, 1000, 550}, 0.093988, 0.094224, 0.186},
    {{100, 20, 20}, 1.819597, 1.822716, 3.239},    {{10000, 1000, 990}, 4.021219, 4.063206, 5.920},
};

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        near(one_run_epsilon_of_pairs(known[i].run, 1e-5, .05), known[i].pair, 1e-6);
        near(one_run_epsilon_of_pairs(known[i].run, 0, .05), known[i].pure, 1e-6);
        near(one_run_epsilon_gaussian(known[i].run, 1e-5, .05), known[i].gaussian, 1e-3);
    }
}

/* A bound and its p value say the same. */
static void a_bound_is_where_p_passes_alpha(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double epsilon = one_run_epsilon_gaussian(known[i].run, 1e-5, .05);
        struct trade_off at = trade_off_gaussian(gaussian_mu(epsilon, 1e-5));
        near(one_run_p(known[i].run, &at), .05, 1e-4);
        near(one_run_p_of_pair(known[i].run, known[i].pair, 1e-5), .05, 1e-4);
    }
    struct trade_off nothing = trade_off_gaussian(1e-9);
    near(one_run_p((struct one_run){100, 100, 50}, &nothing), 1, .5);
    near(one_run_p((struct one_run){100, 10, 0}, &nothing), 1, 0);
    assert_true(one_run_epsilon_gaussian((struct one_run){100, 0, 0}, 1e-5, .05) == 0);
    assert_true(one_run_epsilon_of_pairs((struct one_run){100, 10, 5}, 1e-5, .05) == 0);
}

/* A perfect guesser of 200 canaries, the noise being off: over 3 by either bound. */
static void noise_off_is_seen(void **state)
{
    (void)state;
    const struct one_run all = {200, 200, 200};
    assert_true(one_run_epsilon_of_pairs(all, 1e-5, .025) > 3);
    assert_true(one_run_epsilon_gaussian(all, 1e-5, .025) > 3);
    assert_true(one_run_epsilon_laplace(all, 1e-5, .025) > 3);
}

/* --- trade-off functions --- */

/* Where ε is 0 a Gaussian's δ is 2 Phi(mu / 2) - 1; Laplace noise tells a tail's two sides apart by e^ε. */
static void closed_forms(void **state)
{
    (void)state;
    near(gaussian_epsilon(1, 2 * stat_normal_upper(-.5) - 1), 0, 1e-9);
    near(gaussian_epsilon(gaussian_mu(4, 1e-5), 1e-5), 4, 1e-9);
    const struct trade_off half = trade_off_gaussian(1);
    near(trade_off_rate(&half, .5), stat_normal_upper(1), 1e-12);
    const struct trade_off laplace = trade_off_laplace(1);
    near(trade_off_rate(&laplace, .1), .1 * exp(-1), 1e-12); /* in the tail likelihoods are e apart */
    near(trade_off_rate(&laplace, .5), .5 * exp(-1), 1e-12);
    near(trade_off_rate(&laplace, 1 - .25), exp(-1), 1e-12);
    near(trade_off_rate(&laplace, 1), 1, 1e-12);
    const struct trade_off pair = trade_off_of_pair(1, .1);
    near(trade_off_rate(&pair, .1), 0, 1e-12);
    near(trade_off_rate(&pair, 1), .9, 1e-12);
    near(trade_off_rate(&pair, .5), .4 * exp(-1), 1e-12);
}

static void same_function(const struct trade_off *closed, const struct trade_off *pairs, double by)
{
    for (int step = 1; step < 50; step++) {
        double power = step / 50.0;
        double wanted = trade_off_rate(closed, power), got = trade_off_rate(pairs, power);
        near(got, wanted, by);
    }
}

/* What dp/pld.h sums of a schedule is what is known of it: two Gaussians are one, and fine discrete noise is
 * continuous. */
static void schedules_come_by_their_pairs(void **state)
{
    (void)state;
    struct dp_step step = {{.noise = DP_NOISE_GAUSSIAN, .sensitivity = 1, .sigma = {2, 1}}, 4};
    struct trade_off pairs, closed = trade_off_gaussian(1);
    assert_int_equal(trade_off_of(&step, 1, &pairs), OK);
    assert_int_equal(pairs.kind, TRADE_OFF_PAIRS);
    same_function(&closed, &pairs, .004);
    for (int i = 1; i < 50; i++) /* never taken for more private than they are */
        assert_true(trade_off_rate(&pairs, i / 50.0) <= trade_off_rate(&closed, i / 50.0) + 1e-9);
    step = (struct dp_step){{.noise = DP_NOISE_DISCRETE_GAUSSIAN, .sensitivity = 20, .sigma = {20, 1}}, 1};
    assert_int_equal(trade_off_of(&step, 1, &pairs), OK);
    same_function(&closed, &pairs, .02);
    step = (struct dp_step){{.noise = DP_NOISE_LAPLACE, .epsilon = {1000000}}, 1};
    assert_int_equal(trade_off_of(&step, 1, &pairs), OK);
    assert_int_equal(pairs.kind, TRADE_OFF_LAPLACE);
    step = (struct dp_step){{.noise = DP_NOISE_APPROXIMATE, .epsilon = {1000000}, .delta = DP_DELTA_ONE / 10}, 1};
    assert_int_equal(trade_off_of(&step, 1, &pairs), OK);
    near(trade_off_rate(&pairs, .5), .4 * exp(-1), 1e-12);
    step.times = 0;
    assert_int_equal(trade_off_of(&step, 1, &pairs), ERR_USAGE);
}

static void bounds_over_schedules(void **state)
{
    (void)state;
    const struct one_run run = {1000, 100, 90};
    const uint64_t delta = DP_DELTA_ONE / 100000;
    const struct dp_mechanism discrete = {.noise = DP_NOISE_DISCRETE_GAUSSIAN, .sensitivity = 16};
    double epsilon;
    assert_int_equal(one_run_epsilon(run, &discrete, 1, delta, .05, &epsilon), OK);
    near(epsilon, 2.456, .08); /* coarse steps are a little less private than none */
    const struct dp_mechanism pure = {.noise = DP_NOISE_PURE};
    assert_int_equal(one_run_epsilon(run, &pure, 1, delta, .05, &epsilon), ERR_USAGE);
}

/* --- guesses --- */

static void guesses_are_the_ends(void **state)
{
    (void)state;
    const double scores[] = {.1, .9, .5, .8, .2, .4};
    const bool in[] = {false, true, true, false, false, true};
    struct one_run run;
    assert_int_equal(one_run_guess(scores, in, 6, 2, 2, &run), OK);
    assert_int_equal(run.canaries, 6);
    assert_int_equal(run.guesses, 4);
    assert_int_equal(run.correct, 3);
    assert_int_equal(one_run_guess(scores, in, 6, 4, 3, &run), ERR_USAGE);
}

/* --- the best of several numbers of guesses --- */

enum { CANARIES = 512 };
static void draw_scores(double told, struct random random, double *scores, bool *in)
{
    for (size_t i = 0; i < CANARIES; i++) {
        in[i] = random_below(random, 2);
        scores[i] = random_unit(random) + (in[i] ? told : 0);
    }
}

/* Every choice by hand, each at its part of alpha: the bound is the largest of theirs, and the counts are its own. */
static void the_best_is_the_best_of_its_choices(void **state)
{
    (void)state;
    double scores[CANARIES], best = 0, epsilon;
    bool in[CANARIES];
    struct one_run found, wanted = {0};
    struct random_seeded seeded;
    draw_scores(.7, random_seeded_start(&seeded, 3), scores, in);
    for (size_t side = CANARIES / 4; side > CANARIES / 4 >> ONE_RUN_CHOICES; side /= 2) {
        struct one_run run;
        assert_int_equal(one_run_guess(scores, in, CANARIES, side, side, &run), OK);
        double bound = one_run_epsilon_gaussian(run, 1e-5, .05 / ONE_RUN_CHOICES);
        wanted = bound > best ? run : wanted;
        best = bound > best ? bound : best;
    }
    assert_int_equal(one_run_best(scores, in, CANARIES, 1e-5, .05, &epsilon, &found), OK);
    near(epsilon, best, 0);
    assert_true(epsilon > 1);
    assert_memory_equal(&found, &wanted, sizeof found);
    assert_int_equal(one_run_best(scores, in, CANARIES, 1e-5, .05, &epsilon, NULL), OK);
    near(epsilon, best, 0);
}

/* Scores that tell nothing: over nothing at most as often as alpha says. Of 200 runs at .05, 18 and more would have a
 * chance of .012. */
static void looking_at_several_costs_no_level(void **state)
{
    (void)state;
    double scores[CANARIES], epsilon;
    bool in[CANARIES];
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 4);
    size_t over = 0;
    for (int run = 0; run < 200; run++) {
        draw_scores(0, random, scores, in);
        assert_int_equal(one_run_best(scores, in, CANARIES, 1e-5, .05, &epsilon, NULL), OK);
        over += epsilon > 1e-6;
    }
    assert_true(over < 18);
}

/* Of three canaries a quarter is none: nothing is guessed, and nothing found. */
static void too_few_to_guess_find_nothing(void **state)
{
    (void)state;
    const double scores[] = {3, 2, 1};
    const bool in[] = {true, true, false};
    struct one_run run;
    double epsilon = 1;
    assert_int_equal(one_run_best(scores, in, 3, 1e-5, .05, &epsilon, &run), OK);
    assert_true(epsilon == 0 && run.guesses == 0 && run.canaries == 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(a_bound_is_where_p_passes_alpha),
        cmocka_unit_test(noise_off_is_seen),
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(schedules_come_by_their_pairs),
        cmocka_unit_test(bounds_over_schedules),
        cmocka_unit_test(guesses_are_the_ends),
        cmocka_unit_test(the_best_is_the_best_of_its_choices),
        cmocka_unit_test(looking_at_several_costs_no_level),
        cmocka_unit_test(too_few_to_guess_find_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
