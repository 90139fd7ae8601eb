/* dp/sampler: the table's thresholds, the draws that it cannot decide, and what becomes of wide, narrow and refused
 * laws. Whole laws are tested in samplers_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "dp/sampler_inside.h"
#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"
#include "tests/dp/words.h"

typedef enum status (*sampler_of)(struct dp_ratio parameter, struct dp_sampler **out);

static struct dp_sampler *prepared(sampler_of of, uint64_t numerator, uint64_t denominator)
{
    struct dp_sampler *sampler;
    assert_int_equal(of((struct dp_ratio){numerator, denominator}, &sampler), OK);
    return sampler;
}

static int64_t draw_of(const struct dp_sampler *sampler, struct dp_stream *stream, const uint64_t *words, size_t count)
{
    stream_put(stream, words, count);
    int64_t drawn = dp_sampler_draw(sampler, stream);
    assert_int_equal(stream->left, 0); /* all of them, no more */
    return drawn;
}

/* Half the distribution function up to a magnitude, cut off after 192 bits, by a program of its own in another
 * language (whole numbers of 640 bits, the weights summed one by one, no recurrence). */
static const struct known {
    sampler_of of;
    struct dp_ratio parameter;
    uint64_t magnitude, half[3];
} known[] = {
    {dp_sampler_gaussian, {1, 1}, 0, {0x33108a6312ee78d0, 0xfe046b3dc0008b11, 0x41fde6a248527637}},
    {dp_sampler_gaussian, {1, 1}, 1, {0x71025579e9981c67, 0xd6a70222ebc40576, 0x9dd791cc3634085a}},
    {dp_sampler_gaussian, {1, 1}, 3, {0x7ff721a80379107c, 0x11e36db709864c25, 0x7dc02f938b14f0e9}},
    {dp_sampler_gaussian, {1, 1}, 8, {0x7fffffffffffffed, 0x09269cf03adac54f, 0x25bddd67af5a7f57}},
    {dp_sampler_gaussian, {100, 1}, 0, {0x051b410a5da47682, 0x9cc23f433588b609, 0x9760218f3741f38a}},
    {dp_sampler_gaussian, {100, 1}, 17, {0x75c2ce510ad4eb55, 0xb0d057e086dddf8e, 0x6869bfa102881ed5}},
    {dp_sampler_gaussian, {100, 1}, 50, {0x7ffffc559a4be4c3, 0x19cd24db019fa4d9, 0x3c00b68a42c25d70}},
    {dp_sampler_gaussian, {355, 113}, 0, {0x1ccf641538da2fe6, 0x680ae58c8da73b3c, 0x9fcbf69b8bef29f1}},
    {dp_sampler_gaussian, {355, 113}, 5, {0x7fc96f6fb957167c, 0xff9edc13bde5cd65, 0xcc29b1f112c6252c}},
    {dp_sampler_laplace, {1, 1}, 0, {0x3b26a7aead15e6ca, 0x251dc438cb611a74, 0xf9932bd05beb4d20}},
    {dp_sampler_laplace, {1, 1}, 1, {0x66abff789f2d3a1b, 0x20037444a449ec7d, 0x2bd4ce84eea83bac}},
    {dp_sampler_laplace, {1, 1}, 20, {0x7ffffffd9e8217cf, 0x391803d303de946d, 0x1168b0bf4340bcf5}},
    {dp_sampler_laplace, {1, 10}, 0, {0x066509394d7dbe17, 0xbd7376572e524db0, 0x9e453bba96683649}},
    {dp_sampler_laplace, {1, 10}, 3, {0x25e99d5aa0531157, 0x1a3199c6de15177f, 0x084990a40602f891}},
    {dp_sampler_laplace, {1, 10}, 100, {0x7ffe962f1d83fd27, 0x805df4417c1c7ed9, 0x57a2a72ed5d5db93}},
    {dp_sampler_geometric, {7, 3}, 0, {0x73966c2cb2620d2b, 0xb7b705f260abe336, 0x2cc3daf95556f055}},
    {dp_sampler_geometric, {7, 3}, 2, {0x7fe21e9463db5671, 0x5466688154085aea, 0x3ae369932b6b2f50}},
    {dp_sampler_laplace, {693147, 1000000}, 0, {0x2aaaa9fe5562aea2, 0x03774a3c5bf68876, 0x95b41d7753a0a5ae}},
    {dp_sampler_laplace, {693147, 1000000}, 1, {0x5555547deab9d2c1, 0x5f71c4432dd54711, 0xdfbb789e2865e967}},
};
enum { KNOWN = sizeof known / sizeof *known };

static void test_thresholds(void **state)
{
    (void)state;
    for (size_t i = 0; i < KNOWN; i++) {
        struct dp_sampler *sampler =
            prepared(known[i].of, known[i].parameter.numerator, known[i].parameter.denominator);
        assert_true(sampler->threshold[known[i].magnitude + 1] == known[i].half[0]);
        dp_sampler_free(sampler);
    }
}

