/* Membership over many worlds: what nobody shares is never released, and nothing can be told; with k - 1 colluders who
 * hold it too, everything can. */
#include "tests/audits/traces.h"

static void lone_lessons(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct why why = {0};
    traces_scope_of(&scope, (const char *const[]){"get_order_details", "find_invoice", "track_parcel"});
    assert_int_equal(attack_membership.run(&scope, &results, &why), OK);
    const struct audit_result *average = traces_result(&results, "membership.release.average");
    const struct audit_result *worst = traces_result(&results, "membership.release.worst");
    printf("%zu worlds, %.0f a minute; average %.3f, worst %.3f\n", results.worlds,
           (double)results.worlds / results.world_seconds * 60, average->value, worst->value);
    assert_int_equal(average->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(average->control, CONTROL_PASSED);
    assert_int_equal(worst->verdict, VERDICT_EXPECTED);
    assert_true(worst->value > .9 && worst->plot.points >= 3);
    assert_true(results.worlds >= 500);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Worlds that cannot differ are not run, and that is not called safe. */
static void too_few_tasks(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(audit_scope_tenant(&scope, "nobody"), OK);
    assert_int_equal(attack_membership.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "membership.release.average")->verdict, VERDICT_NOT_EVALUATED);
    assert_int_equal(traces_result(&results, "membership.release.worst")->verdict, VERDICT_NOT_EVALUATED);
    assert_int_equal(results.worlds, 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lone_lessons),
        cmocka_unit_test(too_few_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
