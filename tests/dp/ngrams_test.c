/* dp/ngrams: phrases grow where many units use them, none of one unit's comes out, what one unit moves, that candidates
 * nobody has are drawn for, what is refused. */
#include "dp/ngrams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/dp/seeded.h"

static const struct dp_ngrams_terms public = {4, 8, 50, 10, {DP_RHO_ONE / 8, 0}};
static const struct dp_ngrams_terms open = {4, 8, 0, 10, {DP_RHO_ONE / 8, DP_DELTA_ONE / 100000}};

static bool has(const struct dp_ngrams *ngrams, uint32_t length, const uint32_t *tokens)
{
    for (size_t i = 0; i < dp_ngrams_count(ngrams, length); i++)
        if (memcmp(dp_ngrams_tokens(ngrams, length, i), tokens, length * sizeof *tokens) == 0)
            return true;
    return false;
}

/* 200 units with one phrase in common, each with a token of its own. */
static struct dp_ngrams *of_many(struct dp_ngrams_terms terms, uint64_t seed)
{
    enum { UNITS = 200, TOKENS = 8 };
    struct dp_stream *stream SEEDED = seeded_stream(seed);
    static uint32_t texts[UNITS][TOKENS];
    struct dp_ngrams_unit units[UNITS];
    for (uint32_t u = 0; u < UNITS; u++) {
        const uint32_t text[TOKENS] = {7, 3, 9, 9, DP_NGRAMS_BREAK, 3, 7, terms.vocabulary ? u % 50 : 1000 + u};
        memcpy(texts[u], text, sizeof text);
        units[u] = (struct dp_ngrams_unit){u, texts[u], TOKENS};
    }
    struct dp_ngrams *ngrams;
    assert_int_equal(dp_ngrams_release(&terms, stream, units, UNITS, NULL, &ngrams), OK);
    return ngrams;
}

static void test_phrases(void **state)
{
    (void)state;
    const struct dp_ngrams_terms both[] = {public, open};
    for (int i = 0; i < 2; i++) {
        struct dp_ngrams *ngrams = of_many(both[i], 1);
        assert_true(has(ngrams, 1, (uint32_t[]){7}) && has(ngrams, 1, (uint32_t[]){9}));
        assert_true(has(ngrams, 2, (uint32_t[]){7, 3}) && has(ngrams, 2, (uint32_t[]){3, 7}));
        assert_true(has(ngrams, 3, (uint32_t[]){7, 3, 9}) && has(ngrams, 4, (uint32_t[]){7, 3, 9, 9}));
        assert_false(has(ngrams, 2, (uint32_t[]){9, 3})); /* over the break */
        assert_false(has(ngrams, 3, (uint32_t[]){9, 3, 7}));
        assert_true(dp_ngrams_count(ngrams, 1) < 8 && dp_ngrams_count(ngrams, 2) < 8);
        for (size_t k = 1; k < dp_ngrams_count(ngrams, 2); k++) /* in ascending order */
            assert_true(memcmp(dp_ngrams_tokens(ngrams, 2, k - 1), dp_ngrams_tokens(ngrams, 2, k), 8) != 0);
        for (size_t k = 0; i == 1 && k < dp_ngrams_count(ngrams, 1); k++) /* a lone unit's token stays in */
            assert_true(*dp_ngrams_tokens(ngrams, 1, k) < 1000);
        dp_ngrams_free(ngrams);
    }
}

/* With next to no noise: a unit that has everything moves the sums by DP_UNION_ONE in L2, and no more. */
static void test_contribution(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(2);
    uint32_t text[16];
    for (uint32_t i = 0; i < 16; i++)
        text[i] = i;
    const struct dp_ngrams_unit unit = {1, text, 16};
    struct dp_ngrams_terms terms = {1, 4, 16, 1, {DP_UNION_RHO_MOST, 0}};
    struct dp_ngrams *ngrams;
    assert_int_equal(dp_ngrams_release(&terms, stream, &unit, 1, NULL, &ngrams), OK);
    assert_int_equal(dp_ngrams_count(ngrams, 1), 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(llabs(dp_ngrams_sum(ngrams, 1, i) - DP_UNION_ONE / 2) < 600);
    dp_ngrams_free(ngrams);
}

/* Nobody has anything: what is released comes of noise, about as often as the share says (and not never). */
static void test_candidates_without_support(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(3);
    const struct dp_ngrams_terms terms = {2, 4, 20, 500, {DP_RHO_ONE / 8, 0}};
    size_t singles = 0, pairs = 0;
    for (int i = 0; i < 600; i++) {
        struct dp_ngrams *ngrams;
        assert_int_equal(dp_ngrams_release(&terms, stream, NULL, 0, NULL, &ngrams), OK);
        singles += dp_ngrams_count(ngrams, 1);
        pairs += dp_ngrams_count(ngrams, 2);
        dp_ngrams_free(ngrams);
    }
    assert_true(singles > 220 && singles < 380); /* 300 expected: half a token a release */
    assert_true(pairs > singles / 4 && pairs < singles);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct dp_ngrams_terms wrong[] = {
        {0, 8, 50, 10, {1000000, 0}},
        {9, 8, 50, 10, {1000000, 0}},
        {4, 0, 50, 10, {1000000, 0}},
        {4, 1025, 50, 10, {1000000, 0}},
        {4, 8, 50, 0, {1000000, 0}},
        {4, 8, 50, 501, {1000000, 0}},
        {4, 8, 50, 10, {0, 0}},
        {4, 8, 50, 10, {1000000, 1}},
        {4, 8, 0, 10, {1000000, 0}},
        {4, 8, 0, 10, {1000000, DP_DELTA_ONE}},
        {4, 8, UINT32_MAX, 10, {1000000, 0}},
    };
    struct dp_stream *stream SEEDED = seeded_stream(4);
    struct dp_ngrams *ngrams;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct why why = {0};
        assert_int_equal(dp_ngrams_release(&wrong[i], stream, NULL, 0, &why, &ngrams), ERR_USAGE);
        assert_true(ngrams == NULL && why.what != NULL);
    }
    const uint32_t text[] = {1, 50};
    const struct dp_ngrams_unit twice[] = {{1, text, 1}, {1, text, 1}}, outside[] = {{1, text, 2}};
    assert_int_equal(dp_ngrams_release(&public, stream, twice, 2, NULL, &ngrams), ERR_USAGE);
    assert_int_equal(dp_ngrams_release(&public, stream, outside, 1, NULL, &ngrams), ERR_INPUT);
    for (size_t n = 1; n < 12; n++) { /* every allocation fails once */
        mem_fail_after(n);
        enum status status = dp_ngrams_release(&open, stream, twice, 1, NULL, &ngrams);
        mem_fail_after(0);
        assert_true(status == OK || (status == ERR_MEMORY && ngrams == NULL));
        dp_ngrams_free(ngrams);
    }
}

static void test_loss(void **state)
{
    (void)state;
    struct dp_zcdp loss = dp_ngrams_loss(&open);
    assert_true(loss.rho >= DP_RHO_ONE / 2 - 8 && loss.rho <= DP_RHO_ONE / 2 + 8);
    assert_true(loss.delta == open.each.delta && dp_ngrams_loss(&public).delta == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_contribution),
        cmocka_unit_test(test_candidates_without_support),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
