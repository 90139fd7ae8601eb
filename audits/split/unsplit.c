/* Hides the turns: inputs with the half held, the half with the inputs held. */
#include "audits/split/surrogates.h"

#define INPUT_STEPS 15
#define HALF_STEPS_A_TURN 15
#define GUESS_STEPS 60
#define INPUT_RATE 0.05F
#define HALF_RATE 1e-3F
#define START 0.1F /* of every word in an input that nothing is known of */

/* The squares between what the half makes of the bags and what was seen; slopes for both. */
static void measure(struct unsplit *unsplit, const float *observed, size_t rows)
{
    struct half *half = unsplit->half;
    net_product(unsplit->bags, unsplit->words, rows, unsplit->vocabulary, HALF_BUCKETS, 1, NET_PUT, unsplit->folded);
    half_forward_rows(half, unsplit->folded, rows, unsplit->out);
    (void)loss_squares(unsplit->out, observed, rows, half->width, unsplit->slopes);
    net_gradients_clear(&half->layer);
    half_backward_rows(half, unsplit->folded, unsplit->out, unsplit->slopes, rows, unsplit->folded_slopes);
    net_product_by_rows(unsplit->folded_slopes, unsplit->words, rows, HALF_BUCKETS, unsplit->vocabulary, 1, NET_PUT,
                        unsplit->bag_slopes);
}

static void start_inputs(struct unsplit *unsplit, size_t rows)
{
    for (size_t i = 0; i < rows * unsplit->vocabulary; i++)
        unsplit->bags[i] = START;
}

static enum status find_inputs(struct unsplit *unsplit, const float *observed, size_t rows, size_t steps)
{
    struct net_adam adam;
    TRY(net_adam_new(rows * unsplit->vocabulary, INPUT_RATE, &adam));
    for (size_t i = 0; i < steps; i++) {
        measure(unsplit, observed, rows);
        net_adam_step(&adam, unsplit->bags, unsplit->bag_slopes);
        for (size_t k = 0; k < rows * unsplit->vocabulary; k++)
            unsplit->bags[k] = unsplit->bags[k] > 0 ? unsplit->bags[k] : 0;
    }
    net_adam_free(&adam);
    return OK;
}

static enum status find_half(struct unsplit *unsplit, const float *observed, size_t rows, struct net_adam *adam)
{
    for (size_t i = 0; i < HALF_STEPS_A_TURN; i++) {
        measure(unsplit, observed, rows);
        net_adam_step(adam, unsplit->half->layer.parameters, unsplit->half->layer.gradients);
    }
    return OK;
}

static enum status learn(struct unsplit *unsplit, const float *observed, size_t rows, size_t rounds)
{
    struct net_adam adam;
    enum status status = OK;
    TRY(net_adam_new(unsplit->half->layer.count, HALF_RATE, &adam));
    start_inputs(unsplit, rows);
    for (size_t i = 0; i < rounds && status == OK; i++) {
        status = find_inputs(unsplit, observed, rows, INPUT_STEPS);
        if (status == OK)
            status = find_half(unsplit, observed, rows, &adam);
    }
    net_adam_free(&adam);
    return status;
}

static enum status make_room(const struct lessons *lessons, struct unsplit *unsplit)
{
    size_t width = unsplit->half->width;
    unsplit->words = mem_new(lessons->vocabulary * HALF_BUCKETS, sizeof(float));
    unsplit->bags = mem_new(HALF_ROWS * lessons->vocabulary, sizeof(float));
    unsplit->bag_slopes = mem_new(HALF_ROWS * lessons->vocabulary, sizeof(float));
    unsplit->folded = mem_new((size_t)HALF_ROWS * HALF_BUCKETS, sizeof(float));
    unsplit->folded_slopes = mem_new((size_t)HALF_ROWS * HALF_BUCKETS, sizeof(float));
    unsplit->out = mem_new(HALF_ROWS * width, sizeof(float));
    unsplit->slopes = mem_new(HALF_ROWS * width, sizeof(float));
    if (!unsplit->words || !unsplit->bags || !unsplit->bag_slopes || !unsplit->folded || !unsplit->folded_slopes ||
        !unsplit->out || !unsplit->slopes)
        return ERR_MEMORY;
    for (size_t i = 0; i < lessons->vocabulary; i++)
        TRY(half_fold_word(lessons->words[i], unsplit->words + i * HALF_BUCKETS));
    return OK;
}

enum status unsplit_new(const struct lessons *lessons, struct half *half, const float *observed, size_t count,
                        size_t rounds, struct unsplit *out)
{
    *out = (struct unsplit){.half = half, .vocabulary = lessons->vocabulary};
    enum status status = make_room(lessons, out);
    if (status == OK)
        status = learn(out, observed, count < HALF_ROWS ? count : HALF_ROWS, rounds);
    if (status != OK)
        unsplit_free(out);
    return status;
}

void unsplit_free(struct unsplit *unsplit)
{
    mem_free(unsplit->words);
    mem_free(unsplit->bags);
    mem_free(unsplit->bag_slopes);
    mem_free(unsplit->folded);
    mem_free(unsplit->folded_slopes);
    mem_free(unsplit->out);
    mem_free(unsplit->slopes);
    *unsplit = (struct unsplit){0};
}

enum status unsplit_guess(struct unsplit *unsplit, const float *released, size_t count, struct guess *out)
{
    *out = (struct guess){0};
    start_inputs(unsplit, 1);
    TRY(find_inputs(unsplit, released, 1, GUESS_STEPS));
    guess_best(unsplit->bags, unsplit->vocabulary, count, out);
    return OK;
}
