/* Verdicts follow from numbers and controls alone; what could not run is never safe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audits/audit.h"
#include "audits/command.h"

static struct audit_result result_of(double value, double low, double high, enum control control)
{
    struct audit_result result = audit_result_start("test");
    result.samples = 100;
    result.value = value;
    result.low = low;
    result.high = high;
    result.limit = .05;
    result.control = control;
    return result;
}

static void verdicts(void **state)
{
    (void)state;
    struct audit_result result = result_of(0, 0, .03, CONTROL_PASSED);
    assert_int_equal(verdict_of(&result), VERDICT_NO_LEAK_ABOVE);
    result = result_of(0, 0, .051, CONTROL_PASSED); /* too few samples */
    assert_int_equal(verdict_of(&result), VERDICT_NOT_EVALUATED);
    result = result_of(.01, .001, .03, CONTROL_PASSED); /* under the limit, and yet one was found */
    assert_int_equal(verdict_of(&result), VERDICT_LEAK);
    result.tolerated = .005;
    assert_int_equal(verdict_of(&result), VERDICT_NO_LEAK_ABOVE);
    result = result_of(.5, .4, .6, CONTROL_PASSED);
    result.expected = true;
    assert_int_equal(verdict_of(&result), VERDICT_EXPECTED);
    result = result_of(0, 0, .03, CONTROL_FAILED);
    assert_int_equal(verdict_of(&result), VERDICT_NOT_EVALUATED);
    result = result_of(0, 0, .03, CONTROL_NONE);
    assert_int_equal(verdict_of(&result), VERDICT_NOT_EVALUATED);
    result = result_of(.5, .4, .6, CONTROL_FAILED); /* a leak that was seen was seen */
    assert_int_equal(verdict_of(&result), VERDICT_LEAK);
    result = result_of(NAN, 0, .01, CONTROL_PASSED);
    assert_int_equal(verdict_of(&result), VERDICT_NOT_EVALUATED);
    result = result_of(0, 0, 0, CONTROL_PASSED);
    result.samples = 0;
    assert_int_equal(verdict_of(&result), VERDICT_NOT_EVALUATED);
}

static void suites(void **state)
{
    (void)state;
    struct audit_results results = {0};
    struct audit_result good = result_of(0, 0, .03, CONTROL_PASSED), bad = result_of(.5, .4, .6, CONTROL_PASSED);
    struct audit_result void_one = result_of(0, 0, .03, CONTROL_FAILED);
    assert_int_equal(audit_results_add(&results, &good), OK);
    assert_false(audit_found_leak(&results));
    assert_false(audit_is_void(&results));
    bad.verdict = VERDICT_NO_LEAK_ABOVE; /* an attack's own opinion counts for nothing */
    assert_int_equal(audit_results_add(&results, &bad), OK);
    assert_true(audit_found_leak(&results));
    assert_int_equal(audit_results_add(&results, &void_one), OK);
    assert_true(audit_is_void(&results));
    audit_results_free(&results);
}

static void counts(void **state)
{
    (void)state;
    struct audit_result result = audit_result_start("test");
    audit_result_count(&result, 0, 1000);
    assert_true(fabs(result.high - .003682084) < 1e-8 && result.low == 0 && result.value == 0);
    audit_result_count(&result, 1, 1000);
    assert_true(result.low > 0);
    audit_result_census(&result, 1, 4);
    assert_true(result.low == .25 && result.high == .25 && result.samples == 4);
}

static struct json *run_json(double value)
{
    struct audit_results results = {0};
    struct audit_result one = result_of(value, value, value, CONTROL_PASSED), none = audit_result_start("empty");
    struct audit_run run = {.suite = "quick", .seed = 1, .k = 2, .started = 1795000000, .seconds = 1.5};
    double points[] = {0, 0, 1, 1};
    one.curve = mem_new(4, sizeof(double));
    assert_non_null(one.curve);
    memcpy(one.curve, points, sizeof points);
    one.points = 2;
    none.target = none.adversary = none.metric = none.unit = "x";
    one.target = one.adversary = one.metric = one.unit = one.note = "y";
    assert_int_equal(audit_results_add(&results, &one), OK);
    assert_int_equal(audit_results_add(&results, &none), OK);
    struct json *json = audit_run_json(&run, &results);
    audit_results_free(&results);
    return json;
}

static void written(void **state)
{
    (void)state;
    SCOPED_JSON struct json *json = run_json(.5);
    SCOPED_BUF struct buf text = {0};
    assert_int_equal(json_canonical(json, &text), OK);
    const struct json *results = json_get(json, "results"), *first = json_at(results, 0), *second = json_at(results, 1);
    assert_int_equal(json_count(results), 2);
    assert_string_equal(json_string_text(json_get(first, "verdict")), "leak found");
    assert_true(json_is_null(json_get(first, "baseline")));
    assert_int_equal(json_count(json_get(first, "curve")), 2);
    assert_string_equal(json_string_text(json_get(second, "verdict")), "not evaluated");
    assert_true(json_is_null(json_get(second, "value")) && json_is_null(json_get(second, "interval")));
}

static void compared(void **state)
{
    (void)state;
    SCOPED_JSON struct json *before = run_json(.5);
    SCOPED_JSON struct json *after = run_json(0);
    SCOPED_BUF struct buf one = {0}, other = {0}, out = {0};
    struct why why = {0};
    assert_int_equal(json_canonical(before, &one), OK);
    assert_int_equal(json_canonical(after, &other), OK);
    assert_int_equal(compare_runs(buf_bytes(&one), buf_bytes(&other), &out, &why), OK);
    assert_non_null(strstr(buf_text(&out), "leak found"));
    assert_non_null(strstr(buf_text(&out), "no leak above the limit"));
    assert_int_equal(compare_runs(bytes_str("{}"), buf_bytes(&other), &out, &why), ERR_INPUT);
    assert_string_equal(why.where, "BEFORE");
}

static void table(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct attack *attack = attacks; attack->name; attack++, count++) {
        assert_non_null(attack->run);
        assert_true(strlen(attack->summary) > 20 && attack->paper);
    }
    assert_true(count >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts), cmocka_unit_test(suites),   cmocka_unit_test(counts),
        cmocka_unit_test(written),  cmocka_unit_test(compared), cmocka_unit_test(table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
