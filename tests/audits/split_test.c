/* The parts of the attacks on features, each against an answer that is known. */
#include "tests/audits/traces.h"

#include <math.h>

#include "audits/split/channel.h"
#include "audits/split/inverse.h"
#include "audits/split/mmd.h"
#include "audits/split/pursuit.h"
#include "audits/split/study.h"
#include "audits/split/surrogates.h"
#include "dp/floor.h"

/* --- what a guess has --- */

/* Lin 2004, section 3.1: reference "police killed the gunman", candidates "police kill the gunman" and "the gunman kill
 * police": ROUGE-L .75 and .5. Numbers for words, in that order: 0 gunman, 1 kill, 2 killed, 3 police, 4 the. */
static void rouge(void **state)
{
    (void)state;
    const struct lesson lesson = {.count = 4, .distinct = 4, .words = {3, 2, 4, 0}, .set = {0, 2, 3, 4}};
    const struct guess first = {4, {3, 1, 4, 0}}, second = {4, {4, 0, 1, 3}}, none = {0};
    double value = 0;
    assert_int_equal(guess_rouge(&first, &lesson, &value), OK);
    assert_true(value == .75);
    assert_int_equal(guess_rouge(&second, &lesson, &value), OK);
    assert_true(value == .5);
    assert_int_equal(guess_rouge(&none, &lesson, &value), OK);
    assert_true(value == 0);
    assert_true(guess_rouge_1(&first, &lesson) == .75 && guess_rouge_1(&second, &lesson) == .75);
    assert_true(guess_accuracy(&first, &lesson) == .75 && guess_accuracy(&none, &lesson) == 0);
}

static void best_words(void **state)
{
    (void)state;
    const float scores[] = {.1F, .9F, -2, .5F, .9F}, places[] = {.3F, .8F, 0, .1F, .2F};
    struct guess guess;
    guess_best(scores, 5, 3, &guess);
    assert_int_equal(guess.count, 3);
    assert_true(guess.words[0] == 1 && guess.words[1] == 4 && guess.words[2] == 3);
    guess_order(&guess, places);
    assert_true(guess.words[0] == 3 && guess.words[1] == 4 && guess.words[2] == 1);
    guess_best(scores, 5, 9, &guess);
    assert_int_equal(guess.count, 5);
}

/* --- bounds --- */

/* Warner's two answers: a coin of e^ε / (e^ε + 1) is right as often as the bound says. */
static void bound(void **state)
{
    (void)state;
    assert_true(fabs(channel_bound((struct dp_epsilon){DP_EPSILON_ONE}, 2) - 1 / (1 + exp(-1))) < 1e-12);
    assert_true(channel_bound((struct dp_epsilon){1}, 256) < 1.001 / 256);
}

/* --- the device's half --- */

static void some_lesson(struct candidate *out)
{
    *out = (struct candidate){.kind = CANDIDATE_RECOVERY};
    assert_int_equal(phrases_add(&out->when, "sending a request fails"), OK);
    assert_int_equal(phrases_add(&out->act, "issue a token before trying again"), OK);
}

static void make_half(const struct half_terms *terms, struct half *half)
{
    struct random_seeded seeded;
    assert_int_equal(half_new(terms, random_seeded_start(&seeded, 3), half), OK);
}

/* The noise that the attacks call the floor is one that the floor lets pass, and a little less is not. */
static void floor_of_vectors(void **state)
{
    (void)state;
    const struct dp_floor builtin = dp_floor_builtin();
    struct half half;
    for (int under = 0; under < 2; under++) {
        const struct half_terms terms = {
            .kind = HALF_RAW, .steps = HALF_STEPS, .noise = half_noise_floor() - under * .01};
        make_half(&terms, &half);
        assert_int_equal(dp_floor_check(&builtin, DP_FEATURE_VECTOR, half.vector.variance,
                                        dp_vector_norm_squared(&half.vector), NULL),
                         under ? ERR_POLICY : OK);
        half_free(&half);
    }
}

