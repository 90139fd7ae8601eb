/* A seeded leak: the recount forgets to count tenants, so that what a single task taught is published. Every task here
 * teaches its own: it is then singled out, known to have taken part, and every disclosure is true. */
/* replaces: release_recount */
#include "tests/audits/traces.h"

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

static void scope_of_own_lessons(struct audit_scope *scope)
{
    static const char *const fields[] = {"harbour", "market", "clinic"};
    static const char *const calls[] = {"find_order", "open_invoice", "track_parcel",
                                        "book_slot",  "read_meter",   "close_account"};
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < 3; tenant++) {
        SCOPED_BUF struct buf file = {0};
        assert_int_equal(audit_scope_tenant(scope, fields[tenant]), OK);
        for (size_t task = 0; task < 6; task++) {
            char tool[64];
            snprintf(tool, sizeof tool, "%s_%s", fields[tenant], calls[task]);
            traces_run(&file, tool, tenant, task, true);
            traces_run(&file, tool, tenant, task, false);
        }
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

static void found(void **state)
{
    (void)state;
    static const char *const leaks[] = {"linkage.single-out", "linkage.single-out.tenant", "linkage.attribute",
                                        "phantom.worlds"};
    for (int leak = 0; leak < 2; leak++) {
        struct audit_scope scope;
        struct audit_results results = {0};
        scope_of_own_lessons(&scope);
        is_leaking = leak;
        assert_int_equal(attack_linkage.run(&scope, &results, NULL), OK);
        assert_int_equal(attack_phantom.run(&scope, &results, NULL), OK);
        assert_int_equal(audit_results_judge(&results), OK);
        for (size_t i = 0; i < sizeof leaks / sizeof *leaks; i++) {
            const struct audit_result *result = traces_result(&results, leaks[i]);
            printf("%s: %.2f [%.2f, %.2f] of %zu\n", leaks[i], result->value, result->low, result->high,
                   result->samples);
            assert_int_equal(result->verdict == VERDICT_LEAK, leak);
        }
        audit_results_free(&results);
        audit_scope_free(&scope);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
