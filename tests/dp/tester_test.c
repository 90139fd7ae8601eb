/* The statistical tester: it catches each of ten mistakes, says nothing against their mended twins, nor against the
 * engine; and its bound is near the truth where the truth is known. One seed each; a hundred: tester_slow_test.c. */
#include "tests/dp/tester_bugs.h"
#include "tests/dp/tester_engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DRAWS 8000

static void test_catches_each_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < BUGS; i++) {
        double epsilon = bug_epsilon(&bugs[i], true, DRAWS, 100 + i);
        print_message("%s: at least %.2f, claimed %.2f\n", bugs[i].name, epsilon, bugs[i].epsilon);
        assert_true(epsilon > bugs[i].epsilon);
    }
}

static void test_passes_their_twins(void **state)
{
    (void)state;
    for (size_t i = 0; i < BUGS; i++) {
        double epsilon = bug_epsilon(&bugs[i], false, DRAWS, 200 + i);
        print_message("%s, mended: at least %.2f, claimed %.2f\n", bugs[i].name, epsilon, bugs[i].epsilon);
        assert_true(epsilon <= bugs[i].epsilon);
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
        double epsilon = tester_epsilon(&rows[i].task, 300 + i);
        print_message("%s: at least %.2f, claimed %.2f\n", rows[i].name, epsilon, rows[i].epsilon);
        assert_true(epsilon <= rows[i].epsilon);
    }
    dp_partition_free(engine.partition);
}

/* Randomised response has the whole of its ε in one event: the bound comes near it, and one that is a quarter over a
 * claim of 1 is caught by so many draws. */
static void test_power(void **state)
{
    (void)state;
    const uint64_t micros[] = {1000000, 1250000};
    double epsilon[2];
    for (uint64_t i = 0; i < 2; i++) {
        struct dp_response response;
        assert_int_equal(dp_response_for((struct dp_epsilon){micros[i]}, &response), OK);
        const struct tester_task task = {engine_response, &response, 1, 0, DRAWS};
        epsilon[i] = tester_epsilon(&task, 400 + i);
    }
    assert_true(epsilon[0] > .8 && epsilon[0] <= 1);
    assert_true(epsilon[1] > 1 && epsilon[1] <= 1.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catches_each_mistake),
        cmocka_unit_test(test_passes_their_twins),
        cmocka_unit_test(test_passes_the_engine),
        cmocka_unit_test(test_power),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
