/* dp/pld: never under a closed form, an estimate from below or another's optimistic figure, and hardly over another's
 * pessimistic one. */
#include "dp/pld.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "dp/pld_inside.h"
#include "dp/rdp.h"
#include "tests/dp/pld_settings.h"

#define SIZE(array) (sizeof(array) / sizeof *(array))

static double epsilon_of(const struct dp_step *steps, size_t count, uint64_t delta)
{
    struct dp_epsilon out;
    assert_int_equal(dp_pld_epsilon(steps, count, delta, &out), OK);
    return (double)out.micro / DP_EPSILON_ONE;
}

static double delta_of(const struct dp_step *steps, size_t count, uint64_t micro)
{
    uint64_t out;
    assert_int_equal(dp_pld_delta(steps, count, (struct dp_epsilon){micro}, &out), OK);
    return (double)out / (double)DP_DELTA_ONE;
}

/* --- closed forms --- */

/* δ of the Gaussian mechanism exactly: Balle, Wang 2018, theorem 8, with mu = sensitivity / sigma; n of them are one of
 * mu sqrt(n). */
static double gaussian_delta(double mu, double epsilon)
{
    double a = erfc((epsilon / mu - mu / 2) * M_SQRT1_2) / 2, b = erfc((epsilon / mu + mu / 2) * M_SQRT1_2) / 2;
    return a - exp(epsilon) * b;
}

/* δ of n times randomised response of ε0, which is worst among all that are ε0-private: Kairouz, Oh, Viswanath 2015. */
static double pure_delta(double epsilon0, unsigned n, double epsilon)
{
    double sum = 0;
    for (unsigned k = 0; k <= n; k++) {
        double loss = (2.0 * k - n) * epsilon0;
        double log_mass = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) - k * log1p(exp(-epsilon0)) -
                          (n - k) * log1p(exp(epsilon0));
        if (loss > epsilon)
            sum += exp(log_mass) * -expm1(epsilon - loss);
    }
    return sum;
}

static void expect_between(double got, double least, double most)
{
    if (!(got >= least && got <= most))
        print_error("%.12g is not within %.12g and %.12g\n", got, least, most);
    assert_true(got >= least && got <= most);
}

static void test_gaussian(void **state)
{
    (void)state;
    static const struct {
        uint64_t sigma, times, micro;
    } rows[] = {{1, 1, 1000000},         {1, 1, 8000000},       {5, 1, 0},
                {5, 1, 500000},          {10, 100, 4000000},    {100, 10000, 1000000},
                {100, 10000, 7000000},   {1000, 10000, 300000}, {3, 12, 0},
                {1000, 1000000, 5000000}};
    for (size_t i = 0; i < SIZE(rows); i++) {
        const struct dp_step step = {{.noise = DP_NOISE_GAUSSIAN, .sensitivity = 1, .sigma = {rows[i].sigma, 1}},
                                     rows[i].times};
        double mu = sqrt((double)rows[i].times) / (double)rows[i].sigma;
        double exact = gaussian_delta(mu, (double)rows[i].micro / DP_EPSILON_ONE);
        double got = delta_of(&step, 1, rows[i].micro);
        expect_between(got, exact * (1 - 1e-12), exact * 1.01 + 1e-18);
        /* and back: at that δ the ε is no less than asked about */
        if (rows[i].micro) {
            double back = epsilon_of(&step, 1, (uint64_t)(exact * (double)DP_DELTA_ONE));
            expect_between(back, (double)rows[i].micro / DP_EPSILON_ONE,
                           (double)rows[i].micro / DP_EPSILON_ONE * 1.002 + 1e-6);
        }
    }
}

static void test_pure(void **state)
{
    (void)state;
    static const struct {
        uint64_t epsilon0;
        unsigned times;
        uint64_t micro;
    } rows[] = {{1000000, 1, 500000}, {100000, 100, 3000000}, {10000, 10000, 4000000}, {500000, 12, 5900000},
                {500000, 12, 0},      {1000, 10000, 500000},  {4000000, 3, 9000000}};
    for (size_t i = 0; i < SIZE(rows); i++) {
        const struct dp_step step = {{.noise = DP_NOISE_PURE, .epsilon = {rows[i].epsilon0}}, rows[i].times};
        double exact = pure_delta((double)rows[i].epsilon0 / DP_EPSILON_ONE, rows[i].times,
                                  (double)rows[i].micro / DP_EPSILON_ONE);
        expect_between(delta_of(&step, 1, rows[i].micro), exact * (1 - 1e-9), exact * 1.01 + 1e-18);
    }
}

/* One use of the sampled Gaussian exactly, sigma 1: the outputs whose loss is over ε are a half line, in both
 * directions. */
