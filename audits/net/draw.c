/* What learning draws: normal numbers, orders, minibatches; and the embedding of a step. */
#include "audits/net/net.h"

#include <math.h>

#define TAU 6.283185307179586
#define LONGEST_WAVE 10000.0

void net_fill_normal(float *out, size_t count, struct random random)
{
    for (size_t i = 0; i < count; i += 2) {
        double radius = sqrt(-2 * log(1 - random_unit(random))), angle = TAU * random_unit(random);
        out[i] = (float)(radius * cos(angle));
        if (i + 1 < count)
            out[i + 1] = (float)(radius * sin(angle));
    }
}

void net_shuffle(size_t *order, size_t count, struct random random)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = random_below(random, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
}

void net_gather(const float *matrix, size_t width, const size_t *order, size_t rows, float *out)
{
    for (size_t i = 0; i < rows; i++)
        memcpy(out + i * width, matrix + order[i] * width, width * sizeof *out);
}

void net_step_embedding(double step, size_t width, float *out)
{
    size_t half = width / 2;
    for (size_t i = 0; i < half; i++) {
        double wave = pow(LONGEST_WAVE, (double)i / (double)half);
        out[2 * i] = (float)sin(step / wave);
        out[2 * i + 1] = (float)cos(step / wave);
    }
}
