/* What an attacker on the precision of noise has: outputs that one of two neighbouring inputs can give and the other
 * cannot (Mironov 2012). Integers drawn exactly give none: every value of a range, with every pattern of low bits,
 * comes from both inputs. The same enumeration on floating-point noise finds the attack. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dp/sampler_inside.h"
#include "tests/dp/seeded.h"
#include "tests/dp/words.h"

/* --- every cell of a table, from the least word to the largest that leads there --- */

enum { RANGE = 512 };

/* Which of value - RANGE ... value + RANGE a draw can give, gone through by the words. */
static void reach(const struct dp_sampler *sampler, struct dp_stream *stream, int64_t value, bool given[2 * RANGE + 1])
{
    for (size_t i = 0; i <= RANGE; i++) {
        const uint64_t last = sampler->threshold[i + 1] - 1, words[] = {last, last | DP_SAMPLER_HALF};
        for (size_t k = 0; k < 2; k++) {
            stream_put(stream, words + k, 1);
            int64_t out = dp_sampler_add(sampler, stream, value);
            assert_int_equal(llabs(out - value), i);
            given[out + RANGE] |= out >= -RANGE && out <= RANGE;
        }
    }
}

/* Outputs within the common range that only one of the inputs 0 and 1 gives. */
static size_t told_apart(const struct dp_sampler *sampler)
{
    struct dp_stream *stream SEEDED = seeded_stream(1);
    static bool given[2][2 * RANGE + 3];
    size_t told = 0;
    memset(given, 0, sizeof given);
    reach(sampler, stream, 0, given[0]);
    reach(sampler, stream, 1, given[1]);
    for (size_t i = 1; i < 2 * RANGE; i++) {
        assert_true(given[0][i] || given[1][i]);
        told += given[0][i] != given[1][i];
    }
    return told;
}

static void test_every_value(void **state)
{
    (void)state;
    struct dp_sampler *gaussian, *laplace;
    assert_int_equal(dp_sampler_gaussian((struct dp_ratio){10000, 1}, &gaussian), OK);
    assert_int_equal(dp_sampler_laplace((struct dp_ratio){1, 60}, &laplace), OK);
    assert_int_equal(told_apart(gaussian), 0);
    assert_int_equal(told_apart(laplace), 0);
    dp_sampler_free(gaussian);
    dp_sampler_free(laplace);
}

/* --- every residue, at scales where not all values can be gone through --- */

enum { LOW = 1 << 8 };

typedef int64_t (*draw)(struct dp_stream *stream, const void *law);

static int64_t draw_laplace(struct dp_stream *stream, const void *law)
{
    return dp_laplace(stream, *(const struct dp_ratio *)law);
}

static int64_t draw_gaussian(struct dp_stream *stream, const void *law)
{
    return dp_gaussian(stream, *(const struct dp_ratio *)law);
}

/* Laplace in single precision, cut to an integer. */
static int64_t draw_float(struct dp_stream *stream, const void *law)
{
    const struct dp_ratio *rate = law;
    float u = ((float)(dp_stream_u64(stream) >> 48) + 1) / 65537;
    float magnitude = -(float)rate->denominator / (float)rate->numerator * logf(u);
    return (int64_t)magnitude;
}

/* How many of the patterns of the low eight bits of value + noise come, for an even and for an odd value. */
static size_t residues(draw drawn, const void *law, int64_t value)
{
    struct dp_stream *stream SEEDED = seeded_stream(2);
    bool seen[LOW] = {false};
    size_t count = 0;
    for (int i = 0; i < 64 * LOW; i++) {
        bool *at = &seen[(uint64_t)(value + drawn(stream, law)) % LOW];
        count += !*at;
        *at = true;
    }
    return count;
}

static void test_every_residue(void **state)
{
    (void)state;
    const struct dp_ratio rates[] = {{1, 1 << 20}, {3, DP_RATE_MOST}},
                          variances[] = {{1 << 30, 1}, {DP_VARIANCE_MOST, 3}};
    for (int64_t value = 0; value < 2; value++)
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(residues(draw_laplace, rates + i, value), LOW);
            assert_int_equal(residues(draw_gaussian, variances + i, value), LOW);
        }
    const struct dp_ratio vast = {1, DP_RATE_MOST}; /* a float has 24 bits: the low ones of large noise are 0 */
    assert_true(residues(draw_float, &vast, 0) < LOW);
}

/* --- the attack on floating point: all outputs of 0 + noise and of 1 + noise, over all uniform numbers of 12 bits ---
 */

enum { UNIFORM = 1 << 12 };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void float_outputs(double value, double out[static UNIFORM])
{
    for (int i = 0; i < UNIFORM; i++)
        out[i] = value - log((i + 1) / (double)(UNIFORM + 1));
    qsort(out, UNIFORM, sizeof *out, compare);
}

static int64_t integer_of(double x)
{
    return (int64_t)floor(x);
}

static void test_float_is_told_apart(void **state)
{
    (void)state;
    static double zero[UNIFORM], one[UNIFORM];
    float_outputs(0, zero);
    float_outputs(1, one);
    size_t common = 0;
    for (int i = 0; i < UNIFORM; i++)
        common += bsearch(zero + i, one, UNIFORM, sizeof *one, compare) != NULL;
    assert_true(common < UNIFORM / 100);                                        /* nearly each output names its input */
    assert_true(integer_of(zero[UNIFORM - 1]) != integer_of(one[UNIFORM - 1])); /* and the farthest does when rounded */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_value),
        cmocka_unit_test(test_every_residue),
        cmocka_unit_test(test_float_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
