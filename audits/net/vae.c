/* The variational network. Hides how update, step and code are laid side by side. */
#include "audits/net/vae.h"

#include <math.h>

#define LOG_VARIANCE_MAX 8.0F

struct parts {                    /* of vae->work, rows_max of each */
    float *seen, *coded;          /* inputs of encoder and decoder: with the step's embedding behind */
    float *noise, *codes;         /* rows x code */
    float *output_slopes;         /* rows x privates */
    float *coded_slopes;          /* rows x (code + steps) */
    float *law_slopes;            /* rows x 2 code */
    float *means, *log_variances; /* rows x code, and their slopes */
    float *mean_slopes, *variance_slopes;
};

static struct parts parts_of(const struct vae *vae)
{
    const struct vae_shape *shape = &vae->shape;
    size_t rows = vae->rows_max, code = rows * shape->code;
    struct parts parts = {.seen = vae->work};
    parts.coded = parts.seen + rows * (shape->updates + shape->steps);
    parts.coded_slopes = parts.coded + rows * (shape->code + shape->steps);
    parts.output_slopes = parts.coded_slopes + rows * (shape->code + shape->steps);
    parts.law_slopes = parts.output_slopes + rows * shape->privates;
    parts.noise = parts.law_slopes + 2 * code;
    parts.codes = parts.noise + code;
    parts.means = parts.codes + code;
    parts.log_variances = parts.means + code;
    parts.mean_slopes = parts.log_variances + code;
    parts.variance_slopes = parts.mean_slopes + code;
    return parts;
}

static size_t work_size(const struct vae_shape *shape)
{
    return shape->updates + shape->steps + 2 * (shape->code + shape->steps) + shape->privates + 8 * shape->code;
}

enum status vae_new(const struct vae_shape *shape, size_t rows_max, float rate, struct random random, struct vae *out)
{
    *out = (struct vae){.shape = *shape, .rows_max = rows_max};
    const struct net_shape encoder = {
        .inputs = shape->updates + shape->steps,
        .layers = 2,
        .layer = {{shape->hidden, NET_RELU}, {2 * shape->code, NET_LINEAR}},
    };
    const struct net_shape decoder = {
        .inputs = shape->code + shape->steps,
        .layers = 2,
        .layer = {{shape->hidden, NET_RELU}, {shape->privates, NET_LINEAR}},
    };
    enum status status = shape->steps % 2 == 0 ? net_new(&encoder, rows_max, random, &out->encoder) : ERR_USAGE;
    if (status == OK)
        status = net_new(&decoder, rows_max, random, &out->decoder);
    if (status == OK)
        status = net_adam_new(out->encoder.count, rate, &out->encoder_adam);
    if (status == OK)
        status = net_adam_new(out->decoder.count, rate, &out->decoder_adam);
    if (status == OK && !(out->work = mem_new(rows_max, work_size(shape) * sizeof(float))))
        status = ERR_MEMORY;
    if (status != OK)
        vae_free(out);
    return status;
}

void vae_free(struct vae *vae)
{
    net_free(&vae->encoder);
    net_free(&vae->decoder);
    net_adam_free(&vae->encoder_adam);
    net_adam_free(&vae->decoder_adam);
    mem_free(vae->work);
    *vae = (struct vae){0};
}

/* Rows of `width` numbers, each followed by the embedding of its step. */
static void with_steps(const float *rows_of, size_t width, const double *steps, size_t step_width, size_t rows,
                       float *out)
{
    for (size_t row = 0; row < rows; row++, out += width + step_width) {
        memcpy(out, rows_of + row * width, width * sizeof *out);
        net_step_embedding(steps[row], step_width, out + width);
    }
}

