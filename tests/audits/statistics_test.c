/* The audits' statistics against known answers: areas that can be counted by
 * hand, and resampling that must see a difference and must not see one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audits/statistics/statistics.h"
#include "base/bytes.h"

static void near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.12g is not %.12g", value, wanted);
}

static void areas(void **state)
{
    (void)state;
    const double high[] = {3, 4, 5}, low[] = {0, 1, 2}, mixed[] = {1, 3}, ties[] = {1, 1, 1};
    struct auc auc;
    assert_int_equal(stat_auc(high, 3, low, 3, &auc), OK);
    near(auc.value, 1, 0);
    near(auc.tpr_at_1_percent, 1, 0);
    assert_true(auc.interval.low < .5); /* three a side show little, though their variance is zero */
    assert_int_equal(stat_auc(low, 3, high, 3, &auc), OK);
    near(auc.value, 0, 0);
    assert_int_equal(stat_auc(mixed, 2, low, 3, &auc), OK); /* 1 beats 0, ties 1; 3 beats all: (1.5 + 3) / 6 */
    near(auc.value, .75, 1e-15);
    assert_int_equal(stat_auc(ties, 3, ties, 3, &auc), OK);
    near(auc.value, .5, 1e-15);
    assert_int_equal(stat_auc(ties, 3, ties, 0, &auc), ERR_USAGE);
}

/* DeLong's interval covers the truth of normal scores one standard deviation apart, Phi(1 / sqrt 2) = .76025, in about
 * 95 of 100 draws. */
static void delong_covers(void **state)
{
    (void)state;
    enum { DRAWS = 400, SIDE = 100 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 11);
    size_t covered = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        double in[SIDE], out[SIDE];
        struct auc auc;
        for (int i = 0; i < 2 * SIDE; i++) {
            double u = 1 - random_unit(random), v = random_unit(random);
            *(i < SIDE ? &in[i] : &out[i - SIDE]) = sqrt(-2 * log(u)) * cos(2 * acos(-1) * v) + (i < SIDE);
        }
        assert_int_equal(stat_auc(in, SIDE, out, SIDE, &auc), OK);
        covered += auc.interval.low <= .76025 && .76025 <= auc.interval.high;
    }
    assert_in_range(covered, DRAWS * 91 / 100, DRAWS * 99 / 100);
}

/* Normal scores one standard deviation apart: the truth at 1 % is Phi(1 - 2.32635) = .09238, and the interval, which
 * answers for both rates, holds it in at least 95 of 100 draws; where that truth is tolerated p agrees with the
 * interval. Ties of all scores say nothing. */
#define TRUTH .09238
static void rates_at(void **state)
{
    (void)state;
    enum { DRAWS = 200, SIDE = 1500 };
    static double in[SIDE], out[SIDE];
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 12);
    size_t covered = 0, small = 0;
    struct tpr tpr;
    for (int draw = 0; draw < DRAWS; draw++) {
        for (int i = 0; i < 2 * SIDE; i++) {
            double u = 1 - random_unit(random), v = random_unit(random);
            *(i < SIDE ? &in[i] : &out[i - SIDE]) = sqrt(-2 * log(u)) * cos(2 * acos(-1) * v) + (i < SIDE);
        }
        assert_int_equal(stat_tpr_at(in, SIDE, out, SIDE, .01, TRUTH, &tpr), OK);
        assert_true(tpr.interval.low <= tpr.value && tpr.value <= tpr.interval.high && tpr.interval.high < .3);
        covered += tpr.interval.low <= TRUTH && TRUTH <= tpr.interval.high;
        assert_int_equal(tpr.p<.025, tpr.interval.low> TRUTH);
        small += tpr.p <= .2;
    }
    assert_true(covered >= DRAWS * 95 / 100);
    assert_true(small <= DRAWS * 20 / 100);
    for (int i = 0; i < SIDE; i++) {
        in[i] = 2 + i;
        out[i] = -i;
    }
    assert_int_equal(stat_tpr_at(in, SIDE, out, SIDE, .01, TRUTH, &tpr), OK);
    assert_true(tpr.value == 1 && tpr.interval.low > .99 && tpr.interval.high == 1);
    near(tpr.p, 2 * pow(.99, SIDE), 1e-12); /* none of the others above: no less, however much is found */
    for (int i = 0; i < SIDE; i++)
        in[i] = out[i] = 1;
    assert_int_equal(stat_tpr_at(in, SIDE, out, SIDE, .01, TRUTH, &tpr), OK);
    assert_true(tpr.value == 0 && tpr.interval.low == 0 && tpr.interval.high == 1 && tpr.p == 1);
    assert_int_equal(stat_tpr_at(in, 0, out, SIDE, .01, TRUTH, &tpr), ERR_USAGE);
}

