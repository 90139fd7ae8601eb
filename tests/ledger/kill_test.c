/* A few dozen kills; kill_slow_test.c has a thousand. */
#include "tests/ledger/kill.h"

static void no_charge_is_lost(void **state)
{
    (void)state;
    kill_run(40, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_charge_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
