/* Networks of the attacks: every gradient against a numerical one, losses and optimisers against known answers, and
 * small networks that must learn what can be learned and nothing where there is nothing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/net/vae.h"

#define NUDGE 1e-2
#define ROWS 5

static bool close_to(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance * (1 + fabs(a) + fabs(b));
}

static void expect_near(double found, double wanted, double tolerance, const char *what, size_t at)
{
    if (!close_to(found, wanted, tolerance))
        fail_msg("%s %zu: %g, not %g", what, at, found, wanted);
}

/* A loss as a function of numbers that can be nudged. */
struct probe {
    double (*loss)(void *context);
    void *context;
    float *numbers;
    const float *slopes; /* analytic */
    size_t count;
    const char *what;
};

static void check_slopes(const struct probe *probe)
{
    for (size_t i = 0; i < probe->count; i++) {
        float was = probe->numbers[i];
        probe->numbers[i] = was + (float)NUDGE;
        double over = probe->loss(probe->context);
        probe->numbers[i] = was - (float)NUDGE;
        double under = probe->loss(probe->context);
        probe->numbers[i] = was;
        expect_near((double)probe->slopes[i], (over - under) / (2 * NUDGE), 2e-3, probe->what, i);
    }
}

/* --- networks --- */

struct batch {
    struct net net;
    float inputs[ROWS * 4], targets[ROWS * 3], slopes[ROWS * 3], input_slopes[ROWS * 4];
};

static double batch_loss(void *context)
{
    struct batch *batch = context;
    return loss_squares(net_forward(&batch->net, batch->inputs, ROWS), batch->targets, ROWS, 3, batch->slopes);
}

static void net_gradients(void **state)
{
    (void)state;
    /* Not NET_RELU: its kink has no derivative that a nudge would meet. activations() covers it. */
    const enum net_activation kinds[] = {NET_LINEAR, NET_TANH, NET_SIGMOID, NET_GATED};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        struct random_seeded seeded;
        struct random random = random_seeded_start(&seeded, 11 + kind);
        const struct net_shape shape = {
            .inputs = 4, .layers = 3, .layer = {{6, kinds[kind]}, {5, NET_TANH}, {3, NET_LINEAR}}};
        struct batch batch = {0};
        assert_int_equal(net_new(&shape, ROWS + 2, random, &batch.net), OK);
        net_fill_normal(batch.inputs, ROWS * 4, random);
        net_fill_normal(batch.targets, ROWS * 3, random);
        net_fill_normal(batch.net.parameters, batch.net.count, random); /* biases too */
        batch_loss(&batch);
        net_gradients_clear(&batch.net);
        net_backward(&batch.net, batch.inputs, batch.slopes, ROWS, batch.input_slopes);
        check_slopes(&(struct probe){batch_loss, &batch, batch.net.parameters, batch.net.gradients, batch.net.count,
                                     "parameter"});
        check_slopes(&(struct probe){batch_loss, &batch, batch.inputs, batch.input_slopes, ROWS * 4, "input"});
        net_free(&batch.net);
    }
}

static void gradients_add(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    const struct net_shape shape = {.inputs = 4, .layers = 1, .layer = {{3, NET_TANH}}};
    struct batch batch = {0};
    float once[15];
    assert_int_equal(net_new(&shape, ROWS, random, &batch.net), OK);
    assert_int_equal(batch.net.count, 15);
    net_fill_normal(batch.inputs, ROWS * 4, random);
    batch_loss(&batch);
    net_backward(&batch.net, batch.inputs, batch.slopes, ROWS, NULL);
    memcpy(once, batch.net.gradients, sizeof once);
    net_backward(&batch.net, batch.inputs, batch.slopes, ROWS, NULL);
    for (size_t i = 0; i < 15; i++)
        expect_near((double)batch.net.gradients[i], 2 * (double)once[i], 1e-5, "gradient", i);
    net_free(&batch.net);
}

static void activations(void **state)
{
    (void)state;
    for (int kind = 0; kind < NET_ACTIVATIONS; kind++)
        for (int step = -30; step < 30; step++) {
            double x = .1 * step + .05; /* never 0 */
            double over = (double)net_activate((enum net_activation)kind, (float)(x + 1e-2));
            double under = (double)net_activate((enum net_activation)kind, (float)(x - 1e-2));
            expect_near((double)net_activate_slope((enum net_activation)kind, (float)x), (over - under) / 2e-2, 2e-3,
                        "activation", (size_t)kind);
        }
    /* |x|(2 sigma(x) - 1) at 1: 2 / (1 + 1/e) - 1 */
    expect_near((double)net_activate(NET_GATED, 1), .4621171572600098, 1e-6, "gated", 0);
    expect_near((double)net_activate(NET_GATED, -2), -2 * .7615941559557649, 1e-6, "gated", 1);
    assert_true(net_activate(NET_RELU, -1) == 0 && net_activate(NET_RELU, 2) == 2);
}

