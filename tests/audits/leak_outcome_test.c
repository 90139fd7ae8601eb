/* A seeded leak: a reader that takes every run for one that went well. A habit that makes runs fail then keeps itself
 * in the library. */
/* replaces: read_outcome */
#include "tests/audits/traces.h"

#include "insight/read_inside.h"

static bool leaks;
enum outcome __real_read_outcome(struct view record);
enum outcome __wrap_read_outcome(struct view record);

enum outcome __wrap_read_outcome(struct view record)
{
    enum outcome outcome = __real_read_outcome(record);
    return leaks && outcome == OUTCOME_FAILURE ? OUTCOME_SUCCESS : outcome;
}

static void measure(bool is_leak)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    scope.jobs = 2;
    assert_int_equal(attack_loop.run(&scope, &results, NULL), OK);
    const struct audit_result *harmful = traces_result(&results, "poison.loop.harmful");
    assert_int_equal(harmful->control, CONTROL_PASSED);
    assert_int_equal(harmful->hits, is_leak ? harmful->samples : 0);
    assert_int_equal(harmful->verdict == VERDICT_LEAK, is_leak);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void is_caught(void **state)
{
    (void)state;
    measure(false);
    leaks = true;
    measure(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