/* The first word lies in the very unit of a threshold, or in the one after: it is the next words that decide. */
static void test_undecided(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(1);
    for (size_t i = 0; i < KNOWN; i++) {
        struct dp_sampler *sampler =
            prepared(known[i].of, known[i].parameter.numerator, known[i].parameter.denominator);
        const uint64_t *half = known[i].half;
        int64_t at = (int64_t)known[i].magnitude, minus = law_is_two_sided(&sampler->law) ? -1 : 1;
        const uint64_t below[] = {half[0], half[1] - 1}, above[] = {half[0], half[1] + 1},
                       after[] = {half[0] + 1, half[1]};
        const uint64_t far_below[] = {half[0], half[1], half[2] - 1000},
                       far_above[] = {half[0], half[1], half[2] + 1000};
        const uint64_t negative[] = {half[0] | DP_SAMPLER_HALF, half[1] - 1}, decided[] = {half[0] - 1};
        assert_int_equal(draw_of(sampler, stream, below, 2), at);
        assert_int_equal(draw_of(sampler, stream, above, 2), at + 1);
        assert_int_equal(draw_of(sampler, stream, after, 2), at + 1);
        assert_int_equal(draw_of(sampler, stream, far_below, 3), at);
        assert_int_equal(draw_of(sampler, stream, far_above, 3), at + 1);
        assert_int_equal(draw_of(sampler, stream, negative, 2), minus * at);
        assert_int_equal(draw_of(sampler, stream, decided, 1), at);
        dp_sampler_free(sampler);
    }
}

/* Given a first word in a threshold's unit, the magnitude is the lower one as often as the threshold's fraction of that
 * unit says: a draw that took either side without more words would not be exact. */
static void test_undecided_share(void **state)
{
    (void)state;
    enum { DRAWS = 600 };
    struct dp_stream *stream SEEDED = seeded_stream(2);
    for (size_t i = 0; i < 3; i++) {
        struct dp_sampler *sampler =
            prepared(known[i].of, known[i].parameter.numerator, known[i].parameter.denominator);
        double lower = (double)known[i].half[1] * 0x1p-64;
        const double expected[2] = {lower, 1 - lower};
        uint64_t counts[2] = {0};
        for (int k = 0; k < DRAWS; k++) {
            const uint64_t words[] = {known[i].half[0], dp_stream_u64(stream)};
            stream_put(stream, words, 2);
            counts[dp_sampler_draw(sampler, stream) != (int64_t)known[i].magnitude]++;
            stream->left = 0;
        }
        assert_true(chi_square_fits(counts, expected, 2, DRAWS));
        const double even[2] = {0.5, 0.5}; /* the check can fail */
        assert_true(fabs(lower - 0.5) < 0.1 || !chi_square_fits(counts, even, 2, DRAWS));
        dp_sampler_free(sampler);
    }
}

/* The end of the table: the tail beyond what 63 bits tell is drawn too, ever farther out. */
static void test_tail(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(3);
    struct dp_sampler *sampler = prepared(dp_sampler_gaussian, 1, 1);
    const uint64_t first = DP_SAMPLER_HALF - 1, ones = UINT64_MAX;
    const uint64_t out[] = {first, ones - 1}, farther[] = {first, ones, 5}, farthest[] = {ones, ones, ones, ones, 5};
    int64_t a = draw_of(sampler, stream, out, 2), b = draw_of(sampler, stream, farther, 3),
            c = draw_of(sampler, stream, farthest, 5);
    assert_in_range(a, sampler->count, 13); /* P(|X| > 13) < 2^-126 */
    assert_in_range(b, 13, 14);
    assert_in_range(-c, 18, 19); /* P(|X| >= 19) < 2^-260 */
    dp_sampler_free(sampler);
}

/* Every magnitude of a table comes out where its cell begins and where it ends. */
static void test_cells(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(4);
    struct dp_sampler *sampler = prepared(dp_sampler_gaussian, 10000, 1);
    assert_true(sampler->count > 900);
    for (size_t i = 0; i + 1 < sampler->count; i++) {
        uint64_t first = i ? sampler->threshold[i] + 2 : 0, last = sampler->threshold[i + 1] - 1;
        if (first > last || first > last + 1)
            continue;
        const uint64_t ends[] = {first, last, first | DP_SAMPLER_HALF, last | DP_SAMPLER_HALF};
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(draw_of(sampler, stream, ends + k, 1), k < 2 ? (int64_t)i : -(int64_t)i);
    }
    dp_sampler_free(sampler);
}

static void test_bounds(void **state)
{
    (void)state;
    struct dp_sampler *sampler;
    assert_int_equal(dp_sampler_laplace((struct dp_ratio){0, 1}, &sampler), ERR_USAGE);
    assert_null(sampler);
    assert_int_equal(dp_sampler_laplace((struct dp_ratio){1, 0}, &sampler), ERR_USAGE);
    assert_int_equal(dp_sampler_laplace((struct dp_ratio){1, DP_RATE_MOST + 1}, &sampler), ERR_USAGE);
    assert_int_equal(dp_sampler_geometric((struct dp_ratio){UINT64_MAX, 1}, &sampler), ERR_USAGE);
    assert_int_equal(dp_sampler_gaussian((struct dp_ratio){0, 5}, &sampler), ERR_USAGE);
    assert_int_equal(dp_sampler_gaussian((struct dp_ratio){DP_VARIANCE_MOST + 1, 1}, &sampler), ERR_USAGE);
    for (size_t n = 1; n <= 3; n++) {
        mem_fail_after(n);
        assert_int_equal(dp_sampler_gaussian((struct dp_ratio){1, 1}, &sampler), ERR_MEMORY);
        assert_null(sampler);
    }
    mem_fail_after(0);
    dp_sampler_free(NULL);
}

