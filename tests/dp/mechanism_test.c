/* dp/mechanism: figures that are none of a mechanism are refused, each with its reason; losses in zCDP. */
#include "dp/mechanism.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof *(array))

static const struct dp_mechanism gaussian = {
    .noise = DP_NOISE_SAMPLED_GAUSSIAN, .sensitivity = 3, .sigma = {6, 1}, .sampled = {1, 100}};
static const struct dp_mechanism laplace = {.noise = DP_NOISE_LAPLACE, .epsilon = {500000}};

static void expect_gaussian(enum status expected, uint64_t sensitivity, struct dp_ratio sigma, struct dp_ratio sampled)
{
    struct dp_mechanism one = gaussian;
    one.sensitivity = sensitivity;
    one.sigma = sigma;
    one.sampled = sampled;
    struct why why = {0};
    assert_int_equal(dp_mechanism_check(&one, &why), expected);
    assert_true(expected == OK || why.what);
}

static void test_check_sigma(void **state)
{
    (void)state;
    const struct dp_ratio part = {1, 100}, one = {1, 1};
    expect_gaussian(OK, 3, (struct dp_ratio){6, 1}, part);
    expect_gaussian(OK, 1, one, one);
    expect_gaussian(ERR_USAGE, 0, one, part);
    expect_gaussian(ERR_USAGE, 1, (struct dp_ratio){0, 1}, part);
    expect_gaussian(ERR_USAGE, 1, (struct dp_ratio){1, 0}, part);
    expect_gaussian(ERR_USAGE, 1, one, (struct dp_ratio){0, 1});
    expect_gaussian(ERR_USAGE, 1, one, (struct dp_ratio){2, 1});
    expect_gaussian(ERR_USAGE, 1, one, (struct dp_ratio){1, 0});
    expect_gaussian(OK, 100, one, part);
    expect_gaussian(ERR_TOO_LARGE, 101, one, part);
    expect_gaussian(ERR_TOO_LARGE, UINT64_MAX, (struct dp_ratio){1, UINT64_MAX}, part);
    expect_gaussian(OK, 1, (struct dp_ratio){1000000000, 1}, part);
    expect_gaussian(ERR_TOO_LARGE, 1, (struct dp_ratio){UINT64_MAX, 1}, part);
}

static void expect_status(enum status expected, struct dp_mechanism one)
{
    struct why why = {0};
    assert_int_equal(dp_mechanism_check(&one, &why), expected);
    assert_true(expected == OK || why.what);
}

static void test_check(void **state)
{
    (void)state;
    expect_status(OK, laplace);
    expect_status(ERR_USAGE, (struct dp_mechanism){.noise = DP_NOISE_LAPLACE});
    expect_status(OK, (struct dp_mechanism){.epsilon = {DP_MECHANISM_EPSILON_MOST}});
    expect_status(ERR_TOO_LARGE, (struct dp_mechanism){.epsilon = {DP_MECHANISM_EPSILON_MOST + 1}});
    expect_status(ERR_USAGE, (struct dp_mechanism){.noise = (enum dp_noise)DP_NOISES, .epsilon = {1}});
    struct dp_mechanism approximate = {.noise = DP_NOISE_APPROXIMATE, .epsilon = {1}, .delta = DP_DELTA_ONE - 1};
    expect_status(OK, approximate);
    approximate.delta++;
    expect_status(ERR_USAGE, approximate);
    struct dp_mechanism response = {.noise = DP_NOISE_RESPONSE, .epsilon = {1}, .choices = 2};
    expect_status(OK, response);
    response.choices = 1;
    expect_status(ERR_USAGE, response);
    struct dp_mechanism geometric = {
        .noise = DP_NOISE_GEOMETRIC, .epsilon = {1}, .sensitivity = DP_MECHANISM_SUPPORT_MOST};
    expect_status(OK, geometric);
    geometric.sensitivity++;
    expect_status(ERR_TOO_LARGE, geometric);
    struct dp_mechanism discrete = {.noise = DP_NOISE_DISCRETE_GAUSSIAN, .sensitivity = 1, .sigma = {1 << 19, 1}};
    expect_status(OK, discrete);
    discrete.sigma.numerator = 1 << 20;
    expect_status(ERR_TOO_LARGE, discrete);
}

static void test_steps(void **state)
{
    (void)state;
    struct dp_step steps[] = {{laplace, 1}, {gaussian, DP_MECHANISM_TIMES_MOST}};
    assert_int_equal(dp_steps_check(steps, 2, NULL), OK);
    assert_int_equal(dp_steps_check(steps, 0, NULL), ERR_USAGE);
    steps[1].times++;
    assert_int_equal(dp_steps_check(steps, 2, NULL), ERR_TOO_LARGE);
    steps[1].times = 0;
    assert_int_equal(dp_steps_check(steps, 2, NULL), ERR_USAGE);
    steps[1] = (struct dp_step){{.noise = DP_NOISE_PURE}, 1};
    assert_int_equal(dp_steps_check(steps, 2, NULL), ERR_USAGE);
}

static void test_names(void **state)
{
    (void)state;
    for (enum dp_noise noise = 0; noise < DP_NOISES; noise++) {
        enum dp_noise got;
        assert_int_equal(dp_noise_named(bytes_str(dp_noise_name(noise)), &got), OK);
        assert_int_equal(got, noise);
    }
    enum dp_noise none;
    assert_int_equal(dp_noise_named(bytes_str("gauss"), &none), ERR_NOT_FOUND);
    assert_string_equal(dp_noise_name((enum dp_noise)99), "unknown");
}

/* ε + exp(-ε) - 1 in 1e-9, of 40 digits; at a millionth the series' first term, ε² / 2. */
static void test_zcdp(void **state)
{
    (void)state;
    static const struct {
        uint64_t micro;
        double rho;
    } rows[] = {{1, 0.0005}, {1000, 499.833374991668}, {500000, 106530659.712633}, {4000000, 3018315638.88873}};
    for (size_t i = 0; i < SIZE(rows); i++) {
        struct dp_mechanism one = {.noise = DP_NOISE_LAPLACE, .epsilon = {rows[i].micro}};
        struct dp_zcdp got = dp_mechanism_zcdp(&one);
        assert_true((double)got.rho >= rows[i].rho && (double)got.rho <= rows[i].rho + 2);
        one.noise = DP_NOISE_PURE;
        assert_true(dp_mechanism_zcdp(&one).rho >= got.rho);
    }
    assert_int_equal(dp_mechanism_zcdp(&gaussian).rho, DP_RHO_ONE / 8);
    const struct dp_mechanism approximate = {.noise = DP_NOISE_APPROXIMATE, .epsilon = {1000000}, .delta = 5};
    const struct dp_step steps[] = {{gaussian, 8}, {approximate, 3}};
    struct dp_zcdp sum = dp_steps_zcdp(steps, 2);
    assert_true(sum.rho == DP_RHO_ONE + 3 * dp_mechanism_zcdp(&approximate).rho);
    assert_true(sum.delta == 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_sigma), cmocka_unit_test(test_check), cmocka_unit_test(test_steps),
        cmocka_unit_test(test_names),       cmocka_unit_test(test_zcdp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
