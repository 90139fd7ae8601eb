/* Privacy loss distributions of the fifty schedules of tests/dp: processor time of each, median of RUNS; the sum and
 * the worst.
 * `--settings`: one line a schedule for peer_pld.py: δ, our ε, milliseconds, then the steps. */
#include <string.h>

#include "dp/pld.h"
#include "tests/bench/bench.h"
#include "tests/dp/pld_settings.h"

enum { RUNS = 5 };

static double measure(const struct pld_setting *setting, struct dp_epsilon *epsilon)
{
    double times[RUNS];
    for (size_t i = 0; i < RUNS; i++) {
        double start = bench_cpu();
        bench_must(dp_pld_epsilon(setting->steps, setting->count, setting->delta, epsilon));
        times[i] = (bench_cpu() - start) * 1e3;
    }
    return bench_quantile(times, RUNS, 0.5);
}

static double real(struct dp_ratio ratio)
{
    return ratio.denominator ? (double)ratio.numerator / (double)ratio.denominator : 0;
}

static void write_setting(const struct pld_setting *setting, struct dp_epsilon epsilon, double milliseconds)
{
    printf("%.17g %.6f %.6g", (double)setting->delta / (double)DP_DELTA_ONE, (double)epsilon.micro / DP_EPSILON_ONE,
           milliseconds);
    for (size_t i = 0; i < setting->count; i++) {
        const struct dp_mechanism *m = &setting->steps[i].mechanism;
        printf(" %s,%.6f,%.17g,%llu,%llu,%.17g,%.17g,%llu", dp_noise_name(m->noise),
               (double)m->epsilon.micro / DP_EPSILON_ONE, (double)m->delta / (double)DP_DELTA_ONE,
               (unsigned long long)m->choices, (unsigned long long)m->sensitivity, real(m->sigma), real(m->sampled),
               (unsigned long long)setting->steps[i].times);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    bool settings = argc > 1 && strcmp(argv[1], "--settings") == 0;
    double sum = 0, worst = 0;
    for (size_t i = 0; i < PLD_SETTINGS; i++) {
        struct dp_epsilon epsilon;
        double milliseconds = measure(&pld_settings[i], &epsilon);
        sum += milliseconds;
        worst = milliseconds > worst ? milliseconds : worst;
        if (settings)
            write_setting(&pld_settings[i], epsilon, milliseconds);
    }
    if (settings)
        return 0;
    bench_result("pld.50", sum, "ms", "epsilon of 50 schedules, up to 10,000-fold, one after another");
    bench_result("pld.worst", worst, "ms", "the one of them that takes longest");
    return 0;
}
