/* dp/laplace: draws against the exact probabilities (chi-square, alpha = 1e-6, fixed seeds), rates, bounds. */
#include "dp/laplace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

#define DRAWS 100000
#define REACH 400 /* bins -REACH..REACH, the outermost for all beyond */

static size_t bin_of(int64_t x)
{
    if (x < -REACH)
        return 0;
    return (size_t)((x > REACH ? REACH : x) + REACH);
}

/* Whether draws at rate fit the Laplace (or geometric) law of rate `law`. */
static bool fits(int64_t (*draw)(struct dp_stream *, struct dp_ratio), struct dp_ratio rate, double law)
{
    static uint64_t counts[2 * REACH + 1];
    static double expected[2 * REACH + 1];
    struct dp_stream *stream SEEDED = seeded_stream(rate.numerator * 1000003 + rate.denominator);
    double r = exp(-law);
    bool two_sided = draw == dp_laplace;
    for (int i = 0; i <= 2 * REACH; i++) {
        int x = i - REACH;
        double mass = two_sided ? (1 - r) / (1 + r) * pow(r, abs(x)) : x >= 0 ? (1 - r) * pow(r, x) : 0;
        bool outermost = abs(x) == REACH && mass > 0;
        expected[i] = outermost ? mass / (1 - r) : mass;
        counts[i] = 0;
    }
    for (int i = 0; i < DRAWS; i++)
        counts[bin_of(draw(stream, rate))]++;
    return chi_square_fits(counts, expected, 2 * REACH + 1, DRAWS);
}

static const struct dp_ratio rates[] = {
    {1, 1},
    {1, 2},
    {2, 1},
    {5, 1},
    {1, 10},
    {3, 7},
    {7, 3},
    {1, 100},
    {693147, 1000000},
    {DP_RATE_MOST - 1, DP_RATE_MOST},
};

static void test_laws(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        double law = (double)rates[i].numerator / (double)rates[i].denominator;
        assert_true(fits(dp_laplace, rates[i], law));
        assert_true(fits(dp_geometric, rates[i], law));
    }
}

static void test_the_check_can_fail(void **state)
{
    (void)state;
    assert_false(fits(dp_laplace, (struct dp_ratio){1, 1}, 0.5));    /* half the noise */
    assert_false(fits(dp_laplace, (struct dp_ratio){1, 10}, 0.103)); /* 3 % off */
    assert_false(fits(dp_geometric, (struct dp_ratio){1, 2}, 0.48));
}

static void test_rates(void **state)
{
    (void)state;
    struct dp_ratio rate;
    assert_int_equal(dp_laplace_rate((struct dp_epsilon){500000}, 2, &rate), OK);
    assert_true(rate.numerator == 500000 && rate.denominator == 2000000);
    assert_int_equal(dp_laplace_rate((struct dp_epsilon){0}, 1, &rate), ERR_USAGE);
    assert_int_equal(dp_laplace_rate((struct dp_epsilon){1}, 0, &rate), ERR_USAGE);
    assert_int_equal(dp_laplace_rate((struct dp_epsilon){UINT64_MAX}, 1, &rate), ERR_USAGE);
    assert_int_equal(dp_laplace_rate((struct dp_epsilon){1}, UINT64_MAX, &rate), ERR_USAGE);
}

static void test_extremes(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(5);
    const struct dp_ratio faint = {1, DP_RATE_MOST}, loud = {DP_RATE_MOST, 1};
    for (int i = 0; i < 1000; i++) {
        assert_true(llabs(dp_laplace(stream, faint)) < INT64_C(1) << 50);
        assert_int_equal(dp_laplace(stream, loud), 0);
    }
    bool low = false, high = false;
    for (int i = 0; i < 200; i++) {
        low |= dp_laplace_add(stream, INT64_MIN, faint) == INT64_MIN;
        high |= dp_laplace_add(stream, INT64_MAX, faint) == INT64_MAX;
    }
    assert_true(low && high);
}

/* The bound holds: at most the stated share of draws lies beyond it, and not with half the width. */
static void test_bound(void **state)
{
    (void)state;
    const struct dp_ratio rate = {1, 10}, share = {1, 20};
    uint64_t bound = dp_laplace_bound(rate, share);
    double r = exp(-0.1);
    assert_true(2 * pow(r, (double)bound + 1) / (1 + r) <= 0.05);
    assert_true(2 * pow(r, (double)bound) / (1 + r) > 0.05); /* the least such */
    assert_int_equal(dp_laplace_bound((struct dp_ratio){DP_RATE_MOST, 1}, share), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_laws),  cmocka_unit_test(test_the_check_can_fail),
        cmocka_unit_test(test_rates), cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
