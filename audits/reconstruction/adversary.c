/* The three adversaries, a row each. */
#include "audits/reconstruction/adversary.h"

#include "audits/net/vae.h"

#define BATCH 64
#define STEP_WIDTH 8
#define LOGISTIC_RATE 5e-3F
#define LOGISTIC_DECAY 1e-4F
#define VAE_RATE 2e-3F
#define VAE_HIDDEN 96
#define VAE_CODE 24
#define VAE_KL 1e-3

struct adversary {
    enum adversary_kind kind;
    size_t width;
    const struct privates *privates;
    float *means; /* matching: privates->count x width */
    struct net logits;
    struct vae vae;
    float *work; /* a batch of inputs */
};

/* --- matching --- */

/* A private thing that no shadow was made of is as near as the mean of all. */
static enum status learn_means(struct adversary *adversary, const struct shadows *shadows)
{
    size_t count = adversary->privates->count, width = adversary->width;
    SCOPED_MEM size_t *seen = mem_new(count, sizeof *seen);
    SCOPED_MEM float *all = mem_new(width, sizeof *all);
    adversary->means = mem_new(count * width, sizeof *adversary->means);
    if (!seen || !all || !adversary->means)
        return ERR_MEMORY;
    for (size_t row = 0; row < shadows->rows; row++)
        seen[shadows->truths[row]]++;
    for (size_t row = 0; row < shadows->rows; row++)
        for (size_t i = 0; i < width; i++) {
            float value = shadows->updates[row * width + i];
            all[i] += value / (float)shadows->rows;
            adversary->means[shadows->truths[row] * width + i] += value / (float)seen[shadows->truths[row]];
        }
    for (size_t c = 0; c < count; c++)
        if (seen[c] == 0)
            memcpy(adversary->means + c * width, all, width * sizeof *all);
    return OK;
}

static void score_means(struct adversary *adversary, const float *update, double step, double *scores)
{
    (void)step;
    for (size_t c = 0; c < adversary->privates->count; c++) {
        const float *mean = adversary->means + c * adversary->width;
        scores[c] = 0;
        for (size_t i = 0; i < adversary->width; i++)
            scores[c] -= ((double)update[i] - (double)mean[i]) * ((double)update[i] - (double)mean[i]);
    }
}

/* --- minibatches --- */

typedef void (*learn_batch)(struct adversary *adversary, void *optimiser, const float *updates, const double *steps,
                            const size_t *truths, size_t rows, struct random random);

static enum status learn_in_batches(struct adversary *adversary, const struct shadows *shadows, size_t epochs,
                                    struct random random, learn_batch learn, void *optimiser)
{
    size_t width = shadows->width, truths[BATCH];
    double steps[BATCH];
    SCOPED_MEM size_t *order = mem_new(shadows->rows + 1, sizeof *order);
    SCOPED_MEM float *updates = mem_new(BATCH * width, sizeof *updates);
    if (!order || !updates)
        return ERR_MEMORY;
    for (size_t epoch = 0; epoch < epochs; epoch++) {
        net_shuffle(order, shadows->rows, random);
        for (size_t at = 0; at < shadows->rows; at += BATCH) {
            size_t rows = shadows->rows - at < BATCH ? shadows->rows - at : BATCH;
            net_gather(shadows->updates, width, order + at, rows, updates);
            for (size_t i = 0; i < rows; i++) {
                steps[i] = shadows->steps[order[at + i]];
                truths[i] = shadows->truths[order[at + i]];
            }
            learn(adversary, optimiser, updates, steps, truths, rows, random);
        }
    }
    return OK;
}

/* --- the logistic model --- */

static void put_steps(const float *updates, size_t width, const double *steps, size_t rows, float *out)
{
    for (size_t row = 0; row < rows; row++, out += width + STEP_WIDTH) {
        memcpy(out, updates + row * width, width * sizeof *out);
        net_step_embedding(steps[row], STEP_WIDTH, out + width);
    }
}

static void learn_logits(struct adversary *adversary, void *optimiser, const float *updates, const double *steps,
                         const size_t *truths, size_t rows, struct random random)
{
    (void)random;
    struct net *net = &adversary->logits;
    float *slopes = adversary->work + BATCH * net->inputs;
    put_steps(updates, adversary->width, steps, rows, adversary->work);
    loss_softmax(net_forward(net, adversary->work, rows), truths, rows, net->outputs, slopes);
    net_gradients_clear(net);
    net_backward(net, adversary->work, slopes, rows, NULL);
    for (size_t i = 0; i < net->count; i++)
        net->gradients[i] += LOGISTIC_DECAY * net->parameters[i];
    net_adam_step(optimiser, net->parameters, net->gradients);
}

