/* The adversarial part of the substitute: it tells two clouds apart, pushes the one towards the other until it no
 * longer can, and its slopes are those of its loss. */
#include "audits/split/discriminator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

enum { ROWS = 32, WIDTH = 8 };

static void clouds(struct random random, float *made, float *seen)
{
    net_fill_normal(made, ROWS * WIDTH, random);
    net_fill_normal(seen, ROWS * WIDTH, random);
    for (size_t i = 0; i < ROWS; i++)
        seen[i * WIDTH] += 4;
}

static void tells_and_pushes(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 2);
    struct discriminator discriminator;
    float made[ROWS * WIDTH], seen[ROWS * WIDTH];
    clouds(random, made, seen);
    assert_int_equal(discriminator_new(WIDTH, ROWS, random, &discriminator), OK);
    double loss = 0, pushed = 0;
    for (int step = 0; step < 400; step++)
        loss = discriminator_learn(&discriminator, made, ROWS, seen, ROWS);
    assert_true(loss < .1); /* log 2 at first */
    for (int step = 0; step < 400; step++) {
        float slopes[ROWS * WIDTH] = {0};
        pushed = discriminator_push(&discriminator, made, ROWS, slopes);
        for (size_t i = 0; i < ROWS * WIDTH; i++)
            made[i] -= slopes[i] * ROWS * .05F;
    }
    assert_true(pushed < .5); /* what was made is now taken for what was seen */
    double mean = 0;
    for (size_t i = 0; i < ROWS; i++)
        mean += (double)made[i * WIDTH] / ROWS;
    assert_true(mean > 1); /* and moved where the others are */
    discriminator_free(&discriminator);
}

static void slopes_of_loss(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    struct discriminator discriminator;
    float made[ROWS * WIDTH], seen[ROWS * WIDTH], slopes[ROWS * WIDTH] = {0}, unused[ROWS * WIDTH];
    clouds(random, made, seen);
    assert_int_equal(discriminator_new(WIDTH, ROWS, random, &discriminator), OK);
    (void)discriminator_push(&discriminator, made, ROWS, slopes);
    for (size_t i = 0; i < ROWS * WIDTH; i += 37) {
        const float step = 1e-2F, kept = made[i];
        double loss[2];
        for (int side = 0; side < 2; side++) {
            made[i] = side ? kept + step : kept - step;
            loss[side] = discriminator_push(&discriminator, made, ROWS, unused);
        }
        made[i] = kept;
        double difference = (loss[1] - loss[0]) / (2 * (double)step);
        assert_true(fabs(difference - (double)slopes[i]) < 2e-4 + .05 * fabs(difference));
    }
    discriminator_free(&discriminator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_and_pushes),
        cmocka_unit_test(slopes_of_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
