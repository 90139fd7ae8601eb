/* A seeded leak: a comparison of secrets that returns at the first byte that differs. */
/* replaces: secret_equal */
#include "tests/audits/traces.h"

#include "base/secret.h"

static bool leaks;
bool __real_secret_equal(struct bytes a, struct bytes b);
bool __wrap_secret_equal(struct bytes a, struct bytes b);
bool __wrap_secret_equal(struct bytes a, struct bytes b)
{
    size_t i = 0;
    if (!leaks)
        return __real_secret_equal(a, b);
    while (i < a.size && i < b.size && a.data[i] == b.data[i])
        i++;
    return i == a.size && i == b.size;
}

static enum verdict verdict_now(void)
{
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_comparison.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "channel.comparison");
    enum verdict verdict = result->samples ? result->verdict : VERDICTS; /* no process may be traced here */
    audit_results_free(&results);
    return verdict;
}

static void is_caught(void **state)
{
    (void)state;
    leaks = false;
    enum verdict without = verdict_now();
    if (without == VERDICTS)
        skip();
    assert_int_equal(without, VERDICT_NO_LEAK_ABOVE);
    leaks = true;
    assert_int_equal(verdict_now(), VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