static void releases(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct dp_stream *stream = NULL;
    struct candidate lesson;
    struct half half;
    float folded[HALF_BUCKETS], clean[HALF_BUCKETS], released[HALF_BUCKETS];
    some_lesson(&lesson);
    assert_int_equal(dp_stream_new(random_seeded_start(&seeded, 5), &stream), OK);
    for (int noised = 0; noised < 2; noised++) {
        const struct half_terms terms = {HALF_LAYER, NET_GATED, HALF_STEPS, noised * .5};
        double square = 0;
        make_half(&terms, &half);
        assert_int_equal(half_fold(&lesson, folded), OK);
        half_forward(&half, folded, clean);
        assert_true(fabs(net_dot(clean, clean, half.width) - 1) < 1e-4);
        assert_int_equal(half_release(&half, &lesson, stream, released), OK);
        for (size_t i = 0; i < half.width; i++)
            square += pow((double)released[i] - (double)clean[i], 2);
        double deviation = sqrt(square / (double)half.width);
        assert_true(noised ? deviation > .4 && deviation < .6 : deviation < 2.0 / HALF_STEPS);
        half_free(&half);
    }
    dp_stream_free(stream);
    candidate_free(&lesson);
}

/* Whoever has the weights undoes the study's activation: it rises everywhere. */
static void activation_is_undone(void **state)
{
    (void)state;
    struct candidate lesson;
    struct half half;
    float folded[HALF_BUCKETS], out[HALF_WIDTH], before[HALF_WIDTH];
    some_lesson(&lesson);
    const enum net_activation kinds[] = {NET_LINEAR, NET_TANH, NET_GATED};
    for (size_t i = 0; i < 3; i++) {
        make_half(&(struct half_terms){HALF_LAYER, kinds[i], HALF_STEPS, 0}, &half);
        assert_int_equal(half_fold(&lesson, folded), OK);
        half_forward(&half, folded, out);
        half_undo(&half, out, before);
        assert_true(net_cosine(before, half.layer.layer[0].before, HALF_WIDTH) > .99);
        half_free(&half);
    }
    candidate_free(&lesson);
}

static void refused(void **state)
{
    (void)state;
    struct half half;
    assert_int_equal(half_new(&(struct half_terms){HALF_RAW, NET_LINEAR, 0, 0}, random_system(), &half), ERR_USAGE);
}

/* --- the attacks --- */

/* A scope of lessons that differ: every word of the raw features is found, and by the network most are. */
static void lessons_of_words(struct lessons *lessons, struct candidate *candidates, size_t count)
{
    static const char *const parts[] = {"refund order",   "cancel booking", "print label",   "open ticket",
                                        "restart server", "rotate key",     "export report", "merge branch"};
    struct audit_scope scope = {.seed = 1};
    assert_int_equal(lessons_open(&scope, lessons, NULL), OK);
    lessons->items = mem_grow(lessons->items, 1, count, sizeof *lessons->items);
    mem_free(lessons->words);
    lessons->words = mem_new(2 * count, sizeof *lessons->words);
    lessons->vocabulary = 16;
    static const char *const words[] = {"booking", "branch", "cancel", "export", "key",    "label",
                                        "merge",   "open",   "order",  "print",  "refund", "report",
                                        "restart", "rotate", "server", "ticket"};
    for (size_t i = 0; i < 16; i++)
        snprintf(lessons->words[i], sizeof *lessons->words, "%s", words[i]);
    for (size_t i = 0; i < count; i++) {
        candidates[i] = (struct candidate){.kind = CANDIDATE_SKILL};
        assert_int_equal(phrases_add(&candidates[i].act, parts[i]), OK);
        lessons_read(lessons, &candidates[i], &lessons->items[i]);
        lessons->items[i].task = i;
        lessons->items[i].tenant = i % 2;
    }
    lessons->count = lessons->tasks = count;
}

static void finds_words(void **state)
{
    (void)state;
    struct lessons lessons;
    struct candidate candidates[8];
    struct half half;
    struct pursuit pursuit;
    struct guess guess;
    float released[HALF_BUCKETS];
    lessons_of_words(&lessons, candidates, 8);
    assert_true(study_room(&lessons) > .9);
    make_half(&(struct half_terms){HALF_LAYER, NET_GATED, HALF_STEPS, 0}, &half);
    assert_int_equal(pursuit_new(&lessons, &half, &pursuit), OK);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(half_release(&half, &candidates[i], NULL, released), OK);
        pursuit_guess(&pursuit, &half, released, 2, &guess);
        assert_true(guess_accuracy(&guess, &lessons.items[i]) == 1);
        candidate_free(&candidates[i]);
    }
    pursuit_free(&pursuit);
    half_free(&half);
    lessons_close(&lessons);
}

/* --- surrogates --- */

