/* Fifty schedules, and what dp_accounting 0.6.0 (PyPI; its defaults: connect the dots where it has it, intervals of
 * 1e-4) says of each: an ε by its optimistic estimate, which is no more than the true one, and by its pessimistic one.
 */
#pragma once

#include "dp/mechanism.h"

struct pld_setting {
    struct dp_step steps[3];
    size_t count;
    uint64_t delta;
    double optimistic, pessimistic;
};

#define PURE(micro)                                                                                                    \
    {                                                                                                                  \
        .noise = DP_NOISE_PURE, .epsilon = { micro }                                                                   \
    }
#define APPROXIMATE(micro, atto)                                                                                       \
    {                                                                                                                  \
        .noise = DP_NOISE_APPROXIMATE, .epsilon = {micro}, .delta = (atto)                                             \
    }
#define RESPONSE(micro, k)                                                                                             \
    {                                                                                                                  \
        .noise = DP_NOISE_RESPONSE, .epsilon = {micro}, .choices = (k)                                                 \
    }
#define LAPLACE(micro)                                                                                                 \
    {                                                                                                                  \
        .noise = DP_NOISE_LAPLACE, .epsilon = { micro }                                                                \
    }
#define GEOMETRIC(micro, s)                                                                                            \
    {                                                                                                                  \
        .noise = DP_NOISE_GEOMETRIC, .epsilon = {micro}, .sensitivity = (s)                                            \
    }
#define GAUSSIAN(tenths, s)                                                                                            \
    {                                                                                                                  \
        .noise = DP_NOISE_GAUSSIAN, .sigma = {tenths, 10}, .sensitivity = (s)                                          \
    }
#define DISCRETE_GAUSSIAN(tenths, s)                                                                                   \
    {                                                                                                                  \
        .noise = DP_NOISE_DISCRETE_GAUSSIAN, .sigma = {tenths, 10}, .sensitivity = (s)                                 \
    }
#define SAMPLED_GAUSSIAN(tenths, thousandths)                                                                          \
    {                                                                                                                  \
        .noise = DP_NOISE_SAMPLED_GAUSSIAN, .sigma = {tenths, 10}, .sensitivity = 1, .sampled = { thousandths, 1000 }  \
    }

