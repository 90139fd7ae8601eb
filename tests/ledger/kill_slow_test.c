/* A thousand kills. */
#include "tests/ledger/kill.h"

static void no_charge_is_lost_in_a_thousand(void **state)
{
    (void)state;
    kill_run(1000, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_charge_is_lost_in_a_thousand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
