/* dp/permute_flip: its law against all permutations, the ratio between neighbours, peeling, extremes, what is refused.
 */
#include "dp/permute_flip.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

#define MOST 4

static const struct dp_choice_terms usual = {{1000000}, 1, DP_SCORES_ANY};

/* Law of the choice: `seen` candidates have failed with weight `chance`; the next is any of the others. */
static void walk(const double *coins, size_t count, unsigned seen, double chance, double *law)
{
    size_t left = count - (size_t)__builtin_popcount(seen);
    for (size_t i = 0; i < count; i++) {
        if (seen >> i & 1)
            continue;
        law[i] += chance / (double)left * coins[i];
        walk(coins, count, seen | 1U << i, chance / (double)left * (1 - coins[i]), law);
    }
}

static void law_of(struct dp_choice_terms terms, const int64_t *scores, size_t count, double *law)
{
    double coins[MOST], best = (double)scores[0];
    for (size_t i = 0; i < count; i++)
        best = fmax(best, (double)scores[i]);
    double rate = (double)terms.epsilon.micro / 1e6 / (double)terms.sensitivity;
    for (size_t i = 0; i < count; i++) {
        coins[i] = exp(-rate * (best - (double)scores[i]) / (terms.scores == DP_SCORES_ANY ? 2 : 1));
        law[i] = 0;
    }
    walk(coins, count, 0, 1, law);
}

static bool fits(struct dp_choice_terms terms, struct dp_choice_terms law_terms, const int64_t *scores, size_t count)
{
    enum { DRAWS = 100000 };
    struct dp_stream *stream SEEDED = seeded_stream(terms.epsilon.micro + count);
    uint64_t counts[MOST] = {0};
    double law[MOST];
    law_of(law_terms, scores, count, law);
    for (int i = 0; i < DRAWS; i++) {
        size_t chosen;
        assert_int_equal(dp_permute_flip(stream, terms, scores, count, &chosen), OK);
        counts[chosen]++;
    }
    return chi_square_fits(counts, law, count, DRAWS);
}

static void test_law(void **state)
{
    (void)state;
    const int64_t scores[MOST] = {3, 5, 4, 1};
    const struct dp_choice_terms monotone = {{500000}, 2, DP_SCORES_MONOTONE}, coarse = {{3000000}, 2, DP_SCORES_ANY};
    assert_true(fits(usual, usual, scores, 4));
    assert_true(fits(monotone, monotone, scores, 3));
    assert_true(fits(coarse, coarse, scores, 4));
    struct dp_choice_terms bold = usual;
    bold.scores = DP_SCORES_MONOTONE;
    assert_false(fits(usual, bold, scores, 4));
}

/* Of the law just tested: no neighbour's choice is more than e^ε likelier, and some are nearly that. */
static void test_ratio(void **state)
{
    (void)state;
    double worst[2] = {0};
    for (int kind = 0; kind < 2; kind++)
        for (int a = 0; a < 6 * 6 * 6; a++)
            for (int step = 0; step < (kind ? 8 : 27); step++) {
                struct dp_choice_terms terms = {{1000000}, 1, kind ? DP_SCORES_MONOTONE : DP_SCORES_ANY};
                int base = kind ? 2 : 3, down = kind ? 0 : -1;
                const int64_t one[3] = {a % 6, a / 6 % 6, a / 36};
                const int64_t other[3] = {one[0] + down + step % base, one[1] + down + step / base % base,
                                          one[2] + down + step / base / base};
                double p[MOST], q[MOST];
                law_of(terms, one, 3, p);
                law_of(terms, other, 3, q);
                for (int i = 0; i < 3; i++)
                    worst[kind] = fmax(worst[kind], fabs(log(p[i] / q[i])));
            }
    for (int kind = 0; kind < 2; kind++)
        assert_true(worst[kind] <= 1 + 1e-12 && worst[kind] > .9);
}

static void test_top(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(8);
    const int64_t scores[5] = {100, 500, 300, 200, 400};
    size_t out[5], chosen;
    assert_int_equal(dp_permute_flip_top(stream, usual, scores, 5, 3, out, &chosen), OK);
    assert_true(chosen == 3 && out[0] == 1 && out[1] == 4 && out[2] == 2);
    const int64_t near[5] = {0};
    assert_int_equal(dp_permute_flip_top(stream, usual, near, 5, 9, out, &chosen), OK);
    unsigned seen = 0;
    for (size_t i = 0; i < chosen; i++)
        seen |= 1U << out[i];
    assert_true(chosen == 5 && seen == 31);
}

static void test_extremes(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(9);
    const int64_t scores[2] = {INT64_MIN, INT64_MAX};
    const struct dp_choice_terms loud = {{DP_CHOICE_EPSILON_MOST}, 1, DP_SCORES_ANY};
    const struct dp_choice_terms faint = {{1}, DP_CHOICE_SENSITIVITY_MOST, DP_SCORES_ANY};
    size_t chosen, first = 0;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(dp_permute_flip(stream, loud, scores, 2, &chosen), OK);
        assert_int_equal(chosen, 1);
        assert_int_equal(dp_permute_flip(stream, faint, (int64_t[]){0, 1000}, 2, &chosen), OK);
        first += chosen == 0;
    }
    assert_true(first > 20 && first < 80);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct dp_choice_terms cases[] = {
        {{0}, 1, DP_SCORES_ANY},
        {{1}, 0, DP_SCORES_ANY},
        {{DP_CHOICE_EPSILON_MOST + 1}, 1, DP_SCORES_ANY},
        {{1}, DP_CHOICE_SENSITIVITY_MOST + 1, DP_SCORES_ANY},
    };
    struct dp_stream *stream SEEDED = seeded_stream(10);
    const int64_t scores[2] = {1, 2};
    size_t chosen;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct why why = {0};
        assert_int_equal(dp_choice_check(cases[i], &why), ERR_USAGE);
        assert_non_null(why.what);
        assert_int_equal(dp_permute_flip(stream, cases[i], scores, 2, &chosen), ERR_USAGE);
    }
    assert_int_equal(dp_permute_flip(stream, usual, scores, 0, &chosen), ERR_USAGE);
    mem_fail_after(1);
    assert_int_equal(dp_permute_flip(stream, usual, scores, 2, &chosen), ERR_MEMORY);
}

static void test_loss(void **state)
{
    (void)state;
    assert_true(dp_choice_loss(usual, 4).rho == 4 * dp_zcdp_of_pure(usual.epsilon).rho);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_law),      cmocka_unit_test(test_ratio),   cmocka_unit_test(test_top),
        cmocka_unit_test(test_extremes), cmocka_unit_test(test_refused), cmocka_unit_test(test_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
