/* A sample of every operation under every fault: tests/faults/house_slow_test.c leaves none out. */
#include "tests/faults/trial.h"

static void each_operation_stands_a_sample_of_faults(void **state)
{
    (void)state;
    for (const struct scenario *scenario = scenarios; scenario->name; scenario++)
        assert_true(trial_run(scenario, TRIAL_SAMPLE) >= 7);
}

static void a_lying_disk_is_found_out(void **state)
{
    (void)state;
    assert_true(trial_finds_a_loss());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_operation_stands_a_sample_of_faults, trial_end),
        cmocka_unit_test_teardown(a_lying_disk_is_found_out, trial_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