/* 143 of 10,000 members stand above all but three of 10,200 others. The interval's lower end, at 1.18 %, is far over
 * the .5 % that are tolerated, but that no more than .1 % of the others are above is by no means as sure: three or
 * fewer come of .1 % once in 112 times, and so p is 1 in 56, not the one in billions of a normal law. */
static void the_others_count_in_p(void **state)
{
    (void)state;
    enum { MEMBERS = 10000, OTHERS = 10200, FOUND = 143 };
    static double in[MEMBERS], out[OTHERS];
    struct tpr tpr;
    for (size_t i = 0; i < OTHERS; i++)
        out[i] = i < 3 ? 3 : 1;
    for (size_t i = 0; i < MEMBERS; i++)
        in[i] = i < FOUND ? 2 : 0;
    assert_int_equal(stat_tpr_at(in, MEMBERS, out, OTHERS, .001, .005, &tpr), OK);
    near(tpr.value, .0143, 1e-12);
    near(tpr.interval.low, .0118, 5e-5);
    near(tpr.p, 2 * (1 - stat_binomial_tail(4, OTHERS, .001)), 1e-9);
    assert_true(tpr.p > .002);
    near(tpr.detects, .0085, 5e-4);
    assert_true(stat_binomial_tail(FOUND, MEMBERS, .005) < 1e-9);
    assert_int_equal(stat_tpr_at(in, MEMBERS, out, 300, .001, .005, &tpr), OK); /* no threshold is surely so strict */
    assert_true(tpr.interval.low == 0 && tpr.p > .025 && isnan(tpr.detects));
}

/* A score that is no number equals not even itself: it is refused, and no endless run of ties. */
static void no_numbers(void **state)
{
    (void)state;
    const double in[] = {.4, NAN, .9}, out[] = {.1, .2, .3};
    struct auc auc;
    struct tpr tpr;
    struct audit_plot plot;
    assert_int_equal(stat_auc(in, 3, out, 3, &auc), ERR_USAGE);
    assert_int_equal(stat_auc(out, 3, in, 3, &auc), ERR_USAGE);
    assert_int_equal(stat_tpr_at(in, 3, out, 3, .1, .1, &tpr), ERR_USAGE);
    assert_int_equal(stat_roc(in, 3, out, 3, 10, &plot), ERR_USAGE);
    assert_null(plot.rows);
}

/* The area is the integral of the curve; at epsilon = log 3 it is three quarters. */
static void private_limits(void **state)
{
    (void)state;
    near(stat_private_auc(0, 0), .5, 1e-15);
    near(stat_private_auc(log(3), 0), .75, 1e-15);
    near(stat_private_auc(1, 1), 1, 1e-15);
    near(stat_private_tpr(log(3), 0, .1), .3, 1e-15);
    near(stat_private_tpr(log(3), 0, .7), .9, 1e-15);
    near(stat_private_tpr(0, .1, .5), .6, 1e-15);
    near(stat_private_tpr(9, 1e-5, .5), 1 - exp(-9) * (.5 - 1e-5), 1e-12);
    double sum = 0;
    for (int i = 0; i < 100000; i++)
        sum += stat_private_tpr(1.5, .01, (i + .5) / 1e5) / 1e5;
    near(sum, stat_private_auc(1.5, .01), 1e-6);
}

