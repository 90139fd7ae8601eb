/* The calibration: of 1,000 seeded trials on mechanisms of known ε at least 95 % of the bounds hold; the median of the
 * one-run f-DP form with 20,000 canaries is at least half of the truth, that of many runs at least four fifths. */
#include "tests/audits/calibration.h"

enum { TRIALS = 1000, LEAST = 950, CANARIES = 20000 };

static void one_run_bounds_hold(void **state)
{
    (void)state;
    const double truths[] = {1, 2, 4, 8};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct calibration result = calibration_one_run(CALIBRATION_GAUSSIAN, truths[i], 1e-5, 2000, 200, TRIALS);
        assert_in_range(result.held, LEAST, TRIALS);
    }
    struct calibration laplace = calibration_one_run(CALIBRATION_LAPLACE, 2, 1e-5, 2000, 400, TRIALS);
    assert_in_range(laplace.held, LEAST, TRIALS);
}

static void one_run_bounds_come_near(void **state)
{
    (void)state;
    const double truths[] = {1, 2, 4, 8};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct calibration result =
            calibration_one_run(CALIBRATION_GAUSSIAN, truths[i], 1e-5, CANARIES, CANARIES / 20, 101);
        print_message("epsilon %g: median %g of 101 one-run bounds\n", truths[i], result.median);
        assert_true(result.median >= truths[i] / 2);
    }
}

static void many_run_bounds_hold_and_come_near(void **state)
{
    (void)state;
    for (int how = MANY_BONFERRONI; how <= MANY_MULTI_SPLIT; how++) {
        struct calibration result = calibration_many_run((enum many_threshold)how, 2, 5000, TRIALS);
        print_message("strategy %d: %zu of %d hold, median %g of 2\n", how, result.held, TRIALS, result.median);
        assert_in_range(result.held, LEAST, TRIALS);
        assert_true(result.median >= .8 * 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_run_bounds_hold),
        cmocka_unit_test(one_run_bounds_come_near),
        cmocka_unit_test(many_run_bounds_hold_and_come_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
