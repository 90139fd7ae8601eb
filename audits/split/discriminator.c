/* Hides the network's shape. */
#include "audits/split/discriminator.h"

#define HIDDEN 64
#define RATE 1e-3F
#define MADE 0.F
#define SEEN 1.F

enum status discriminator_new(size_t width, size_t rows_max, struct random random, struct discriminator *out)
{
    const struct net_shape shape = {.inputs = width, .layers = 2, .layer = {{HIDDEN, NET_RELU}, {1, NET_LINEAR}}};
    *out = (struct discriminator){.aims = mem_new(rows_max, sizeof *out->aims),
                                  .slopes = mem_new(rows_max, sizeof *out->slopes),
                                  .pushes = mem_new(rows_max * width, sizeof *out->pushes)};
    enum status status = out->aims && out->slopes && out->pushes ? OK : ERR_MEMORY;
    if (status == OK)
        status = net_new(&shape, rows_max, random, &out->net);
    if (status == OK)
        status = net_adam_new(out->net.count, RATE, &out->adam);
    if (status != OK)
        discriminator_free(out);
    return status;
}

void discriminator_free(struct discriminator *discriminator)
{
    net_free(&discriminator->net);
    net_adam_free(&discriminator->adam);
    mem_free(discriminator->aims);
    mem_free(discriminator->slopes);
    mem_free(discriminator->pushes);
    *discriminator = (struct discriminator){0};
}

/* Cross-entropy of a batch that is all of one kind; its gradient is added. */
static double judge(struct discriminator *discriminator, const float *vectors, size_t rows, float kind, float *slopes)
{
    const float *logits = net_forward(&discriminator->net, vectors, rows);
    for (size_t row = 0; row < rows; row++)
        discriminator->aims[row] = kind;
    double loss = loss_logistic(logits, discriminator->aims, rows, 1, discriminator->slopes);
    net_backward(&discriminator->net, vectors, discriminator->slopes, rows, slopes);
    return loss;
}

double discriminator_learn(struct discriminator *discriminator, const float *made, size_t rows, const float *seen,
                           size_t others)
{
    net_gradients_clear(&discriminator->net);
    double loss = judge(discriminator, made, rows, MADE, NULL) + judge(discriminator, seen, others, SEEN, NULL);
    net_adam_step(&discriminator->adam, discriminator->net.parameters, discriminator->net.gradients);
    return loss / 2;
}

double discriminator_push(struct discriminator *discriminator, const float *made, size_t rows, float *slopes)
{
    double loss = judge(discriminator, made, rows, SEEN, discriminator->pushes);
    for (size_t i = 0; i < rows * discriminator->net.inputs; i++)
        slopes[i] += discriminator->pushes[i];
    return loss;
}