static double sampled_delta(enum pld_direction direction, double q, double epsilon)
{
    bool removed = direction == PLD_REMOVE;
    double edge = log((exp(removed ? epsilon : -epsilon) - 1 + q) / q) + 0.5, side = removed ? 1 : -1;
    double without = erfc(side * edge * M_SQRT1_2) / 2,
           with = (1 - q) * without + q * erfc(side * (edge - 1) * M_SQRT1_2) / 2;
    return removed ? with - exp(epsilon) * without : without - exp(epsilon) * with;
}

static double sampled_by_grid(enum pld_direction direction, enum pld_rounding rounding, struct dp_ratio q,
                              double epsilon)
{
    const struct dp_mechanism one = {
        .noise = DP_NOISE_SAMPLED_GAUSSIAN, .sensitivity = 1, .sigma = {1, 1}, .sampled = q};
    struct pld_term term = {.times = 1};
    double delta = 1;
    assert_int_equal(pld_grid_of(&one, direction, rounding, 5e-4, 1e-18, &term.grid), OK);
    assert_int_equal(pld_delta_at(&term, 1, epsilon, &delta, NULL), OK);
    pld_grid_free(&term.grid);
    return delta;
}

static void test_sampled(void **state)
{
    (void)state;
    static const double epsilons[] = {0, 0.01, 0.1, 0.2};
    for (size_t i = 0; i < SIZE(epsilons); i++)
        for (enum pld_direction direction = PLD_REMOVE; direction <= PLD_ADD; direction++) {
            double exact = sampled_delta(direction, 0.2, epsilons[i]);
            const struct dp_ratio q = {1, 5};
            expect_between(sampled_by_grid(direction, PLD_UP, q, epsilons[i]), exact * (1 - 1e-9),
                           exact * 1.001 + 1e-6);
            expect_between(sampled_by_grid(direction, PLD_DOWN, q, epsilons[i]), exact * 0.99 - 5e-4,
                           exact * (1 + 1e-9));
        }
}

/* --- others' figures --- */

static double epsilons[PLD_SETTINGS]; /* of the settings: made once */

static int make_epsilons(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLD_SETTINGS; i++)
        epsilons[i] = epsilon_of(pld_settings[i].steps, pld_settings[i].count, pld_settings[i].delta);
    return 0;
}

static void test_settings(void **state)
{
    (void)state;
    assert_int_equal(PLD_SETTINGS, 50);
    for (size_t i = 0; i < PLD_SETTINGS; i++) {
        const struct pld_setting *s = &pld_settings[i];
        expect_between(epsilons[i], s->optimistic - 1e-6, s->pessimistic * 1.01);
    }
}

/* --- an estimate from below, on a grid of our own --- */

static double from_below(const struct pld_setting *setting, enum pld_direction direction, double width)
{
    struct pld_term terms[3] = {{.times = 0}};
    double epsilon = 0;
    for (size_t i = 0; i < setting->count; i++) {
        terms[i].times = setting->steps[i].times;
        assert_int_equal(pld_grid_of(&setting->steps[i].mechanism, direction, PLD_DOWN, width, 1e-18, &terms[i].grid),
                         OK);
    }
    assert_int_equal(
        pld_epsilon_at(terms, setting->count, (double)setting->delta / (double)DP_DELTA_ONE, &epsilon, NULL), OK);
    for (size_t i = 0; i < setting->count; i++)
        pld_grid_free(&terms[i].grid);
    return epsilon;
}

static void test_from_below(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLD_SETTINGS; i++) {
        const struct pld_setting *s = &pld_settings[i];
        double most = 0, width = 1e-3;
        for (size_t k = 0; k < s->count; k++)
            most += (double)s->steps[k].times;
        double low = from_below(s, PLD_REMOVE, width), got = epsilons[i];
        /* a loss is lowered by a width at most, so the two are no further apart than that */
        expect_between(low, got * 0.998 - most * width - 1e-6, got);
        expect_between(from_below(s, PLD_ADD, width), 0, got);
    }
}

/* --- order among accountants, and in the number of uses --- */

static void test_below_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLD_SETTINGS; i++) {
        const struct pld_setting *s = &pld_settings[i];
        struct dp_epsilon zcdp, rdp;
        assert_int_equal(dp_zcdp_epsilon(dp_steps_zcdp(s->steps, s->count), s->delta, &zcdp), OK);
        assert_int_equal(dp_rdp_steps_epsilon(s->steps, s->count, s->delta, &rdp), OK);
        assert_true(epsilons[i] <= (double)zcdp.micro / DP_EPSILON_ONE);
        assert_true(epsilons[i] <= (double)rdp.micro / DP_EPSILON_ONE);
    }
}

