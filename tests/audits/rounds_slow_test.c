/* Many releases together: where all tasks teach the same no version tells one from another; where each teaches its own
 * and one other tenant has the like, the version in which it appears tells that it came. A search that is blind does
 * not pass its control. */
/* replaces: features_cosine */
#include "tests/audits/traces.h"

#include "insight/features.h"

static bool is_blind;

double __real_features_cosine(const struct features *a, const struct features *b);
double __wrap_features_cosine(const struct features *a, const struct features *b);
double __wrap_features_cosine(const struct features *a, const struct features *b)
{
    return is_blind ? 0 : __real_features_cosine(a, b);
}

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

static void blind(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    is_blind = true;
    assert_int_equal(attack_rounds.run(&scope, &results, NULL), OK);
    is_blind = false;
    for (size_t i = 0; i < results.count; i++)
        assert_int_not_equal(results.items[i].control, CONTROL_PASSED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* One tenant's lessons and another's: nothing is published, and nothing is said. */
static void nothing_released(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope_of(&scope, (const char *const[]){"get_order_details", "find_invoice", "track_parcel"});
    assert_int_equal(attack_rounds.run(&scope, &results, NULL), OK);
    assert_int_equal(results.count, 2);
    for (size_t i = 0; i < results.count; i++) {
        assert_int_equal(results.items[i].samples, 0);
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
    }
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_alike),
        cmocka_unit_test(each_its_own),
        cmocka_unit_test(blind),
        cmocka_unit_test(nothing_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
