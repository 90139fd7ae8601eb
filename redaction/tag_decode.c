/* The forward-backward algorithm with scaled probabilities (Rabiner 1989, section V.A), four labels at a time. What
 * leads to a type's inside is only its begin and itself: those products are taken lane by lane. */
#include "redaction/tag_decode.h"

#define LEAST_SCORE -60.0f
#define QUADS (TAG_LANES / 4)

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t quad_int __attribute__((vector_size(16), aligned(4)));

/* e^x to 6 digits for x in [-87, 88]: 2 to the whole part by the exponent's bits, the rest by a polynomial. */
static inline quad power(quad x)
{
    quad t = x * 1.442695041f + 127.0f;
    quad_int whole = __builtin_convertvector(t, quad_int);
    quad f = t - __builtin_convertvector(whole, quad);
    quad p = 1.0f + f * (0.6931472f + f * (0.2402265f + f * (0.0555041f + f * (0.0096181f + f * 0.0013333f))));
    quad_int bits = whole << 23;
    quad two;
    memcpy(&two, &bits, sizeof two);
    return p * two;
}

static float power_of(float x)
{
    quad all = {x, x, x, x};
    return power(all)[0];
}

void tag_chain_init(struct tag_chain *chain, const float follow[TAG_LABELS][TAG_LABELS], const float first[TAG_LABELS])
{
    *chain = (struct tag_chain){0};
    for (size_t i = 0; i < TAG_LABELS; i++) {
        chain->first[i] = tag_is_inside(i) ? 0 : power_of(first[i]);
        for (size_t j = 0; j < TAG_LABELS; j++)
            if (tag_may_follow(i, j))
                chain->follow[i][j] = chain->lead[j][i] = power_of(follow[i][j]);
    }
    for (size_t type = 0; type < TAG_TYPES; type++) {
        chain->on[0][type] = chain->follow[type][TAG_INSIDE + type];
        chain->on[1][type] = chain->follow[TAG_INSIDE + type][TAG_INSIDE + type];
    }
}

/* Scores become factors of which the largest is 1. The lanes behind the labels hold 0. */
static void to_factors(float row[static TAG_LANES])
{
    float most = row[0];
    for (size_t k = 1; k < TAG_LABELS; k++)
        most = row[k] > most ? row[k] : most;
    for (size_t k = 0; k < TAG_LANES; k++) {
        float score = row[k] - most;
        row[k] = k < TAG_LABELS && score > LEAST_SCORE ? score : LEAST_SCORE;
    }
    quad *quads = (quad *)row;
    for (size_t q = 0; q < QUADS; q++)
        quads[q] = power(quads[q]);
}

/* Quads of a row that a whole row of transitions leads to, and those of the types' insides. */
enum { BEGINS = 0, INSIDES = 2, OTHERS = 4 };

static inline void step_forward(const struct tag_chain *chain, const float in[static TAG_LANES],
                                float out[static TAG_LANES])
{
    const quad *from = (const quad *)in, *begun = (const quad *)chain->on[0], *went_on = (const quad *)chain->on[1];
    quad sum[3] = {{0}};
    for (size_t i = 0; i < TAG_LABELS; i++) {
        const quad *row = (const quad *)chain->follow[i];
        sum[0] += in[i] * row[BEGINS];
        sum[1] += in[i] * row[BEGINS + 1];
        sum[2] += in[i] * row[OTHERS];
    }
    quad *to = (quad *)out;
    to[BEGINS] = sum[0];
    to[BEGINS + 1] = sum[1];
    to[OTHERS] = sum[2];
    for (size_t q = 0; q < 2; q++)
        to[INSIDES + q] = from[BEGINS + q] * begun[q] + from[INSIDES + q] * went_on[q];
}

static inline void step_back(const struct tag_chain *chain, const float in[static TAG_LANES],
                             float out[static TAG_LANES])
{
    const quad *from = (const quad *)in, *begun = (const quad *)chain->on[0], *went_on = (const quad *)chain->on[1];
    quad sum[QUADS] = {{0}};
    for (size_t n = 0; n < TAG_LABELS - TAG_TYPES; n++) {
        size_t j = n < TAG_TYPES ? n : n + TAG_TYPES;
        const quad *row = (const quad *)chain->lead[j];
        for (size_t q = 0; q < QUADS; q++)
            sum[q] += in[j] * row[q];
    }
    for (size_t q = 0; q < 2; q++) {
        sum[BEGINS + q] += from[INSIDES + q] * begun[q];
        sum[INSIDES + q] += from[INSIDES + q] * went_on[q];
    }
    memcpy(out, sum, sizeof sum);
}

static void multiply_each(const float a[static TAG_LANES], const float b[static TAG_LANES], float out[static TAG_LANES])
{
    const quad *x = (const quad *)a, *y = (const quad *)b;
    for (size_t q = 0; q < QUADS; q++)
        ((quad *)out)[q] = x[q] * y[q];
}

static void normalise_row(float row[static TAG_LANES])
{
    quad *quads = (quad *)row, all = {0, 0, 0, 0};
    for (size_t q = 0; q < QUADS; q++)
        all += quads[q];
    float sum = all[0] + all[1] + all[2] + all[3];
    float scale = sum > 0 ? 1 / sum : 0;
    for (size_t q = 0; q < QUADS; q++)
        quads[q] *= scale;
}

void tag_decode(const struct tag_chain *chain, struct tag_lattice *lattice, size_t from, size_t to, size_t count)
{
    float row[TAG_LANES], behind[TAG_LANES];
    for (size_t i = from; i < to; i++) {
        to_factors(lattice->score[i]);
        if (i == from)
            memcpy(row, from == 0 ? chain->first : chain->follow[TAG_OUTSIDE], sizeof row);
        else
            step_forward(chain, lattice->forward[i - 1], row);
        multiply_each(row, lattice->score[i], lattice->forward[i]);
        normalise_row(lattice->forward[i]);
    }
    for (size_t k = 0; k < TAG_LANES; k++)
        behind[k] = to == count ? 1 : chain->lead[TAG_OUTSIDE][k];
    for (size_t i = to; i-- > from;) {
        multiply_each(lattice->forward[i], behind, lattice->chance[i]);
        normalise_row(lattice->chance[i]);
        multiply_each(behind, lattice->score[i], row);
        step_back(chain, row, behind);
        normalise_row(behind);
    }
}
