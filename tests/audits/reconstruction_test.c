/* The parts of reconstruction: places among decoys, BM25 by hand, pools, vectors of differences, and adversaries that
 * must find what is there and nothing where there is nothing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/net/net.h"
#include "audits/reconstruction/bm25.h"
#include "audits/reconstruction/contest.h"
#include "audits/reconstruction/decoys.h"
#include "audits/reconstruction/pools.h"
#include "audits/reconstruction/ranking.h"
#include "audits/reconstruction/vectors.h"

static void places(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 1);
    const double scores[] = {.5, .9, NAN, .1};
    assert_int_equal(ranking_place(scores, 4, 1, random), 0);
    assert_int_equal(ranking_place(scores, 4, 0, random), 1);
    assert_int_equal(ranking_place(scores, 4, 3, random), 2);
    assert_int_equal(ranking_place(scores, 4, 2, random), 3);
    /* Scores that say nothing: every place alike. 4000 draws, five standard errors of 1000 are 137. */
    size_t counts[4] = {0};
    for (int i = 0; i < 4000; i++)
        counts[ranking_place((const double[]){1, 1, 1, 1}, 4, 2, random)]++;
    for (size_t i = 0; i < 4; i++)
        assert_true(counts[i] > 863 && counts[i] < 1137);
}

/* Three documents; "refund" is in two of them, "card" in one. By the formula with k1 = 1.2, b = .75, mean length 3. */
static void bm25_by_hand(void **state)
{
    (void)state;
    const struct bytes documents[] = {bytes_str("refund refund order"), bytes_str("refund card order late"),
                                      bytes_str("delay shipping")};
    double scores[3], rare = log(1 + 2.5 / 1.5), common = log(1 + 1.5 / 2.5);
    struct bm25 *bm25 = NULL;
    assert_int_equal(bm25_new(documents, 3, &bm25), OK);
    bm25_score(bm25, bytes_str("Refund! card"), scores);
    assert_true(fabs(scores[0] - common * 2 * 2.2 / (2 + 1.2)) < 1e-12);
    double length = 1.2 * (.25 + .75 * 4 / 3);
    assert_true(fabs(scores[1] - (common + rare) * 2.2 / (1 + length)) < 1e-12);
    assert_true(scores[2] == 0);
    bm25_score(bm25, bytes_str("nothing of it"), scores);
    assert_true(scores[0] == 0 && scores[1] == 0 && scores[2] == 0);
    bm25_free(bm25);
    assert_int_equal(bm25_new(NULL, 0, &bm25), OK);
    bm25_free(bm25);
}

static void pools(void **state)
{
    (void)state;
    struct pools pools;
    /* Tenant 0 has seven, tenant 1 five, tenant 2 two: pools of seven, of tenant 0 alone, by length. */
    const size_t tenants[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2};
    const size_t lengths[] = {70, 10, 60, 20, 50, 30, 40, 5, 4, 3, 2, 1, 9, 9};
    assert_int_equal(pools_make(tenants, lengths, 14, 0, &pools), OK);
    assert_int_equal(pools.size, 7);
    assert_int_equal(pools.count, 7);
    const size_t by_length[] = {1, 3, 5, 6, 4, 2, 0};
    assert_memory_equal(pools.items, by_length, sizeof by_length);
    pools_free(&pools);
    assert_int_equal(pools_make(tenants, lengths, 4, 0, &pools), OK); /* too few decoys */
    assert_int_equal(pools.count, 0);
    pools_free(&pools);
    assert_int_equal(pools_make(tenants, lengths, 14, 1, &pools), OK); /* the longest is spared */
    assert_int_equal(pools.size, 6);
    assert_int_equal(pools.count, 6);
    assert_memory_equal(pools.items, by_length, 6 * sizeof *by_length);
    pools_free(&pools);
    size_t many[90] = {0}, even[90] = {0};
    assert_int_equal(pools_make(many, even, 90, 0, &pools), OK);
    assert_int_equal(pools.size, POOL_MOST);
    assert_int_equal(pools.count, 80);
    pools_free(&pools);
    assert_int_equal(pools_make(NULL, NULL, 0, 0, &pools), OK);
    assert_int_equal(pools.count, 0);
    pools_free(&pools);
}