static void roc_corners(void **state)
{
    (void)state;
    const double in[] = {3, 2}, out[] = {2, 1};
    struct audit_plot plot = {0};
    assert_int_equal(stat_roc(in, 2, out, 2, 16, &plot), OK);
    const double wanted[] = {0, 0, 0, .5, .5, 1, 1, 1};
    assert_int_equal(plot.points, 4);
    for (size_t i = 0; i < 8; i++)
        near(plot.rows[i / 2 * 4 + i % 2], wanted[i], 0);
    mem_free(plot.rows);
    double many[500];
    for (size_t i = 0; i < 500; i++)
        many[i] = (double)i;
    assert_int_equal(stat_roc(many, 500, many, 500, 16, &plot), OK);
    assert_true(plot.points <= 16);
    near(plot.rows[4 * plot.points - 4], 1, 0);
    near(plot.rows[4 * plot.points - 3], 1, 0);
    mem_free(plot.rows);
}

static void clusters(void **state)
{
    (void)state;
    enum { N = 30 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    double shifted[N], even[N], weights[N];
    struct interval interval;
    for (size_t i = 0; i < N; i++) {
        shifted[i] = 1 + (double)(i % 3);
        even[i] = i % 2 ? 1 : -1;
        weights[i] = 2;
    }
    assert_true(stat_sign_flip(shifted, N, 2000, random) < .01);
    assert_true(stat_sign_flip(even, N, 2000, random) > .2);
    assert_int_equal(stat_cluster_bootstrap(shifted, weights, N, 2000, random, &interval), OK);
    assert_true(interval.low > .8 && interval.low < 1 && interval.high > 1 && interval.high < 1.2);
    assert_int_equal(stat_cluster_bootstrap(even, weights, N, 2000, random, &interval), OK);
    assert_true(interval.low < 0 && interval.high > 0);
    assert_int_equal(stat_cluster_bootstrap(even, weights, 0, 10, random, &interval), ERR_USAGE);
}

/* What few clusters cannot exclude: differences at or under 0, one above it, and nineteen that hardly differ. */
static void few_clusters(void **state)
{
    (void)state;
    enum { N = 20 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    double values[N] = {0}, weights[N];
    struct interval interval;
    for (size_t i = 0; i < N; i++)
        weights[i] = 1;
    values[3] = -.01;
    assert_int_equal(stat_cluster_interval(values, weights, N, 2000, random, &interval), OK);
    near(interval.high, dp_proportion_interval(0, N).high, 0);
    assert_true(interval.low < 0);
    values[4] = .01;
    assert_int_equal(stat_cluster_interval(values, weights, N, 2000, random, &interval), OK);
    near(interval.high, dp_proportion_interval(1, N).high, 0);
    for (size_t i = 0; i < N; i++)
        values[i] = .01;
    assert_int_equal(stat_cluster_interval(values, weights, N, 2000, random, &interval), OK);
    near(interval.high, .01, 1e-12);
    assert_int_equal(stat_cluster_interval(values, weights, N - 1, 2000, random, &interval), OK);
    near(interval.high, dp_proportion_interval(0, N - 1).high, 0);
    assert_int_equal(stat_cluster_interval(values, weights, 0, 2000, random, &interval), ERR_USAGE);
}

static void normals(void **state)
{
    (void)state;
    near(stat_normal_upper(STAT_Z95), .025, 1e-12);
    near(stat_normal_quantile(.975), STAT_Z95, 1e-9);
    near(stat_normal_quantile(.8), STAT_Z80, 1e-9);
    near(stat_normal_quantile(1e-10), -6.361340902404, 1e-6);
    near(stat_normal_quantile(.5), 0, 1e-15);
    for (int power = 1; power <= 1000; power++) {
        double tail = ldexp(.999, -power);
        near(stat_normal_upper(-stat_normal_quantile(tail)) / tail, 1, 1e-10);
        if (power < 50)
            near(stat_normal_quantile(1 - tail), -stat_normal_quantile(1 - (1 - tail)), 1e-12);
    }
    near(stat_binomial_tail(12, 100, .05), .004274, 1e-6);
    near(stat_binomial_tail(0, 100, .05), 1, 0);
    near(stat_binomial_tail(3, 3, .5), .125, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals),       cmocka_unit_test(areas),
        cmocka_unit_test(delong_covers), cmocka_unit_test(roc_corners),
        cmocka_unit_test(clusters),      cmocka_unit_test(few_clusters),
        cmocka_unit_test(rates_at),      cmocka_unit_test(the_others_count_in_p),
        cmocka_unit_test(no_numbers),    cmocka_unit_test(private_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
