/* replaces: policy_as_strict */
/* A client that takes whatever policy its server offers: what it uploads next is no longer what it would have. */
#include "tests/audits/traces.h"

enum status __real_policy_as_strict(const struct policy *mine, const struct policy *theirs, struct why *why);
enum status __wrap_policy_as_strict(const struct policy *mine, const struct policy *theirs, struct why *why);

static bool leaks;

enum status __wrap_policy_as_strict(const struct policy *mine, const struct policy *theirs, struct why *why)
{
    return leaks ? OK : __real_policy_as_strict(mine, theirs, why);
}

static void policy_of_the_server(void **state)
{
    (void)state;
    for (int leaking = 0; leaking < 2; leaking++) {
        struct audit_scope scope;
        struct audit_results results = {0};
        struct why why = {0};
        leaks = leaking;
        traces_scope(&scope);
        assert_int_equal(attack_split_wire.run(&scope, &results, &why), OK);
        const struct audit_result *result = traces_result(&results, "split.hijack.wire");
        assert_int_equal(result->verdict == VERDICT_LEAK, leaking);
        assert_int_equal(result->value > 0, leaking);
        audit_results_free(&results);
        audit_scope_free(&scope);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(policy_of_the_server)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
