/* dp/weighted_union: that no set of keys weighs more than one unit may, that the threshold keeps a unit's own keys
 * back, and what is refused. */
#include "dp/weighted_union.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void weights_stay_within_the_norm(void **state)
{
    (void)state;
    const uint64_t most = (uint64_t)DP_UNION_ONE * DP_UNION_ONE;
    assert_int_equal(dp_union_weight(1), DP_UNION_ONE);
    assert_int_equal(dp_union_weight(4), DP_UNION_ONE / 2);
    for (uint64_t had = 1; had <= DP_UNION_KEYS_MAX; had++) {
        uint64_t weight = dp_union_weight((uint32_t)had);
        assert_true(weight * weight * had <= most);
        assert_true((weight + 1) * (weight + 1) * had > most);
    }
}

static struct dp_union made(uint64_t rho, uint64_t delta, uint32_t keys)
{
    struct dp_union mechanism;
    assert_int_equal(dp_union_for((struct dp_zcdp){rho, delta}, keys, &mechanism), OK);
    return mechanism;
}

/* P(N >= distance) of the discrete Gaussian by its sum, relative to the mass at 0 and all its neighbours. */
static double discrete_tail(double variance, int64_t distance)
{
    long double all = 0, beyond = 0;
    for (int64_t x = -80000; x <= 80000; x++) {
        long double mass = expl(-(long double)x * (long double)x / (2 * (long double)variance));
        all += mass;
        beyond += x >= distance ? mass : 0;
    }
    return (double)(beyond / all);
}

/* For every number of keys of one unit: that any of them is seen has probability δ at most, and for one number nearly
 * δ: no threshold is much lower. */
static void own_keys_stay_back(void **state)
{
    (void)state;
    const double delta = 1e-6;
    struct dp_union mechanism = made(DP_RHO_ONE / 10, DP_DELTA_ONE / 1000000, 12);
    double most = 0;
    for (uint32_t had = 1; had <= 12; had++) {
        double seen =
            had * discrete_tail((double)mechanism.variance, mechanism.threshold - (int64_t)dp_union_weight(had));
        assert_true(seen <= delta);
        most = seen > most ? seen : most;
    }
    assert_true(most > 0.99 * delta);
}

static void noise_is_what_the_loss_says(void **state)
{
    (void)state;
    struct dp_union mechanism = made(DP_RHO_ONE / 32, DP_DELTA_ONE / 1000000, 8);
    struct dp_zcdp loss =
        dp_zcdp_of_variance((uint64_t)DP_UNION_ONE * DP_UNION_ONE, (struct dp_ratio){mechanism.variance, 1});
    assert_int_equal(loss.rho, DP_RHO_ONE / 32);
    assert_int_equal(mechanism.variance, (uint64_t)DP_UNION_ONE * DP_UNION_ONE * 16);
}

static void more_of_anything_is_seen_more(void **state)
{
    (void)state;
    struct dp_union mechanism = made(DP_RHO_ONE / 10, DP_DELTA_ONE / 1000000, 8);
    assert_true(made(DP_RHO_ONE / 5, DP_DELTA_ONE / 1000000, 8).threshold < mechanism.threshold);
    assert_true(made(DP_RHO_ONE / 10, DP_DELTA_ONE / 1000, 8).threshold < mechanism.threshold);
    assert_true(made(DP_RHO_ONE / 10, DP_DELTA_ONE / 1000000, 1).threshold <= mechanism.threshold);
    assert_true(dp_union_probability(&mechanism, 0) < 1e-6);
    assert_true(fabs(dp_union_probability(&mechanism, mechanism.threshold) - 0.5) < 0.001);
    assert_true(dp_union_probability(&mechanism, 2 * mechanism.threshold) > 0.999);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    const struct {
        struct dp_zcdp loss;
        uint32_t keys;
    } cases[] = {
        {{DP_RHO_ONE, 0}, 1},
        {{DP_RHO_ONE, DP_DELTA_ONE}, 1},
        {{0, 1}, 1},
        {{DP_UNION_RHO_LEAST - 1, 1}, 1},
        {{DP_UNION_RHO_MOST + 1, 1}, 1},
        {{DP_RHO_ONE, 1}, 0},
        {{DP_RHO_ONE, 1}, DP_UNION_KEYS_MAX + 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dp_union mechanism;
        assert_int_equal(dp_union_for(cases[i].loss, cases[i].keys, &mechanism), ERR_USAGE);
        assert_int_equal(mechanism.threshold, 0);
    }
    assert_true(made(DP_UNION_RHO_LEAST, 1, DP_UNION_KEYS_MAX).threshold > 0);
    assert_true(made(DP_UNION_RHO_MOST, DP_DELTA_ONE - 1, 1).threshold > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_stay_within_the_norm), cmocka_unit_test(own_keys_stay_back),
        cmocka_unit_test(noise_is_what_the_loss_says), cmocka_unit_test(more_of_anything_is_seen_more),
        cmocka_unit_test(what_makes_no_sense_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
