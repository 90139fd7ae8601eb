/* dp/stability: how seldom a lone key is released, what is refused, the loss. */
#include "dp/stability.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static const struct dp_count_noise laplace = {DP_COUNT_LAPLACE, {1, 2}}, gaussian = {DP_COUNT_GAUSSIAN, {9, 1}};

static struct dp_stability made(struct dp_stability_terms terms)
{
    struct dp_stability histogram;
    assert_int_equal(dp_stability_for(terms, NULL, &histogram), OK);
    return histogram;
}

/* P(1 + draw >= threshold), and with the threshold one lower. */
static void test_threshold(void **state)
{
    (void)state;
    struct dp_stability histogram = made((struct dp_stability_terms){laplace, DP_DELTA_ONE / 100000, 2});
    double r = exp(-.5), t = (double)histogram.threshold;
    assert_true(pow(r, t - 1) / (1 + r) <= 5e-6 && pow(r, t - 2) / (1 + r) > 5e-6);
}

static void test_draws(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    struct dp_stream *stream SEEDED = seeded_stream(5);
    const struct dp_count_noise both[] = {laplace, gaussian};
    for (int i = 0; i < 2; i++) {
        struct dp_stability histogram = made((struct dp_stability_terms){both[i], DP_DELTA_ONE / 100, 1});
        uint64_t kept = 0, half = 0;
        int64_t noisy;
        for (int k = 0; k < DRAWS; k++) {
            bool is = dp_stability_keeps(&histogram, stream, 1, &noisy);
            kept += is;
            assert_true(is ? noisy >= histogram.threshold : noisy == 0);
            half += dp_stability_keeps(&histogram, stream, (uint64_t)histogram.threshold, &noisy);
            assert_false(dp_stability_keeps(&histogram, stream, 0, &noisy));
        }
        assert_true(kept > DRAWS / 500 && kept < DRAWS / 100 + 160); /* five deviations of the most allowed */
        assert_true(half > DRAWS / 2 && half < DRAWS * 2 / 3);
        assert_true(dp_stability_keeps(&histogram, stream, UINT64_MAX, &noisy));
    }
}

static void test_refused_and_loss(void **state)
{
    (void)state;
    static const struct dp_stability_terms wrong[] = {
        {{DP_COUNT_LAPLACE, {0, 1}}, 1000, 1},
        {{DP_COUNT_LAPLACE, {1, 1}}, 1000, 0},
        {{DP_COUNT_LAPLACE, {1, 1}}, 0, 1},
        {{DP_COUNT_LAPLACE, {1, 1}}, 2, 3},
        {{DP_COUNT_LAPLACE, {1, 1}}, DP_DELTA_ONE, 1},
    };
    struct dp_stability histogram;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct why why = {0};
        assert_int_equal(dp_stability_for(wrong[i], &why, &histogram), ERR_USAGE);
        assert_true(histogram.threshold == 0 && why.what != NULL);
    }
    histogram = made((struct dp_stability_terms){laplace, 1000, 2});
    struct dp_zcdp loss = dp_stability_loss(&histogram), pure = dp_zcdp_of_pure((struct dp_epsilon){1000000});
    assert_true(loss.rho == pure.rho && loss.delta == 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_refused_and_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
