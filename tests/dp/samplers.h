/* Every way of drawing each of 20 laws against that law's probabilities: chi-square over the values, chi-square over
 * the lowest three bits, and Wilson's interval for five proportions, each at alpha = 1e-6, with fixed seeds.
 *
 * The probabilities are sums of expl over the values, as the definitions say: nothing of the samplers is used. They are
 * right to some 1e-15, where 1e7 draws tell 1e-4 at best. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dp/sampler.h"
#include "dp/steady.h"
#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"
#include "tests/dp/wilson.h"

enum kind { GEOMETRIC, LAPLACE, GAUSSIAN };

/* Which law, and by which numbers. */
struct setting {
    enum kind kind;
    struct dp_ratio parameter;
};

static const struct setting settings[20] = {
    {GAUSSIAN, {1, 1}},
    {GAUSSIAN, {100, 1}},
    {GAUSSIAN, {10000, 1}},
    {GAUSSIAN, {1, 4}},
    {GAUSSIAN, {9, 4}},
    {GAUSSIAN, {355, 113}},
    {GAUSSIAN, {123456789, 1000000}},
    {GAUSSIAN, {1000000, 1}},
    {GAUSSIAN, {UINT64_C(1) << 30, 1}}, /* too wide for a table */
    {GAUSSIAN, {1, 20}},
    {LAPLACE, {1, 1}},
    {LAPLACE, {1, 10}},
    {LAPLACE, {1, 100}},
    {LAPLACE, {7, 3}},
    {LAPLACE, {693147, 1000000}},
    {LAPLACE, {1, 1000}},
    {LAPLACE, {3, 1 << 15}}, /* too wide */
    {GEOMETRIC, {1, 1}},
    {GEOMETRIC, {1, 50}},
    {GEOMETRIC, {1, 5000}}, /* too wide */
};

enum { REACH = 400, BINS = 2 * REACH + 1, LOW = 8 };

/* Probabilities, or counts, of what is looked at. A bin is `width` values, the outermost ones also all beyond. */
struct view_of_law {
    int64_t width, deviation;
    double bins[BINS], low[LOW], zero, negative, odd, beyond, far; /* beyond one deviation; beyond four */
};
struct view_of_draws {
    uint64_t bins[BINS], low[LOW], zero, negative, odd, beyond, far;
};

static inline size_t bin_of(int64_t x, int64_t width)
{
    int64_t bin = x >= 0 ? x / width : -((-x + width - 1) / width);
    return (size_t)((bin < -REACH ? -REACH : bin > REACH ? REACH : bin) + REACH);
}

static inline size_t low_of(int64_t x)
{
    return (uint64_t)x % LOW;
}

static long double weight_of(const struct setting *setting, int64_t x)
{
    long double parameter = (long double)setting->parameter.numerator / (long double)setting->parameter.denominator;
    if (setting->kind == GAUSSIAN)
        return expl(-(long double)x * x / (2 * parameter));
    return setting->kind == LAPLACE || x >= 0 ? expl(-parameter * llabs(x)) : 0;
}

static int64_t deviation_of(const struct setting *setting)
{
    double parameter = (double)setting->parameter.numerator / (double)setting->parameter.denominator;
    return 1 + (int64_t)(setting->kind == GAUSSIAN ? sqrt(parameter) : 1 / parameter);
}

static void add_probability(struct view_of_law *law, int64_t x, double p)
{
    law->bins[bin_of(x, law->width)] += p;
    law->low[low_of(x)] += p;
    law->zero += x == 0 ? p : 0;
    law->negative += x < 0 ? p : 0;
    law->odd += x % 2 ? p : 0;
    law->beyond += llabs(x) > law->deviation ? p : 0;
    law->far += llabs(x) > 4 * law->deviation ? p : 0;
}

static void expect(const struct setting *setting, struct view_of_law *law)
{
    int64_t deviation = deviation_of(setting), most = deviation * (setting->kind == GAUSSIAN ? 12 : 45);
    long double total = 0;
    *law = (struct view_of_law){.width = deviation < 50 ? 1 : deviation / 50, .deviation = deviation};
    for (int64_t x = -most; x <= most; x++)
        total += weight_of(setting, x);
    for (int64_t x = -most; x <= most; x++)
        add_probability(law, x, (double)(weight_of(setting, x) / total));
}

static void add_draw(struct view_of_draws *draws, const struct view_of_law *law, int64_t x)
{
    draws->bins[bin_of(x, law->width)]++;
    draws->low[low_of(x)]++;
    draws->zero += x == 0;
    draws->negative += x < 0;
    draws->odd += x % 2 != 0;
    draws->beyond += llabs(x) > law->deviation;
    draws->far += llabs(x) > 4 * law->deviation;
}

static bool accepted(const struct view_of_draws *draws, const struct view_of_law *law, uint64_t total)
{
    return chi_square_fits(draws->bins, law->bins, BINS, total) && chi_square_fits(draws->low, law->low, LOW, total) &&
           wilson_holds(draws->zero, total, law->zero) && wilson_holds(draws->negative, total, law->negative) &&
           wilson_holds(draws->odd, total, law->odd) && wilson_holds(draws->beyond, total, law->beyond) &&
           wilson_holds(draws->far, total, law->far);
}

/* --- ways of drawing --- */

struct way {
    struct dp_sampler *sampler;
    struct dp_steady *steady;
    int64_t (*direct)(struct dp_stream *stream, struct dp_ratio parameter);
};

static int64_t draw_by(const struct way *way, const struct setting *setting, struct dp_stream *stream)
{
    if (way->sampler)
        return dp_sampler_draw(way->sampler, stream);
    if (way->steady)
        return dp_steady_draw(way->steady, stream);
    return way->direct(stream, setting->parameter);
}

static bool fits(const struct way *way, const struct setting *setting, const struct view_of_law *law, uint64_t total)
{
    static struct view_of_draws draws;
    struct dp_stream *stream SEEDED = seeded_stream(setting->parameter.numerator * 31 + setting->parameter.denominator);
    draws = (struct view_of_draws){0};
    for (uint64_t i = 0; i < total; i++)
        add_draw(&draws, law, draw_by(way, setting, stream));
    return accepted(&draws, law, total);
}

static bool fits_steadily(const struct setting *setting, const struct view_of_law *law, uint64_t total)
{
    enum status (*const of[])(struct dp_ratio, struct dp_steady **) = {dp_steady_geometric, dp_steady_laplace,
                                                                       dp_steady_gaussian};
    struct way way = {0};
    if (of[setting->kind](setting->parameter, &way.steady) == ERR_TOO_LARGE)
        return true;
    assert_non_null(way.steady);
    bool fit = fits(&way, setting, law, total);
    dp_steady_free(way.steady);
    return fit;
}

static bool fits_prepared(const struct setting *setting, const struct view_of_law *law, uint64_t total)
{
    enum status (*const of[])(struct dp_ratio, struct dp_sampler **) = {dp_sampler_geometric, dp_sampler_laplace,
                                                                        dp_sampler_gaussian};
    struct way way = {0};
    assert_int_equal(of[setting->kind](setting->parameter, &way.sampler), OK);
    bool fit = fits(&way, setting, law, total);
    dp_sampler_free(way.sampler);
    return fit;
}

static bool fits_directly(const struct setting *setting, const struct view_of_law *law, uint64_t total)
{
    int64_t (*const of[])(struct dp_stream *, struct dp_ratio) = {dp_geometric, dp_laplace, dp_gaussian};
    struct way way = {.direct = of[setting->kind]};
    return fits(&way, setting, law, total);
}
