/* dp/rdp: against dp_accounting 0.6.0 (PyPI) on the same orders, for the sampled Gaussian on its integer ones; between
 * the loss distribution and zCDP; refusals. */
#include "dp/rdp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/pld_settings.h"

#define SIZE(array) (sizeof(array) / sizeof *(array))

static void test_others(void **state)
{
    (void)state;
    static const struct {
        struct dp_step step;
        uint64_t delta;
        double epsilon;
    } rows[] = {
        {{SAMPLED_GAUSSIAN(10, 10), 100}, 10000000000000, 1.224845780},
        {{SAMPLED_GAUSSIAN(10, 10), 10000}, 10000000000000, 6.719402118},
        {{SAMPLED_GAUSSIAN(20, 100), 1000}, 10000000000000, 9.091144593},
        {{SAMPLED_GAUSSIAN(8, 1), 10000}, 10000000000000, 1.391182158},
        {{GAUSSIAN(10, 1), 1}, 1000000000000, 5.222428661},
        {{GAUSSIAN(300, 1), 1000}, 1000000000000, 5.543665145},
        {{LAPLACE(500000), 20}, 1000000000000, 9.744982906},
        {{LAPLACE(10000), 10000}, 1000000000000, 5.210966741},
    };
    for (size_t i = 0; i < SIZE(rows); i++) {
        struct dp_epsilon got;
        assert_int_equal(dp_rdp_steps_epsilon(&rows[i].step, 1, rows[i].delta, &got), OK);
        double epsilon = (double)got.micro / DP_EPSILON_ONE;
        assert_true(epsilon >= rows[i].epsilon - 1e-9 && epsilon <= rows[i].epsilon + 2e-6);
    }
}

/* Never under what is no more than the truth; and where zCDP says something at all, hardly over it: the grid's orders
 * are near the best one. */
static void test_between(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLD_SETTINGS; i++) {
        const struct pld_setting *s = &pld_settings[i];
        struct dp_epsilon rdp, zcdp;
        assert_int_equal(dp_rdp_steps_epsilon(s->steps, s->count, s->delta, &rdp), OK);
        assert_int_equal(dp_zcdp_epsilon(dp_steps_zcdp(s->steps, s->count), s->delta, &zcdp), OK);
        assert_true((double)rdp.micro / DP_EPSILON_ONE >= s->optimistic);
        assert_true(rdp.micro <= zcdp.micro + zcdp.micro / 50);
    }
}

/* A divergence grows with the order, is at most ε, and one of many answers is less than one of two. */
static void test_response(void **state)
{
    (void)state;
    static const uint64_t epsilons[] = {1, 1000, 1000000, 100000000};
    for (size_t i = 0; i < SIZE(epsilons); i++) {
        const struct dp_mechanism two = RESPONSE(epsilons[i], 2), many = RESPONSE(epsilons[i], 100);
        struct dp_rdp loss, less;
        dp_rdp_of(&two, &loss);
        dp_rdp_of(&many, &less);
        for (size_t k = 0; k < DP_RDP_ORDERS; k++) {
            assert_true(loss.divergence[k] <= (double)epsilons[i] / DP_EPSILON_ONE);
            assert_true(less.divergence[k] <= loss.divergence[k]);
            assert_true(k == 0 || loss.divergence[k] >= loss.divergence[k - 1] * (1 - 1e-9));
            assert_true(k == 0 || dp_rdp_order(k) > dp_rdp_order(k - 1));
        }
    }
    assert_true(dp_rdp_order(0) == 1.25 && dp_rdp_order(DP_RDP_ORDERS - 1) == 1024);
}

static void test_refused(void **state)
{
    (void)state;
    const struct dp_step step = {APPROXIMATE(1000, 1000), 10};
    struct dp_epsilon got;
    assert_int_equal(dp_rdp_steps_epsilon(&step, 1, 0, &got), ERR_USAGE);
    assert_int_equal(dp_rdp_steps_epsilon(&step, 1, DP_DELTA_ONE, &got), ERR_USAGE);
    assert_int_equal(dp_rdp_steps_epsilon(&step, 0, 1, &got), ERR_USAGE);
    assert_int_equal(dp_rdp_steps_epsilon(&step, 1, 10000, &got), ERR_POLICY);
    assert_true(got.micro == UINT64_MAX);
    assert_int_equal(dp_rdp_steps_epsilon(&step, 1, 10001, &got), OK);
    struct dp_rdp none = {.delta = 0};
    for (size_t i = 0; i < DP_RDP_ORDERS; i++)
        none.divergence[i] = INFINITY;
    assert_int_equal(dp_rdp_epsilon(&none, 10001, &got), ERR_TOO_LARGE);
    assert_true(got.micro == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_between),
        cmocka_unit_test(test_response),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
