/* dp/count_noise: the tails' bounds hold and are near, losses, bounds of the sums, what is refused. */
#include "dp/count_noise.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static const struct dp_count_noise laplace = {DP_COUNT_LAPLACE, {1, 2}}, gaussian = {DP_COUNT_GAUSSIAN, {9, 1}};

/* P(draw >= t), by sums. */
static double tail_of(struct dp_count_noise noise, uint64_t t)
{
    double size = (double)noise.size.numerator / (double)noise.size.denominator, sum = 0, whole = 0;
    if (noise.kind == DP_COUNT_LAPLACE)
        return exp(-size * (double)t) / (1 + exp(-size));
    for (double x = -400; x <= 400; x++) {
        double mass = exp(-x * x / (2 * size));
        whole += mass;
        sum += x >= (double)t ? mass : 0;
    }
    return sum / whole;
}

static void test_tail(void **state)
{
    (void)state;
    static const struct dp_count_noise noises[] = {
        {DP_COUNT_LAPLACE, {1, 2}},  {DP_COUNT_LAPLACE, {1, 1}},    {DP_COUNT_LAPLACE, {3, 100}},
        {DP_COUNT_GAUSSIAN, {9, 1}}, {DP_COUNT_GAUSSIAN, {400, 1}}, {DP_COUNT_GAUSSIAN, {1, 2}},
    };
    static const uint64_t deltas[] = {DP_DELTA_ONE / 10, DP_DELTA_ONE / 100000, 1000000000, 1};
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++)
        for (size_t d = 0; d < sizeof deltas / sizeof *deltas; d++) {
            double delta = (double)deltas[d] / 1e18;
            uint64_t tail = dp_count_noise_tail(noises[i], deltas[d]);
            assert_true(tail_of(noises[i], tail) <= delta);
            uint64_t near = noises[i].kind == DP_COUNT_LAPLACE ? 1 : 2; /* the Gaussian bound gives one away */
            assert_true(deltas[d] == 1 || tail <= near || tail_of(noises[i], tail - near) > delta);
        }
}

static void test_draws(void **state)
{
    (void)state;
    enum { DRAWS = 50000 };
    struct dp_stream *stream SEEDED = seeded_stream(3);
    const struct dp_count_noise both[] = {laplace, gaussian};
    for (int i = 0; i < 2; i++) {
        uint64_t counts[2] = {0};
        for (int k = 0; k < DRAWS; k++)
            counts[dp_count_noise_add(stream, both[i], 100) >= 103]++;
        double p = tail_of(both[i], 3);
        assert_true(chi_square_fits(counts, (double[]){1 - p, p}, 2, DRAWS));
        bool most = false, least = false;
        for (int k = 0; k < 100; k++) {
            most |= dp_count_noise_add(stream, both[i], INT64_MAX) == INT64_MAX;
            least |= dp_count_noise_add(stream, both[i], INT64_MIN) == INT64_MIN;
        }
        assert_true(most && least);
    }
    assert_float_equal(dp_count_noise_deviation(gaussian), 3, 1e-12);
    double r = exp(-.5);
    assert_float_equal(dp_count_noise_deviation(laplace), sqrt(2 * r) / (1 - r), 1e-12);
}

static void test_losses(void **state)
{
    (void)state;
    struct dp_epsilon epsilon;
    assert_int_equal(dp_count_noise_epsilon(laplace, 3, &epsilon), OK);
    assert_int_equal(epsilon.micro, 1500000);
    assert_true(dp_count_noise_loss(laplace, 3, 3).rho == dp_zcdp_of_pure(epsilon).rho);
    assert_true(dp_count_noise_loss(gaussian, 99, 3).rho >= DP_RHO_ONE / 6); /* 3 / (2 * 9) */
    assert_true(dp_count_noise_loss(gaussian, 99, 3).rho <= DP_RHO_ONE / 6 + 2);
    assert_int_equal(dp_count_noise_epsilon(gaussian, 1, &epsilon), ERR_USAGE);
    assert_int_equal(
        dp_count_noise_epsilon((struct dp_count_noise){DP_COUNT_LAPLACE, {DP_RATE_MOST, 1}}, UINT64_MAX, &epsilon),
        ERR_TOO_LARGE);
    assert_true(
        dp_count_noise_loss((struct dp_count_noise){DP_COUNT_LAPLACE, {DP_RATE_MOST, 1}}, UINT64_MAX, 1).delta ==
        UINT64_MAX);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct dp_count_noise wrong[] = {
        {(enum dp_count_noise_kind)2, {1, 1}}, {DP_COUNT_LAPLACE, {0, 1}},  {DP_COUNT_LAPLACE, {1, 0}},
        {DP_COUNT_GAUSSIAN, {UINT64_MAX, 1}},  {DP_COUNT_GAUSSIAN, {0, 1}}, {DP_COUNT_LAPLACE, {1, UINT64_MAX}},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct why why = {0};
        assert_int_equal(dp_count_noise_check(wrong[i], &why), ERR_USAGE);
        assert_non_null(why.what);
    }
    assert_int_equal(dp_count_noise_check(laplace, NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tail),
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
