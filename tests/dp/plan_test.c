/* dp/plan: what comes out is within the target and nothing better is; what is no plan is refused. */
#include "dp/plan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof *(array))

static const uint64_t delta = DP_DELTA_ONE / 1000000;
static const struct dp_mechanism gaussian = {.noise = DP_NOISE_GAUSSIAN, .sensitivity = 3, .sigma = {6, 1}};
static const struct dp_mechanism laplace = {.noise = DP_NOISE_LAPLACE, .epsilon = {100000}};

static struct dp_epsilon epsilon_of(enum dp_schedule schedule, struct dp_mechanism mechanism, uint64_t rounds)
{
    struct dp_epsilon out;
    const struct dp_step step = {mechanism, 1};
    assert_int_equal(dp_plan_epsilon(schedule, &step, 1, rounds, delta, &out, NULL), OK);
    return out;
}

static void test_adaptive(void **state)
{
    (void)state;
    const struct dp_step steps[] = {{gaussian, 3}, {laplace, 2}};
    struct dp_epsilon got, expected;
    assert_int_equal(dp_plan_epsilon(DP_SCHEDULE_ADAPTIVE, steps, 2, 12, delta, &got, NULL), OK);
    struct dp_zcdp loss = dp_zcdp_times(dp_steps_zcdp(steps, 2), 12);
    assert_int_equal(dp_zcdp_epsilon(loss, delta, &expected), OK);
    assert_true(got.micro == expected.micro);
}

static void test_grows(void **state)
{
    (void)state;
    uint64_t before = 0;
    for (uint64_t rounds = 1; rounds <= 10000; rounds *= 10) {
        uint64_t now = epsilon_of(DP_SCHEDULE_FIXED, gaussian, rounds).micro;
        assert_true(now > before);
        assert_true(now <= epsilon_of(DP_SCHEDULE_ADAPTIVE, gaussian, rounds).micro);
        before = now;
    }
}

/* A target of a fixed schedule takes less noise than one of an adaptive schedule, and what is found is the edge. */
static void expect_edge(enum dp_schedule schedule, const struct dp_mechanism *shape, struct dp_epsilon target,
                        struct dp_mechanism *found)
{
    assert_int_equal(dp_plan_noise(schedule, shape, 12, target, delta, found, NULL), OK);
    assert_true(epsilon_of(schedule, *found, 12).micro <= target.micro);
    struct dp_mechanism less = *found;
    less.sigma.numerator -= less.sigma.numerator / 500;
    less.epsilon.micro += less.epsilon.micro / 500 + 1;
    assert_true(epsilon_of(schedule, less, 12).micro > target.micro);
}

static void test_fixed(void **state)
{
    (void)state;
    static const enum dp_noise kinds[] = {DP_NOISE_GAUSSIAN, DP_NOISE_LAPLACE, DP_NOISE_DISCRETE_GAUSSIAN};
    for (size_t k = 0; k < SIZE(kinds); k++) {
        const struct dp_mechanism shape = {.noise = kinds[k], .sensitivity = 3};
        struct dp_mechanism fixed, adaptive;
        struct dp_epsilon target = {DP_EPSILON_ONE};
        expect_edge(DP_SCHEDULE_FIXED, &shape, target, &fixed);
        expect_edge(DP_SCHEDULE_ADAPTIVE, &shape, target, &adaptive);
        if (kinds[k] == DP_NOISE_LAPLACE)
            assert_true(fixed.epsilon.micro > adaptive.epsilon.micro);
        else
            assert_true(fixed.sigma.numerator < adaptive.sigma.numerator);
    }
}

/* Least noise: it is within the target, and a little less is not. */
static void test_noise(void **state)
{
    (void)state;
    static const enum dp_noise kinds[] = {DP_NOISE_GAUSSIAN, DP_NOISE_LAPLACE};
    static const uint64_t targets[] = {100000, 1000000, 8000000};
    for (size_t k = 0; k < SIZE(kinds); k++)
        for (size_t i = 0; i < SIZE(targets); i++) {
            const struct dp_mechanism shape = {.noise = kinds[k], .sensitivity = 3};
            struct dp_mechanism found;
            struct dp_epsilon target = {targets[i]};
            assert_int_equal(dp_plan_noise(DP_SCHEDULE_ADAPTIVE, &shape, 12, target, delta, &found, NULL), OK);
            assert_true(epsilon_of(DP_SCHEDULE_ADAPTIVE, found, 12).micro <= targets[i]);
            found.sigma.numerator -= found.sigma.numerator / 1000;
            found.epsilon.micro += found.epsilon.micro / 1000 + 1;
            assert_true(epsilon_of(DP_SCHEDULE_ADAPTIVE, found, 12).micro > targets[i]);
        }
}

