/* The attacks of linkage and phantom on a scope in which all tenants learn the same of tasks that differ
 * only in what is scrubbed: nothing tells one task from another, and every attack must say so and yet find its control.
 */
#include "tests/audits/traces.h"

#include "audits/world.h"

static void run(const struct attack *attack, struct audit_scope *scope, struct audit_results *results)
{
    *results = (struct audit_results){0};
    if (attack->run(scope, results, NULL) != OK)
        fail_msg("%s failed", attack->name);
    for (size_t i = 0; i < results->count; i++)
        assert_true(results->items[i].note || results->items[i].samples > 0);
}

/* Every result has a control that found what there was to find. Where one lesson is everybody's, an action follows from
 * its situation for whoever was held out as well: then there is nothing to infer, and nothing is said. */
static void expect_controls(const struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (strcmp(results->items[i].claim->name, "linkage.infer") == 0)
            assert_int_equal(results->items[i].verdict, VERDICT_NOT_EVALUATED);
        else if (results->items[i].control != CONTROL_PASSED)
            fail_msg("control of %s: %s, %f", results->items[i].claim->name, control_name(results->items[i].control),
                     results->items[i].control_value);
}

static void all_alike(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    run(&attack_linkage, &scope, &results);
    assert_int_equal(results.count, 5);
    expect_controls(&results);
    assert_false(audit_found_leak(&results));
    assert_int_equal(traces_result(&results, "linkage.single-out")->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_true(traces_result(&results, "linkage.attribute")->low < .5);
    audit_results_free(&results);
    run(&attack_phantom, &scope, &results);
    expect_controls(&results);
    assert_false(audit_found_leak(&results));
    assert_true(traces_result(&results, "phantom.worlds")->low < .5); /* disclosed, and none of it by taking part */
    assert_true(traces_result(&results, "phantom.worlds")->samples > 90);
    assert_true(traces_result(&results, "phantom.release")->low <= 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void expect_silence(struct audit_scope *scope)
{
    const struct attack *const all[] = {&attack_linkage, &attack_names, &attack_rounds, &attack_phantom,
                                        &attack_difference};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct audit_results results;
        run(all[i], scope, &results);
        for (size_t r = 0; r < results.count; r++)
            assert_int_equal(results.items[r].verdict, VERDICT_NOT_EVALUATED);
        assert_true(results.count > 0 && results.worlds == 0);
        audit_results_free(&results);
    }
}

/* Three members are too few for a private round, which the server refuses: nothing is said, and nothing failed. */
static void private_rounds(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct policy policy;
    traces_scope(&scope);
    world_policy(&scope, &policy);
    policy.mode = RELEASE_DP;
    policy.dp_epsilon_micro = 1000000;
    policy.dp_delta_pico = 10000000;
    policy.dp_statements = 8;
    policy.budget_epsilon_micro = 20000000;
    policy.budget_delta_pico = 100000000;
    scope.policy = &policy;
    expect_silence(&scope);
    audit_scope_free(&scope);
}

static void too_little(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    assert_int_equal(audit_scope_tenant(&scope, "nobody"), OK);
    expect_silence(&scope);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_alike),
        cmocka_unit_test(private_rounds),
        cmocka_unit_test(too_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
