/* The adapter that is trained here: its gradients against numerical ones, clipping, noise, and that it learns. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/net/net.h"
#include "audits/reconstruction/lowrank.h"

#define NUDGE 1e-2F

static const char story[] = "the refund of an order needs its id with the sign in front, and the card that paid for "
                            "it; the refund of an order needs its id with the sign in front, and a reason";

static struct lowrank start_of(uint64_t seed, bool with_b)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, seed);
    struct lowrank model;
    lowrank_start(&model, random);
    if (with_b)
        net_fill_normal(model.b, LOWRANK_CLASSES * LOWRANK_RANK, random);
    return model;
}

static double nudged(struct lowrank *model, float *number, const struct lowrank_text *text)
{
    float was = *number;
    *number = was + NUDGE;
    double over = lowrank_loss(model, text);
    *number = was - NUDGE;
    double under = lowrank_loss(model, text);
    *number = was;
    return (over - under) / (2 * (double)NUDGE);
}

static void gradients(void **state)
{
    (void)state;
    struct lowrank model = start_of(3, true);
    struct lowrank_text text;
    float to_b[LOWRANK_CLASSES * LOWRANK_RANK] = {0}, to_a[LOWRANK_RANK * LOWRANK_INPUTS] = {0},
                                 to_all[LOWRANK_WEIGHTS];
    lowrank_read(bytes_str(story), &text);
    assert_int_equal(text.count, 33); /* 36 words, less a context */
    for (size_t i = 0; i < text.count; i++)
        lowrank_sample(&model, text.inputs[i], text.labels[i], to_b, to_a);
    lowrank_gradient(&model, &text, to_all);
    double count = (double)text.count;
    for (size_t i = 0; i < LOWRANK_CLASSES * LOWRANK_RANK; i++)
        assert_true(fabs((double)to_b[i] / count - nudged(&model, &model.b[i], &text)) < 1e-3);
    for (size_t i = 0; i < LOWRANK_RANK * LOWRANK_INPUTS; i++)
        assert_true(fabs((double)to_a[i] / count - nudged(&model, &model.a[i], &text)) < 1e-3);
    for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
        assert_true(fabs((double)to_all[i] - nudged(&model, &model.base[i], &text)) < 1e-3);
}

static double norm_of_update(struct lowrank_training training, size_t passes, double *loss)
{
    struct lowrank model = start_of(3, false);
    struct lowrank_text text;
    const struct lowrank_text *texts[] = {&text};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 8);
    float update[LOWRANK_WEIGHTS];
    lowrank_read(bytes_str(story), &text);
    lowrank_update(&model, update);
    assert_true(net_dot(update, update, LOWRANK_WEIGHTS) == 0); /* an adapter begins at nothing */
    for (size_t i = 0; i < passes; i++)
        lowrank_epoch(&model, &training, texts, 1, random);
    lowrank_update(&model, update);
    *loss = lowrank_loss(&model, &text);
    return sqrt(net_dot(update, update, LOWRANK_WEIGHTS));
}

static void training(void **state)
{
    (void)state;
    double before, after, loss;
    norm_of_update((struct lowrank_training){1, 0, 0}, 0, &before);
    double bare = norm_of_update((struct lowrank_training){1, 0, 0}, 100, &after);
    assert_true(after < .7 * before);
    assert_true(norm_of_update((struct lowrank_training){1, .01, 0}, 100, &loss) < .2 * bare); /* the clip holds */
    assert_true(norm_of_update((struct lowrank_training){1, 1, 20}, 100, &loss) > 2 * bare);   /* noise is added */
    assert_true(loss > after);
    struct lowrank_text none;
    lowrank_read(bytes_str("too short"), &none);
    assert_int_equal(none.count, 0);
    assert_true(lowrank_loss(&(struct lowrank){0}, &none) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gradients), cmocka_unit_test(training)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