static void test_rounds(void **state)
{
    (void)state;
    const struct dp_step step = {gaussian, 2};
    struct dp_epsilon target = {20000000}, got;
    uint64_t fixed;
    uint64_t rounds;
    assert_int_equal(dp_plan_rounds(DP_SCHEDULE_ADAPTIVE, &step, 1, target, delta, &rounds, NULL), OK);
    assert_true(rounds > 1);
    assert_int_equal(dp_plan_epsilon(DP_SCHEDULE_ADAPTIVE, &step, 1, rounds, delta, &got, NULL), OK);
    assert_true(got.micro <= target.micro);
    assert_int_equal(dp_plan_rounds(DP_SCHEDULE_FIXED, &step, 1, target, delta, &fixed, NULL), OK);
    assert_true(fixed > rounds && fixed < 2 * rounds);
    assert_int_equal(dp_plan_epsilon(DP_SCHEDULE_ADAPTIVE, &step, 1, rounds + 1, delta, &got, NULL), OK);
    assert_true(got.micro > target.micro);
    assert_int_equal(dp_plan_rounds(DP_SCHEDULE_ADAPTIVE, &step, 1, (struct dp_epsilon){1000}, delta, &rounds, NULL),
                     OK);
    assert_int_equal(rounds, 0);
}

static void expect_refused(enum status expected, struct dp_mechanism mechanism, uint64_t rounds, uint64_t at)
{
    const struct dp_step step = {mechanism, 1};
    struct dp_epsilon out;
    struct why why = {0};
    assert_int_equal(dp_plan_epsilon(DP_SCHEDULE_FIXED, &step, 1, rounds, at, &out, &why), expected);
    assert_true(out.micro == UINT64_MAX);
    assert_non_null(why.what);
}

static void test_refused(void **state)
{
    (void)state;
    expect_refused(ERR_USAGE, gaussian, 0, delta);
    expect_refused(ERR_USAGE, gaussian, 1, 0);
    expect_refused(ERR_USAGE, gaussian, 1, DP_DELTA_ONE);
    expect_refused(ERR_TOO_LARGE, gaussian, DP_MECHANISM_TIMES_MOST + 1, delta);
    expect_refused(ERR_USAGE, (struct dp_mechanism){.noise = DP_NOISE_GAUSSIAN}, 1, delta);
    struct dp_mechanism approximate = {.noise = DP_NOISE_APPROXIMATE, .epsilon = {1}, .delta = delta / 2};
    expect_refused(ERR_POLICY, approximate, 3, delta);
    struct dp_mechanism found;
    struct dp_epsilon one = {DP_EPSILON_ONE};
    assert_int_equal(dp_plan_noise(DP_SCHEDULE_FIXED, &gaussian, 1, (struct dp_epsilon){0}, delta, &found, NULL),
                     ERR_USAGE);
    assert_int_equal(dp_plan_noise(DP_SCHEDULE_FIXED, &gaussian, 0, one, delta, &found, NULL), ERR_USAGE);
    assert_int_equal(dp_plan_noise(DP_SCHEDULE_FIXED, &gaussian, 1, one, 0, &found, NULL), ERR_USAGE);
    assert_int_equal(dp_plan_noise(DP_SCHEDULE_FIXED, &approximate, 3, one, delta, &found, NULL), ERR_POLICY);
    const struct dp_mechanism nothing = {.noise = DP_NOISE_GAUSSIAN};
    assert_int_equal(dp_plan_noise(DP_SCHEDULE_FIXED, &nothing, 1, one, delta, &found, NULL), ERR_USAGE);
    assert_int_equal(found.sigma.numerator, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adaptive), cmocka_unit_test(test_grows),  cmocka_unit_test(test_noise),
        cmocka_unit_test(test_fixed),    cmocka_unit_test(test_rounds), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
