/* Verdicts follow from numbers and controls alone; what could not run is never safe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audits/audit.h"

static const struct audit_claim claim = {.name = "test",
                                         .target = "x",
                                         .knows = "x",
                                         .metric = "x",
                                         .unit = "x",
                                         .baseline = "",
                                         .control = "x",
                                         .limit = .05};
static const struct audit_claim expected_claim = {.name = "expected", .limit = .05, .expected = true};

static struct audit_result result_of(double value, double low, double high, enum control control)
{
    struct audit_result result = audit_result_start(&claim);
    result.samples = 100;
    result.value = value;
    result.low = low;
    result.high = high;
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
    result.claim = &expected_claim;
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
    struct audit_result result = audit_result_start(&claim);
    audit_result_count(&result, 0, 1000);
    assert_true(fabs(result.high - .003682084) < 1e-8 && result.low == 0 && result.value == 0);
    audit_result_count(&result, 1, 1000);
    assert_true(result.low > 0);
    audit_result_census(&result, 1, 4);
    assert_true(result.low == .25 && result.high == .25 && result.samples == 4);
}

/* A control that is blind voids the suite; one that has too little to go by leaves its result not evaluated. */
static void controls(void **state)
{
    (void)state;
    struct audit_results results = {0};
    struct audit_result result = result_of(0, 0, .03, CONTROL_NONE);
    audit_result_control(&result, .3, .1, .5, .05);
    assert_int_equal(result.control, CONTROL_PASSED);
    assert_int_equal(verdict_of(&result), VERDICT_NO_LEAK_ABOVE);
    audit_result_control(&result, .3, .05, .5, .05);
    assert_int_equal(result.control, CONTROL_UNDECIDED);
    assert_int_equal(verdict_of(&result), VERDICT_NOT_EVALUATED);
    assert_int_equal(audit_results_add(&results, &result), OK);
    assert_false(audit_is_void(&results));
    audit_result_control(&result, .02, .01, .05, .05);
    assert_int_equal(result.control, CONTROL_FAILED);
    assert_int_equal(audit_results_add(&results, &result), OK);
    assert_true(audit_is_void(&results));
    audit_results_free(&results);
}

/* Holm's correction: of five rows, one is a leak beyond doubt, one by its own interval alone. */
static void suite_is_judged(void **state)
{
    (void)state;
    static const struct audit_claim tolerant = {.name = "rate", .limit = .1, .tolerated = .05};
    struct audit_results results = {0};
    const size_t hits[] = {60, 12, 5, 4, 3}; /* of 100, where 5 are tolerated */
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++) {
        struct audit_result result = audit_result_start(&tolerant);
        audit_result_count(&result, hits[i], 100);
        result.control = CONTROL_PASSED;
        assert_int_equal(audit_results_add(&results, &result), OK);
    }
    assert_int_equal(results.items[1].verdict, VERDICT_LEAK);
    assert_true(fabs(results.items[1].p_leak - .00427) < 1e-4); /* P(Bin(100, .05) >= 12) */
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK);
    assert_int_equal(results.items[1].verdict, VERDICT_LEAK); /* .0043 four times is .0171 */
    assert_true(fabs(results.items[1].p_adjusted - 4 * results.items[1].p_leak) < 1e-12);
    assert_true(results.items[1].all_low < results.items[1].low && results.items[1].all_high > results.items[1].high);
    for (size_t i = 0; i < 5; i++) {
        struct audit_result more = results.items[2];
        assert_int_equal(audit_results_add(&results, &more), OK);
    }
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK);
    assert_int_equal(results.items[1].verdict, VERDICT_NOT_EVALUATED); /* neither found nor excluded */
    audit_results_free(&results);
}

static struct audit_result bound_of(enum interval_kind kind, double p)
{
    struct audit_result result = result_of(.0143, .0118, .02, CONTROL_PASSED);
    result.tolerated = .005;
    result.kind = kind;
    result.p = p;
    result.detects = .0085;
    return result;
}

/* Of a kind whose test is the attack's own the correction takes that p, however far the interval lies above what is
 * tolerated, and nothing is said of an interval that holds for all results; nor is it of what is expected. */
