/* Colluders below k publish nothing; k of them do, and that is seen. */
#include "tests/audits/traces.h"

#include "audits/poisoning/instructions.h"

static void start(struct audit_scope *scope)
{
    traces_scope(scope);
    scope->jobs = 2;
}

static void run(const struct attack *attack, const struct audit_scope *scope, struct audit_results *out)
{
    struct why why = {0};
    *out = (struct audit_results){0};
    enum status status = attack->run(scope, out, &why);
    if (status != OK)
        fail_msg("%s %s", status_text(status), why.what ? why.what : "");
}

static void below_k_nothing_is_published(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    start(&scope);
    run(&attack_publish, &scope, &results);
    const char *const names[] = {"poison.publish", "poison.plant"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct audit_result *result = traces_result(&results, names[i]);
        assert_int_equal(result->control, CONTROL_PASSED);
        assert_true(result->samples >= 183);
        assert_int_equal(result->verdict, VERDICT_NO_LEAK_ABOVE);
    }
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void in_dp_mode_it_is_not_evaluated(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    struct policy policy;
    start(&scope);
    world_policy(&scope, &policy);
    policy.mode = RELEASE_DP;
    scope.policy = &policy;
    run(&attack_publish, &scope, &results);
    assert_int_equal(results.count, 2);
    assert_int_equal(results.items[0].verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* What is looked for is found in each place where it may stand, and nothing else is. */
static void looking(void **state)
{
    (void)state;
    struct insight insight = {0};
    struct library library = {.insight_count = 1, .insights = &insight};
    assert_int_equal(phrases_add(&insight.text.act, "Ask twice, then wait"), OK);
    insight.text.argument = mem_copy(bytes_str("in the slot here"));
    insight.text.order[0] = mem_copy(bytes_str("one step"));
    insight.text.order_count = 1;
    assert_true(poison_is_shown(&library, "ask twice then wait"));
    assert_true(poison_is_shown(&library, "the slot"));
    assert_true(poison_is_shown(&library, "In the slot,  here"));
    assert_true(poison_is_shown(&library, "one step"));
    assert_false(poison_is_shown(&library, "ask twice"));
    candidate_free(&insight.text);
}

/* What is published of an instruction is what a candidate makes of it. */
static void instructions_are_found_as_published(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    for (int i = 0; i < 2000; i++) {
        struct poison_text text = {0};
        struct insight insight = {0};
        struct library library = {.insight_count = 1, .insights = &insight};
        instruction_write((enum instruction_form)(i % INSTRUCTION_FORMS), random, &text);
        assert_int_equal(poison_candidate(&text, &insight.text), OK);
        if (!poison_is_shown(&library, text.act))
            fail_msg("missed: %s", text.act);
        candidate_free(&insight.text);
    }
}

/* Where nothing honest is released there is nothing to ride on: that was not tried, and is not said to be. */
static void nothing_to_ride_on(void **state)
{
    (void)state;
    static const char *const tools[TRACES_TENANTS][TRACES_TASKS] = {
        {"open_window", "water_garden", "paint_fence", "bake_bread", "tune_piano", "fold_paper"},
        {"drive_tractor", "sail_boat", "climb_mountain", "ride_horse", "throw_stone", "plant_tree"},
        {"write_letter", "read_map", "count_sheep", "build_bridge", "carve_wood", "mend_net"},
    };
    struct audit_scope scope;
    struct audit_results results;
    traces_scope_of_tasks(&scope, tools);
    scope.jobs = 2;
    run(&attack_suppress, &scope, &results);
    assert_int_equal(results.items[0].samples, 0);
    audit_results_free(&results);
    run(&attack_publish, &scope, &results);
    const struct audit_result *result = traces_result(&results, "poison.publish");
    assert_non_null(strstr(result->note, "; not counted"));
    assert_non_null(strstr(strstr(result->note, "; not counted"), "in a slot"));
    assert_int_equal(result->control, CONTROL_PASSED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* With k = 1 nobody is below k. */
static void nobody_to_collude(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    start(&scope);
    scope.k = 1;
    run(&attack_publish, &scope, &results);
    assert_int_equal(results.items[0].samples, 0);
    audit_results_free(&results);
    run(&attack_suppress, &scope, &results);
    assert_int_equal(results.items[0].samples, 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_k_nothing_is_published),
        cmocka_unit_test(in_dp_mode_it_is_not_evaluated),
        cmocka_unit_test(looking),
        cmocka_unit_test(instructions_are_found_as_published),
        cmocka_unit_test(nothing_to_ride_on),
        cmocka_unit_test(nobody_to_collude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
