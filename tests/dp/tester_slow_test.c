/* A hundred seeds of the statistical tester: each of ten mistakes is caught by every one, the engine passes all. The
 * bound errs once in 1e6 runs: that a true engine fails one of these has a chance of 0.2 %. */
#include "tests/dp/tester_bugs.h"
#include "tests/dp/tester_engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DRAWS 8000
#define SEEDS 100

static void test_catches_each_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < BUGS; i++) {
        double least = HUGE_VAL;
        for (uint64_t seed = 0; seed < SEEDS; seed++)
            least = fmin(least, bug_epsilon(&bugs[i], true, DRAWS, 1000 * (i + 1) + seed));
        print_message("%s: at least %.2f, claimed %.2f\n", bugs[i].name, least, bugs[i].epsilon);
        assert_true(least > bugs[i].epsilon);
    }
}

static void test_passes_the_engine(void **state)
{
    (void)state;
    struct engine engine;
    struct engine_row rows[ENGINE_ROWS];
    engine_make(&engine);
    engine_rows(&engine, DRAWS, rows);
    for (size_t i = 0; i < ENGINE_ROWS; i++) {
        double most = -HUGE_VAL;
        for (uint64_t seed = 0; seed < SEEDS; seed++)
            most = fmax(most, tester_epsilon(&rows[i].task, 100000 + 1000 * i + seed));
        print_message("%s: at least %.2f, claimed %.2f\n", rows[i].name, most, rows[i].epsilon);
        assert_true(most <= rows[i].epsilon);
    }
    dp_partition_free(engine.partition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catches_each_mistake),
        cmocka_unit_test(test_passes_the_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