static void tests_of_their_own(void **state)
{
    (void)state;
    struct audit_results results = {0};
    struct audit_result rate = bound_of(INTERVAL_RATE, .0178), low = bound_of(INTERVAL_BOUND, .01), expected = rate;
    expected.claim = &expected_claim;
    audit_result_count(&expected, 60, 100);
    assert_int_equal(audit_results_add(&results, &rate), OK);
    assert_int_equal(audit_results_add(&results, &expected), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK); /* alone: what is expected is no test */
    assert_true(results.items[0].p_leak == .0178 && results.items[0].p_adjusted == .0178);
    assert_true(results.items[0].detects == .0085);
    assert_int_equal(audit_results_add(&results, &low), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK);
    assert_int_equal(audit_results_add(&results, &rate), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(results.items[0].verdict, VERDICT_NOT_EVALUATED); /* .0178 twice is .0356 */
    assert_int_equal(results.items[1].verdict, VERDICT_EXPECTED);
    SCOPED_JSON struct json *json = audit_results_json(&results, 0);
    for (size_t i = 0; i < results.count; i++)
        assert_true(json_is_null(json_get(json_at(json, i), "interval_of_all")));
    audit_results_free(&results);
}

static void powers(void **state)
{
    (void)state;
    struct audit_result result = audit_result_start(&claim);
    audit_result_count(&result, 0, 300);
    assert_true(fabs(audit_result_detects(&result) - .009936) < 1e-5); /* upper 95 % bound of 0 of 300 */
    struct audit_result over = audit_result_start(&claim); /* above 5 in 100, 1,000 samples: at least 65 hits */
    over.tolerated = .05;
    audit_result_count(&over, 40, 1000);
    assert_true(fabs(audit_result_detects(&over) - 0.078215) < 1e-5);
    over.tolerated = .9;
    audit_result_count(&over, 3, 3); /* three of three say no more than that it is over .29 */
    assert_true(isnan(audit_result_detects(&over)));
    audit_result_normal(&result, .5, .1, 50);
    assert_true(fabs(audit_result_detects(&result) - .28016) < 1e-4); /* 2.8016 standard errors */
    audit_result_census(&result, 1, 50);
    assert_true(isnan(audit_result_detects(&result)));
}

static struct json *run_json(double value)
{
    struct audit_results results = {0};
    struct audit_result one = result_of(value, value, value, CONTROL_PASSED), none = audit_result_start(&claim);
    struct audit_run run = {.suite = "quick", .seed = 1, .k = 2, .started = 1795000000, .seconds = 1.5};
    double points[] = {0, 0, 0, .1, 1, 1, NAN, NAN};
    one.plot = (struct audit_plot){PLOT_ROC, "x", "y", 2, mem_new(8, sizeof(double))};
    assert_non_null(one.plot.rows);
    memcpy(one.plot.rows, points, sizeof points);
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
    const struct json *plot = json_get(json_get(first, "plot"), "points");
    assert_int_equal(json_count(plot), 2);
    assert_int_equal(json_count(json_at(plot, 0)), 4);
    assert_int_equal(json_count(json_at(plot, 1)), 2);
    assert_string_equal(json_string_text(json_get(second, "verdict")), "not evaluated");
    assert_true(json_is_null(json_get(second, "value")) && json_is_null(json_get(second, "interval")));
}

static void table(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct attack *const *at = attacks; *at; at++, count++) {
        const struct attack *attack = *at;
        assert_true(attack->run && strlen(attack->summary) > 20 && attack->paper && attack->claims[0].name);
        for (const struct audit_claim *row = attack->claims; row->name; row++) {
            assert_true(row->target && row->knows && row->metric && row->unit && row->baseline && row->control);
            assert_true(row->tolerated <= row->limit);
        }
    }
    assert_true(count >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts),        cmocka_unit_test(suites),  cmocka_unit_test(counts),
        cmocka_unit_test(controls),        cmocka_unit_test(written), cmocka_unit_test(table),
        cmocka_unit_test(suite_is_judged), cmocka_unit_test(powers),  cmocka_unit_test(tests_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
