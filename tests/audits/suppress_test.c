/* What is said of insights that k - 1 members cannot make go turns on how many of them were tried. */
#include "tests/audits/traces.h"

#include "audits/poisoning/suppress.h"

static struct audit_result suppress(const struct audit_scope *scope, size_t most, char note[static 256])
{
    struct audit_results results = {0};
    assert_int_equal(suppress_insights(scope, most, &results, NULL), OK);
    assert_int_equal(results.count, 1);
    struct audit_result result = results.items[0];
    snprintf(note, 256, "%s", result.note);
    result.note = NULL;
    audit_results_free(&results);
    return result;
}

static void a_part_is_no_census(void **state)
{
    (void)state;
    static const char *const tools[TRACES_TENANTS][TRACES_TASKS] = {
        {"get_order_details", "find_invoice", "track_parcel", "book_slot", "read_meter", "close_account"},
        {"get_order_details", "find_invoice", "track_parcel", "book_slot", "read_meter", "close_account"},
        {"get_order_details", "find_invoice", "track_parcel", "book_slot", "read_meter", "close_account"},
    };
    struct audit_scope scope;
    char note[256];
    traces_scope_of_tasks(&scope, tools);
    struct audit_result all = suppress(&scope, 100, note), part = suppress(&scope, 2, note);
    assert_int_equal(all.kind, INTERVAL_CENSUS);
    assert_int_equal(all.verdict, VERDICT_NO_LEAK_ABOVE);
    assert_true(all.samples > 2);
    assert_int_equal(part.kind, INTERVAL_EXACT);
    assert_int_equal(part.samples, 2);
    assert_int_equal(part.verdict, VERDICT_NOT_EVALUATED); /* two of so many: no pass */
    assert_non_null(strstr(note, "2 were tried"));
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_part_is_no_census)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