static void shapes(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    struct net net;
    const struct net_shape bad[] = {
        {.inputs = 4},
        {.inputs = 0, .layers = 1, .layer = {{1, NET_TANH}}},
        {.inputs = 4, .layers = 2, .layer = {{0, NET_TANH}, {3, NET_TANH}}},
        {.inputs = 4, .layers = NET_LAYERS_MAX + 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(net_new(&bad[i], 1, random, &net), ERR_USAGE);
        net_free(&net);
    }
    const struct net_shape huge = {.inputs = NET_WIDTH_MAX, .layers = 1, .layer = {{NET_WIDTH_MAX, NET_TANH}}};
    assert_int_equal(net_new(&huge, 1, random, &net), ERR_TOO_LARGE);
    const struct net_shape good = {.inputs = 4, .layers = 1, .layer = {{3, NET_TANH}}};
    assert_int_equal(net_new(&good, 0, random, &net), ERR_USAGE);
    for (size_t i = 1; i <= 3; i++) {
        mem_fail_after(i);
        assert_int_equal(net_new(&good, 1, random, &net), ERR_MEMORY);
        mem_fail_after(0);
    }
}

/* --- losses --- */

struct losses {
    float numbers[12], others[12], slopes[24];
    size_t labels[4];
    int which;
};

static double losses_of(void *context)
{
    struct losses *of = context;
    switch (of->which) {
    case 0:
        return loss_squares(of->numbers, of->others, 4, 3, of->slopes);
    case 1:
        return loss_softmax(of->numbers, of->labels, 4, 3, of->slopes);
    case 2:
        return loss_logistic(of->numbers, of->others, 4, 3, of->slopes);
    case 3:
        return loss_cosine(of->numbers, of->others, 4, 3, of->slopes);
    default:
        return loss_gaussian_kl(of->numbers, of->numbers + 6, 2, 3, of->slopes, of->slopes + 6);
    }
}

static void loss_slopes(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    for (int which = 0; which < 5; which++) {
        struct losses of = {.which = which, .labels = {0, 2, 1, 2}};
        float slopes[12];
        net_fill_normal(of.numbers, 12, random);
        for (size_t i = 0; i < 12; i++)
            of.others[i] = (float)random_unit(random);
        losses_of(&of);
        memcpy(slopes, of.slopes, sizeof slopes);
        check_slopes(&(struct probe){losses_of, &of, of.numbers, slopes, 12, "loss"});
    }
}

static void loss_values(void **state)
{
    (void)state;
    float slopes[8];
    size_t label = 1;
    expect_near(loss_softmax((float[]){0, 0, 0, 0}, &label, 1, 4, slopes), log(4), 1e-6, "even logits", 0);
    expect_near(loss_softmax((float[]){200, 0}, &label, 1, 2, slopes), 200, 1e-6, "far logits", 0);
    expect_near(loss_logistic((float[]){0, 100}, (float[]){1, 1}, 1, 2, slopes), log(2), 1e-6, "logistic", 0);
    expect_near(loss_squares((float[]){1, 2}, (float[]){0, 0}, 2, 1, slopes), 1.25, 1e-6, "squares", 0);
    expect_near(loss_cosine((float[]){3, 4}, (float[]){4, 3}, 1, 2, slopes), 1 - .96, 1e-6, "cosine", 0);
    expect_near(loss_cosine((float[]){0, 0}, (float[]){4, 3}, 1, 2, slopes), 1, 1e-6, "no direction", 0);
    assert_true(slopes[0] == 0 && slopes[1] == 0);
    /* KL(N(1, 4) | N(0, 1)) = (4 + 1 - 1 - log 4) / 2 */
    expect_near(loss_gaussian_kl((float[]){1}, (float[]){1.3862943611F}, 1, 1, slopes, slopes + 1), (4 - log(4)) / 2,
                1e-6, "divergence", 0);
}

/* --- optimisers --- */

/* Kingma & Ba's algorithm by hand: the first step is the rate, whatever the gradient's size; the second, with half the
 * gradient: m = (.09 + .05) / .19, v = (.000999 + .00025) / .001999. */
static void adam(void **state)
{
    (void)state;
    struct net_adam adam;
    float at[] = {1, 1}, gradient[] = {1, 100};
    assert_int_equal(net_adam_new(2, .1F, &adam), OK);
    net_adam_step(&adam, at, gradient);
    expect_near((double)at[0], .9, 1e-6, "adam", 0);
    expect_near((double)at[1], .9, 1e-6, "adam", 1);
    gradient[0] = .5F;
    gradient[1] = 50;
    net_adam_step(&adam, at, gradient);
    double second = .9 - .1 * (.14 / .19) / sqrt(.001249 / .001999);
    expect_near((double)at[0], second, 1e-5, "adam", 2);
    expect_near((double)at[1], second, 1e-5, "adam", 3);
    net_adam_free(&adam);
    net_descend(at, gradient, 1, .2F);
    expect_near((double)at[0], second - .1, 1e-5, "descent", 0);
    float long_one[] = {3, 4};
    expect_near(net_clip(long_one, 2, 1), 5, 1e-6, "norm", 0);
    expect_near((double)long_one[1], .8, 1e-6, "clipped", 0);
    expect_near(net_clip(long_one, 2, 2), 1, 1e-6, "short enough", 0);
    expect_near((double)long_one[1], .8, 1e-6, "left alone", 0);
}

/* --- learning --- */

/* A network learns exclusive or, which no single layer can. */
static void exclusive_or(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 1);
    const struct net_shape shape = {.inputs = 2, .layers = 2, .layer = {{8, NET_RELU}, {2, NET_LINEAR}}};
    const float inputs[] = {0, 0, 0, 1, 1, 0, 1, 1};
    const size_t labels[] = {0, 1, 1, 0};
    float slopes[8];
    struct net net;
    struct net_adam adam;
    double loss = 0;
    assert_int_equal(net_new(&shape, 4, random, &net), OK);
    assert_int_equal(net_adam_new(net.count, .02F, &adam), OK);
    for (int i = 0; i < 600; i++) {
        loss = loss_softmax(net_forward(&net, inputs, 4), labels, 4, 2, slopes);
        net_gradients_clear(&net);
        net_backward(&net, inputs, slopes, 4, NULL);
        net_adam_step(&adam, net.parameters, net.gradients);
    }
    assert_true(loss < .05);
    net_adam_free(&adam);
    net_free(&net);
}

