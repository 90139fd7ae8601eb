/* The samplers on one core, processor time, in millions of draws a second: prepared samplers (dp/sampler.h), the same
 * laws drawn one by one (dp/laplace.h, dp/gaussian.h), the draws that look alike (dp/steady.h), and the words they are
 * made of. The seed is the system's. */
#include "dp/sampler.h"
#include "dp/steady.h"
#include "tests/bench/bench.h"

enum { ROUNDS = 5 };

static volatile int64_t sink;

typedef void (*work)(const void *law, struct dp_stream *stream, size_t draws);

static void draw_prepared(const void *law, struct dp_stream *stream, size_t draws)
{
    int64_t sum = 0;
    for (size_t i = 0; i < draws; i++)
        sum += dp_sampler_draw(law, stream);
    sink = sum;
}

static void draw_steadily(const void *law, struct dp_stream *stream, size_t draws)
{
    int64_t sum = 0;
    for (size_t i = 0; i < draws; i++)
        sum += dp_steady_draw(law, stream);
    sink = sum;
}

static void draw_gaussian(const void *law, struct dp_stream *stream, size_t draws)
{
    int64_t sum = 0;
    for (size_t i = 0; i < draws; i++)
        sum += dp_gaussian(stream, *(const struct dp_ratio *)law);
    sink = sum;
}

static void draw_laplace(const void *law, struct dp_stream *stream, size_t draws)
{
    int64_t sum = 0;
    for (size_t i = 0; i < draws; i++)
        sum += dp_laplace(stream, *(const struct dp_ratio *)law);
    sink = sum;
}

static void draw_words(const void *law, struct dp_stream *stream, size_t draws)
{
    (void)law;
    uint64_t sum = 0;
    for (size_t i = 0; i < draws; i++)
        sum += dp_stream_u64(stream);
    sink = (int64_t)sum;
}

/* Millions a second, median of the rounds. */
static void measure(const char *name, work how, const void *law, size_t draws, const char *note)
{
    struct dp_stream *stream;
    double rates[ROUNDS];
    bench_must(dp_stream_new(random_system(), &stream));
    for (size_t i = 0; i < ROUNDS; i++) {
        double start = bench_cpu();
        how(law, stream, draws);
        rates[i] = (double)draws / 1e6 / (bench_cpu() - start);
    }
    dp_stream_free(stream);
    bench_result(name, bench_quantile(rates, ROUNDS, 0.5), "M/s", "%s", note);
}

static void measure_scale(uint64_t scale)
{
    const struct dp_ratio rate = {1, scale}, variance = {scale * scale, 1};
    struct dp_sampler *laplace, *gaussian;
    char name[64];
    double start = bench_cpu();
    bench_must(dp_sampler_gaussian(variance, &gaussian));
    double gaussian_made = bench_cpu() - start;
    start = bench_cpu();
    bench_must(dp_sampler_laplace(rate, &laplace));
    double laplace_made = bench_cpu() - start;

    snprintf(name, sizeof name, "dp.gaussian.%d", (int)scale);
    measure(name, draw_prepared, gaussian, 4000000, "prepared");
    snprintf(name, sizeof name, "dp.gaussian.%d.prepare", (int)scale);
    bench_result(name, gaussian_made * 1e3, "ms", "%s", "once a law");
    snprintf(name, sizeof name, "dp.laplace.%d", (int)scale);
    measure(name, draw_prepared, laplace, 4000000, "prepared");
    snprintf(name, sizeof name, "dp.laplace.%d.prepare", (int)scale);
    bench_result(name, laplace_made * 1e3, "ms", "%s", "once a law");
    dp_sampler_free(gaussian);
    dp_sampler_free(laplace);
}

static void measure_steady(void)
{
    struct dp_steady *laplace, *gaussian;
    bench_must(dp_steady_gaussian((struct dp_ratio){100, 1}, &gaussian));
    bench_must(dp_steady_laplace((struct dp_ratio){1, 10}, &laplace));
    measure("dp.steady.gaussian.10", draw_steadily, gaussian, 200000, "alike from outside");
    measure("dp.steady.laplace.10", draw_steadily, laplace, 100000, "alike from outside");
    dp_steady_free(gaussian);
    dp_steady_free(laplace);
}

int main(void)
{
    static const uint64_t scales[] = {1, 10, 100};
    const struct dp_ratio rate = {1, 10}, variance = {100, 1}, wide = {UINT64_C(1) << 40, 1};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        measure_scale(scales[i]);
    measure("dp.direct.gaussian.10", draw_gaussian, &variance, 200000, "one by one, nothing prepared");
    measure("dp.direct.gaussian.2^20", draw_gaussian, &wide, 200000, "too wide for a table");
    measure("dp.direct.laplace.10", draw_laplace, &rate, 200000, "one by one, nothing prepared");
    measure_steady();
    measure("dp.words", draw_words, NULL, 20000000, "64 bits of the stream");
    return 0;
}
