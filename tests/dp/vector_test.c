/* dp/vector: the norm's bound on hostile vectors, rounding, noise on each coordinate, losses, what is refused. */
#include "dp/vector.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static const struct dp_vector_terms usual = {4, 10, 100, 50, {25, 1}};

static uint64_t square_of(const int64_t *values, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (uint64_t)(values[i] * values[i]);
    return sum;
}

static void test_clip(void **state)
{
    (void)state;
    static const struct {
        int64_t in[4], out[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0, 0, 0}},
        {{14, 15, -15, -14}, {1, 2, -2, -1}}, /* halves away from 0 */
        {{500, 0, 0, 0}, {50, 0, 0, 0}},
        {{510, 0, 0, 0}, {50, 0, 0, 0}},
        {{INT64_MIN, 0, 0, 0}, {-50, 0, 0, 0}},
        {{INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN}, {25, -25, 25, -25}},
        {{300, 400, 0, 0}, {30, 40, 0, 0}},
        {{300, 400, 10, 0}, {29, 39, 0, 0}}, /* 30² + 40² + 1 is over 50²: towards 0 */
    };
    int64_t out[4];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dp_vector_clip(&usual, cases[i].in, out);
        assert_memory_equal(out, cases[i].out, sizeof out);
    }
}

/* Whatever comes, the bound holds exactly; and it is reached. */
static void test_norm(void **state)
{
    (void)state;
    enum { DIMENSIONS = 16 };
    struct dp_stream *stream SEEDED = seeded_stream(1);
    uint64_t most = 0;
    for (int i = 0; i < 20000; i++) {
        struct dp_vector_terms terms = {DIMENSIONS,
                                        1 + (uint32_t)dp_stream_below(stream, 20),
                                        1 + (uint32_t)dp_stream_below(stream, 1000),
                                        1 + (uint32_t)dp_stream_below(stream, 1000),
                                        {1, 1}};
        unsigned shift = (unsigned)dp_stream_below(stream, 64);
        int64_t values[DIMENSIONS], out[DIMENSIONS];
        for (int k = 0; k < DIMENSIONS; k++)
            values[k] = (int64_t)dp_stream_u64(stream) >> shift;
        dp_vector_clip(&terms, values, out);
        assert_true(square_of(out, DIMENSIONS) <= dp_vector_norm_squared(&terms));
        uint64_t share = 100 * square_of(out, DIMENSIONS) / dp_vector_norm_squared(&terms);
        most = share > most ? share : most;
    }
    assert_true(most >= 95);
    const struct dp_vector_terms large = {4, 1, DP_VECTOR_BOUND_MOST, DP_VECTOR_BOUND_MOST, {1, 1}};
    const int64_t values[4] = {INT64_MAX, INT64_MIN, INT64_MAX, 1};
    int64_t out[4];
    dp_vector_clip(&large, values, out);
    assert_true(square_of(out, 4) <= dp_vector_norm_squared(&large));
}

static void test_noise(void **state)
{
    (void)state;
    enum { ROUNDS = 10000, REACH = 20 };
    struct dp_stream *stream SEEDED = seeded_stream(2);
    const int64_t values[4] = {300, 400, 0, 0}, means[4] = {30, 40, 0, 0};
    uint64_t counts[2 * REACH + 1] = {0};
    double law[2 * REACH + 1] = {0}, whole = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t out[4];
        dp_vector_release(&usual, stream, values, out);
        for (int i = 0; i < 4; i++) {
            int64_t off = out[i] - means[i];
            counts[(off < -REACH ? -REACH : off > REACH ? REACH : off) + REACH]++;
        }
    }
    for (int x = -200; x <= 200; x++)
        whole += exp(-x * x / 50.);
    for (int x = -200; x <= 200; x++)
        law[(x < -REACH ? -REACH : x > REACH ? REACH : x) + REACH] += exp(-x * x / 50.) / whole;
    assert_true(chi_square_fits(counts, law, 2 * REACH + 1, 4 * ROUNDS));
    law[REACH] += .02, law[REACH + 1] -= .02;
    assert_false(chi_square_fits(counts, law, 2 * REACH + 1, 4 * ROUNDS));
}

static void test_loss(void **state)
{
    (void)state;
    assert_true(dp_vector_loss(&usual, DP_VECTOR_NONE).rho == 50 * DP_RHO_ONE); /* 50² / (2 * 25) */
    assert_true(dp_vector_loss(&usual, DP_VECTOR_OTHER).rho == 200 * DP_RHO_ONE);
    const struct dp_vector_terms boxed = {4, 1, 10, 1000, {200, 1}};
    assert_true(dp_vector_norm_squared(&boxed) == 400 && dp_vector_loss(&boxed, DP_VECTOR_NONE).rho == DP_RHO_ONE);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct dp_vector_terms wrong[] = {
        {0, 1, 1, 1, {1, 1}},
        {DP_VECTOR_DIMENSIONS_MOST + 1, 1, 1, 1, {1, 1}},
        {1, 0, 1, 1, {1, 1}},
        {1, 1, 0, 1, {1, 1}},
        {1, 1, DP_VECTOR_BOUND_MOST + 1, 1, {1, 1}},
        {1, 1, 1, 0, {1, 1}},
        {1, 1, 1, UINT32_MAX, {1, 1}},
        {1, 1, 1, 1, {0, 1}},
        {1, 1, 1, 1, {1, 0}},
        {1, 1, 1, 1, {UINT64_MAX, 1}},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct why why = {0};
        assert_int_equal(dp_vector_check(&wrong[i], &why), ERR_USAGE);
        assert_non_null(why.what);
    }
    assert_int_equal(dp_vector_check(&usual, NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clip), cmocka_unit_test(test_norm),    cmocka_unit_test(test_noise),
        cmocka_unit_test(test_loss), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
