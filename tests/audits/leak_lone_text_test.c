/* A seeded leak: the recount forgets to count tenants, so that what a single one says is published. The names of tools
 * that one tenant alone has are then in the library, and rank first among their like. */
/* replaces: release_recount */
#include "tests/audits/traces.h"

#include "audits/exposure/exposure.h"
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
    struct policy lax = *input->policy;
    struct release_input as_lax = *input;
    lax.k = 1;
    as_lax.policy = &lax;
    return __real_release_recount(is_leaking ? &as_lax : input, table, proposal, out, phrases_dropped, reason);
}

static void names_come_out(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results sound = {0}, leaking = {0};
    traces_scope(&scope);
    assert_int_equal(exposure_attack(&scope, 60, &sound, NULL), OK);
    is_leaking = true;
    assert_int_equal(exposure_attack(&scope, 60, &leaking, NULL), OK);
    is_leaking = false;
    const struct audit_result *before = traces_result(&sound, "exposure.name.library");
    assert_true(before->hits <= 2 && before->verdict != VERDICT_LEAK && before->control == CONTROL_PASSED);
    assert_int_equal(traces_result(&leaking, "exposure.name.library")->verdict, VERDICT_LEAK);
    assert_true(traces_result(&leaking, "exposure.name.library")->value > .5);
    assert_true(traces_result(&leaking, "exposure.value.library")->hits <= 2); /* values never came so far */
    audit_results_free(&sound);
    audit_results_free(&leaking);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_come_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