static void differences(void **state)
{
    (void)state;
    struct insight insights[2] = {{.id = {1}}, {.id = {2}}};
    struct library none = {0}, one = {.insight_count = 1, .insights = insights},
                   both = {.insight_count = 2, .insights = insights};
    float forth[64], back[64], same[64], text[64];
    assert_int_equal(phrases_add(&insights[0].text.when, "an order is not found"), OK);
    assert_int_equal(phrases_add(&insights[0].text.act, "ask for the id with its sign"), OK);
    assert_int_equal(phrases_add(&insights[1].text.when, "a card has expired"), OK);
    assert_int_equal(phrases_add(&insights[1].text.act, "offer another way to pay"), OK);
    assert_int_equal(vector_of_difference(&one, &both, 64, forth), OK);
    assert_int_equal(vector_of_difference(&both, &one, 64, back), OK);
    assert_int_equal(vector_of_difference(&both, &both, 64, same), OK);
    for (size_t i = 0; i < 64; i++)
        assert_true(forth[i] == -back[i] && same[i] == 0);
    SCOPED_BUF struct buf changed = {0};
    assert_int_equal(text_of_difference(&one, &both, &changed), OK);
    assert_true(bytes_find(buf_bytes(&changed), bytes_str("expired")) != SIZE_MAX);
    assert_true(bytes_find(buf_bytes(&changed), bytes_str("sign")) == SIZE_MAX);
    assert_int_equal(vector_of_text(buf_bytes(&changed), 64, text), OK);
    assert_true(net_cosine(text, forth, 64) > .5);
    assert_int_equal(vector_of_difference(&none, &one, 64, same), OK);
    assert_true(net_cosine(same, forth, 64) < .5);
    /* The same id that says something else is a change, both ways. */
    struct insight altered = insights[0];
    altered.text.act = insights[1].text.act;
    struct library other = {.insight_count = 1, .insights = &altered};
    assert_int_equal(vector_of_difference(&one, &other, 64, same), OK);
    assert_true(net_dot(same, same, 64) > .1);
    candidate_free(&insights[0].text);
    candidate_free(&insights[1].text);
}

/* A number, a slot, a step or a kind that changed is a change, though the words are the same. */
static void differences_without_words(void **state)
{
    (void)state;
    static char slot[] = "get_order", step[] = "ask";
    struct insight one = {.id = {1}, .rate = 5}, altered[6];
    assert_int_equal(phrases_add(&one.text.when, "an order is not found"), OK);
    for (size_t i = 0; i < 6; i++)
        altered[i] = one;
    altered[0].rate = 6;
    altered[1].support = SUPPORT_5;
    altered[2].text.outcome = OUTCOME_FAILURE;
    altered[3].text.argument = slot;
    altered[4].text.order_count = 1;
    altered[4].text.order[0] = step;
    altered[5].text.kind = CANDIDATE_PITFALL;
    struct library before = {.insight_count = 1, .insights = &one};
    assert_false(libraries_differ(&before, &before));
    for (size_t i = 0; i < 6; i++) {
        struct library after = {.insight_count = 1, .insights = &altered[i]};
        float update[64];
        SCOPED_BUF struct buf text = {0};
        assert_true(libraries_differ(&before, &after) && libraries_differ(&after, &before));
        assert_int_equal(text_of_difference(&before, &after, &text), OK);
        assert_true(text.size > 0);
        assert_int_equal(vector_of_difference(&before, &after, 64, update), OK);
        if (net_dot(update, update, 64) == 0)
            fail_msg("change %zu is not seen", i);
    }
    candidate_free(&one.text);
}

