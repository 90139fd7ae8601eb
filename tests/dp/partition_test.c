/* dp/partition: the guarantee on the table itself, known answers, optimality against the recurrence in real numbers,
 * draws against the chances, what is refused. */
#include "dp/partition.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static const struct dp_partition_terms usual = {{1000000}, 10000000000000, 1}; /* ε = 1, δ = 1e-5 */

static struct dp_partition *made(struct dp_partition_terms terms)
{
    struct dp_partition *partition;
    assert_int_equal(dp_partition_new(terms, NULL, &partition), OK);
    return partition;
}

/* Desfontaines et al. 2020, theorem 1, at ε = 1, δ = 1e-5: .0001 at 3 supporters, .13 at 10; half is passed at 12. */
static void test_known_answers(void **state)
{
    (void)state;
    struct dp_partition *partition = made(usual);
    assert_true(dp_partition_chance(partition, 0) == 0);
    assert_float_equal(dp_partition_chance(partition, 1), 1e-5, 1e-14);
    assert_float_equal(dp_partition_chance(partition, 3), .000111, 5e-7);
    assert_float_equal(dp_partition_chance(partition, 10), .128183, 5e-7);
    assert_float_equal(dp_partition_chance(partition, 11), .348448, 5e-7);
    assert_float_equal(dp_partition_chance(partition, 12), .760311, 5e-7);
    assert_int_equal(dp_partition_support(partition, (struct dp_ratio){1, 2}), 12);
    assert_int_equal(dp_partition_support(partition, (struct dp_ratio){95, 100}), 14);
    assert_int_equal(dp_partition_support(partition, (struct dp_ratio){1, UINT64_MAX}), 1);
    uint64_t sure = dp_partition_support(partition, (struct dp_ratio){1, 1});
    assert_true(dp_partition_chance(partition, sure) == 1 && dp_partition_chance(partition, sure - 1) < 1);
    dp_partition_free(partition);
}

/* Largest excess of one of the four inequalities of (ε, δ) between counts that differ by one. */
static double excess(const struct dp_partition *partition, double epsilon, double delta, uint64_t until)
{
    double worst = -1;
    for (uint64_t n = 0; n < until; n++) {
        double p = dp_partition_chance(partition, n), q = dp_partition_chance(partition, n + 1), e = exp(epsilon);
        const double over[] = {q - e * p, p - e * q, (1 - p) - e * (1 - q), (1 - q) - e * (1 - p)};
        for (int i = 0; i < 4; i++)
            worst = fmax(worst, over[i] - delta);
    }
    return worst;
}

static const struct {
    uint64_t micro, delta;
} many[] = {
    {1000000, 10000000000000}, {500000, 10000000000000},     {100000, 1000000000000}, {8000000, 1000000},
    {1000, 1000000000000000},  {32000000, DP_DELTA_ONE / 2}, {250000, 1000000000},
};

/* The guarantee, and that nothing is given away: the chances are those of the recurrence in real numbers. */
static void test_guarantee_and_optimum(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct dp_partition *partition = made((struct dp_partition_terms){{many[i].micro}, many[i].delta, 1});
        double epsilon = (double)many[i].micro / 1e6, delta = (double)many[i].delta / 1e18, p = 0;
        uint64_t sure = dp_partition_support(partition, (struct dp_ratio){1, 1});
        double off = 4e-16 * (1 + exp(epsilon)); /* of the doubles compared */
        assert_true(excess(partition, epsilon, delta, sure + 2) <= off);
        assert_true(excess(partition, epsilon, delta / 1.01, 1) > 0); /* the check can fail */
        for (uint64_t n = 0; n < sure; n++) {
            assert_true(dp_partition_chance(partition, n) <= p * (1 + 1e-11) + 1e-15);
            assert_true(dp_partition_chance(partition, n) >= p * (1 - 1e-8) - 1e-15);
            p = fmin(fmin(exp(epsilon) * p + delta, 1 - exp(-epsilon) * (1 - p - delta)), 1);
        }
        dp_partition_free(partition);
    }
}

static void test_pre_threshold(void **state)
{
    (void)state;
    struct dp_partition *partition = made(usual),
                        *later = made((struct dp_partition_terms){{1000000}, 10000000000000, 5});
    for (uint64_t n = 0; n < 40; n++)
        assert_true(dp_partition_chance(later, n + 4) == dp_partition_chance(partition, n));
    for (uint64_t n = 0; n < 5; n++)
        assert_true(dp_partition_chance(later, n) == 0);
    assert_int_equal(dp_partition_support(later, (struct dp_ratio){1, 2}), 16);
    assert_true(dp_partition_chance(later, UINT64_MAX) == 1);
    dp_partition_free(partition);
    dp_partition_free(later);
}

static void test_draws(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    struct dp_stream *stream SEEDED = seeded_stream(31);
    struct dp_partition *partition = made(usual);
    for (uint64_t n = 10; n < 15; n++) {
        uint64_t counts[2] = {0};
        for (int i = 0; i < DRAWS; i++)
            counts[dp_partition_keeps(partition, stream, n)]++;
        double p = dp_partition_chance(partition, n), off = dp_partition_chance(partition, n + 1);
        assert_true(chi_square_fits(counts, (double[]){1 - p, p}, 2, DRAWS));
        assert_false(chi_square_fits(counts, (double[]){1 - off, off}, 2, DRAWS));
    }
    for (int i = 0; i < DRAWS; i++) {
        assert_false(dp_partition_keeps(partition, stream, 0));
        assert_true(dp_partition_keeps(partition, stream, 100));
    }
    dp_partition_free(partition);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        struct dp_partition_terms terms;
        enum status status;
    } cases[] = {
        {{{0}, 1, 1}, ERR_USAGE},
        {{{DP_PARTITION_EPSILON_MOST + 1}, 1, 1}, ERR_USAGE},
        {{{UINT64_MAX}, 1, 1}, ERR_USAGE},
        {{{1000000}, 0, 1}, ERR_USAGE},
        {{{1000000}, DP_DELTA_ONE / 2 + 1, 1}, ERR_USAGE},
        {{{1000000}, UINT64_MAX, 1}, ERR_USAGE},
        {{{1000000}, 1, 0}, ERR_USAGE},
        {{{1000000}, 1, UINT64_MAX}, ERR_USAGE},
        {{{1}, 1, 1}, ERR_TOO_LARGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct why why = {0};
        struct dp_partition *partition;
        assert_int_equal(dp_partition_new(cases[i].terms, &why, &partition), cases[i].status);
        assert_true(partition == NULL && why.what != NULL);
    }
    struct dp_partition *partition;
    mem_fail_after(1);
    assert_int_equal(dp_partition_new(usual, NULL, &partition), ERR_MEMORY);
    dp_partition_free(NULL);
}

static void test_loss(void **state)
{
    (void)state;
    struct dp_zcdp one = dp_zcdp_of_approximate(usual.epsilon, usual.delta), three = dp_partition_loss(usual, 3);
    assert_true(three.rho == 3 * one.rho && three.delta == 3 * usual.delta);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_guarantee_and_optimum),
        cmocka_unit_test(test_pre_threshold), cmocka_unit_test(test_draws),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
