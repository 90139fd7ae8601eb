/* Membership over many worlds: what nobody shares is never released, and nothing can be told; with k - 1 colluders who
 * hold it too, everything can. */
#include "tests/audits/traces.h"

#include "audits/world.h"

static void lone_lessons(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct why why = {0};
    traces_scope_of(&scope, (const char *const[]){"get_order_details", "find_invoice", "track_parcel"});
    assert_int_equal(attack_membership.run(&scope, &results, &why), OK);
    const struct audit_result *average = traces_result(&results, "membership.task.average");
    const struct audit_result *worst = traces_result(&results, "membership.task.worst");
    printf("%zu worlds, %.0f a minute; average %.3f, worst %.3f\n", results.worlds,
           (double)results.worlds / results.world_seconds * 60, average->value, worst->value);
    assert_true(average->low < .5 && .5 < average->high && average->verdict != VERDICT_LEAK);
    assert_int_equal(average->control, CONTROL_PASSED);
    assert_int_equal(worst->verdict, VERDICT_EXPECTED);
    assert_true(worst->value > .9 && worst->plot.points >= 3);
    assert_true(results.worlds >= 500);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Worlds that cannot differ are not run, and that is not called safe. */
static void too_few_tasks(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(audit_scope_tenant(&scope, "nobody"), OK);
    assert_int_equal(attack_membership.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "membership.task.average")->verdict, VERDICT_NOT_EVALUATED);
    assert_int_equal(traces_result(&results, "membership.task.worst")->verdict, VERDICT_NOT_EVALUATED);
    assert_int_equal(results.worlds, 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void private_policy(const struct audit_scope *scope, uint64_t epsilon, struct policy *policy)
{
    world_policy(scope, policy);
    policy->mode = RELEASE_DP;
    policy->dp_epsilon_micro = epsilon;
    policy->dp_delta_pico = 10000000;
    policy->dp_statements = 8;
    policy->budget_epsilon_micro = 40000000;
    policy->budget_delta_pico = 100000000;
    policy->round_seconds = 3600;
    policy->noise_epsilon_max_micro = 500000;
}

/* Mode dp: the limit is the policy's, and one tenant more stays far under it. With epsilon = 1 an area of .731 is
 * allowed. */
static void private_rounds(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct policy policy;
    traces_scope(&scope);
    private_policy(&scope, 1000000, &policy);
    scope.policy = &policy;
    assert_int_equal(attack_membership.run(&scope, &results, NULL), OK);
    const struct audit_result *worst = traces_result(&results, "membership.private.worst");
    printf("dp: worst %.3f in [%.3f, %.3f], limit %.3f: %s\n", worst->value, worst->low, worst->high, worst->limit,
           worst->note);
    assert_true(worst->samples > 0 && worst->limit > .73 && worst->limit < .74);
    assert_int_equal(worst->control, CONTROL_PASSED);
    assert_int_equal(worst->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(traces_result(&results, "membership.task.average")->samples,
                     0); /* three are too few to draw from */
    assert_int_equal(traces_result(&results, "membership.task.worst")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* With epsilon = 9 one tenant more can be told, and nearly anything is allowed; the controls stand all the same. */
static void lavish_rounds(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct policy policy;
    traces_scope(&scope);
    private_policy(&scope, 9000000, &policy);
    scope.policy = &policy;
    assert_int_equal(attack_membership.run(&scope, &results, NULL), OK);
    const struct audit_result *worst = traces_result(&results, "membership.private.worst");
    printf("dp, lavish: worst %.3f in [%.3f, %.3f], limit %.4f\n", worst->value, worst->low, worst->high, worst->limit);
    assert_true(worst->low > .5 && worst->limit > .999);
    assert_int_equal(worst->control, CONTROL_PASSED);
    assert_int_equal(worst->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lone_lessons),
        cmocka_unit_test(too_few_tasks),
        cmocka_unit_test(private_rounds),
        cmocka_unit_test(lavish_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