/* The widest that have tables, the narrowest, and those too wide, which are drawn one by one. */
static void test_extremes(void **state)
{
    (void)state;
    static const struct {
        sampler_of of;
        struct dp_ratio parameter;
        bool table;
        double deviation;
    } rows[] = {
        {dp_sampler_laplace, {1, 1200}, true, 1697.06},
        {dp_sampler_laplace, {1, DP_RATE_MOST}, false, 0x1p40 * 1.41421},
        {dp_sampler_geometric, {1, 2000}, false, 2000},
        {dp_sampler_gaussian, {41000000, 1}, true, 6403.12},
        {dp_sampler_gaussian, {DP_VARIANCE_MOST, 1}, false, 0x1p25},
    };
    struct dp_stream *stream SEEDED = seeded_stream(5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dp_sampler *sampler = prepared(rows[i].of, rows[i].parameter.numerator, rows[i].parameter.denominator);
        assert_int_equal(sampler->count > 0, rows[i].table);
        double squares = 0, sum = 0;
        for (int k = 0; k < 4000; k++) {
            double x = (double)dp_sampler_draw(sampler, stream) / rows[i].deviation;
            squares += x * x / 4000;
            sum += x / 4000;
        }
        assert_true(fabs(sqrt(squares - sum * sum) - 1) < 0.15);
        dp_sampler_free(sampler);
    }
    static const struct dp_ratio least = {1, DP_VARIANCE_MOST}, loud = {DP_RATE_MOST, 1};
    struct dp_sampler *a = prepared(dp_sampler_gaussian, least.numerator, least.denominator),
                      *b = prepared(dp_sampler_laplace, loud.numerator, loud.denominator);
    for (int k = 0; k < 1000; k++)
        assert_true(dp_sampler_draw(a, stream) == 0 && dp_sampler_draw(b, stream) == 0);
    dp_sampler_free(a);
    dp_sampler_free(b);
}

static void test_add(void **state)
{
    (void)state;
    struct dp_stream *stream SEEDED = seeded_stream(6);
    struct dp_sampler *sampler = prepared(dp_sampler_laplace, 1, 100);
    bool low = false, high = false;
    for (int i = 0; i < 100; i++) {
        low |= dp_sampler_add(sampler, stream, INT64_MIN) == INT64_MIN;
        high |= dp_sampler_add(sampler, stream, INT64_MAX) == INT64_MAX;
    }
    assert_true(low && high);
    const uint64_t words[] = {sampler->threshold[5] - 1};
    stream_put(stream, words, 1);
    assert_int_equal(dp_sampler_add(sampler, stream, 1000), 1004);
    dp_sampler_free(sampler);
}

/* A stream stuck at a value: whether a draw comes to an end, by value or by ending the process, within a buffer. */
enum ending { RETURNS, ABORTS, TURNS };
static enum ending ending_of(const struct dp_sampler *sampler, uint64_t stuck)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct dp_stream *stream = seeded_stream(7);
        uint64_t words[DP_STREAM_BUFFER / 8];
        for (size_t i = 0; i < DP_STREAM_BUFFER / 8; i++)
            words[i] = stuck;
        stream_put(stream, words, DP_STREAM_BUFFER / 8);
        close(STDERR_FILENO);
        dp_sampler_draw(sampler, stream);
        _exit(stream->left > DP_STREAM_BUFFER / 2 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 ? RETURNS : TURNS;
    return ABORTS;
}

static void test_stuck(void **state)
{
    (void)state;
    struct dp_sampler *table = prepared(dp_sampler_gaussian, 100, 1),
                      *direct = prepared(dp_sampler_gaussian, 1 << 30, 1);
    assert_int_equal(ending_of(table, 0), RETURNS);
    assert_int_equal(ending_of(table, UINT64_MAX), ABORTS);
    assert_int_equal(ending_of(table, UINT64_MAX / 3), RETURNS);
    assert_int_equal(ending_of(direct, 0), ABORTS); /* 0 is passed over for ever below 2^15 + 1 */
    assert_int_equal(ending_of(direct, UINT64_MAX / 3), RETURNS);
    dp_sampler_free(table);
    dp_sampler_free(direct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thresholds), cmocka_unit_test(test_undecided), cmocka_unit_test(test_undecided_share),
        cmocka_unit_test(test_tail),       cmocka_unit_test(test_cells),     cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_extremes),   cmocka_unit_test(test_add),       cmocka_unit_test(test_stuck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
