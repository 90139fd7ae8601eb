/* Hides the scales: features as floats, steps as integers, and the length that the activation saw. */
#include "audits/split/half.h"

#include <math.h>
#include <stdlib.h>

#include "insight/features.h"

#define UNITS 1048576        /* of an input value of dp_vector, in a length of 1 */
#define PARTS_OF_SQUARE 1000 /* the variance in steps squared is a fraction of this denominator */

double half_noise_floor(void)
{
    return dp_floor_builtin().least[DP_FEATURE_VECTOR] / 1000.0;
}

static struct dp_vector_terms vector_terms(const struct half_terms *terms, size_t width)
{
    double deviation = terms->noise * terms->steps;
    return (struct dp_vector_terms){
        .dimensions = (uint32_t)width,
        .step = terms->steps ? UNITS / terms->steps : 0,
        .most = terms->steps,
        .norm = terms->steps,
        .variance = {(uint64_t)ceil(deviation * deviation * PARTS_OF_SQUARE) + 1, PARTS_OF_SQUARE}};
}

/* Normal weights: of features of length 1 every unit then gets a number of about 1, where activations differ. */
static enum status make_layer(struct half *half, struct random random)
{
    const struct net_shape shape = {
        .inputs = HALF_BUCKETS, .layers = 1, .layer = {{HALF_WIDTH, half->terms.activation}}};
    TRY(net_new(&shape, HALF_ROWS, random, &half->layer));
    net_fill_normal(half->layer.layer[0].weights, (size_t)HALF_BUCKETS * HALF_WIDTH, random);
    return OK;
}

enum status half_new(const struct half_terms *terms, struct random random, struct half *out)
{
    *out = (struct half){.terms = *terms, .width = terms->kind == HALF_LAYER ? HALF_WIDTH : HALF_BUCKETS};
    out->vector = vector_terms(terms, out->width);
    TRY(dp_vector_check(&out->vector, NULL));
    out->folded = mem_new(HALF_BUCKETS, sizeof *out->folded);
    out->values = mem_new(out->width, sizeof *out->values);
    out->steps = mem_new(out->width, sizeof *out->steps);
    enum status status = out->folded && out->values && out->steps ? OK : ERR_MEMORY;
    if (status == OK && terms->kind == HALF_LAYER)
        status = make_layer(out, random);
    if (status != OK)
        half_free(out);
    return status;
}

void half_free(struct half *half)
{
    net_free(&half->layer);
    mem_free(half->folded);
    mem_free(half->values);
    mem_free(half->steps);
    *half = (struct half){0};
}

/* --- features --- */

/* The bit above the bucket's is the sign: what falls into one bucket by chance cancels on average (Weinberger et al.
 * 2009). */
static void fold(const struct features *features, float *out)
{
    memset(out, 0, HALF_BUCKETS * sizeof *out);
    for (size_t i = 0; i < features->count; i++) {
        uint32_t index = features->items[i].index;
        out[index % HALF_BUCKETS] += index & HALF_BUCKETS ? -features->items[i].weight : features->items[i].weight;
    }
}

enum status half_fold(const struct candidate *candidate, float *out)
{
    struct features features;
    TRY(features_of_candidate(candidate, &features));
    fold(&features, out);
    features_free(&features);
    return OK;
}

enum status half_fold_word(const char *word, float *out)
{
    struct features features;
    TRY(features_of_text(word, &features));
    fold(&features, out);
    features_free(&features);
    return OK;
}

/* --- what leaves --- */

static void to_length_one(float *vector, size_t width)
{
    double length = sqrt(net_dot(vector, vector, width));
    for (size_t i = 0; i < width && length > 0; i++)
        vector[i] = (float)((double)vector[i] / length);
}

void half_forward_rows(struct half *half, const float *folded, size_t rows, float *out)
{
    memcpy(out, net_forward(&half->layer, folded, rows), rows * half->width * sizeof *out);
    for (size_t row = 0; row < rows; row++)
        to_length_one(out + row * half->width, half->width);
}

/* Through the division by the length: what points along the vector does not change it. */
void half_backward_rows(struct half *half, const float *folded, const float *out, float *slopes, size_t rows,
                        float *folded_slopes)
{
    for (size_t row = 0; row < rows; row++) {
        const float *vector = out + row * half->width, *raw = half->layer.layer[0].after + row * half->width;
        float *slope = slopes + row * half->width;
        double along = net_dot(vector, slope, half->width), length = sqrt(net_dot(raw, raw, half->width));
        for (size_t i = 0; i < half->width; i++)
            slope[i] = length > 0 ? (float)(((double)slope[i] - along * (double)vector[i]) / length) : 0;
    }
    net_backward(&half->layer, folded, slopes, rows, folded_slopes);
}

void half_forward(struct half *half, const float *folded, float *out)
{
    if (half->terms.kind == HALF_LAYER) {
        half_forward_rows(half, folded, 1, out);
        return;
    }
    memcpy(out, folded, half->width * sizeof *out);
    to_length_one(out, half->width);
}

static void to_values(struct half *half, const float *vector)
{
    for (size_t i = 0; i < half->width; i++)
        half->values[i] = llround((double)vector[i] * UNITS);
}

static void from_steps(const struct half *half, float *out)
{
    for (size_t i = 0; i < half->width; i++)
        out[i] = (float)((double)half->steps[i] / half->terms.steps);
}

enum status half_release(struct half *half, const struct candidate *candidate, struct dp_stream *stream, float *out)
{
    TRY(half_fold(candidate, half->folded));
    half_forward(half, half->folded, out);
    to_values(half, out);
    if (half->terms.noise > 0)
        dp_vector_release(&half->vector, stream, half->values, half->steps);
    else
        dp_vector_clip(&half->vector, half->values, half->steps);
    from_steps(half, out);
    return OK;
}

void half_simulate(struct half *half, float *vector, struct random random)
{
    to_values(half, vector);
    dp_vector_clip(&half->vector, half->values, half->steps);
    from_steps(half, vector);
    if (half->terms.noise == 0)
        return;
    for (size_t i = 0; i < half->width; i += 2) {
        float noise[2];
        net_fill_normal(noise, 2, random);
        vector[i] += (float)half->terms.noise * noise[0];
        if (i + 1 < half->width)
            vector[i + 1] += (float)half->terms.noise * noise[1];
    }
}

/* --- undoing the activation --- */

/* All that do not lose anything are odd and rise: bisection finds what gave y. */
static float undone(enum net_activation activation, float y)
{
    float low = 0, high = 64, aim = fabsf(y);
    for (int i = 0; i < 40; i++) {
        float middle = (low + high) / 2;
        if (net_activate(activation, middle) < aim)
            low = middle;
        else
            high = middle;
    }
    return copysignf(low, y);
}

/* The length before it was made 1 is not known, but that weights are standard normal is: numbers of mean square 1. */
void half_undo(const struct half *half, const float *released, float *before)
{
    double low = 0, high = 64 * sqrt((double)half->width);
    memcpy(before, released, half->width * sizeof *before);
    if (half->terms.kind == HALF_RAW || half->terms.activation == NET_LINEAR)
        return;
    for (int step = 0; step < 30; step++) {
        double middle = (low + high) / 2;
        for (size_t i = 0; i < half->width; i++)
            before[i] = undone(half->terms.activation, (float)(middle * (double)released[i]));
        if (net_dot(before, before, half->width) < (double)half->width)
            low = middle;
        else
            high = middle;
    }
}
