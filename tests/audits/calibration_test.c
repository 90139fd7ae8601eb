/* A small calibration: of 200 trials at 95 % at least 95 % hold. Its power is counted below: a one-run bound that held
 * in 85 of 100 only would be let pass seven times in a million, one that held in 90 eight times in a thousand; of the
 * many-run strategies, with 50 trials each, one that held in 80 six times in a thousand. One that holds in exactly 95
 * could fail, but these seeds are fixed. What holds a little too seldom is for the calibration of 1,000 trials. */
#include "tests/audits/calibration.h"

enum { TRIALS = 200, LEAST = 190, TRIALS_MANY = TRIALS / 4, LEAST_MANY = TRIALS_MANY * 95 / 100 };

/* That a bound which holds at a rate of `held` is let pass: exact. */
static void is_let_pass(size_t least, size_t trials, double held, double wanted)
{
    double chance = stat_binomial_tail(least, trials, held);
    if (!(fabs(chance / wanted - 1) < .001))
        fail_msg("%zu of %zu at %g: %g is not %g", least, trials, held, chance, wanted);
}

static void power_is_what_is_said(void **state)
{
    (void)state;
    is_let_pass(LEAST, TRIALS, .85, 7.0376e-6);
    is_let_pass(LEAST, TRIALS, .90, 8.0712e-3);
    is_let_pass(LEAST_MANY, TRIALS_MANY, .80, 5.6564e-3);
    is_let_pass(950, 1000, .93, 5.9296e-3); /* of the slow one */
}

static void one_run_bounds_hold(void **state)
{
    (void)state;
    struct calibration gaussian = calibration_one_run(CALIBRATION_GAUSSIAN, 4, 1e-5, 1000, 100, TRIALS);
    assert_in_range(gaussian.held, LEAST, TRIALS);
    assert_true(gaussian.median > 4 * .3);
    struct calibration laplace = calibration_one_run(CALIBRATION_LAPLACE, 2, 1e-5, 1000, 200, TRIALS);
    assert_in_range(laplace.held, LEAST, TRIALS);
    assert_true(laplace.median > .5);
}

static void many_run_bounds_hold(void **state)
{
    (void)state;
    for (int how = MANY_BONFERRONI; how <= MANY_MULTI_SPLIT; how++) {
        struct calibration result = calibration_many_run((enum many_threshold)how, 2, 400, TRIALS_MANY);
        assert_in_range(result.held, LEAST_MANY, TRIALS_MANY);
        assert_true(result.median > 2 * .4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_is_what_is_said),
        cmocka_unit_test(one_run_bounds_hold),
        cmocka_unit_test(many_run_bounds_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
