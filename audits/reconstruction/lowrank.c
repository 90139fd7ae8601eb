/* Training by hand: the model is one layer, so a sample's gradient is two outer products. */
#include "audits/reconstruction/lowrank.h"

#include <math.h>

#include "audits/net/learn.h"
#include "audits/net/net.h"
#include "base/hash.h"
#include "insight/words.h"

#define A_COUNT (LOWRANK_RANK * LOWRANK_INPUTS)
#define B_COUNT (LOWRANK_CLASSES * LOWRANK_RANK)

/* --- samples --- */

static void add_word(uint64_t hash, float *input)
{
    input[1 + (hash >> 8) % (LOWRANK_INPUTS - 1)] += hash & 1 ? 1.0F : -1.0F;
}

uint64_t lowrank_word(const char *word)
{
    return hash_mix64(bytes_str(word), 2);
}

void lowrank_input(const uint64_t before[static LOWRANK_CONTEXT], float out[static LOWRANK_INPUTS])
{
    memset(out, 0, LOWRANK_INPUTS * sizeof *out);
    out[0] = 1;
    for (size_t i = 0; i < LOWRANK_CONTEXT; i++)
        add_word(before[i], out);
    double length = sqrt(net_dot(out, out, LOWRANK_INPUTS));
    for (size_t i = 0; i < LOWRANK_INPUTS; i++)
        out[i] = (float)((double)out[i] / length);
}

size_t lowrank_label(uint64_t word)
{
    return (word >> 8) % LOWRANK_CLASSES;
}

void lowrank_read(struct bytes text, struct lowrank_text *out)
{
    struct words words;
    uint64_t before[LOWRANK_CONTEXT] = {0};
    size_t seen = 0;
    *out = (struct lowrank_text){0};
    words_start(&words, text);
    while (out->count < LOWRANK_SAMPLES && words_next(&words)) {
        uint64_t word = lowrank_word(words.word);
        if (seen >= LOWRANK_CONTEXT) {
            lowrank_input(before, out->inputs[out->count]);
            out->labels[out->count++] = (uint8_t)lowrank_label(word);
        }
        before[seen++ % LOWRANK_CONTEXT] = word;
    }
}

/* --- the model --- */

void lowrank_start(struct lowrank *model, struct random random)
{
    *model = (struct lowrank){0};
    net_fill_normal(model->base, LOWRANK_WEIGHTS, random);
    net_fill_normal(model->a, A_COUNT, random);
    for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
        model->base[i] *= .1F;
    for (size_t i = 0; i < A_COUNT; i++)
        model->a[i] /= sqrtf(LOWRANK_INPUTS);
}

void lowrank_update(const struct lowrank *model, float *out)
{
    net_product(model->b, model->a, LOWRANK_CLASSES, LOWRANK_RANK, LOWRANK_INPUTS, 1, NET_PUT, out);
}

/* ax: A x, which the gradients need again. */
static void logits_of(const struct lowrank *model, const float *input, float ax[static LOWRANK_RANK],
                      float logits[static LOWRANK_CLASSES])
{
    net_product(model->a, input, LOWRANK_RANK, LOWRANK_INPUTS, 1, 1, NET_PUT, ax);
    net_product(model->base, input, LOWRANK_CLASSES, LOWRANK_INPUTS, 1, 1, NET_PUT, logits);
    net_product(model->b, ax, LOWRANK_CLASSES, LOWRANK_RANK, 1, 1, NET_ADD, logits);
}

double lowrank_loss(const struct lowrank *model, const struct lowrank_text *text)
{
    double sum = 0;
    float ax[LOWRANK_RANK], logits[LOWRANK_CLASSES], slopes[LOWRANK_CLASSES];
    for (size_t i = 0; i < text->count; i++) {
        size_t label = text->labels[i];
        logits_of(model, text->inputs[i], ax, logits);
        sum += loss_softmax(logits, &label, 1, LOWRANK_CLASSES, slopes);
    }
    return text->count ? sum / (double)text->count : 0;
}

