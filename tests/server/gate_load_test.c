/* 300 connections at once: what the gate pays for each, and that members are served meanwhile. */
#include "tests/server/gate_load.h"

#ifdef CHATHAM_INSTRUMENTED /* a sanitizer keeps what is freed: no bound means anything */
#define IS_INSTRUMENTED true
#else
#define IS_INSTRUMENTED false
#endif

static void a_crowd_costs_little(void **state)
{
    (void)state;
    if (IS_INSTRUMENTED) {
        print_message("skipped: this build's allocator is a sanitizer's\n");
        skip();
    }
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
