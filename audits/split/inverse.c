/* Hides the network's shape and its training. */
#include "audits/split/inverse.h"

#include <math.h>

#define HIDDEN 128
#define BATCH 32
#define RATE 2e-3F

struct training {
    struct half *half;
    const struct shadows *shadows;
    const float *targets;
    size_t outputs;
    size_t *order; /* owned, as all below */
    float *clean, *inputs, *aims, *slopes;
};

static void training_free(struct training *training)
{
    mem_free(training->order);
    mem_free(training->clean);
    mem_free(training->inputs);
    mem_free(training->aims);
    mem_free(training->slopes);
}

static enum status training_new(struct training *training)
{
    size_t width = training->half->width;
    training->order = mem_new(training->shadows->count, sizeof *training->order);
    training->clean = mem_new(training->shadows->count * width, sizeof *training->clean);
    training->inputs = mem_new(BATCH * width, sizeof *training->inputs);
    training->aims = mem_new(BATCH * training->outputs, sizeof *training->aims);
    training->slopes = mem_new(BATCH * training->outputs, sizeof *training->slopes);
    if (!training->order || !training->clean || !training->inputs || !training->aims || !training->slopes)
        return ERR_MEMORY;
    for (size_t i = 0; i < training->shadows->count; i++)
        half_forward(training->half, training->shadows->folded + i * HALF_BUCKETS, training->clean + i * width);
    return OK;
}

static void scale_by(float *values, size_t count, float scale)
{
    for (size_t i = 0; i < count; i++)
        values[i] *= scale;
}

static void learn_batch(struct training *training, struct inverse *inverse, struct net_adam *adam, const size_t *order,
                        size_t rows, struct random random)
{
    size_t width = training->half->width;
    net_gather(training->clean, width, order, rows, training->inputs);
    net_gather(training->targets, training->outputs, order, rows, training->aims);
    for (size_t row = 0; row < rows; row++)
        half_simulate(training->half, training->inputs + row * width, random);
    scale_by(training->inputs, rows * width, inverse->scale);
    const float *logits = net_forward(&inverse->net, training->inputs, rows);
    (void)loss_logistic(logits, training->aims, rows, training->outputs, training->slopes);
    net_gradients_clear(&inverse->net);
    net_backward(&inverse->net, training->inputs, training->slopes, rows, NULL);
    net_adam_step(adam, inverse->net.parameters, inverse->net.gradients);
}

static enum status learn(struct training *training, size_t epochs, struct random random, struct inverse *inverse)
{
    struct net_adam adam;
    TRY(training_new(training));
    TRY(net_adam_new(inverse->net.count, RATE, &adam));
    for (size_t epoch = 0; epoch < epochs; epoch++) {
        net_shuffle(training->order, training->shadows->count, random);
        for (size_t at = 0; at < training->shadows->count; at += BATCH) {
            size_t left = training->shadows->count - at;
            learn_batch(training, inverse, &adam, training->order + at, left < BATCH ? left : BATCH, random);
        }
    }
    net_adam_free(&adam);
    return OK;
}

enum status inverse_learn(struct half *half, const struct shadows *shadows, const float *targets, size_t outputs,
                          size_t epochs, struct random random, struct inverse *out)
{
    struct training training = {.half = half, .shadows = shadows, .targets = targets, .outputs = outputs};
    const struct net_shape shape = {
        .inputs = half->width, .layers = 2, .layer = {{HIDDEN, NET_RELU}, {outputs, NET_LINEAR}}};
    double noise = half->terms.noise;
    *out = (struct inverse){.scale = (float)(1 / sqrt(1 / (double)half->width + noise * noise))};
    TRY(net_new(&shape, BATCH, random, &out->net));
    enum status status = learn(&training, epochs, random, out);
    training_free(&training);
    if (status != OK)
        inverse_free(out);
    return status;
}

void inverse_free(struct inverse *inverse)
{
    net_free(&inverse->net);
    *inverse = (struct inverse){0};
}

void inverse_guess(struct inverse *inverse, const float *released, size_t count, struct guess *out)
{
    float inputs[HALF_BUCKETS];
    for (size_t i = 0; i < inverse->net.inputs; i++)
        inputs[i] = released[i] * inverse->scale;
    guess_best(net_forward(&inverse->net, inputs, 1), inverse->net.outputs, count, out);
}
