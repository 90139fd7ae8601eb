/* dp/bernoulli: exact coins against their probabilities (chi-square, alpha = 1e-6, fixed seeds). */
#include "dp/bernoulli.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

#define DRAWS 200000

static bool coin_fits(bool (*coin)(struct dp_stream *, struct dp_ratio), struct dp_ratio of, double probability)
{
    struct dp_stream *stream SEEDED = seeded_stream(of.numerator * 1000003 + of.denominator);
    uint64_t counts[2] = {0};
    for (int i = 0; i < DRAWS; i++)
        counts[coin(stream, of)]++;
    const double expected[2] = {1 - probability, probability};
    return chi_square_fits(counts, expected, 2, DRAWS);
}

static void test_plain(void **state)
{
    (void)state;
    static const struct dp_ratio rows[] = {{1, 2}, {1, 3}, {999, 1000}, {UINT64_MAX / 3, UINT64_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(coin_fits(dp_bernoulli, rows[i], (double)rows[i].numerator / (double)rows[i].denominator));
    struct dp_stream *stream SEEDED = seeded_stream(3);
    for (int i = 0; i < 1000; i++) {
        assert_false(dp_bernoulli(stream, (struct dp_ratio){0, 7}));
        assert_true(dp_bernoulli(stream, (struct dp_ratio){7, 7}));
        assert_true(dp_bernoulli_exp(stream, (struct dp_ratio){0, 7}));
    }
}

static void test_exp(void **state)
{
    (void)state;
    static const struct dp_ratio rows[] = {{1, 1}, {1, 2}, {1, 1000}, {3, 2}, {5, 1}, {UINT64_MAX / 2, UINT64_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(
            coin_fits(dp_bernoulli_exp, rows[i], exp(-(double)rows[i].numerator / (double)rows[i].denominator)));
}

static void test_the_check_can_fail(void **state)
{
    (void)state;
    assert_false(coin_fits(dp_bernoulli, (struct dp_ratio){1, 2}, 0.51));
    assert_false(coin_fits(dp_bernoulli_exp, (struct dp_ratio){1, 1}, 0.5)); /* 1 - 1 + 1/2: the series cut short */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_the_check_can_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
