/* The library before and after something happened to a member: whatever is left is held by k of those who are left. */
#include "tests/audits/traces.h"

/* Two tenants share a lesson and the third has one of its own: when one of the two goes, theirs must, too. */
static void nothing_remains(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope_of(&scope, (const char *const[]){"get_order_details", "get_order_details", "track_parcel"});
    assert_int_equal(attack_difference.run(&scope, &results, NULL), OK);
    assert_int_equal(results.count, 11);
    for (size_t i = 0; i < results.count; i++)
        assert_int_equal(results.items[i].control, CONTROL_PASSED);
    const struct audit_result *remains = traces_result(&results, "difference.erasure.remains");
    assert_true(remains->samples > 10 && remains->hits == 0);
    assert_int_equal(traces_result(&results, "difference.suspension.remains")->hits, 0);
    assert_int_equal(traces_result(&results, "difference.withdrawal.remains")->hits, 0);
    assert_true(remains->control_value > .3 && remains->control_value < 1);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_remains)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
