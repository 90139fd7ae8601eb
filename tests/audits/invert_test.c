/* Free inversion: the vocabulary by hand, and that words come back from a gradient, and do not from noise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/net/net.h"
#include "audits/reconstruction/invert.h"

static void vocabularies(void **state)
{
    (void)state;
    const struct bytes texts[] = {bytes_str("apple pear apple plum"), bytes_str("apple pear")};
    struct vocabulary vocabulary;
    size_t words[8];
    assert_int_equal(vocabulary_new(texts, 2, &vocabulary), OK);
    assert_int_equal(vocabulary.count, 3);
    assert_true(vocabulary.words[0] == lowrank_word("apple") && vocabulary.words[1] == lowrank_word("pear"));
    /* After apple: pear twice, plum once, apple never; each begun at .1. */
    assert_true(fabs((double)vocabulary.pairs[1] - log(2.1 / 3.3)) < 1e-6);
    assert_true(fabs((double)vocabulary.pairs[0] - log(.1 / 3.3)) < 1e-6);
    assert_int_equal(vocabulary_read(&vocabulary, bytes_str("pear, cherry, plum"), 8, words), 3);
    assert_true(words[0] == 1 && words[1] == SIZE_MAX && words[2] == 2);
    assert_int_equal(vocabulary_read(&vocabulary, texts[0], 3, words), 3);
    vocabulary_free(&vocabulary);
    assert_true(invert_recall((const size_t[]){1, 2, 2, 3}, (const size_t[]){2, 2, 2, 1}, 4) == .75);
    assert_true(invert_recall((const size_t[]){4, 4, 4, 4}, (const size_t[]){2, 2, 2, 1}, 4) == 0);
}

#define WORDS 10

/* What the gradient of a text is to the adversary, before anything was learned. */
static void see(const struct lowrank *model, enum invert_sees sees, struct bytes text, float *update)
{
    struct lowrank_text read;
    struct lowrank learned = *model;
    const struct lowrank_text *texts[] = {&read};
    struct random_seeded seeded;
    lowrank_read(text, &read);
    if (sees == INVERT_ADAPTER) {
        lowrank_epoch(&learned, &(struct lowrank_training){.01F, 0, 0}, texts, 1, random_seeded_start(&seeded, 2));
        lowrank_update(&learned, update);
        return;
    }
    lowrank_gradient(model, &read, update);
    for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
        update[i] = -update[i];
}

static void words_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "order refund needs card sign reason before money returns home",
        "water garden early morning sun dries leaves young trees summer",
        "train coast leaves every hour platform behind station hall",
        "bake bread hot oven crust brown sounds hollow below",
        "tune piano fork first fifths lowest octave string hammer",
        "mend net double knot corner rope worn thin boat harbour",
    };
    enum { TEXTS = sizeof texts / sizeof *texts };
    struct bytes all[TEXTS];
    struct vocabulary vocabulary;
    struct lowrank model;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    double recalls[2] = {0}, noise = 0;
    for (size_t i = 0; i < TEXTS; i++)
        all[i] = bytes_str(texts[i]);
    assert_int_equal(vocabulary_new(all, TEXTS, &vocabulary), OK);
    lowrank_start(&model, random);
    for (size_t i = 0; i < TEXTS; i++)
        for (size_t sees = INVERT_GRADIENT; sees <= INVERT_ADAPTER; sees++) {
            size_t truth[WORDS], guess[WORDS];
            float update[LOWRANK_WEIGHTS];
            struct inversion inversion = {.vocabulary = &vocabulary,
                                          .model = &model,
                                          .sees = (enum invert_sees)sees,
                                          .update = update,
                                          .length = vocabulary_read(&vocabulary, all[i], WORDS, truth)};
            see(&model, inversion.sees, all[i], update);
            assert_int_equal(invert_words(&inversion, random, guess), OK);
            recalls[sees] += invert_recall(guess, truth, inversion.length) / TEXTS;
            net_fill_normal(update, LOWRANK_WEIGHTS, random);
            assert_int_equal(invert_words(&inversion, random, guess), OK);
            noise += invert_recall(guess, truth, inversion.length) / (2 * TEXTS);
        }
    assert_true(recalls[INVERT_GRADIENT] > .7);
    assert_true(recalls[INVERT_ADAPTER] > .4);
    assert_true(noise < .35);
    vocabulary_free(&vocabulary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vocabularies),
        cmocka_unit_test(words_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
