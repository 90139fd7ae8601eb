/* A seeded leak: an erasure that says it is done and keeps everything. What remains in the next library is found. */
/* replaces: erase_tenant erase_receipt */
#include "tests/audits/traces.h"

#include "server/erase.h"

enum status __wrap_erase_tenant(struct vault *vault, const struct tenant *tenant, struct why *why);
enum status __wrap_erase_receipt(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct erasure *out);

enum status __wrap_erase_tenant(struct vault *vault, const struct tenant *tenant, struct why *why)
{
    (void)vault, (void)tenant, (void)why;
    return OK;
}

enum status __wrap_erase_receipt(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct erasure *out)
{
    (void)vault, (void)tenant;
    *out = (struct erasure){.epoch = "2026-11"};
    return OK;
}

/* difference_test.c has the same scope without the leak: there nothing remains. */
static void found(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope_of(&scope, (const char *const[]){"get_order_details", "get_order_details", "track_parcel"});
    assert_int_equal(attack_difference.run(&scope, &results, NULL), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(traces_result(&results, "difference.erasure.remains")->verdict, VERDICT_LEAK);
    assert_int_equal(traces_result(&results, "difference.suspension.remains")->hits, 0);
    assert_int_equal(traces_result(&results, "difference.withdrawal.remains")->hits, 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
