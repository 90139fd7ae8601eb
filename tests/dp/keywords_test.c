/* dp/keywords: what one unit can move, the noise on each count, that a release is one, the threshold, what is refused.
 */
#include "dp/keywords.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

#define VOCABULARY 8

/* noise that is 0 but once in e^40 draws: the counts show */
static const struct dp_count_noise faint = {DP_COUNT_LAPLACE, {40, 1}};
static const struct dp_keywords_terms usual = {VOCABULARY, 3, {DP_COUNT_LAPLACE, {1, 3}}};

static struct dp_keywords *made(struct dp_keywords_terms terms)
{
    struct dp_keywords *keywords;
    assert_int_equal(dp_keywords_new(terms, NULL, &keywords), OK);
    return keywords;
}

static void test_counts(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(1);
    struct dp_keywords *keywords = made((struct dp_keywords_terms){VOCABULARY, 3, faint});
    int64_t out[VOCABULARY], sum = 0;
    const uint32_t first[] = {1, 1, 1, 2}, all[] = {0, 1, 2, 3, 4, 5, 6, 7, 7, 0};
    assert_int_equal(dp_keywords_add(keywords, 4, first, 4), OK);
    assert_int_equal(dp_keywords_add(keywords, 9, first, 4), OK);
    assert_int_equal(dp_keywords_add(keywords, 10, NULL, 0), OK);
    assert_int_equal(dp_keywords_add(keywords, 11, all, 10), OK);
    assert_int_equal(dp_keywords_release(keywords, stream, out), OK);
    for (size_t i = 0; i < VOCABULARY; i++) {
        int64_t others = i == 1 || i == 2 ? 2 : 0;
        assert_true(out[i] == others || out[i] == others + 1); /* a repeat counts once */
        sum += out[i] - others;
    }
    assert_int_equal(sum, 3); /* the bound holds for the unit that sent all */
    dp_keywords_free(keywords);
}

static void test_refusals(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(2);
    struct dp_keywords *keywords = made(usual);
    int64_t out[VOCABULARY];
    const uint32_t key = 1, outside[] = {1, VOCABULARY};
    assert_int_equal(dp_keywords_add(keywords, 5, &key, 1), OK);
    assert_int_equal(dp_keywords_add(keywords, 5, &key, 1), ERR_USAGE); /* no unit twice */
    assert_int_equal(dp_keywords_add(keywords, 4, &key, 1), ERR_USAGE);
    assert_int_equal(dp_keywords_add(keywords, 6, outside, 2), ERR_INPUT);
    assert_int_equal(dp_keywords_release(keywords, stream, out), OK);
    assert_int_equal(dp_keywords_add(keywords, 7, &key, 1), ERR_POLICY);
    assert_int_equal(dp_keywords_release(keywords, stream, out),
                     ERR_POLICY); /* a second draw would be a second charge */
    for (size_t i = 0; i < VOCABULARY; i++)
        assert_int_equal(out[i], 0);
    dp_keywords_free(keywords);
    dp_keywords_free(NULL);
}

/* Of `rounds` releases of so large a vocabulary, in which one unit has keyword 3. */
static bool fits(uint32_t vocabulary, int rounds, double rate)
{
    enum { REACH = 25 };
    static int64_t out[10000];
    struct dp_stream *stream SEEDED = seeded_stream(vocabulary);
    uint64_t counts[2 * REACH + 1] = {0};
    double law[2 * REACH + 1], r = exp(-rate);
    for (int round = 0; round < rounds; round++) {
        struct dp_keywords *keywords = made((struct dp_keywords_terms){vocabulary, 3, {DP_COUNT_LAPLACE, {1, 3}}});
        const uint32_t key = 3;
        assert_int_equal(dp_keywords_add(keywords, 0, &key, 1), OK);
        assert_int_equal(dp_keywords_release(keywords, stream, out), OK);
        for (uint32_t i = 0; i < vocabulary; i++) {
            int64_t off = out[i] - (i == 3);
            counts[(off < -REACH ? -REACH : off > REACH ? REACH : off) + REACH]++;
        }
        dp_keywords_free(keywords);
    }
    for (int x = -REACH; x <= REACH; x++)
        law[x + REACH] = abs(x) == REACH ? pow(r, REACH) / (1 + r) : (1 - r) / (1 + r) * pow(r, abs(x));
    return chi_square_fits(counts, law, 2 * REACH + 1, (uint64_t)rounds * vocabulary);
}

static void test_noise(void **state)
{
    (void)state;
    assert_true(fits(VOCABULARY, 4000, 1. / 3));
    assert_true(fits(10000, 4, 1. / 3)); /* from a table */
    assert_false(fits(VOCABULARY, 4000, .36));
    assert_false(fits(10000, 4, .36));
}

static void test_threshold_and_loss(void **state)
{
    (void)state;
    double r = exp(-1. / 3), threshold = (double)dp_keywords_threshold(usual, DP_DELTA_ONE / 20);
    assert_true(VOCABULARY * pow(r, threshold) / (1 + r) <= .05);
    assert_true(VOCABULARY * pow(r, threshold - 1) / (1 + r) > .05);
    assert_true(dp_keywords_loss(usual).rho == dp_zcdp_of_pure((struct dp_epsilon){1000000}).rho);
    const struct dp_keywords_terms gaussian = {VOCABULARY, 4, {DP_COUNT_GAUSSIAN, {8, 1}}};
    assert_true(dp_keywords_loss(gaussian).rho >= DP_RHO_ONE / 4 &&
                dp_keywords_loss(gaussian).rho < DP_RHO_ONE / 4 + 3);
}

static void test_terms(void **state)
{
    (void)state;
    static const struct dp_keywords_terms wrong[] = {
        {0, 1, {DP_COUNT_LAPLACE, {1, 1}}}, {DP_KEYWORDS_MOST + 1, 1, {DP_COUNT_LAPLACE, {1, 1}}},
        {1, 0, {DP_COUNT_LAPLACE, {1, 1}}}, {1, DP_KEYWORDS_CONTRIBUTIONS_MOST + 1, {DP_COUNT_LAPLACE, {1, 1}}},
        {1, 1, {DP_COUNT_LAPLACE, {0, 1}}},
    };
    struct dp_keywords *keywords;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct why why = {0};
        assert_int_equal(dp_keywords_new(wrong[i], &why, &keywords), ERR_USAGE);
        assert_true(keywords == NULL && why.what != NULL);
    }
    mem_fail_after(1);
    assert_int_equal(dp_keywords_new(usual, NULL, &keywords), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_noise),  cmocka_unit_test(test_threshold_and_loss),
        cmocka_unit_test(test_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
