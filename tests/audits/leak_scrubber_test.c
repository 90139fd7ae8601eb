/* The seeded leak: a scrubber that passes addresses. Probes must find them in what it lets through. */
#include "tests/audits/traces.h"

#include "redaction/recognizer.h"

/* replaces: scan_found */
void __real_scan_found(struct scan *scan, const struct recognizer *row, size_t start, size_t end);
void __wrap_scan_found(struct scan *scan, const struct recognizer *row, size_t start, size_t end);

static bool leaks;

void __wrap_scan_found(struct scan *scan, const struct recognizer *row, size_t start, size_t end)
{
    if (!leaks || row->type != REDACT_EMAIL)
        __real_scan_found(scan, row, start, end);
}

static void run(struct audit_results *out)
{
    struct audit_scope scope;
    traces_scope(&scope);
    *out = (struct audit_results){0};
    assert_int_equal(attack_probes.run(&scope, out, NULL), OK);
    assert_int_equal(audit_results_judge(out), OK);
    audit_scope_free(&scope);
}

static void addresses_that_pass_are_found(void **state)
{
    (void)state;
    struct audit_results results;
    leaks = false;
    run(&results);
    const struct audit_result *forms = traces_result(&results, "probes.scrubber.forms");
    assert_int_equal(forms->control, CONTROL_PASSED);
    assert_int_equal(forms->hits, 0);
    assert_int_equal(forms->verdict, VERDICT_NOT_EVALUATED); /* eighteen addresses are too few to pass */
    audit_results_free(&results);
    leaks = true;
    run(&results);
    forms = traces_result(&results, "probes.scrubber.forms");
    assert_int_equal(forms->hits, TRACES_TENANTS * TRACES_TASKS);
    assert_int_equal(forms->verdict, VERDICT_LEAK);
    audit_results_free(&results);
    leaks = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses_that_pass_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
