/* Every operation under every fault, for every n. */
#include "tests/faults/trial.h"

static void each_operation_stands_every_fault(void **state)
{
    (void)state;
    for (const struct scenario *scenario = scenarios; scenario->name; scenario++)
        assert_true(trial_run(scenario, TRIAL_ALL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_operation_stands_every_fault, trial_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
