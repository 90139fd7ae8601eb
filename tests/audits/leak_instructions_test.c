/* A seeded leak: a release gate that lets instructions pass. */
/* replaces: gate_check_instructions */
#include "tests/audits/traces.h"

#include "insight/gate_internal.h"

static bool leaks;
enum status __real_gate_check_instructions(struct bytes text);
enum status __wrap_gate_check_instructions(struct bytes text);
enum status __wrap_gate_check_instructions(struct bytes text)
{
    return leaks ? OK : __real_gate_check_instructions(text);
}

static void expect(enum verdict verdict)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_instruct.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "poison.instruct");
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_int_equal(result->verdict, verdict);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void is_caught(void **state)
{
    (void)state;
    leaks = false;
    expect(VERDICT_NO_LEAK_ABOVE);
    leaks = true;
    expect(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
