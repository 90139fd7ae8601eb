/* dp/sparse_vector: answers far from the threshold, the law of the first answer, halting, the loss, what is refused. */
#include "dp/sparse_vector.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static const struct dp_sparse_terms usual = {{1000000}, 1, DP_SCORES_ANY, 2, 100};

static struct dp_sparse *started(struct dp_sparse_terms terms, struct dp_stream *stream)
{
    struct dp_sparse *sparse;
    assert_int_equal(dp_sparse_new(terms, stream, NULL, &sparse), OK);
    return sparse;
}

static void test_halts(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(2);
    struct dp_sparse *sparse = started(usual, stream);
    bool above;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(dp_sparse_ask(sparse, stream, -1000, &above), OK);
        assert_false(above);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(dp_sparse_ask(sparse, stream, 1000, &above), OK);
        assert_true(above);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(dp_sparse_ask(sparse, stream, 1000, &above), ERR_POLICY);
        assert_false(above);
    }
    dp_sparse_free(sparse);
    dp_sparse_free(NULL);
}

static double mass(double rate, int x)
{
    double r = exp(-rate);
    return (1 - r) / (1 + r) * pow(r, abs(x));
}

static double reaches(double rate, int x) /* P(noise >= x) */
{
    double r = exp(-rate);
    return x > 0 ? pow(r, x) / (1 + r) : 1 - pow(r, 1 - x) / (1 + r);
}

/* Which of the first two questions is the first above (2: neither), by sums over the threshold's noise. */
static void law_of(double threshold_rate, double rate, const int64_t *under, double *law)
{
    law[0] = law[1] = law[2] = 0;
    for (int z = -200; z <= 200; z++) {
        double first = reaches(rate, (int)-under[0] + z), second = reaches(rate, (int)-under[1] + z);
        double weight = mass(threshold_rate, z);
        law[0] += weight * first;
        law[1] += weight * (1 - first) * second;
        law[2] += weight * (1 - first) * (1 - second);
    }
}

static bool fits(struct dp_sparse_terms terms, double threshold_rate, double rate)
{
    enum { DRAWS = 60000 };
    struct dp_stream *stream SEEDED = seeded_stream(terms.answers);
    const int64_t under[2] = {-1, 2};
    uint64_t counts[3] = {0};
    double law[3];
    for (int i = 0; i < DRAWS; i++) {
        struct dp_sparse *sparse = started(terms, stream);
        bool above = false;
        size_t asked = 0;
        for (; asked < 2 && !above; asked++)
            assert_int_equal(dp_sparse_ask(sparse, stream, terms.threshold + under[asked], &above), OK);
        counts[above ? asked - 1 : 2]++;
        dp_sparse_free(sparse);
    }
    law_of(threshold_rate, rate, under, law);
    return chi_square_fits(counts, law, 3, DRAWS);
}

static void test_law(void **state)
{
    (void)state;
    const struct dp_sparse_terms monotone = {{2000000}, 1, DP_SCORES_MONOTONE, 1, 50};
    assert_true(fits(monotone, 1, 1)); /* one monotone answer: half of ε each */
    assert_false(fits(monotone, 1, 1.2));
    const struct dp_sparse_terms many = {{6000000}, 2, DP_SCORES_ANY, 4, -7}; /* 1 : 8^(2/3), the scale 2 * 4 * 2 */
    assert_true(fits(many, 6. / 5 / 2, 6 * 4. / 5 / 16));
    assert_false(fits(many, 6. / 5 / 2, 6 * 4. / 5 / 8));
}

/* P(`many` questions at `low` are not above, one at `high` is): where neighbours differ most. */
static double chance_of(double threshold_rate, double rate, int many, int low, int high)
{
    double sum = 0;
    for (int z = -200; z <= 200; z++)
        sum += mass(threshold_rate, z) * pow(1 - reaches(rate, z - low), many) * reaches(rate, z - high);
    return sum;
}

/* With the rates for any and for monotone questions: within e^ε of every neighbour's, and for some nearly that. */
static void test_ratio(void **state)
{
    (void)state;
    double weight = cbrt(4), first = 1 / (1 + weight), second = 1 - first, worst[2] = {0};
    for (int kind = 0; kind < 2; kind++)
        for (int at = 0; at < 40 * 20; at++)
            for (int step = 0; step < (kind ? 4 : 9); step++) {
                int low = at % 40 - 35, high = at / 40 - 15;
                int lower = low + (kind ? step % 2 : step % 3 - 1), higher = high + (kind ? step / 2 : step / 3 - 1);
                double p = chance_of(kind ? .5 : first, kind ? .5 : second / 2, 1000, low, high);
                double q = chance_of(kind ? .5 : first, kind ? .5 : second / 2, 1000, lower, higher);
                worst[kind] = fmax(worst[kind], fabs(log(p / q)));
            }
    for (int kind = 0; kind < 2; kind++)
        assert_true(worst[kind] <= 1 + 1e-6 && worst[kind] > .8);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct dp_sparse_terms cases[] = {
        {{0}, 1, DP_SCORES_ANY, 1, 0},
        {{1}, 1, DP_SCORES_ANY, 1, 0},
        {{UINT64_MAX}, 1, DP_SCORES_ANY, 1, 0},
        {{1000000}, 0, DP_SCORES_ANY, 1, 0},
        {{1000000}, 1, DP_SCORES_ANY, 0, 0},
        {{1000000}, UINT64_MAX, DP_SCORES_ANY, 1, 0},
        {{1000000}, 1000000, DP_SCORES_ANY, UINT32_MAX, 0},
    };
    struct dp_stream *stream SEEDED = seeded_stream(4);
    struct dp_sparse *sparse;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct why why = {0};
        assert_int_equal(dp_sparse_new(cases[i], stream, &why, &sparse), ERR_USAGE);
        assert_true(sparse == NULL && why.what != NULL);
    }
    mem_fail_after(1);
    assert_int_equal(dp_sparse_new(usual, stream, NULL, &sparse), ERR_MEMORY);
    assert_true(dp_sparse_loss(usual).rho == dp_zcdp_of_pure(usual.epsilon).rho);
    const struct dp_sparse_terms low = {{1000000}, 1, DP_SCORES_ANY, 1, INT64_MIN};
    sparse = started(low, stream);
    bool above;
    assert_int_equal(dp_sparse_ask(sparse, stream, INT64_MAX, &above), OK);
    assert_true(above);
    dp_sparse_free(sparse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_halts),
        cmocka_unit_test(test_law),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
