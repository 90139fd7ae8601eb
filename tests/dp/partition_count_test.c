/* dp/partition_count: the noise's law, its outermost mass within δ and no narrower than it must be, the chances. */
#include "dp/partition_count.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static const struct dp_partition_terms usual = {{1000000}, 10000000000000, 1}; /* ε = 1, δ = 1e-5 */

static struct dp_partition_count made(struct dp_partition_terms terms)
{
    struct dp_partition_count count;
    assert_int_equal(dp_partition_count_for(terms, NULL, &count), OK);
    return count;
}

/* P(X = x) of noise of so wide a support. */
static double mass(double epsilon, uint64_t width, double x)
{
    double whole = 0;
    for (double i = -(double)width; i <= (double)width; i++)
        whole += exp(-epsilon * fabs(i));
    return exp(-epsilon * fabs(x)) / whole;
}

static void test_width(void **state)
{
    (void)state;
    static const struct {
        uint64_t micro, delta;
    } many[] = {{1000000, 10000000000000},
                {500000, 1000000000000},
                {100000, 1000000000},
                {8000000, 1000000},
                {1000, 1000000000000000}};
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct dp_partition_count count = made((struct dp_partition_terms){{many[i].micro}, many[i].delta, 1});
        double epsilon = (double)many[i].micro / 1e6, delta = (double)many[i].delta / 1e18;
        assert_true(mass(epsilon, count.width, (double)count.width) <= delta * (1 + 1e-12));
        assert_true(mass(epsilon, count.width - 1, (double)count.width - 1) > delta * (1 - 1e-12));
    }
    assert_int_equal(made(usual).width, 11);
}

/* Never above the optimum, and near it. */
static void test_chances(void **state)
{
    (void)state;
    struct dp_partition *optimal;
    assert_int_equal(dp_partition_new(usual, NULL, &optimal), OK);
    struct dp_partition_count count = made(usual);
    for (uint64_t n = 0; n < 40; n++) {
        double chance = dp_partition_count_chance(&count, n), best = dp_partition_chance(optimal, n), sum = 0;
        for (double x = (double)count.width - (double)n + 1; x <= (double)count.width; x++)
            sum += x >= -(double)count.width ? mass(1, count.width, x) : 0;
        assert_float_equal(chance, sum, 1e-12);
        assert_true(chance <= best + 1e-12 && chance >= best * .7 - 1e-12);
    }
    assert_int_equal(dp_partition_count_support(&count, .5), 12);
    assert_true(dp_partition_count_chance(&count, 11) < .5 && dp_partition_count_chance(&count, 12) >= .5);
    assert_int_equal(dp_partition_count_support(&count, 1), 2 * count.width + 1);
    dp_partition_free(optimal);
}

/* Released counts of `supporters`, with all that is not released in bin 0. */
static bool fits(struct dp_partition_count count, uint64_t supporters, double epsilon)
{
    enum { DRAWS = 100000, BINS = 64 };
    struct dp_stream *stream SEEDED = seeded_stream(supporters);
    uint64_t counts[BINS] = {0}, noisy;
    double expected[BINS] = {0};
    for (int i = 0; i < DRAWS; i++) {
        bool kept = dp_partition_count_keeps(&count, stream, supporters, &noisy);
        assert_true(kept ? noisy > count.width + count.terms.least - 1 && noisy < BINS : noisy == 0);
        counts[noisy]++;
    }
    expected[0] = 1;
    for (uint64_t y = count.width + count.terms.least; y <= supporters + count.width; y++)
        expected[0] -= expected[y] = mass(epsilon, count.width, (double)y - (double)supporters);
    return chi_square_fits(counts, expected, BINS, DRAWS);
}

static void test_draws(void **state)
{
    (void)state;
    assert_true(fits(made(usual), 12, 1));
    assert_true(fits(made((struct dp_partition_terms){{1000000}, 10000000000000, 4}), 20, 1));
    assert_true(fits(made((struct dp_partition_terms){{500000}, 100000000000000, 2}), 24, .5));
    assert_false(fits(made(usual), 12, 1.05));
    struct dp_stream *stream SEEDED = seeded_stream(7);
    struct dp_partition_count count = made((struct dp_partition_terms){{1000000}, 10000000000000, 4});
    uint64_t noisy;
    for (int i = 0; i < 1000; i++)
        for (uint64_t n = 0; n < 4; n++)
            assert_false(dp_partition_count_keeps(&count, stream, n, &noisy));
    assert_true(dp_partition_count_keeps(&count, stream, UINT64_MAX, &noisy));
}

static void test_refused(void **state)
{
    (void)state;
    struct dp_partition_count count;
    struct why why = {0};
    assert_int_equal(dp_partition_count_for((struct dp_partition_terms){{0}, 1, 1}, &why, &count), ERR_USAGE);
    assert_int_equal(dp_partition_count_for((struct dp_partition_terms){{1}, 1, 1}, &why, &count), ERR_TOO_LARGE);
    assert_int_equal(count.width, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_chances),
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
