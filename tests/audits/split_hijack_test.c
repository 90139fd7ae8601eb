/* What a server answers changes nothing that a device would send; an extractor that reads the library is caught, for it
 * is the control. */
#include "tests/audits/traces.h"

static void answers_change_nothing(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct why why = {0};
    traces_scope(&scope);
    assert_int_equal(attack_split_hijack.run(&scope, &results, &why), OK);
    const struct audit_result *result = traces_result(&results, "split.hijack");
    assert_true(result->samples > 0 && result->samples % 5 == 0);
    assert_true(result->value == 0);
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_true(result->control_value > 0);
    assert_int_equal(result->kind, INTERVAL_CENSUS);
    assert_int_equal(result->verdict, VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void nothing_to_send(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(audit_scope_tenant(&scope, "nobody"), OK);
    assert_int_equal(attack_split_hijack.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "split.hijack")->verdict, VERDICT_NOT_EVALUATED);
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_change_nothing),
        cmocka_unit_test(nothing_to_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