/* Two tenants of six and of five, of which two say the same. */
static void decoys_are_distinct(void **state)
{
    (void)state;
    static const size_t tenants[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1},
                        sizes[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    struct bytes texts[12];
    static float vectors[12 * TASK_WIDTH];
    static const char *const words[] = {"one", "two", "six", "ten", "red", "one",
                                        "one", "two", "six", "ten", "red", "sea"};
    struct decoys decoys;
    for (size_t i = 0; i < 12; i++)
        texts[i] = bytes_str(words[i]);
    assert_int_equal(decoys_make(&(struct things){12, tenants, sizes, texts, vectors}, 0, &decoys), OK);
    assert_int_equal(decoys.pools.size, 6); /* of the second; the first has five */
    assert_int_equal(decoys.pools.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(decoys.pools.items[i], 6 + i);
    decoys_free(&decoys);
    assert_int_equal(decoys_make(&(struct things){6, tenants, sizes, texts, vectors}, 0, &decoys), OK);
    assert_int_equal(decoys.pools.size, 5);
    assert_false(decoys_in_pool(&decoys, 0, 5)); /* the like of the first */
    decoys_free(&decoys);
}

#define PRIVATES 12
#define POOL 6
#define WIDTH 16
#define TAUGHT 480
#define ASKED 240

/* Updates: the private vector through a fixed map, turned round at the second step, with noise; or noise alone. */
static void draw_updates(const float *vectors, const float *map, float signal, size_t rows, struct random random,
                         float *updates, double *steps, size_t *truths)
{
    net_fill_normal(updates, rows * WIDTH, random);
    for (size_t i = 0; i < rows; i++) {
        truths[i] = random_below(random, PRIVATES);
        steps[i] = (double)(i % 2 + 1);
        net_product(vectors + truths[i] * WIDTH, map, 1, WIDTH, WIDTH, i % 2 ? -signal : signal, NET_ADD,
                    updates + i * WIDTH);
    }
}

static void run_contest(float signal, bool turns, struct contest_outcome *out)
{
    static float vectors[PRIVATES * WIDTH], taught[TAUGHT * WIDTH], asked[ASKED * WIDTH];
    static double steps[TAUGHT], asked_steps[ASKED], given[ASKED * PRIVATES];
    static size_t truths[TAUGHT], asked_truths[ASKED];
    float map[WIDTH * WIDTH];
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 21);
    net_fill_normal(vectors, PRIVATES * WIDTH, random);
    net_fill_normal(map, WIDTH * WIDTH, random);
    draw_updates(vectors, map, signal, TAUGHT, random, taught, steps, truths);
    draw_updates(vectors, map, signal, ASKED, random, asked, asked_steps, asked_truths);
    for (size_t i = 0; i < TAUGHT * WIDTH && !turns; i++)
        taught[i] *= i / WIDTH % 2 ? -1.0F : 1.0F;
    for (size_t i = 0; i < ASKED * WIDTH && !turns; i++)
        asked[i] *= i / WIDTH % 2 ? -1.0F : 1.0F;
    for (size_t i = 0; i < ASKED * PRIVATES; i++)
        given[i] = random_unit(random);
    const struct contest contest = {
        .shadows = {TAUGHT, WIDTH, taught, steps, truths},
        .privates = {PRIVATES, WIDTH, vectors},
        .pool = POOL,
        .epochs = 60,
        .asked = ASKED,
        .choosing = 60,
        .updates = asked,
        .steps = asked_steps,
        .truths = asked_truths,
        .given = given,
    };
    assert_int_equal(contest_run(&contest, random, out), OK);
    assert_int_equal(out->counted, ASKED - 60);
}

/* Six decoys: chance is 30 of 180 first, 150 among the first five; five standard errors are 25. */
static void contests(void **state)
{
    (void)state;
    struct contest_outcome outcome;
    run_contest(.3F, false, &outcome);
    for (size_t kind = 0; kind < ADVERSARIES; kind++)
        if (outcome.hits[kind].first < 120)
            fail_msg("%s: %zu of 180", adversary_name((enum adversary_kind)kind), outcome.hits[kind].first);
    assert_true(outcome.strongest != CONTEST_GIVEN);
    assert_true(outcome.hits[CONTEST_GIVEN].first < 55);
    /* The sign turns with the step: means cancel, and only a network that joins both can read it. */
    run_contest(.3F, true, &outcome);
    assert_true(outcome.hits[ADVERSARY_MATCHING].first < 90);
    assert_int_equal(outcome.strongest, ADVERSARY_VAE);
    assert_true(outcome.hits[ADVERSARY_VAE].first > 100);
    /* Nothing to find. */
    run_contest(0, false, &outcome);
    for (size_t kind = 0; kind < CONTEST_KINDS; kind++) {
        assert_true(outcome.hits[kind].first < 55);
        assert_true(outcome.hits[kind].top > 125);
    }
}

/* Where nothing tells, ties and luck choose: alike, whatever is asked about after the choice. */
static void the_choice_is_one(void **state)
{
    (void)state;
    enum { CHOOSING = 12, LONG = 40, SHORT = 20 };
    static float vectors[POOL * WIDTH], taught[POOL * WIDTH], asked[LONG * WIDTH];
    static double steps[LONG], given[LONG * POOL];
    static size_t truths[LONG];
    struct random_seeded seeded;
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct contest_outcome one, other;
        struct random random = random_seeded_start(&seeded, seed);
        net_fill_normal(vectors, POOL * WIDTH, random);
        net_fill_normal(taught, POOL * WIDTH, random);
        net_fill_normal(asked, LONG * WIDTH, random);
        for (size_t i = 0; i < LONG; i++)
            truths[i] = i % POOL;
        struct contest contest = {
            .shadows = {POOL, WIDTH, taught, steps, truths},
            .privates = {POOL, WIDTH, vectors},
            .pool = POOL,
            .epochs = 2,
            .asked = LONG,
            .choosing = CHOOSING,
            .updates = asked,
            .steps = steps,
            .truths = truths,
            .given = given,
        };
        assert_int_equal(contest_run(&contest, random_seeded_start(&seeded, seed), &one), OK);
        contest.asked = SHORT;
        assert_int_equal(contest_run(&contest, random_seeded_start(&seeded, seed), &other), OK);
        assert_int_equal(one.strongest, other.strongest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(bm25_by_hand),
        cmocka_unit_test(pools),
        cmocka_unit_test(differences),
        cmocka_unit_test(differences_without_words),
        cmocka_unit_test(decoys_are_distinct),
        cmocka_unit_test(the_choice_is_one),
        cmocka_unit_test(contests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
