/* Many-run bounds: counts that can be checked by hand, and thresholds on scores whose ε is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <cmocka.h>

#include "audits/statistics/many_run.h"
#include "audits/statistics/trade_off.h"

static void near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.12g is not %.12g", value, wanted);
}

/* Clopper and Pearson at .025: of 0 of 1000 the upper bound is .003682084, of 500 of 1000 .531450827, of 10 of 1000
 * .018313243. */
static void counts(void **state)
{
    (void)state;
    const double half = 1 - .531450827;
    near(many_run_epsilon((struct many_run){1000, 500, 1000, 0}, 0, .05), log(half / .003682084), 1e-6);
    near(many_run_epsilon((struct many_run){1000, 500, 1000, 10}, .01, .05), log((half - .01) / .018313243), 1e-6);
    /* of the complement: nearly all with the unit in have the event, half of the others */
    near(many_run_epsilon((struct many_run){1000, 1000, 1000, 500}, 0, .05), log(half / .003682084), 1e-6);
    assert_true(many_run_epsilon((struct many_run){1000, 500, 1000, 500}, 0, .05) == 0);
    assert_true(many_run_epsilon((struct many_run){1000, 10, 1000, 500}, 0, .05) == 0); /* the other way round */
}

/* Half against 10 of 1000: a shift by z(.468549173) + z(1 - .018313243) = -.078925 + 2.089893. */
static void a_gaussian_is_known_by_its_shift(void **state)
{
    (void)state;
    const struct many_run run = {1000, 500, 1000, 10};
    near(many_run_epsilon_gaussian(run, 1e-5, .05), gaussian_epsilon(2.010968, 1e-5), 1e-3);
    assert_true(many_run_epsilon_gaussian(run, 1e-5, .05) > 2 * many_run_epsilon(run, 1e-5, .05));
    assert_true(many_run_epsilon_gaussian((struct many_run){1000, 500, 1000, 500}, 1e-5, .05) == 0);
}

static void p_passes_alpha_at_the_bound(void **state)
{
    (void)state;
    const struct many_run run = {1000, 500, 1000, 10};
    double epsilon = many_run_epsilon(run, 1e-5, .05);
    near(many_run_p(run, epsilon, 1e-5), .05, 1e-6);
    assert_true(many_run_p(run, epsilon + 1, 1e-5) > .05);
    assert_true(many_run_p((struct many_run){100, 50, 100, 50}, .1, 0) > .5);
    epsilon = many_run_epsilon_gaussian(run, 1e-5, .05);
    near(many_run_p_gaussian(run, epsilon, 1e-5), .05, 1e-6);
}

/* Scores of randomised response of ε = 2: 1 with probability e² / (1 + e²) where the unit is in, 1 - that where it is
 * out. */
static void every_strategy_finds_it(void **state)
{
    (void)state;
    enum { RUNS = 8000 };
    static double in[RUNS], out[RUNS];
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    double truth = 1 / (1 + exp(-2));
    for (size_t i = 0; i < RUNS; i++) {
        in[i] = random_unit(random) < truth;
        out[i] = random_unit(random) >= truth;
    }
    const struct many_scores scores = {in, out, RUNS, RUNS};
    for (int how = MANY_BONFERRONI; how <= MANY_MULTI_SPLIT; how++) {
        struct many_run best;
        double epsilon;
        assert_int_equal(many_run_bound(&scores, (enum many_threshold)how, 0, .05, random, &epsilon, &best), OK);
        assert_true(epsilon > 1.8 && epsilon < 2);
        assert_true(how == MANY_MULTI_SPLIT || best.in_hits > best.out_hits);
    }
    const struct many_scores alike = {in, in, RUNS, RUNS}, one = {in, out, 1, RUNS};
    double epsilon;
    assert_int_equal(many_run_bound(&alike, MANY_SPLIT, 0, .05, random, &epsilon, NULL), OK);
    assert_true(epsilon < .1);
    assert_int_equal(many_run_bound(&one, MANY_SPLIT, 0, .05, random, &epsilon, NULL), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(a_gaussian_is_known_by_its_shift),
        cmocka_unit_test(p_passes_alpha_at_the_bound),
        cmocka_unit_test(every_strategy_finds_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
