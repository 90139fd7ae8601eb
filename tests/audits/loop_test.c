/* A habit that agents took from the library: how it is read by the real client, and that it stands by itself as often
 * as it is followed. */
#include "tests/audits/traces.h"

#include "audits/poisoning/habit.h"
#include "audits/poisoning/poison.h"

/* What the client makes of a file of runs: the first candidate's deeds, "" where there is none. */
static void read_runs(const struct habit_runs *counts, struct buf *out)
{
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct policy policy;
    struct prepared prepared = {0};
    SCOPED_BUF struct buf file = {0};
    world_policy(&scope, &policy);
    habit_write(1, counts, &file);
    assert_int_equal(audit_scope_tenant(&scope, "agent"), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "runs.jsonl", buf_bytes(&file)), OK);
    assert_int_equal(world_prepare(&scope.tenants[0], &policy, SCRUB_ON, EXTRACT_REAL, scope.seed, &prepared, NULL),
                     OK);
    buf_clear(out);
    for (size_t i = 0; i < prepared.count; i++) {
        const struct phrases *acts = &prepared.items[i].contribution.candidates[0].act;
        for (size_t p = 0; p < acts->count; p++)
            buf_addf(out, "%s\n", acts->items[p]);
    }
    prepared_free(&prepared);
    audit_scope_free(&scope);
}

static void a_habit_is_what_the_client_says(void **state)
{
    (void)state;
    static const struct {
        struct habit_runs counts;
        bool has_habit, has_lesson;
    } rows[] = {
        {{1, 0, 0}, false, true}, /* nobody follows */
        {{1, 1, 1}, true, true},  /* followed, and it went well */
        {{1, 1, 0}, false, false} /* followed, and it went wrong */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_BUF struct buf acts = {0};
        read_runs(&rows[i].counts, &acts);
        assert_int_equal(strstr(buf_text(&acts), HABIT_PHRASE "\n") != NULL, rows[i].has_habit);
        assert_int_equal(acts.size > 0, rows[i].has_lesson);
    }
}

static void a_followed_habit_stands_by_itself(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct why why = {0};
    traces_scope(&scope);
    scope.jobs = 2;
    assert_int_equal(attack_loop.run(&scope, &results, &why), OK);
    const struct audit_result *useless = traces_result(&results, "poison.loop");
    assert_int_equal(useless->control, CONTROL_PASSED);
    assert_int_equal(useless->verdict, VERDICT_EXPECTED);
    assert_true(useless->baseline <= 0);
    assert_int_equal(useless->plot.points, 6);
    assert_int_equal(traces_result(&results, "poison.loop.poor")->verdict, VERDICT_EXPECTED);
    assert_int_equal(traces_result(&results, "poison.loop.harmful")->hits, 0);
    assert_int_equal(traces_result(&results, "poison.loop.harmful")->control, CONTROL_PASSED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void in_dp_mode_it_is_not_evaluated(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct policy policy;
    traces_scope(&scope);
    world_policy(&scope, &policy);
    policy.mode = RELEASE_DP;
    scope.policy = &policy;
    assert_int_equal(attack_loop.run(&scope, &results, NULL), OK);
    assert_int_equal(results.count, 3);
    for (size_t i = 0; i < results.count; i++)
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_habit_is_what_the_client_says),
        cmocka_unit_test(a_followed_habit_stands_by_itself),
        cmocka_unit_test(in_dp_mode_it_is_not_evaluated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
