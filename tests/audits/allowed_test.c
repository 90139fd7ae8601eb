/* What mode `dp` allows, against values of the normal distribution and against the mechanism's own chances. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <cmocka.h>

#include "audits/epsilon/allowed.h"
#include "audits/statistics/trade_off.h"

static void near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.12g is not %.12g", value, wanted);
}

/* Phi(.5), Phi(1 / sqrt 2), Phi(z(.05) + 1): tables of the normal distribution. */
static void known_answers(void **state)
{
    (void)state;
    const struct allowed one = {1, 0}, nothing = {0, 0};
    near(allowed_choice(one), .691462461274, 1e-9);
    near(allowed_area(one), .760249938906, 1e-9);
    near(allowed_rate(one, .05), .259511025, 1e-6);
    near(allowed_risk(one, .05), (.259511025 - .05) / .95, 1e-6);
    near(allowed_choice(nothing), .5, 1e-12);
    near(allowed_area(nothing), .5, 1e-12);
    near(allowed_risk(nothing, .3), 0, 1e-9);
    near(allowed_risk(one, 1), 1, 0);
    near(allowed_rate((struct allowed){1, .5}, .9), 1, 0);
}

static struct private_terms terms_of(uint64_t epsilon, uint64_t delta_per)
{
    struct private_terms terms;
    assert_int_equal(
        private_terms_for((struct dp_epsilon){epsilon * 1000000}, DP_DELTA_ONE / delta_per, 32, &terms, NULL), OK);
    return terms;
}

static void shifts_add_as_they_must(void **state)
{
    (void)state;
    const struct private_terms terms = terms_of(4, 100000);
    double one = allowed_same(&terms, 1, 1).shift;
    near(one, gaussian_mu(4, 1e-5), 1e-12);
    near(allowed_same(&terms, 3, 1).shift, 3 * one, 1e-12);
    near(allowed_same(&terms, 1, 4).shift, 2 * one, 1e-12);
    near(allowed_apart(&terms, 1).shift, one * sqrt(2), 1e-12);
    near(allowed_apart(&terms, 9).shift, 3 * one * sqrt(2), 1e-12);
    near(allowed_same(&terms, 2, 3).delta, 6e-5, 1e-12);
    near(allowed_alone(&terms, 0), 0, 0);
    near(allowed_alone(&terms, 1), 1e-5, 1e-9);
}

/* The mechanism keeps what is allowed, with little to spare; so that what is over it has too little noise. */
static void the_mechanism_keeps_it(void **state)
{
    (void)state;
    for (uint64_t epsilon = 1; epsilon <= 8; epsilon *= 2) {
        const struct private_terms terms = terms_of(epsilon, 100000);
        const struct dp_union *mechanism = &terms.mechanism;
        int64_t below = mechanism->threshold - DP_UNION_ONE / 2;
        double out = dp_union_probability(mechanism, below);
        double in = dp_union_probability(mechanism, below + DP_UNION_ONE),
               most = allowed_rate(allowed_same(&terms, 1, 1), out);
        assert_true(in <= most && in > out + (most - out) / 2);
        for (size_t tenants = 1; tenants < 8; tenants++)
            assert_true(dp_union_probability(mechanism, (int64_t)tenants * DP_UNION_ONE) <=
                        allowed_alone(&terms, tenants));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(shifts_add_as_they_must),
        cmocka_unit_test(the_mechanism_keeps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
