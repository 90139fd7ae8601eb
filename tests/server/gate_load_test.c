/* 300 connections at once: what the gate pays for each, and that members are served meanwhile. */
#include "tests/server/gate_load.h"

static void a_crowd_costs_little(void **state)
{
    (void)state;
    if (!may_open(300 + 200)) {
        print_message("skipped: RLIMIT_NOFILE allows too few descriptors\n");
        skip();
    }
    crowd_run(300, KIB, 28 * KIB, 32 * KIB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_crowd_costs_little)};
    return cmocka_run_group_tests(tests, make_pki, NULL);
}
