/* dp/noisy_max: the law against sums over the noise, ties and all, the ratio between neighbours, what is refused. */
#include "dp/noisy_max.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

#define COUNT 3
#define REACH 120

static double mass(enum dp_max_noise noise, double rate, int x)
{
    double r = exp(-rate);
    if (noise == DP_MAX_LAPLACE)
        return (1 - r) / (1 + r) * pow(r, abs(x));
    return x < 0 ? 0 : (1 - r) * pow(r, x);
}

static double below(enum dp_max_noise noise, double rate, int x) /* P(noise < x) */
{
    double r = exp(-rate);
    if (noise == DP_MAX_LAPLACE)
        return x <= 0 ? pow(r, 1 - x) / (1 + r) : 1 - pow(r, x) / (1 + r);
    return x <= 0 ? 0 : 1 - pow(r, x);
}

/* i wins with noise x if all before it are below its sum and none behind it is above. */
static void law_of(enum dp_max_noise noise, double rate, const int64_t *scores, double *law)
{
    for (int i = 0; i < COUNT; i++) {
        law[i] = 0;
        for (int x = -REACH; x <= REACH; x++) {
            double chance = mass(noise, rate, x);
            for (int j = 0; j < COUNT; j++)
                if (j != i)
                    chance *= below(noise, rate, (int)(scores[i] - scores[j]) + x + (j > i));
            law[i] += chance;
        }
    }
}

static bool fits(struct dp_choice_terms terms, enum dp_max_noise noise, double rate, const int64_t *scores)
{
    enum { DRAWS = 60000 };
    struct dp_stream *stream SEEDED = seeded_stream(terms.epsilon.micro + noise);
    uint64_t counts[COUNT] = {0};
    double law[COUNT];
    law_of(noise, rate, scores, law);
    for (int i = 0; i < DRAWS; i++) {
        size_t chosen;
        assert_int_equal(dp_noisy_max(stream, terms, noise, scores, COUNT, &chosen), OK);
        counts[chosen]++;
    }
    return chi_square_fits(counts, law, COUNT, DRAWS);
}

static void test_law(void **state)
{
    (void)state;
    const int64_t scores[COUNT] = {4, 5, 3}, even[COUNT] = {2, 2, 2};
    for (enum dp_max_noise noise = DP_MAX_GEOMETRIC; noise <= DP_MAX_LAPLACE; noise++) {
        assert_true(fits((struct dp_choice_terms){{1000000}, 1, DP_SCORES_ANY}, noise, .5, scores));
        assert_true(fits((struct dp_choice_terms){{1000000}, 1, DP_SCORES_MONOTONE}, noise, 1, scores));
        assert_true(fits((struct dp_choice_terms){{1500000}, 2, DP_SCORES_MONOTONE}, noise, .75, even));
        assert_false(fits((struct dp_choice_terms){{1000000}, 1, DP_SCORES_ANY}, noise, 1, scores));
    }
}

static void test_ratio(void **state)
{
    (void)state;
    for (enum dp_max_noise noise = DP_MAX_GEOMETRIC; noise <= DP_MAX_LAPLACE; noise++) {
        double worst = 0;
        for (int a = 0; a < 5 * 5 * 5; a++)
            for (int step = 0; step < 27; step++) {
                const int64_t one[COUNT] = {a % 5, a / 5 % 5, a / 25};
                const int64_t other[COUNT] = {one[0] + step % 3 - 1, one[1] + step / 3 % 3 - 1, one[2] + step / 9 - 1};
                double p[COUNT], q[COUNT];
                law_of(noise, .5, one, p);
                law_of(noise, .5, other, q);
                for (int i = 0; i < COUNT; i++)
                    worst = fmax(worst, fabs(log(p[i] / q[i])));
            }
        assert_true(worst <= 1 + 1e-9 && worst > .8);
    }
}

static void test_extremes_and_refused(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(4);
    const struct dp_choice_terms usual = {{1000000}, 1, DP_SCORES_ANY};
    const int64_t scores[COUNT] = {INT64_MAX - 100, INT64_MIN, INT64_MAX};
    size_t chosen;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(dp_noisy_max(stream, usual, DP_MAX_LAPLACE, scores, COUNT, &chosen), OK);
        assert_int_equal(chosen, 2); /* sums over INT64_MAX keep their order */
    }
    assert_int_equal(dp_noisy_max(stream, usual, DP_MAX_LAPLACE, scores, 0, &chosen), ERR_USAGE);
    const struct dp_choice_terms none = {{0}, 1, DP_SCORES_ANY}, insensitive = {{1}, 0, DP_SCORES_ANY};
    assert_int_equal(dp_noisy_max(stream, none, DP_MAX_LAPLACE, scores, COUNT, &chosen), ERR_USAGE);
    assert_int_equal(dp_noisy_max(stream, insensitive, DP_MAX_LAPLACE, scores, COUNT, &chosen), ERR_USAGE);
    assert_int_equal(chosen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_law),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_extremes_and_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
