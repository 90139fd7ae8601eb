/* Every operation under every fault, for every n; or those that are named on the command line. */
#include "tests/faults/trial.h"

static char **wanted;

static bool is_wanted(const char *name)
{
    for (char **one = wanted; *one; one++)
        if (strcmp(*one, name) == 0)
            return true;
    return !*wanted;
}

static void each_operation_stands_every_fault(void **state)
{
    (void)state;
    size_t tried = 0;
    for (const struct scenario *scenario = scenarios; scenario->name; scenario++) {
        if (!is_wanted(scenario->name))
            continue;
        assert_true(trial_run(scenario, TRIAL_ALL) > 10);
        tried++;
    }
    assert_true(tried > 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    wanted = argv + 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_operation_stands_every_fault, trial_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