/* --- the variational network --- */

#define UPDATES 6
#define PRIVATES 4
#define CODE 3

struct vae_batch {
    struct vae vae;
    float updates[ROWS * UPDATES], privates[ROWS * PRIVATES], noise[ROWS * CODE];
    double steps[ROWS];
};

static double vae_batch_loss(void *context)
{
    struct vae_batch *batch = context;
    return vae_loss(&batch->vae, batch->updates, batch->steps, batch->privates, ROWS, .3, batch->noise);
}

static void vae_gradients(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 2);
    struct vae_batch batch = {.steps = {1, 2, 3, 4, 5}};
    const struct vae_shape shape = {.updates = UPDATES, .privates = PRIVATES, .steps = 4, .hidden = 7, .code = CODE};
    assert_int_equal(vae_new(&shape, ROWS + 1, .01F, random, &batch.vae), OK);
    for (size_t i = 0; i < 2; i++) { /* away from the kinks of NET_RELU */
        struct net *net = i ? &batch.vae.decoder : &batch.vae.encoder;
        net->layer[0].activation = NET_TANH;
        net_fill_normal(net->parameters, net->count, random);
    }
    net_fill_normal(batch.updates, ROWS * UPDATES, random);
    net_fill_normal(batch.privates, ROWS * PRIVATES, random);
    net_fill_normal(batch.noise, ROWS * CODE, random);
    struct vae *vae = &batch.vae;
    SCOPED_MEM float *encoder = mem_new(vae->encoder.count, sizeof *encoder);
    SCOPED_MEM float *decoder = mem_new(vae->decoder.count, sizeof *decoder);
    assert_true(encoder && decoder);
    vae_batch_loss(&batch);
    memcpy(encoder, vae->encoder.gradients, vae->encoder.count * sizeof *encoder);
    memcpy(decoder, vae->decoder.gradients, vae->decoder.count * sizeof *decoder);
    check_slopes(
        &(struct probe){vae_batch_loss, &batch, vae->encoder.parameters, encoder, vae->encoder.count, "encoder"});
    check_slopes(
        &(struct probe){vae_batch_loss, &batch, vae->decoder.parameters, decoder, vae->decoder.count, "decoder"});
    vae_free(vae);
    assert_int_equal(vae_new(&(struct vae_shape){6, 4, 3, 7, 3}, 1, .01F, random, vae), ERR_USAGE); /* odd */
}