/* Basic composition is the sum of ε where there is no δ: nothing is over that either. */
static void test_below_basic(void **state)
{
    (void)state;
    static const uint64_t uses[] = {1, 3, 12, 100};
    for (size_t i = 0; i < SIZE(uses); i++) {
        const struct dp_step steps[] = {
            {LAPLACE(300000), uses[i]}, {RESPONSE(200000, 5), uses[i]}, {GEOMETRIC(100000, 3), 1}};
        assert_true(epsilon_of(steps, 3, 1) <= 0.5 * (double)uses[i] + 0.1);
        assert_true(epsilon_of(steps, 3, DP_DELTA_ONE / 1000) < 0.5 * (double)uses[i] + 0.1);
    }
}

static void test_grows(void **state)
{
    (void)state;
    static const enum dp_noise kinds[] = {DP_NOISE_PURE, DP_NOISE_LAPLACE, DP_NOISE_GAUSSIAN,
                                          DP_NOISE_SAMPLED_GAUSSIAN};
    for (size_t k = 0; k < SIZE(kinds); k++) {
        double before = 0;
        for (uint64_t times = 1; times <= 10000; times *= 10) {
            const struct dp_step step = {
                {.noise = kinds[k], .epsilon = {50000}, .sensitivity = 1, .sigma = {20, 1}, .sampled = {1, 2}}, times};
            double now = epsilon_of(&step, 1, DP_DELTA_ONE / 1000000);
            assert_true(now > before);
            before = now;
        }
    }
}

/* Sampled with certainty it is the Gaussian; sampling less reveals less. */
static void test_sampling(void **state)
{
    (void)state;
    struct dp_step step = {{.noise = DP_NOISE_GAUSSIAN, .sensitivity = 1, .sigma = {1, 1}}, 10};
    double all = epsilon_of(&step, 1, DP_DELTA_ONE / 1000000);
    step.mechanism.noise = DP_NOISE_SAMPLED_GAUSSIAN;
    step.mechanism.sampled = (struct dp_ratio){7, 7};
    assert_true(epsilon_of(&step, 1, DP_DELTA_ONE / 1000000) == all);
    step.mechanism.sampled = (struct dp_ratio){999, 1000};
    expect_between(epsilon_of(&step, 1, DP_DELTA_ONE / 1000000), all * 0.99, all);
    step.mechanism.sampled = (struct dp_ratio){1, 1000};
    assert_true(epsilon_of(&step, 1, DP_DELTA_ONE / 1000000) < all / 10);
}

static void test_refused(void **state)
{
    (void)state;
    struct dp_step step = {{.noise = DP_NOISE_APPROXIMATE, .epsilon = {1000000}, .delta = 1000}, 10};
    struct dp_epsilon out;
    uint64_t delta;
    assert_int_equal(dp_pld_epsilon(&step, 1, 0, &out), ERR_USAGE);
    assert_int_equal(dp_pld_epsilon(&step, 1, DP_DELTA_ONE, &out), ERR_USAGE);
    assert_int_equal(dp_pld_epsilon(&step, 0, 1, &out), ERR_USAGE);
    assert_int_equal(dp_pld_epsilon(&step, 1, 9999, &out), ERR_POLICY);
    assert_true(out.micro == UINT64_MAX);
    assert_int_equal(dp_pld_epsilon(&step, 1, 11000, &out), OK);
    step.times = 0;
    assert_int_equal(dp_pld_epsilon(&step, 1, 11000, &out), ERR_USAGE);
    assert_int_equal(dp_pld_delta(&step, 1, (struct dp_epsilon){1}, &delta), ERR_USAGE);
    assert_true(delta == DP_DELTA_ONE);
}

static void test_memory(void **state)
{
    (void)state;
    const struct dp_step step = {GAUSSIAN(10, 1), 10};
    struct dp_epsilon out;
    enum status status = ERR_MEMORY;
    size_t n = 1;
    for (; status == ERR_MEMORY; n++) {
        mem_fail_after(n);
        status = dp_pld_epsilon(&step, 1, DP_DELTA_ONE / 1000000, &out);
        assert_true(status == OK || status == ERR_MEMORY);
    }
    mem_fail_after(0);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian),    cmocka_unit_test(test_pure),       cmocka_unit_test(test_sampled),
        cmocka_unit_test(test_settings),    cmocka_unit_test(test_from_below), cmocka_unit_test(test_below_others),
        cmocka_unit_test(test_below_basic), cmocka_unit_test(test_grows),      cmocka_unit_test(test_sampling),
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, make_epsilons, NULL);
}