/* One point against another: the base of the kernels is their squared distance, whatever it is, so the discrepancy is
 * 2 - 2 (e^-2 + e^-1 + e^-1/2 + e^-1/4 + e^-1/8) / 5. */
static void discrepancy(void **state)
{
    (void)state;
    const float one[] = {1, 2, 3}, other[] = {4, -2, 3};
    float slopes[3];
    const double expected = 2 - 2 * (exp(-2) + exp(-1) + exp(-.5) + exp(-.25) + exp(-.125)) / 5;
    assert_true(fabs(mmd_squared(one, 1, other, 1, 3, slopes) - expected) < 1e-9);
    assert_true(slopes[0] < 0 && slopes[1] > 0 && slopes[2] == 0); /* less of it, nearer to the other */
    assert_true(mmd_squared(one, 1, one, 1, 3, slopes) == 0);
    const float two[] = {1, 2, 3, 4, -2, 3};
    float both[6];
    assert_true(fabs(mmd_squared(two, 2, two, 2, 3, both)) < 1e-12);
}

/* The widths count as constants, so one point is moved within many, where it hardly changes them. */
static void discrepancy_slopes(void **state)
{
    (void)state;
    enum { ROWS = 40, OTHERS = 40, WIDTH = 3 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 9);
    float a[ROWS * WIDTH], b[OTHERS * WIDTH], slopes[ROWS * WIDTH], unused[ROWS * WIDTH];
    net_fill_normal(a, ROWS * WIDTH, random);
    net_fill_normal(b, OTHERS * WIDTH, random);
    for (size_t i = 0; i < ROWS * WIDTH; i++)
        a[i] += 2;
    double before = mmd_squared(a, ROWS, b, OTHERS, WIDTH, slopes), slope = 0;
    for (size_t i = 0; i < ROWS * WIDTH; i++) {
        a[i] -= .01F * slopes[i] * ROWS;
        slope -= .01 * ROWS * (double)slopes[i] * (double)slopes[i];
    }
    double change = mmd_squared(a, ROWS, b, OTHERS, WIDTH, unused) - before;
    assert_true(change < 0 && fabs(change / slope - 1) < .3);
}

/* Gradients through layer, activation and division by the length, against differences. */
static void half_slopes(void **state)
{
    (void)state;
    struct half half;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 4);
    static float folded[2 * HALF_BUCKETS], folded_slopes[2 * HALF_BUCKETS];
    float out[2 * HALF_WIDTH], aim[2 * HALF_WIDTH], slopes[2 * HALF_WIDTH], unused[2 * HALF_WIDTH];
    make_half(&(struct half_terms){HALF_LAYER, NET_GATED, HALF_STEPS, 0}, &half);
    net_fill_normal(folded, 2 * HALF_BUCKETS, random);
    net_fill_normal(aim, 2 * HALF_WIDTH, random);
    half_forward_rows(&half, folded, 2, out);
    (void)loss_squares(out, aim, 2, HALF_WIDTH, slopes);
    net_gradients_clear(&half.layer);
    half_backward_rows(&half, folded, out, slopes, 2, folded_slopes);
    for (size_t i = 0; i < 2 * HALF_BUCKETS; i += 331) {
        const float step = .05F, kept = folded[i];
        double loss[2];
        for (int side = 0; side < 2; side++) {
            folded[i] = side ? kept + step : kept - step;
            half_forward_rows(&half, folded, 2, out);
            loss[side] = loss_squares(out, aim, 2, HALF_WIDTH, unused);
        }
        folded[i] = kept;
        double difference = (loss[1] - loss[0]) / (2 * (double)step);
        assert_true(fabs(difference - (double)folded_slopes[i]) < 2e-3 + .05 * fabs(difference));
    }
    half_free(&half);
}

/* Begun at the device's own half and without noise, the words are found. */
static void unsplits(void **state)
{
    (void)state;
    struct lessons lessons;
    struct candidate candidates[8];
    struct half half;
    struct unsplit unsplit;
    struct guess guess;
    float released[8 * HALF_WIDTH];
    double accuracy = 0;
    lessons_of_words(&lessons, candidates, 8);
    make_half(&(struct half_terms){HALF_LAYER, NET_LINEAR, HALF_STEPS, 0}, &half);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(half_release(&half, &candidates[i], NULL, released + i * HALF_WIDTH), OK);
    assert_int_equal(unsplit_new(&lessons, &half, released, 8, 1, &unsplit), OK);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(unsplit_guess(&unsplit, released + i * HALF_WIDTH, 2, &guess), OK);
        accuracy += guess_accuracy(&guess, &lessons.items[i]) / 8;
        candidate_free(&candidates[i]);
    }
    assert_true(accuracy > .7);
    unsplit_free(&unsplit);
    half_free(&half);
    lessons_close(&lessons);
}

