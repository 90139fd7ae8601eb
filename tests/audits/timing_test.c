/* The statistics of the timed attacks, on known answers and on times that were made up: no clock. */
#include "tests/audits/traces.h"

#include <math.h>

#include "audits/channel/timed.h"

static void expect(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12))
        fail_msg("%.17g instead of %.17g", value, expected);
}

/* Sleep gained with two drugs (Student 1908). The trimmed mean and its error by scipy 1.17 (trim_mean and
 * mstats.trimmed_stde of the differences, .2 of either side), t by ttest_ind without equal variances. */
static void a_known_answer(void **state)
{
    (void)state;
    static const double a[] = {.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2};
    static const double b[] = {1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    struct timing_test test;
    assert_int_equal(timing_compare(a, b, 10, &test), OK);
    expect(test.difference, 1.3333333333333333);
    expect(test.error, .17603310575283163);
    expect(test.t, 1.8608134674868526);
    assert_int_equal(timing_compare(a, b, TIMING_LEAST - 1, &test), ERR_USAGE);
    expect(test.t, 0);
}

#define TURNS 4000
#define CLASSES 4 /* the first; one like it; one that is slower; the first with the delay */
struct made_up {
    double nanos[CLASSES * TURNS];
};

/* A machine that is slow for a while, and interrupted now and then. */
static void make(struct made_up *out, double slower, double noise)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    for (size_t turn = 0; turn < TURNS; turn++)
        for (size_t class = 0; class < CLASSES; class ++) {
            double spread = noise * (random_unit(random) + random_unit(random) + random_unit(random));
            double nanos = 100000 + 30000 * (turn / 500 % 2 == 0) + spread;
            nanos += random_below(random, 20) == 0 ? 2000000 * random_unit(random) : 0;
            nanos += class == 2 ? slower : class == 3 ? 2 * TIMED_LIMIT : 0;
            out->nanos[class * TURNS + turn] = nanos;
        }
}

static const struct audit_claim claim = {.name = "made up", .limit = TIMED_LIMIT, .tolerated = TIMED_LIMIT};

static enum verdict judge(const struct made_up *made_up, const size_t *others, size_t count,
                          struct audit_result *result)
{
    struct audit_results results = {0};
    static const char *const names[] = {"first", "alike", "slower", "delayed"};
    const struct timed_classes classes = {names, made_up->nanos, CLASSES, TURNS, 3};
    *result = audit_result_start(&claim);
    assert_int_equal(timed_result(&classes, others, count, "made up", &results, result), OK);
    result->note = NULL; /* the results' */
    audit_results_free(&results);
    return verdict_of(result);
}

static void what_is_slower_is_found(void **state)
{
    (void)state;
    static const size_t alike[] = {1}, both[] = {1, 2};
    struct audit_result result;
    struct made_up *made_up = mem_new(1, sizeof *made_up);
    assert_non_null(made_up);
    make(made_up, 3000, 10000);
    assert_int_equal(judge(made_up, alike, 1, &result), VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(judge(made_up, both, 2, &result), VERDICT_LEAK);
    assert_true(result.low < 3000 && 3000 < result.high);
    make(made_up, 900, 10000); /* under the limit, too near to it to be excluded */
    assert_int_equal(judge(made_up, both, 2, &result), VERDICT_NOT_EVALUATED);
    assert_int_equal(result.control, CONTROL_PASSED);
    mem_free(made_up);
}

/* Half of the turns so much over `at`, half under it: the estimate is `at` itself, its error grows with `around`. */
static void spread(double *nanos, double at, double around)
{
    for (size_t turn = 0; turn < TURNS; turn++) {
        size_t pair = turn / 2;
        double away = around * (double)pair / TURNS;
        nanos[turn] = 100000 + at + (turn % 2 ? away : -away);
    }
}

/* The class with the largest estimate is well under the limit; the other, known badly, may be over it. */
static void who_is_known_badly_counts(void **state)
{
    (void)state;
    static const size_t near[] = {2}, both[] = {1, 2};
    struct audit_result result;
    struct made_up *made_up = mem_new(1, sizeof *made_up);
    assert_non_null(made_up);
    spread(made_up->nanos, 0, 0);
    spread(made_up->nanos + 1 * TURNS, 450, 80000);
    spread(made_up->nanos + 2 * TURNS, 500, 8000);
    spread(made_up->nanos + 3 * TURNS, 2 * TIMED_LIMIT, 0);
    assert_int_equal(judge(made_up, near, 1, &result), VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(judge(made_up, both, 2, &result), VERDICT_NOT_EVALUATED);
    assert_int_equal(result.control, CONTROL_PASSED);
    assert_true(fabs(result.value - 500) < 1e-6);
    assert_true(result.low > 300 && result.high > TIMED_LIMIT); /* low is the near one's, high the other's */
    mem_free(made_up);
}

/* A clock that cannot see twice the limit says nothing, and does not void a suite. */
static void a_busy_machine_says_nothing(void **state)
{
    (void)state;
    static const size_t both[] = {1, 2};
    struct audit_result result;
    struct made_up *made_up = mem_new(1, sizeof *made_up);
    assert_non_null(made_up);
    make(made_up, 3000, 400000);
    assert_int_equal(judge(made_up, both, 2, &result), VERDICT_NOT_EVALUATED);
    assert_int_equal(result.control, CONTROL_UNDECIDED);
    mem_free(made_up);
}

static enum status count_calls(void *context, size_t class, double *nanos)
{
    size_t *calls = context;
    *nanos = (double)(class * 1000 + calls[class]++);
    return OK;
}

static void every_class_has_a_call_a_turn(void **state)
{
    (void)state;
    struct random_seeded seeded;
    size_t calls[3] = {0};
    SCOPED_MEM double *nanos = NULL;
    const struct timing timing = {3, 20, count_calls, calls};
    assert_int_equal(timing_measure(&timing, random_seeded_start(&seeded, 1), &nanos), OK);
    for (size_t class = 0; class < 3; class ++)
        for (size_t turn = 0; turn < 20; turn++)
            expect(nanos[class * 20 + turn], (double)(class * 1000 + turn));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_answer),
        cmocka_unit_test(what_is_slower_is_found),
        cmocka_unit_test(who_is_known_badly_counts),
        cmocka_unit_test(a_busy_machine_says_nothing),
        cmocka_unit_test(every_class_has_a_call_a_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
