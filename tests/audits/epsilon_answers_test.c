/* The answers' own noise is measured near its ε and never over it. */
#include "tests/audits/traces.h"

static void run(const struct audit_scope *scope, struct audit_results *out)
{
    struct why why = {0};
    *out = (struct audit_results){0};
    assert_int_equal(attack_epsilon_answers.run(scope, out, &why), OK);
}

static void what_is_stated_is_kept(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct audit_results results;
    run(&scope, &results);
    assert_int_equal(results.count, 6);
    for (size_t i = 0; i < results.count; i++) {
        const struct audit_result *result = &results.items[i];
        if (result->verdict != VERDICT_NO_LEAK_ABOVE)
            fail_msg("%s: %s, %g of %g", result->claim->name, verdict_name(result->verdict), result->low,
                     result->limit);
        assert_true(result->low > .8 * result->limit); /* the attack comes near to what is stated */
        assert_true(result->detects > result->limit && result->detects < 1.5 * result->limit);
        assert_true(result->control_value >= 3);
    }
    audit_results_free(&results);
}

static void a_policy_without_answers_has_none_to_attack(void **state)
{
    (void)state;
    struct policy policy;
    policy_default(&policy);
    policy.allow_noised = false;
    struct audit_scope scope = {.seed = 7, .k = 2, .policy = &policy};
    struct audit_results results;
    run(&scope, &results);
    const struct audit_result *result = traces_result(&results, "epsilon.survey.answer");
    assert_int_equal(result->verdict, VERDICT_NOT_EVALUATED);
    assert_non_null(strstr(result->note, "not applicable"));
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stated_is_kept),
        cmocka_unit_test(a_policy_without_answers_has_none_to_attack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
