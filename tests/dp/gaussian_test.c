/* dp/gaussian: draws against the exact probabilities (chi-square, alpha = 1e-6, fixed seeds), and the ends of the
 * range.
 */
#include "dp/gaussian.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

enum { DRAWS = 100000, REACH = 400, BINS = 2 * REACH + 1 }; /* the outermost bins are for all beyond */

static void expect(double variance, double expected[static BINS])
{
    double total = 0;
    for (int i = 0; i < BINS; i++)
        expected[i] = 0;
    for (int x = -20 * REACH; x <= 20 * REACH; x++) {
        double weight = exp(-(double)x * x / (2 * variance));
        expected[x < -REACH ? 0 : x > REACH ? BINS - 1 : x + REACH] += weight;
        total += weight;
    }
    for (int i = 0; i < BINS; i++)
        expected[i] /= total;
}

static bool fits(struct dp_ratio variance, double law)
{
    static uint64_t counts[BINS];
    static double expected[BINS];
    struct dp_stream *stream SEEDED = seeded_stream(variance.numerator * 1000003 + variance.denominator);
    expect(law, expected);
    for (int i = 0; i < BINS; i++)
        counts[i] = 0;
    for (int i = 0; i < DRAWS; i++) {
        int64_t x = dp_gaussian(stream, variance);
        counts[x < -REACH ? 0 : x > REACH ? BINS - 1 : (int)x + REACH]++;
    }
    return chi_square_fits(counts, expected, BINS, DRAWS);
}

static void test_laws(void **state)
{
    (void)state;
    static const struct dp_ratio variances[] = {
        {1, 1}, {1, 4}, {9, 4}, {100, 1}, {10000, 1}, {355, 113}, {DP_VARIANCE_MOST - 3, DP_VARIANCE_MOST},
    };
    for (size_t i = 0; i < sizeof variances / sizeof *variances; i++)
        assert_true(fits(variances[i], (double)variances[i].numerator / (double)variances[i].denominator));
}

static void test_the_check_can_fail(void **state)
{
    (void)state;
    assert_false(fits((struct dp_ratio){1, 1}, 0.97));
    assert_false(fits((struct dp_ratio){100, 1}, 106));
}

/* At the ends of the range the invariants of the products hold, and the spread is what it should be. */
static void test_extremes(void **state)
{
    (void)state;
    const struct dp_ratio wide = {DP_VARIANCE_MOST, 1}, narrow = {1, DP_VARIANCE_MOST};
    const double sigma = 1 << 25;
    struct dp_stream *stream SEEDED = seeded_stream(8);
    double squares = 0;
    for (int i = 0; i < 4000; i++) {
        double x = (double)dp_gaussian(stream, wide) / sigma;
        squares += x * x;
        assert_int_equal(dp_gaussian(stream, narrow), 0);
    }
    assert_true(fabs(squares / 4000 - 1) < 0.11); /* five standard deviations */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_the_check_can_fail),
        cmocka_unit_test(test_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
