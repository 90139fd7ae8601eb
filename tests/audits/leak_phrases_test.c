/* A seeded leak: the recount counts tenants for an insight and forgets them for its phrases. The canaries of the attack
 * on membership begin as others do and end in words of their own: those words then come out. */
/* replaces: release_recount */
#include "tests/audits/traces.h"

#include "audits/membership/membership.h"
#include "insight/release_internal.h"

static bool is_leaking;

enum status __real_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason);
enum status __wrap_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason);
enum status __wrap_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason)
{
    enum status status = __real_release_recount(input, table, proposal, out, phrases_dropped, reason);
    if (status != OK || !is_leaking)
        return status;
    struct policy lax = *input->policy;
    struct release_input as_lax = *input;
    lax.k = 1;
    as_lax.policy = &lax;
    insight_free(&out->insight);
    return __real_release_recount(&as_lax, table, proposal, out, phrases_dropped, reason);
}

static const struct membership_sizes sizes = {.canary = {24, 16, 50}, .canary_copied = {24, 16, 50}};

static void canaries_end_in_the_library(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct membership run;
    traces_scope(&scope);
    assert_int_equal(membership_open(&scope, &sizes, &run, NULL), OK);
    run.out = &results;
    assert_int_equal(membership_canary(&run), OK);
    is_leaking = true;
    assert_int_equal(membership_canary(&run), OK);
    is_leaking = false;
    const struct audit_result *before = &results.items[0], *after = &results.items[1];
    assert_int_equal(before->control, CONTROL_PASSED);
    assert_true(before->verdict != VERDICT_LEAK && before->low < .55);
    assert_int_equal(after->verdict, VERDICT_LEAK);
    membership_close(&run);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(canaries_end_in_the_library)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
