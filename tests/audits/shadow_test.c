/* Scores from shadow worlds against known answers: closed forms of Student's t, hand-made moments, and a case that each
 * score must tell apart. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audits/statistics/shadow.h"
#include "base/random.h"

static void near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.12g, wanted %.12g", value, wanted);
}

/* One degree is Cauchy's law, two and four have closed forms, many are nearly normal. */
static void student(void **state)
{
    (void)state;
    near(shadow_log_t(3, 1, 0, 1), -log(M_PI * 10), 1e-12);
    near(shadow_log_t(1, 2, 0, 1), -log(2 * sqrt(2)) - 1.5 * log(1.5), 1e-12);
    near(shadow_log_t(-2, 4, 0, 1), log(.375) - 2.5 * log(2), 1e-12);
    near(shadow_log_t(7, 4, 3, 2), log(.375) - 2.5 * log(2) - log(2), 1e-12);
    near(shadow_log_t(1, 1e7, 0, 1), -.5 * log(2 * M_PI) - .5, 1e-6);
}

static struct shadow shadow_of(const double *without, const double *with, size_t count)
{
    struct shadow shadow = {0};
    for (size_t i = 0; i < count; i++) {
        shadow_add(&shadow.sides[0], without[i]);
        shadow_add(&shadow.sides[1], with[i]);
    }
    return shadow;
}

static void moments_and_pool(void **state)
{
    (void)state;
    const struct shadow shadows[] = {shadow_of((const double[]){1, 2, 3}, (const double[]){4, 4, 7}, 3),
                                     shadow_of((const double[]){5, 9}, (const double[]){0, 2}, 2)};
    struct shadow_pool pool;
    near(shadow_mean(&shadows[0].sides[0]), 2, 1e-15);
    near(shadow_spread(&shadows[0].sides[0]), 2, 1e-12);
    near(shadow_spread(&shadows[0].sides[1]), 6, 1e-12);
    const struct shadow far = shadow_of((const double[]){1e9, 1e9 + 1}, (const double[]){7, 7}, 2);
    near(shadow_mean(&far.sides[0]), 1e9 + .5, 1e-6);
    near(shadow_spread(&far.sides[0]), .5, 1e-12);
    near(shadow_spread(&far.sides[1]), 0, 0);
    shadow_pool(shadows, 2, &pool);
    near(pool.sides[0].mean, 4, 1e-12);                /* 20 / 5 */
    near(pool.sides[0].variance, (2. + 8) / 3, 1e-12); /* two and one degrees of freedom */
    near(pool.sides[1].variance, (6. + 2) / 3, 1e-12);
}

/* The two formulas worked out by hand for one target: LiRA with the pool's variance, for it has three worlds a side,
 * and the posterior of Murphy 2007. */
static void by_hand(void **state)
{
    (void)state;
    struct shadow shadow = shadow_of((const double[]){1, 2, 3}, (const double[]){4, 4, 7}, 3);
    struct shadow_pool pool = {{{4, 2}, {3, 8}}};
    near(shadow_lira(&shadow, &pool, 4), (-.5 * log(8) - 1. / 16) - (-.5 * log(2) - 4. / 4), 1e-12);
    /* with: location (3 + 3 * 5) / 4, shape 3.5, rate 8 + 3 + 3 * 4 / 8; without: (4 + 6) / 4, rate 2 + 1 + 3 * 4 / 8
     */
    double with = shadow_log_t(4, 7, 4.5, sqrt(12.5 * 5 / (3.5 * 4)));
    double without = shadow_log_t(4, 7, 2.5, sqrt(4.5 * 5 / (3.5 * 4)));
    near(shadow_bavaria(&shadow, &pool, 4), with - without, 1e-12);
}

/* With many worlds both ratios are that of the normal laws they were drawn from. */
static void many_worlds(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 4);
    struct shadow shadow = {0};
    struct shadow_pool pool;
    for (size_t i = 0; i < 200000; i++) {
        double u = 1 - random_unit(random), v = random_unit(random);
        double normal = sqrt(-2 * log(u)) * cos(2 * M_PI * v);
        shadow_add(&shadow.sides[i % 2], i % 2 ? 1 + .5 * normal : normal);
    }
    shadow_pool(&shadow, 1, &pool);
    double truth = (log(2) - .5 * (.5 - 1) * (.5 - 1) / .25) + .5 * .5 * .5;
    near(shadow_lira(&shadow, &pool, .5), truth, .03);
    near(shadow_bavaria(&shadow, &pool, .5), truth, .03);
}

/* One world each: the pool decides, and nothing is infinite; a side never seen says nothing to LiRA. */
static void few_worlds(void **state)
{
    (void)state;
    struct shadow shadow = shadow_of((const double[]){0}, (const double[]){1}, 1), none = {0};
    struct shadow_pool pool;
    shadow_pool(&shadow, 1, &pool);
    assert_true(isfinite(shadow_lira(&shadow, &pool, 5)) && isfinite(shadow_bavaria(&shadow, &pool, 5)));
    assert_true(shadow_lira(&shadow, &pool, 1) > 0 && shadow_bavaria(&shadow, &pool, 1) > 0);
    assert_true(shadow_lira(&shadow, &pool, 0) < 0 && shadow_bavaria(&shadow, &pool, 0) < 0);
    near(shadow_lira(&none, &pool, .3), 0, 0);
}

/* Of three others, one is clearly under the target's ratio, one over it, and one equal. */
static void rmia(void **state)
{
    (void)state;
    const struct shadow shadows[] = {shadow_of((const double[]){.4}, (const double[]){.6}, 1),
                                     shadow_of((const double[]){.2}, (const double[]){.8}, 1),
                                     shadow_of((const double[]){.5}, (const double[]){.5}, 1),
                                     shadow_of((const double[]){0}, (const double[]){1}, 1)};
    const double signals[] = {.7, -1, .1, -1, .9, -1, .7, -1};
    near(shadow_rmia(shadows, signals, 2, 4, 0), (1 + 0 + .5) / 3, 1e-12);
    near(shadow_rmia(shadows, signals, 2, 4, 2), 1, 1e-12);
    near(shadow_rmia(shadows, signals, 2, 1, 0), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(student),     cmocka_unit_test(moments_and_pool), cmocka_unit_test(by_hand),
        cmocka_unit_test(many_worlds), cmocka_unit_test(few_worlds),       cmocka_unit_test(rmia),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