static void encode(struct vae *vae, const struct parts *parts, const float *updates, const double *steps, size_t rows)
{
    const struct vae_shape *shape = &vae->shape;
    with_steps(updates, shape->updates, steps, shape->steps, rows, parts->seen);
    const float *law = net_forward(&vae->encoder, parts->seen, rows);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < shape->code; i++) {
            const float *at = law + row * 2 * shape->code;
            parts->means[row * shape->code + i] = at[i];
            /* Bounded smoothly, so that no code's noise overflows. */
            parts->log_variances[row * shape->code + i] =
                LOG_VARIANCE_MAX * tanhf(at[shape->code + i] / LOG_VARIANCE_MAX);
        }
}

static const float *decode(struct vae *vae, const struct parts *parts, const float *codes, const double *steps,
                           size_t rows)
{
    with_steps(codes, vae->shape.code, steps, vae->shape.steps, rows, parts->coded);
    return net_forward(&vae->decoder, parts->coded, rows);
}

/* From the decoder's input and the divergence back to the law that the encoder gave. */
static void law_slopes(const struct vae *vae, const struct parts *parts, double kl_weight, size_t rows)
{
    const struct vae_shape *shape = &vae->shape;
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < shape->code; i++) {
            size_t at = row * shape->code + i;
            float slope = parts->coded_slopes[row * (shape->code + shape->steps) + i];
            float squeezed = parts->log_variances[at] / LOG_VARIANCE_MAX;
            float by_variance = slope * parts->noise[at] * expf(parts->log_variances[at] / 2) / 2 +
                                (float)kl_weight * parts->variance_slopes[at];
            float *out = parts->law_slopes + row * 2 * shape->code;
            out[i] = slope + (float)kl_weight * parts->mean_slopes[at];
            out[shape->code + i] = by_variance * (1 - squeezed * squeezed);
        }
}

double vae_loss(struct vae *vae, const float *updates, const double *steps, const float *privates, size_t rows,
                double kl_weight, const float *noise)
{
    const struct parts parts = parts_of(vae);
    size_t codes = rows * vae->shape.code;
    INVARIANT(rows <= vae->rows_max);
    encode(vae, &parts, updates, steps, rows);
    memmove(parts.noise, noise, codes * sizeof *noise);
    for (size_t i = 0; i < codes; i++)
        parts.codes[i] = parts.means[i] + parts.noise[i] * expf(parts.log_variances[i] / 2);
    const float *given = decode(vae, &parts, parts.codes, steps, rows);
    double loss = loss_cosine(given, privates, rows, vae->shape.privates, parts.output_slopes);
    loss += kl_weight * loss_gaussian_kl(parts.means, parts.log_variances, rows, vae->shape.code, parts.mean_slopes,
                                         parts.variance_slopes);
    net_backward(&vae->decoder, parts.coded, parts.output_slopes, rows, parts.coded_slopes);
    law_slopes(vae, &parts, kl_weight, rows);
    net_backward(&vae->encoder, parts.seen, parts.law_slopes, rows, NULL);
    return loss;
}

double vae_learn(struct vae *vae, const float *updates, const double *steps, const float *privates, size_t rows,
                 double kl_weight, struct random random)
{
    const struct parts parts = parts_of(vae);
    INVARIANT(rows <= vae->rows_max);
    net_fill_normal(parts.noise, rows * vae->shape.code, random);
    net_gradients_clear(&vae->encoder);
    net_gradients_clear(&vae->decoder);
    double loss = vae_loss(vae, updates, steps, privates, rows, kl_weight, parts.noise);
    net_adam_step(&vae->encoder_adam, vae->encoder.parameters, vae->encoder.gradients);
    net_adam_step(&vae->decoder_adam, vae->decoder.parameters, vae->decoder.gradients);
    return loss;
}

const float *vae_reconstruct(struct vae *vae, const float *updates, const double *steps, size_t rows)
{
    const struct parts parts = parts_of(vae);
    INVARIANT(rows <= vae->rows_max);
    encode(vae, &parts, updates, steps, rows);
    return decode(vae, &parts, parts.means, steps, rows);
}
