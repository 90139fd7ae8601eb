/* The search for what went sees an insight that its members took away. */
#include "tests/audits/traces.h"

static void suppression_is_seen(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_suppress.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "poison.suppress");
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_true(result->samples >= 1 && result->kind == INTERVAL_CENSUS);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(suppression_is_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