void lowrank_sample(const struct lowrank *model, const float *input, size_t label, float *to_b, float *to_a)
{
    float ax[LOWRANK_RANK], logits[LOWRANK_CLASSES], off[LOWRANK_CLASSES], back[LOWRANK_RANK];
    logits_of(model, input, ax, logits);
    (void)loss_softmax(logits, &label, 1, LOWRANK_CLASSES, off);
    net_product(off, ax, LOWRANK_CLASSES, 1, LOWRANK_RANK, 1, NET_ADD, to_b);
    net_product_by_columns(model->b, off, LOWRANK_RANK, LOWRANK_CLASSES, 1, 1, NET_PUT, back);
    net_product(back, input, LOWRANK_RANK, 1, LOWRANK_INPUTS, 1, NET_ADD, to_a);
}

void lowrank_gradient(const struct lowrank *model, const struct lowrank_text *text, float *out)
{
    float weights[LOWRANK_WEIGHTS], off[LOWRANK_SAMPLES * LOWRANK_CLASSES];
    size_t count = text->count;
    memset(out, 0, LOWRANK_WEIGHTS * sizeof *out);
    if (count == 0)
        return;
    memcpy(weights, model->base, sizeof weights);
    net_product(model->b, model->a, LOWRANK_CLASSES, LOWRANK_RANK, LOWRANK_INPUTS, 1, NET_ADD, weights);
    net_product_by_rows(text->inputs[0], weights, count, LOWRANK_INPUTS, LOWRANK_CLASSES, 1, NET_PUT, off);
    net_softmax(off, count, LOWRANK_CLASSES, off);
    for (size_t i = 0; i < count; i++)
        off[i * LOWRANK_CLASSES + text->labels[i]] -= 1;
    net_product_by_columns(off, text->inputs[0], LOWRANK_CLASSES, count, LOWRANK_INPUTS, 1 / (float)count, NET_PUT,
                           out);
}

/* --- training --- */

struct gradients { /* side by side: they are clipped together */
    float b[B_COUNT], a[A_COUNT];
};

static void add_sample(const struct lowrank *model, const struct lowrank_training *training, const float *input,
                       size_t label, struct gradients *sum)
{
    struct gradients one = {0};
    lowrank_sample(model, input, label, one.b, one.a);
    double norm = sqrt(net_dot(one.b, one.b, B_COUNT) + net_dot(one.a, one.a, A_COUNT));
    float keep = training->clip > 0 && norm > training->clip ? (float)(training->clip / norm) : 1;
    for (size_t i = 0; i < B_COUNT; i++)
        sum->b[i] += keep * one.b[i];
    for (size_t i = 0; i < A_COUNT; i++)
        sum->a[i] += keep * one.a[i];
}

static void add_noise(float *numbers, size_t count, double deviation, struct random random)
{
    float noise[B_COUNT > A_COUNT ? B_COUNT : A_COUNT];
    net_fill_normal(noise, count, random);
    for (size_t i = 0; i < count; i++)
        numbers[i] += (float)deviation * noise[i];
}

static void learn_batch(struct lowrank *model, const struct lowrank_training *training,
                        const struct lowrank_text *const *texts, const size_t *order, size_t rows, struct random random)
{
    struct gradients sum = {0};
    for (size_t i = 0; i < rows; i++) {
        const struct lowrank_text *text = texts[order[i] / LOWRANK_SAMPLES];
        size_t sample = order[i] % LOWRANK_SAMPLES;
        if (sample < text->count)
            add_sample(model, training, text->inputs[sample], text->labels[sample], &sum);
    }
    if (training->noise > 0) {
        add_noise(sum.b, B_COUNT, training->noise * training->clip, random);
        add_noise(sum.a, A_COUNT, training->noise * training->clip, random);
    }
    net_descend(model->b, sum.b, B_COUNT, training->rate / LOWRANK_BATCH);
    net_descend(model->a, sum.a, A_COUNT, training->rate / LOWRANK_BATCH);
}

void lowrank_epoch(struct lowrank *model, const struct lowrank_training *training,
                   const struct lowrank_text *const *texts, size_t count, struct random random)
{
    size_t order[LOWRANK_TEXTS_MAX * LOWRANK_SAMPLES], all = count * LOWRANK_SAMPLES;
    INVARIANT(count <= LOWRANK_TEXTS_MAX);
    net_shuffle(order, all, random);
    for (size_t at = 0; at < all; at += LOWRANK_BATCH)
        learn_batch(model, training, texts, order + at, all - at < LOWRANK_BATCH ? all - at : LOWRANK_BATCH, random);
}
