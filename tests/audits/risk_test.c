/* The risk of members over the held-out: by hand, against coverage, and as a result of the suite. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/audit.h"
#include "audits/statistics/risk.h"

static void near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.12g is not %.12g", value, wanted);
}

static void by_hand(void **state)
{
    (void)state;
    near(stat_risk(&(struct rates){60, 20, 100}), .5, 1e-12);  /* (.6 - .2) / .8 */
    near(stat_risk(&(struct rates){20, 20, 100}), 0, 1e-12);   /* what is true of everybody is no risk of members */
    near(stat_risk(&(struct rates){10, 50, 100}), -.8, 1e-12); /* (.1 - .5) / .5 */
    assert_true(isnan(stat_risk(&(struct rates){100, 100, 100})));
    assert_true(isnan(stat_risk(&(struct rates){0, 0, 0})));
    /* None of 100 on either side: each rate's bound at .0125 is 1 - .0125^(1/100) = .04288. */
    struct interval none = stat_risk_interval(&(struct rates){0, 0, 100}, .025);
    near(none.high, .042877, 1e-5);
    near(none.low, -.042877 / (1 - .042877), 1e-5);
}

static void p_agrees_with_the_interval(void **state)
{
    (void)state;
    const struct rates rates = {60, 20, 100};
    double p = stat_risk_p(&rates, .1);
    near(stat_risk_interval(&rates, p).low, .1, 1e-9);
    near(p, 6.719804501e-4, 1e-9); /* SciPy 1.17: beta.ppf, halved likewise */
    assert_true(stat_risk_p(&rates, .35) > p);
    near(stat_risk_interval(&(struct rates){50, 21, 100}, .025).low, .10011553910942, 1e-9);
    near(stat_risk_p(&(struct rates){20, 20, 100}, .1), 1, 0);
    assert_true(stat_risk_p(&(struct rates){100, 0, 100}, .1) < 1e-9);
}

static size_t draw(struct random random, size_t n, double rate)
{
    size_t hits = 0;
    for (size_t i = 0; i < n; i++)
        hits += random_unit(random) < rate;
    return hits;
}

/* Rates .5 and .3: the risk is 2/7. Joined bounds err on the safe side. */
static void covers(void **state)
{
    (void)state;
    enum { DRAWS = 400, N = 80 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    size_t covered = 0;
    for (int i = 0; i < DRAWS; i++) {
        struct rates rates = {draw(random, N, .5), draw(random, N, .3), N};
        struct interval interval = stat_risk_interval(&rates, .025);
        covered += interval.low <= 2. / 7 && 2. / 7 <= interval.high;
    }
    assert_true(covered >= DRAWS * 95 / 100);
}

/* A result of this kind is corrected like any other: what is a leak alone need not be one among many. */
static void in_a_suite(void **state)
{
    (void)state;
    static const struct audit_claim claim = {.name = "x", .limit = .1, .tolerated = .1};
    struct audit_results results = {0};
    struct audit_result clear = audit_result_start(&claim), none = clear, close = clear;
    clear.control = none.control = close.control = CONTROL_PASSED;
    audit_result_risk(&clear, 700, 200, 1000);
    audit_result_risk(&none, 205, 200, 2000);
    audit_result_risk(&close, 51, 21, 100);
    assert_true(close.low > .1 && close.low < .12);
    assert_int_equal(audit_results_add(&results, &clear), OK);
    assert_int_equal(audit_results_add(&results, &none), OK);
    assert_int_equal(audit_results_add(&results, &close), OK);
    assert_int_equal(results.items[2].verdict, VERDICT_LEAK);
    assert_int_equal(audit_results_judge(&results), OK);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK);
    assert_int_equal(results.items[1].verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(results.items[2].verdict, VERDICT_NOT_EVALUATED);
    assert_true(results.items[0].all_low < results.items[0].low && results.items[0].all_high > results.items[0].high);
    assert_true(results.items[1].detects > .1 && results.items[1].detects < .2);
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(p_agrees_with_the_interval),
        cmocka_unit_test(covers),
        cmocka_unit_test(in_a_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
