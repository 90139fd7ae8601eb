/* A seeded leak: a vault that believes the distiller when it leaves out what k tenants share. The distiller counts
 * copies, and k - 1 colluders who flood the round make honest insights go. */
/* replaces: release_complete */
#include "tests/audits/traces.h"

#include "insight/release_internal.h"

static bool believes;

enum status __real_release_complete(const struct release_input *input, const struct phrase_table *table,
                                    const struct holdings *holdings, struct selection *selection);
enum status __wrap_release_complete(const struct release_input *input, const struct phrase_table *table,
                                    const struct holdings *holdings, struct selection *selection);
enum status __wrap_release_complete(const struct release_input *input, const struct phrase_table *table,
                                    const struct holdings *holdings, struct selection *selection)
{
    return believes ? OK : __real_release_complete(input, table, holdings, selection);
}

static void expect(enum verdict verdict)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    scope.k = 3; /* of whom two collude */
    assert_int_equal(attack_suppress.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "poison.suppress");
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_true(result->samples >= 1 && result->kind == INTERVAL_CENSUS);
    assert_int_equal(result->verdict, verdict);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void found_when_seeded(void **state)
{
    (void)state;
    believes = false;
    expect(VERDICT_NO_LEAK_ABOVE);
    believes = true;
    expect(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_when_seeded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