/* Four tasks in which two tools fail each in its way. */
static void scope_of_two_tools(struct audit_scope *scope)
{
    SCOPED_BUF struct buf file = {0};
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t task = 0; task < 4; task++)
        for (int tool = 0; tool < 2; tool++)
            for (int succeeds = 0; succeeds < 2; succeeds++)
                traces_run(&file, tool ? "get_order_details" : "cancel_flight_booking", 0, task, succeeds);
    assert_int_equal(audit_scope_tenant(scope, "one"), OK);
    assert_int_equal(audit_scope_file(scope, 0, "runs.jsonl", buf_bytes(&file)), OK);
}

/* A task whose lessons come in several contributions is one task. */
static void tasks_are_numbered(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct lessons lessons;
    struct policy policy;
    size_t lesson_counts[2] = {0}, task_counts[2] = {0};
    scope_of_two_tools(&scope);
    for (int alone = 0; alone < 2; alone++) {
        policy_default(&policy);
        policy.k = 2;
        policy.min_tasks = 1;
        policy.max_candidates = alone ? 1 : 16;
        scope.policy = &policy;
        assert_int_equal(lessons_open(&scope, &lessons, NULL), OK);
        lesson_counts[alone] = lessons.count;
        task_counts[alone] = lessons.tasks;
        for (size_t i = 0; i < lessons.count; i++)
            assert_true(lessons.items[i].task < lessons.tasks);
        lessons_close(&lessons);
    }
    assert_true(lesson_counts[0] == lesson_counts[1] && lesson_counts[0] > task_counts[0]);
    assert_int_equal(task_counts[0], 4);
    assert_int_equal(task_counts[1], 4);
    audit_scope_free(&scope);
}

/* --- what the scores say --- */

static void findings(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct lesson items[40];
    struct lessons lessons = {.count = 40, .tasks = 20, .items = items};
    struct score scores[40];
    struct finding found;
    for (size_t i = 0; i < 40; i++) {
        items[i] = (struct lesson){.task = i / 2};
        scores[i] = (struct score){.own = {.6 + .1 * (double)(i % 3), .2}, .other = {.4, .2}};
    }
    struct random random = random_seeded_start(&seeded, 1);
    assert_int_equal(study_infer(&lessons, scores, MEASURE_WORDS, random, &found), OK);
    assert_true(fabs(found.own - .6975) < 1e-9 && fabs(found.value - .2975) < 1e-9);
    assert_true(found.low > .25 && found.high < .35 && found.p < .01);
    assert_int_equal(study_infer(&lessons, scores, MEASURE_ORDER, random, &found), OK);
    assert_true(found.value == 0 && found.high > .1 && found.p > .5 && found.tasks == 20); /* 20 tasks say little */
    for (size_t i = 0; i < 40; i++) { /* two tasks say nothing, however many their lessons */
        items[i].task = i % 2;
        scores[i] = (struct score){.own = {i % 2 ? .41 : .38}, .other = {.4}};
    }
    lessons.tasks = 2;
    assert_int_equal(study_infer(&lessons, scores, MEASURE_WORDS, random, &found), OK);
    assert_true(fabs(found.value + .005) < 1e-6 && found.high > .8 && found.tasks == 2);
}

/* Tenants that all learnt the same: nothing to tell apart, and that is not called safe. */
static void too_alike(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_split_features.run(&scope, &results, NULL), OK);
    assert_int_equal(results.count, 6);
    for (size_t i = 0; i < results.count; i++)
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rouge),
        cmocka_unit_test(best_words),
        cmocka_unit_test(bound),
        cmocka_unit_test(floor_of_vectors),
        cmocka_unit_test(releases),
        cmocka_unit_test(activation_is_undone),
        cmocka_unit_test(refused),
        cmocka_unit_test(finds_words),
        cmocka_unit_test(discrepancy),
        cmocka_unit_test(discrepancy_slopes),
        cmocka_unit_test(half_slopes),
        cmocka_unit_test(unsplits),
        cmocka_unit_test(tasks_are_numbered),
        cmocka_unit_test(findings),
        cmocka_unit_test(too_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
