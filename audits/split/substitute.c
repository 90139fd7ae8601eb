/* Hides the batches that are compared, and that both parts of the loss weigh the same. */
#include "audits/split/discriminator.h"
#include "audits/split/mmd.h"
#include "audits/split/surrogates.h"

#define RATE 1e-3F

struct batches {
    size_t own[HALF_ROWS], seen[HALF_ROWS];
    float *folded, *out, *released, *slopes, *target; /* owned */
};

static void batches_free(struct batches *batches)
{
    mem_free(batches->folded);
    mem_free(batches->out);
    mem_free(batches->released);
    mem_free(batches->slopes);
    mem_free(batches->target);
}

static enum status batches_new(size_t width, struct batches *out)
{
    *out = (struct batches){.folded = mem_new((size_t)HALF_ROWS * HALF_BUCKETS, sizeof *out->folded),
                            .out = mem_new(HALF_ROWS * width, sizeof *out->out),
                            .released = mem_new(HALF_ROWS * width, sizeof *out->released),
                            .slopes = mem_new(HALF_ROWS * width, sizeof *out->slopes),
                            .target = mem_new(HALF_ROWS * width, sizeof *out->target)};
    return out->folded && out->out && out->released && out->slopes && out->target ? OK : ERR_MEMORY;
}

/* The attacker's own releases get noise of the public law too: it is what leaves that is compared. Its slopes are those
 * of the vector without it. */
static void step(struct half *half, const struct shadows *shadows, const float *observed, size_t rows,
                 struct batches *batches, struct discriminator *discriminator, struct random random)
{
    net_gather(shadows->folded, HALF_BUCKETS, batches->own, HALF_ROWS, batches->folded);
    net_gather(observed, half->width, batches->seen, rows, batches->target);
    half_forward_rows(half, batches->folded, HALF_ROWS, batches->out);
    memcpy(batches->released, batches->out, HALF_ROWS * half->width * sizeof *batches->released);
    for (size_t row = 0; row < HALF_ROWS; row++)
        half_simulate(half, batches->released + row * half->width, random);
    (void)discriminator_learn(discriminator, batches->released, HALF_ROWS, batches->target, rows);
    (void)mmd_squared(batches->released, HALF_ROWS, batches->target, rows, half->width, batches->slopes);
    (void)discriminator_push(discriminator, batches->released, HALF_ROWS, batches->slopes);
    net_gradients_clear(&half->layer);
    half_backward_rows(half, batches->folded, batches->out, batches->slopes, HALF_ROWS, NULL);
}

static void draw(size_t *rows, size_t count, size_t below, struct random random)
{
    for (size_t i = 0; i < count; i++)
        rows[i] = random_below(random, below);
}

enum status substitute_learn(struct half *half, const struct shadows *shadows, const float *observed, size_t count,
                             size_t steps, struct random random)
{
    struct batches batches;
    struct net_adam adam = {0};
    struct discriminator discriminator = {0};
    size_t rows = count < HALF_ROWS ? count : HALF_ROWS;
    enum status status = batches_new(half->width, &batches);
    if (status == OK)
        status = net_adam_new(half->layer.count, RATE, &adam);
    if (status == OK)
        status = discriminator_new(half->width, HALF_ROWS, random, &discriminator);
    for (size_t i = 0; i < steps && status == OK; i++) {
        draw(batches.own, HALF_ROWS, shadows->count, random);
        draw(batches.seen, rows, count, random);
        step(half, shadows, observed, rows, &batches, &discriminator, random);
        net_adam_step(&adam, half->layer.parameters, half->layer.gradients);
    }
    discriminator_free(&discriminator);
    net_adam_free(&adam);
    batches_free(&batches);
    return status;
}
