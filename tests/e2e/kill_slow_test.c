/* A thousand kills of a server's processes at random moments under load. */
#include "tests/e2e/kill.h"

static void what_was_acknowledged_survives_a_thousand_kills(void **state)
{
    (void)state;
    kill_run(1000, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_a_thousand_kills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
