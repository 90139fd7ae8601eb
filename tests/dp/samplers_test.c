/* All ways of drawing 20 laws, 2e5 draws of the prepared ones and 25,000 of the others (the slow test has 1e7 of each),
 * and broken samplers that the same checks must catch.
 *
 * Power at 2e5 draws, at 99 %: a proportion of one half that is 0.8 points off, a scale 3 % off, a tail of 0.25 % cut
 * away; the slow test sees a seventh of that. */
#include "tests/dp/samplers.h"

enum { DRAWS = 200000, DIRECT = 25000, STEADY = 25000 };

static struct view_of_law law;

static void test_laws(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        expect(settings + i, &law);
        assert_true(fits_prepared(settings + i, &law, DRAWS));
        assert_true(fits_directly(settings + i, &law, DIRECT));
        assert_true(fits_steadily(settings + i, &law, STEADY));
    }
}

/* A law with other numbers: what a wrong scale or sensitivity gives. */
static void test_other_numbers(void **state)
{
    (void)state;
    static const struct {
        struct setting law, drawn;
    } rows[] = {
        {{GAUSSIAN, {100, 1}}, {GAUSSIAN, {25, 1}}}, /* half the noise */
        {{GAUSSIAN, {100, 1}}, {GAUSSIAN, {94, 1}}}, /* 3 % less */
        {{GAUSSIAN, {1, 1}}, {GAUSSIAN, {94, 100}}},
        {{LAPLACE, {1, 1}}, {LAPLACE, {2, 1}}},
        {{LAPLACE, {1, 100}}, {LAPLACE, {103, 10000}}},
        {{LAPLACE, {1, 10}}, {GAUSSIAN, {200, 1}}}, /* another shape of the same variance */
        {{LAPLACE, {1, 10}}, {GEOMETRIC, {1, 10}}}, /* no sign */
        {{GAUSSIAN, {200, 1}}, {LAPLACE, {1, 10}}},
        {{GEOMETRIC, {1, 50}}, {GEOMETRIC, {1, 49}}}, /* one off */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(&rows[i].law, &law);
        assert_false(fits_prepared(&rows[i].drawn, &law, DRAWS));
    }
}

/* --- broken samplers, all of the Laplace law of scale 10 or the Gaussian of sigma 10 --- */

static double unit(struct dp_stream *stream, unsigned bits)
{
    return ((double)(dp_stream_u64(stream) >> (64 - bits)) + 0.5) * pow(2, -(double)bits);
}

/* Continuous noise, rounded: the usual textbook sampler. Its lattice is 0 twice too often at the rounding. */
static int64_t rounded_float(struct dp_stream *stream, struct dp_ratio rate)
{
    double scale = (double)rate.denominator / (double)rate.numerator, u = unit(stream, 53) - 0.5;
    return (int64_t)(-scale * copysign(log(1 - 2 * fabs(u)), u)); /* towards 0 */
}

/* The uniform number has 12 bits: values that the law has are missing, the tail ends. */
static int64_t coarse_float(struct dp_stream *stream, struct dp_ratio rate)
{
    double scale = (double)rate.denominator / (double)rate.numerator;
    int64_t magnitude = (int64_t)(-scale * log(unit(stream, 12)));
    return dp_stream_below(stream, 2) ? magnitude : -magnitude - (magnitude == 0);
}

static int64_t truncated(struct dp_stream *stream, struct dp_ratio rate)
{
    for (;;) {
        int64_t x = dp_laplace(stream, rate);
        if (llabs(x) <= 60) /* 0.25 % of the law lies beyond */
            return x;
    }
}

/* A uniform remainder by modulo of six bits: the low values come once too often. */
static int64_t biased_remainder(struct dp_stream *stream, struct dp_ratio rate)
{
    const struct dp_ratio one = {1, 1};
    for (;;) {
        uint64_t remainder = (dp_stream_u64(stream) & 0x3f) % rate.denominator, periods = 0;
        if (!dp_bernoulli_exp(stream, (struct dp_ratio){remainder, rate.denominator}))
            continue;
        while (dp_bernoulli_exp(stream, one))
            periods++;
        int64_t magnitude = (int64_t)(remainder + periods * rate.denominator);
        if (dp_stream_below(stream, 2))
            return magnitude;
        if (magnitude != 0)
            return -magnitude;
    }
}

/* 0 has both signs. */
static int64_t zero_twice(struct dp_stream *stream, struct dp_ratio rate)
{
    int64_t magnitude = dp_geometric(stream, rate);
    return dp_stream_below(stream, 2) ? magnitude : -magnitude;
}

static int64_t even_only(struct dp_stream *stream, struct dp_ratio rate)
{
    const struct dp_ratio twice = {2 * rate.numerator, rate.denominator};
    return 2 * dp_laplace(stream, twice);
}

/* One negative value in 50 turns positive. */
static int64_t biased_sign(struct dp_stream *stream, struct dp_ratio rate)
{
    int64_t x = dp_laplace(stream, rate);
    return x < 0 && dp_stream_below(stream, 50) == 0 ? -x : x;
}

static void test_broken(void **state)
{
    (void)state;
    int64_t (*const broken[])(struct dp_stream *, struct dp_ratio) = {
        rounded_float, coarse_float, truncated, biased_remainder, zero_twice, even_only, biased_sign,
    };
    const struct setting laplace = {LAPLACE, {1, 10}};
    expect(&laplace, &law);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const struct way way = {.direct = broken[i]};
        assert_false(fits(&way, &laplace, &law, DRAWS));
    }
    const struct way sound = {.direct = dp_laplace};
    assert_true(fits(&sound, &laplace, &law, DRAWS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_other_numbers),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
