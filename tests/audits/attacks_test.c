/* Each attack on a scope that leaks nothing it can see, and on a seeded leak that it must catch. */
#include "tests/audits/traces.h"

#include <unistd.h>

#include "audits/boundary/rescan.h"
#include "base/file.h"

static void run(const struct attack *attack, const struct audit_scope *scope, struct audit_results *out)
{
    struct why why = {0};
    *out = (struct audit_results){0};
    enum status status = attack->run(scope, out, &why);
    if (status != OK)
        fail_msg("%s %s", status_text(status), why.what ? why.what : "");
}

static void expect(const struct audit_results *results, const char *name, enum verdict verdict)
{
    const struct audit_result *result = traces_result(results, name);
    if (result->verdict != verdict)
        fail_msg("%s: %s, value %g in [%g, %g], control %g", name, verdict_name(result->verdict), result->value,
                 result->low, result->high, result->control_value);
}

/* Eighteen addresses are too few for the limit: none is found, and that is not called safe. */
static void probes_find_nothing(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    run(&attack_probes, &scope, &results);
    assert_false(audit_is_void(&results));
    const char *const names[] = {"probes.plain", "probes.sent", "probes.stored", "probes.logged", "probes.published"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(traces_result(&results, names[i])->value == 0);
        assert_true(traces_result(&results, names[i])->control_value == 1);
        expect(&results, names[i], VERDICT_NOT_EVALUATED);
    }
    assert_string_equal(traces_result(&results, "probes.state")->note,
                        "no folder of a server's files was given (--state)");
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* A "secret" that is also a tool's name gets out: into records and the library, but not into what is sealed. */
static void probes_find_a_leak(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    assert_int_equal(audit_scope_probe(&scope, 0, "CUSTOM", bytes_str("get_order_details")), OK);
    run(&attack_probes, &scope, &results);
    expect(&results, "probes.plain", VERDICT_LEAK);
    expect(&results, "probes.published", VERDICT_LEAK);
    expect(&results, "probes.scrubber", VERDICT_EXPECTED);
    assert_true(traces_result(&results, "probes.sent")->value == 0);
    assert_true(traces_result(&results, "probes.stored")->value == 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Values that are in no trace: the control can't hit them, and the suite is void. */
static void probes_that_do_not_fit(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    for (int i = 0; i < 100; i++) {
        char value[32];
        snprintf(value, sizeof value, "nowhere-%d", 1000 + i);
        assert_int_equal(audit_scope_probe(&scope, 0, "CUSTOM", bytes_str(value)), OK);
    }
    run(&attack_probes, &scope, &results);
    assert_true(audit_is_void(&results));
    expect(&results, "probes.plain", VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    scope.probe_count = 0; /* none at all: not evaluated, nothing is void */
    run(&attack_probes, &scope, &results);
    expect(&results, "probes.sent", VERDICT_NOT_EVALUATED);
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
    scope.probe_count = TRACES_TENANTS * TRACES_TASKS + 100;
    audit_scope_free(&scope);
}

static void rescan(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    run(&attack_rescan, &scope, &results);
    expect(&results, "rescan.release", VERDICT_NO_LEAK_ABOVE);
    expect(&results, "rescan.gate", VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
    audit_scope_free(&scope);

    struct insight insight = {.text = {.kind = CANDIDATE_RECOVERY}};
    struct library library = {.insight_count = 1, .insights = &insight};
    struct audit_result result = audit_result_start(rescan_claim);
    assert_int_equal(phrases_add(&insight.text.when, "a refund is asked for"), OK);
    assert_int_equal(phrases_add(&insight.text.act, "write to amelia.hart@example.com"), OK);
    assert_int_equal(rescan_library(&library, &result, NULL), OK);
    assert_int_equal(verdict_of(&result), VERDICT_LEAK);
    result = audit_result_start(&rescan_claim[1]);
    assert_int_equal(rescan_gate(&library, &result, NULL), OK);
    assert_int_equal(verdict_of(&result), VERDICT_LEAK);
    candidate_free(&insight.text);
}

static void at_rest(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    char folder[] = "/tmp/chatham-leak-XXXXXX", path[64];
    traces_scope(&scope);
    run(&attack_at_rest, &scope, &results);
    for (size_t i = 0; i < results.count; i++)
        expect(&results, results.items[i].claim->name, VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/notes.db", folder);
    SCOPED_BUF struct buf page = {0};
    buf_add_str(&page, "SQLite format 3");
    buf_add_str(&page, " merchant-1 ");
    while (page.size < 4096)
        buf_add_byte(&page, 'x');
    assert_int_equal(file_write(path, buf_bytes(&page), 0600), OK);
    scope.state = folder;
    run(&attack_at_rest, &scope, &results);
    for (size_t i = 0; i < results.count; i++)
        expect(&results, results.items[i].claim->name, VERDICT_LEAK);
    audit_results_free(&results);
    unlink(path);
    rmdir(folder);
    audit_scope_free(&scope);
}

/* Where nothing was read nothing is said, and a file that a crash left under a hidden name is read. */
static void at_rest_of_other_folders(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    char folder[] = "/tmp/chatham-leak-XXXXXX", path[64];
    traces_scope(&scope);
    assert_non_null(mkdtemp(folder));
    scope.state = folder;
    run(&attack_at_rest, &scope, &results);
    assert_int_equal(results.count, 3);
    for (size_t i = 0; i < results.count; i++)
        expect(&results, results.items[i].claim->name, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);

    snprintf(path, sizeof path, "%s/.settings.json.0011223344556677", folder);
    assert_int_equal(file_write(path, bytes_str("of merchant-1"), 0600), OK);
    run(&attack_at_rest, &scope, &results);
    expect(&results, "at_rest.values", VERDICT_LEAK);
    audit_results_free(&results);
    unlink(path);
    rmdir(folder);
    audit_scope_free(&scope);
}

static void isolation(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct audit_results results;
    run(&attack_isolation, &scope, &results);
    expect(&results, "isolation.tenant", VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(traces_result(&results, "isolation.tenant")->samples, 9);
    assert_int_equal(traces_result(&results, "isolation.tenant")->kind, INTERVAL_CENSUS);
    assert_true(traces_result(&results, "isolation.tenant")->control_value == 1);
    audit_results_free(&results);
}

/* The control is the seeded leak: records that copy their traces. */
static void overlap(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results;
    traces_scope(&scope);
    run(&attack_overlap, &scope, &results);
    const struct audit_result *result = traces_result(&results, "overlap.contribution.prompt");
    assert_true(result->samples >= 5 && result->value <= .01);
    /* A handful of tasks that show nothing is no proof that nothing is shown: the interval may not close on zero. */
    assert_true(result->high > result->low);
    result = traces_result(&results, "overlap.contribution.trace");
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_true(result->control_value > .05 && result->p <= 1);
    audit_results_free(&results);
    scope.tenant_count = 1; /* nobody to compare with */
    run(&attack_overlap, &scope, &results);
    expect(&results, "overlap.contribution.prompt", VERDICT_NOT_EVALUATED);
    scope.tenant_count = TRACES_TENANTS;
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probes_find_nothing),
        cmocka_unit_test(probes_find_a_leak),
        cmocka_unit_test(probes_that_do_not_fit),
        cmocka_unit_test(rescan),
        cmocka_unit_test(at_rest),
        cmocka_unit_test(at_rest_of_other_folders),
        cmocka_unit_test(isolation),
        cmocka_unit_test(overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