static enum status learn_logistic(struct adversary *adversary, const struct shadows *shadows, size_t epochs,
                                  struct random random)
{
    const struct net_shape shape = {
        .inputs = adversary->width + STEP_WIDTH, .layers = 1, .layer = {{adversary->privates->count, NET_LINEAR}}};
    struct net_adam adam = {0};
    TRY(net_new(&shape, BATCH, random, &adversary->logits));
    adversary->work = mem_new(BATCH * (shape.inputs + adversary->privates->count), sizeof *adversary->work);
    if (!adversary->work)
        return ERR_MEMORY;
    TRY(net_adam_new(adversary->logits.count, LOGISTIC_RATE, &adam));
    enum status status = learn_in_batches(adversary, shadows, epochs, random, learn_logits, &adam);
    net_adam_free(&adam);
    return status;
}

static void score_logistic(struct adversary *adversary, const float *update, double step, double *scores)
{
    put_steps(update, adversary->width, &step, 1, adversary->work);
    const float *logits = net_forward(&adversary->logits, adversary->work, 1);
    for (size_t c = 0; c < adversary->privates->count; c++)
        scores[c] = (double)logits[c];
}

/* --- the variational network --- */

static void learn_reconstruction(struct adversary *adversary, void *optimiser, const float *updates,
                                 const double *steps, const size_t *truths, size_t rows, struct random random)
{
    (void)optimiser;
    net_gather(adversary->privates->vectors, adversary->privates->width, truths, rows, adversary->work);
    vae_learn(&adversary->vae, updates, steps, adversary->work, rows, VAE_KL, random);
}

static enum status learn_vae(struct adversary *adversary, const struct shadows *shadows, size_t epochs,
                             struct random random)
{
    const struct vae_shape shape = {.updates = adversary->width,
                                    .privates = adversary->privates->width,
                                    .steps = STEP_WIDTH,
                                    .hidden = VAE_HIDDEN,
                                    .code = VAE_CODE};
    TRY(vae_new(&shape, BATCH, VAE_RATE, random, &adversary->vae));
    adversary->work = mem_new(BATCH * shape.privates, sizeof *adversary->work);
    if (!adversary->work)
        return ERR_MEMORY;
    return learn_in_batches(adversary, shadows, epochs, random, learn_reconstruction, NULL);
}

static void score_vae(struct adversary *adversary, const float *update, double step, double *scores)
{
    const struct privates *privates = adversary->privates;
    const float *given = vae_reconstruct(&adversary->vae, update, &step, 1);
    for (size_t c = 0; c < privates->count; c++)
        scores[c] = net_cosine(given, privates->vectors + c * privates->width, privates->width);
}

/* --- the table --- */

static enum status learn_matching(struct adversary *adversary, const struct shadows *shadows, size_t epochs,
                                  struct random random)
{
    (void)epochs, (void)random;
    return learn_means(adversary, shadows);
}

static const struct {
    const char *name;
    enum status (*learn)(struct adversary *adversary, const struct shadows *shadows, size_t epochs,
                         struct random random);
    void (*score)(struct adversary *adversary, const float *update, double step, double *scores);
} kinds[ADVERSARIES] = {
    [ADVERSARY_MATCHING] = {"matching", learn_matching, score_means},
    [ADVERSARY_LOGISTIC] = {"logistic", learn_logistic, score_logistic},
    [ADVERSARY_VAE] = {"vae", learn_vae, score_vae},
};

const char *adversary_name(enum adversary_kind kind)
{
    return kinds[kind].name;
}

enum status adversary_learn(enum adversary_kind kind, const struct shadows *shadows, const struct privates *privates,
                            size_t epochs, struct random random, struct adversary **out)
{
    *out = NULL;
    if (shadows->rows == 0 || privates->count == 0)
        return ERR_USAGE;
    struct adversary *adversary = mem_new(1, sizeof *adversary);
    if (!adversary)
        return ERR_MEMORY;
    adversary->kind = kind;
    adversary->width = shadows->width;
    adversary->privates = privates;
    enum status status = kinds[kind].learn(adversary, shadows, epochs, random);
    if (status != OK) {
        adversary_free(adversary);
        return status;
    }
    *out = adversary;
    return OK;
}

void adversary_free(struct adversary *adversary)
{
    if (!adversary)
        return;
    mem_free(adversary->means);
    net_free(&adversary->logits);
    vae_free(&adversary->vae);
    mem_free(adversary->work);
    mem_free(adversary);
}

void adversary_score(struct adversary *adversary, const float *update, double step, double *scores)
{
    kinds[adversary->kind].score(adversary, update, step, scores);
}
