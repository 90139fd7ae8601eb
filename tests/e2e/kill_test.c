/* A few kills of a server's processes under load; tests/e2e/kill_slow_test.c has a thousand. */
#include "tests/e2e/kill.h"

static void what_was_acknowledged_survives_kills(void **state)
{
    (void)state;
    kill_run(8, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
