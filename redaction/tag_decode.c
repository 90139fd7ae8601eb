/* The forward-backward algorithm with scaled probabilities (Rabiner 1989, section V.A), padded to whole vectors. */
#include "redaction/tag_decode.h"

#define LEAST_SCORE -60.0f

/* e^x to 6 digits for x in [-87, 88]: 2 to the whole part by the exponent's bits, the rest by a polynomial. */
static inline float power(float x)
{
    float t = x * 1.442695041f;
    int32_t whole = (int32_t)(t + 127.0f) - 127;
    float f = t - (float)whole;
    float p = 1.0f + f * (0.6931472f + f * (0.2402265f + f * (0.0555041f + f * (0.0096181f + f * 0.0013333f))));
    union {
        int32_t bits;
        float value;
    } two = {.bits = (whole + 127) << 23};
    return p * two.value;
}

void tag_chain_init(struct tag_chain *chain, const float follow[TAG_LABELS][TAG_LABELS], const float first[TAG_LABELS])
{
    *chain = (struct tag_chain){0};
    for (size_t i = 0; i < TAG_LABELS; i++) {
        chain->first[i] = tag_is_inside(i) ? 0 : power(first[i]);
        for (size_t j = 0; j < TAG_LABELS; j++)
            if (tag_may_follow(i, j))
                chain->follow[i][j] = chain->lead[j][i] = power(follow[i][j]);
    }
}

/* Scores become factors of which the largest is 1. */
static void to_factors(float row[static TAG_LANES])
{
    float most = row[0];
    for (size_t k = 1; k < TAG_LABELS; k++)
        most = row[k] > most ? row[k] : most;
    for (size_t k = 0; k < TAG_LANES; k++) {
        float score = row[k] - most;
        row[k] = power(score > LEAST_SCORE ? score : LEAST_SCORE);
    }
}

/* out = in times the rows of a matrix. */
static inline void multiply(const float in[static TAG_LANES], const float rows[TAG_LABELS][TAG_LANES],
                            float out[static TAG_LANES])
{
    float sum[TAG_LANES] = {0};
    for (size_t i = 0; i < TAG_LABELS; i++)
        for (size_t k = 0; k < TAG_LANES; k++)
            sum[k] += in[i] * rows[i][k];
    memcpy(out, sum, sizeof sum);
}

static float normalise_row(float row[static TAG_LANES])
{
    float sum = 0;
    for (size_t k = 0; k < TAG_LANES; k++)
        sum += row[k];
    float scale = sum > 0 ? 1 / sum : 0;
    for (size_t k = 0; k < TAG_LANES; k++)
        row[k] *= scale;
    return scale;
}

static void forward(const struct tag_chain *chain, struct tag_lattice *lattice, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        float row[TAG_LANES];
        to_factors(lattice->score[i]);
        if (i == 0)
            memcpy(row, chain->first, sizeof row);
        else
            multiply(lattice->forward[i - 1], chain->follow, row);
        for (size_t k = 0; k < TAG_LANES; k++)
            lattice->forward[i][k] = row[k] * lattice->score[i][k];
        lattice->scale[i] = normalise_row(lattice->forward[i]);
    }
}

void tag_decode(const struct tag_chain *chain, struct tag_lattice *lattice, size_t count)
{
    float behind[TAG_LANES];
    forward(chain, lattice, count);
    for (size_t k = 0; k < TAG_LANES; k++)
        behind[k] = 1;
    for (size_t i = count; i-- > 0;) {
        for (size_t k = 0; k < TAG_LANES; k++)
            lattice->chance[i][k] = lattice->forward[i][k] * behind[k];
        normalise_row(lattice->chance[i]);
        float row[TAG_LANES];
        for (size_t k = 0; k < TAG_LANES; k++)
            row[k] = behind[k] * lattice->score[i][k];
        multiply(row, chain->lead, behind);
        normalise_row(behind);
    }
}