#define PAIRS 256

/* Private vectors behind a fixed linear map whose sign turns with the step: only a network that reads the step can
 * tell. Learned on three quarters, asked about the rest. */
static double learned_cosine(bool tells_step, bool related)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 9);
    const struct vae_shape shape = {.updates = UPDATES, .privates = PRIVATES, .steps = 8, .hidden = 48, .code = 6};
    static float updates[PAIRS * UPDATES], privates[PAIRS * PRIVATES];
    float map[PRIVATES * UPDATES];
    double steps[PAIRS], sum = 0;
    struct vae vae;
    net_fill_normal(map, PRIVATES * UPDATES, random);
    net_fill_normal(privates, PAIRS * PRIVATES, random);
    net_fill_normal(updates, PAIRS * UPDATES, random);
    if (related)
        net_product(privates, map, PAIRS, PRIVATES, UPDATES, 1, NET_PUT, updates);
    for (size_t i = 0; i < PAIRS; i++) {
        for (size_t k = 0; k < UPDATES; k++)
            updates[i * UPDATES + k] *= i % 2 ? -1.0F : 1.0F;
        steps[i] = tells_step ? (double)(i % 2) * 3 : 0;
    }
    assert_int_equal(vae_new(&shape, PAIRS, .005F, random, &vae), OK);
    for (int i = 0; i < 500; i++)
        vae_learn(&vae, updates, steps, privates, PAIRS * 3 / 4, 1e-3, random);
    const float *given = vae_reconstruct(&vae, updates, steps, PAIRS);
    for (size_t i = PAIRS * 3 / 4; i < PAIRS; i++)
        sum += net_cosine(given + i * PRIVATES, privates + i * PRIVATES, PRIVATES) * 4 / PAIRS;
    vae_free(&vae);
    return sum;
}

static void vae_learns(void **state)
{
    (void)state;
    assert_true(learned_cosine(true, true) > .9);
    assert_true(fabs(learned_cosine(false, true)) < .3); /* the sign cannot be told */
    assert_true(fabs(learned_cosine(true, false)) < .3); /* nothing to learn */
}

/* --- drawing --- */

static void draws(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 4);
    static float numbers[20001];
    double mean = 0, square = 0;
    net_fill_normal(numbers, 20001, random); /* an odd count */
    for (size_t i = 0; i < 20001; i++) {
        mean += (double)numbers[i] / 20001;
        square += (double)numbers[i] * (double)numbers[i] / 20001;
    }
    assert_true(fabs(mean) < .03 && fabs(square - 1) < .04); /* over four standard errors */
    size_t order[100];
    bool seen[100] = {false};
    net_shuffle(order, 100, random);
    for (size_t i = 0; i < 100; i++)
        seen[order[i]] = true;
    size_t moved = 0;
    for (size_t i = 0; i < 100; i++) {
        assert_true(seen[i]);
        moved += order[i] != i;
    }
    assert_true(moved > 80);
    float rows[4];
    net_gather((float[]){1, 2, 3, 4, 5, 6}, 2, (size_t[]){2, 0}, 2, rows);
    assert_true(rows[0] == 5 && rows[1] == 6 && rows[2] == 1 && rows[3] == 2);
    net_step_embedding(3, 4, rows); /* sin 3, cos 3, sin .03, cos .03 */
    expect_near((double)rows[0], .1411200080598672, 1e-6, "sine", 0);
    expect_near((double)rows[1], -.9899924966004454, 1e-6, "cosine", 0);
    expect_near((double)rows[2], .02999550020249566, 1e-6, "sine", 1);
    expect_near((double)rows[3], .9995500337489875, 1e-6, "cosine", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_gradients), cmocka_unit_test(gradients_add), cmocka_unit_test(activations),
        cmocka_unit_test(shapes),        cmocka_unit_test(loss_slopes),   cmocka_unit_test(loss_values),
        cmocka_unit_test(adam),          cmocka_unit_test(exclusive_or),  cmocka_unit_test(vae_gradients),
        cmocka_unit_test(vae_learns),    cmocka_unit_test(draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
