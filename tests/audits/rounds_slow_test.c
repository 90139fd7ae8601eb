/* Many releases together: where all tasks teach the same no version tells one from another; where each teaches its own
 * and one other tenant has the like, the version in which it appears tells that it came. */
#include "tests/audits/traces.h"

static void run(const struct audit_scope *scope, struct audit_results *results)
{
    *results = (struct audit_results){0};
    assert_int_equal(attack_rounds.run(scope, results, NULL), OK);
    assert_int_equal(audit_results_judge(results), OK);
    for (size_t i = 0; i < results->count; i++) {
        assert_int_equal(results->items[i].control, CONTROL_PASSED);
        printf("%s %.3f [%.3f, %.3f]\n", results->items[i].claim->name, results->items[i].value, results->items[i].low,
               results->items[i].high);
    }
}

static void all_alike(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    run(&scope, &results);
    assert_false(audit_found_leak(&results));
    assert_int_equal(traces_result(&results, "linkage.composition")->plot.points, 5);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Two tenants with six tools in common. */
static void each_its_own(void **state)
{
    (void)state;
    static const char *const tools[TRACES_TASKS] = {"get_order_details", "find_invoice", "track_parcel",
                                                    "book_slot",         "read_meter",   "close_account"};
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct audit_results results;
    for (size_t tenant = 0; tenant < 2; tenant++) {
        SCOPED_BUF struct buf file = {0};
        assert_int_equal(audit_scope_tenant(&scope, tenant ? "harbour" : "market"), OK);
        for (size_t task = 0; task < TRACES_TASKS; task++) {
            traces_run(&file, tools[task], tenant, task, true);
            traces_run(&file, tools[task], tenant, task, false);
        }
        assert_int_equal(audit_scope_file(&scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
    run(&scope, &results);
    const struct audit_result *composition = traces_result(&results, "linkage.composition");
    assert_int_equal(composition->verdict, VERDICT_LEAK);
    assert_true(composition->plot.rows[1] < composition->value); /* the first version alone tells less */
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_alike),
        cmocka_unit_test(each_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
