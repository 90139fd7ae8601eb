/* A small calibration: of 200 trials at 95 % at least 95 % hold. A bound that held in 85 of 100 only would be let pass
 * once in twenty thousand times; one that holds in exactly 95 could fail, but these seeds are fixed. */
#include "tests/audits/calibration.h"

enum { TRIALS = 200, LEAST = 190 };

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
        struct calibration result = calibration_many_run((enum many_threshold)how, 2, 400, TRIALS / 4);
        assert_in_range(result.held, TRIALS / 4 * 95 / 100, TRIALS / 4);
        assert_true(result.median > 2 * .4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_run_bounds_hold),
        cmocka_unit_test(many_run_bounds_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