static const struct pld_setting pld_settings[] = {
    {{{GAUSSIAN(5, 1), 1}}, 1, 1000000000000, 10.997101213, 10.997151218},
    {{{GAUSSIAN(10, 1), 1}}, 1, 1000000000000, 4.886504116, 4.886554124},
    {{{GAUSSIAN(10, 1), 1}}, 1, 100000000, 6.547874070, 6.547924073},
    {{{GAUSSIAN(50, 1), 1}}, 1, 1000000000000, 0.834067563, 0.834117565},
    {{{GAUSSIAN(100, 1), 100}}, 1, 1000000000000, 4.881554309, 4.886554585},
    {{{GAUSSIAN(40, 2), 12}}, 1, 10000000000000, 8.384818936, 8.385418958},
    {{{GAUSSIAN(300, 1), 1000}}, 1, 1000000000000, 5.139038454, 5.189041124},
    {{{GAUSSIAN(1000, 1), 10000}}, 1, 1000000000000, 4.386573098, 4.886600556},
    {{{GAUSSIAN(500, 1), 10000}}, 1, 1000000000000, 10.497160781, 10.997179679},
    {{{GAUSSIAN(2000, 1), 10000}}, 1, 1000000000, 2.409787117, 2.909832432},
    {{{LAPLACE(1000000), 1}}, 1, 1000000000000, 0.999998000, 0.999998000},
    {{{LAPLACE(100000), 10}}, 1, 1000000000000, 0.998977839, 0.998978094},
    {{{LAPLACE(100000), 100}}, 1, 1000000000000, 4.692449037, 4.692667439},
    {{{LAPLACE(500000), 20}}, 1, 1000000000000, 9.670844727, 9.670920170},
    {{{LAPLACE(10000), 10000}}, 1, 1000000000000, 4.873772287, 4.876257932},
    {{{LAPLACE(5000), 10000}}, 1, 1000000000000, 2.250380056, 2.251626086},
    {{{LAPLACE(2000000), 12}}, 1, 10000000000000, 23.962599385, 23.962609505},
    {{{GEOMETRIC(1000000, 1), 1}}, 1, 1000000000000, 0.999998632, 0.999998632},
    {{{GEOMETRIC(100000, 1), 100}}, 1, 1000000000000, 4.774567588, 4.774567588},
    {{{GEOMETRIC(300000, 3), 30}}, 1, 1000000000000, 7.536861449, 7.539861449},
    {{{GEOMETRIC(10000, 5), 10000}}, 1, 1000000000000, 4.876625244, 4.876625244},
    {{{GEOMETRIC(500000, 20), 12}}, 1, 10000000000000, 5.964074680, 5.964074680},
    {{{PURE(1000000), 1}}, 1, 1000000000000, 0.999998632, 0.999998632},
    {{{PURE(100000), 100}}, 1, 1000000000000, 4.774567588, 4.774567588},
    {{{PURE(10000), 10000}}, 1, 1000000000000, 4.885515558, 4.885515558},
    {{{PURE(500000), 12}}, 1, 10000000000000, 5.997039870, 5.997039870},
    {{{APPROXIMATE(500000, 10000000000), 12}}, 1, 10000000000000, 5.997075443, 5.997075443},
    {{{APPROXIMATE(100000, 100000000), 1000}}, 1, 1000000000000, 19.401852333, 19.401852333},
    {{{APPROXIMATE(10000, 10000000), 10000}}, 1, 1000000000000, 4.907638936, 4.907638936},
    {{{RESPONSE(1000000, 2), 12}}, 1, 1000000000000, 11.998757088, 11.999957088},
    {{{RESPONSE(2000000, 16), 12}}, 1, 1000000000000, 23.086429587, 23.086429587},
    {{{RESPONSE(50000, 4), 10000}}, 1, 1000000000000, 22.369746628, 22.877006897},
    {{{DISCRETE_GAUSSIAN(10, 1), 1}}, 1, 1000000000000, 4.499590982, 4.499590982},
    {{{DISCRETE_GAUSSIAN(100, 1), 100}}, 1, 1000000000000, 4.885214101, 4.887102158},
    {{{DISCRETE_GAUSSIAN(200, 3), 100}}, 1, 1000000000000, 7.801590223, 7.811590223},
    {{{DISCRETE_GAUSSIAN(50, 1), 12}}, 1, 10000000000000, 2.875368625, 2.875597553},
    {{{DISCRETE_GAUSSIAN(1000, 1), 10000}}, 1, 1000000000000, 4.386554086, 5.386554086},
    {{{SAMPLED_GAUSSIAN(10, 10), 100}}, 1, 10000000000000, 0.713036145, 0.718036709},
    {{{SAMPLED_GAUSSIAN(10, 10), 1000}}, 1, 10000000000000, 1.778239728, 1.828243646},
    {{{SAMPLED_GAUSSIAN(10, 10), 10000}}, 1, 10000000000000, 5.687724378, 6.187744976},
    {{{SAMPLED_GAUSSIAN(8, 1), 10000}}, 1, 10000000000000, 0.283178927, 0.782524835},
    {{{SAMPLED_GAUSSIAN(20, 100), 1000}}, 1, 10000000000000, 8.229291579, 8.279293382},
    {{{SAMPLED_GAUSSIAN(10, 500), 50}}, 1, 10000000000000, 25.751894039, 25.754394098},
    {{{SAMPLED_GAUSSIAN(50, 500), 10000}}, 1, 10000000000000, 91.968568381, 92.468587528},
    {{{SAMPLED_GAUSSIAN(7, 20), 200}}, 1, 10000000000000, 4.696725298, 4.706725991},
    {{{SAMPLED_GAUSSIAN(20, 5), 10000}}, 1, 1000000000000, 0.650244992, 1.150319661},
    {{{GAUSSIAN(100, 1), 12}, {LAPLACE(100000), 12}}, 2, 1000000000000, 2.111883849, 2.112505383},
    {{{GAUSSIAN(80, 1), 12}, {APPROXIMATE(200000, 10000000000), 12}, {GEOMETRIC(100000, 2), 24}},
     3,
     10000000000000,
     3.936658783,
     3.940682312},
    {{{SAMPLED_GAUSSIAN(10, 10), 1000}, {GAUSSIAN(200, 1), 12}}, 2, 10000000000000, 1.901416083, 1.952019948},
    {{{PURE(20000), 1000}, {LAPLACE(20000), 1000}, {GAUSSIAN(1000, 1), 1000}},
     3,
     1000000000000,
     4.485332555,
     4.591125397},
};
#define PLD_SETTINGS (sizeof pld_settings / sizeof *pld_settings)
