/* The measures of overlap on texts made by hand: what each sees, what it does not, and who is the baseline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "audits/overlap/pairs.h"
#include "dp/proportion.h"

#define TENANTS 2
#define TASKS 12
#define WORDS 40

/* Tasks take turns between two tenants; each has words of its own, and all have the four that they start with. */
static void ground_make(struct ground *ground)
{
    *ground = (struct ground){0};
    ground->sources.items = mem_new(TASKS, sizeof *ground->sources.items);
    ground->sources.count = ground->sources.room = TASKS;
    assert_non_null(ground->sources.items);
    for (int kind = 0; kind < REFERENCES; kind++) {
        ground->references[kind] = mem_new(TASKS, sizeof **ground->references);
        assert_non_null(ground->references[kind]);
    }
    for (size_t t = 0; t < TASKS; t++) {
        struct source *source = &ground->sources.items[t];
        source->tenant = t % TENANTS;
        buf_add_str(&source->prompt, "please do this now");
        for (size_t w = 0; w < WORDS; w++)
            buf_addf(&source->prompt, " task%zuword%zu", t, w);
        buf_addf(&source->system, "house rule number %zu is short", t % TENANTS);
        assert_int_equal(comparable_make(&source->prompt, &ground->references[REFERENCE_PROMPT][t]), OK);
        assert_int_equal(comparable_make(&source->system, &ground->references[REFERENCE_SYSTEM][t]), OK);
    }
    assert_int_equal(peers_find(ground), OK);
}

static struct audit_result measure(const struct ground *ground, enum pair_measure measure,
                                   const struct documents *documents)
{
    struct random_seeded seeded;
    struct audit_result result = {0};
    assert_int_equal(
        pairs_measure(ground, measure, REFERENCE_PROMPT, documents, random_seeded_start(&seeded, 1), &result), OK);
    return result;
}

static void near(double value, double expected)
{
    if (value < expected - 1e-6 || value > expected + 1e-6)
        fail_msg("%.9f is not %.9f", value, expected);
}

/* A document with the whole prompt of a task; whose it is is the caller's to say. */
static struct document *add_copy(const struct ground *ground, size_t task, struct documents *documents)
{
    struct document *document = NULL;
    assert_int_equal(documents_add(documents, &ground->sources.items[task].prompt, task, TASKS, &document), OK);
    return document;
}

/* Whole copies: all 41 runs are their own, one of them is everybody's. */
static void copies(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    ground_make(&ground);
    for (size_t t = 0; t < TASKS; t++) {
        struct document *document = add_copy(&ground, t, &documents);
        document->own[t] = true;
    }
    struct audit_result result = measure(&ground, PAIR_RUNS, &documents);
    assert_int_equal(result.samples, TASKS);
    near(result.value, 40. / 41);
    near(result.baseline, 1. / 41);
    near(result.low, result.value);
    result = measure(&ground, PAIR_SUBSEQUENCE, &documents);
    near(result.value, 40. / 44);
    near(result.baseline, 4. / 44);
    documents_free(&documents);
    ground_close(&ground);
}

/* Each looser measure has a copy that the stricter ones take for nothing. */
static void quotes(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    ground_make(&ground);
    assert_int_equal(pairs_quote(&ground, PAIR_SUBSEQUENCE, REFERENCE_PROMPT, &documents), OK);
    near(measure(&ground, PAIR_RUNS, &documents).value, 0);
    near(measure(&ground, PAIR_SUBSEQUENCE, &documents).value, 30. / 33); /* less the three that all have */
    documents_free(&documents);
    assert_int_equal(pairs_quote(&ground, PAIR_FEATURES, REFERENCE_PROMPT, &documents), OK);
    near(measure(&ground, PAIR_RUNS, &documents).value, 0);
    near(measure(&ground, PAIR_SUBSEQUENCE, &documents).value, 0); /* one word in order, as with anybody */
    assert_true(measure(&ground, PAIR_FEATURES, &documents).low > .5);
    documents_free(&documents);
    ground_close(&ground);
}

static void documents_forget_last(struct documents *documents)
{
    struct document *last = &documents->items[--documents->count];
    comparable_free(&last->text);
    buf_free(&last->said);
    mem_free(last->own);
}

/* Documents of four tasks each that copy one of them are not thinned by the three others: only where their baseline has
 * but three tasks, the copied one is among as many of theirs three times in four. */
static void one_of_several(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    ground_make(&ground);
    for (size_t t = 0; t < TASKS; t++) {
        struct document *document = add_copy(&ground, t, &documents);
        for (size_t i = 0; i < 4; i++)
            document->own[(t + i * TENANTS) % TASKS] = true;
    }
    struct audit_result result = measure(&ground, PAIR_RUNS, &documents);
    assert_true(result.value >= .75 * 40 / 41 - 1e-6 && result.low > .7);
    documents_free(&documents);
    ground_close(&ground);
}

/* Copies that are found in every prompt alike: no blind search, and nothing to tell. One that finds nothing is blind.
 */
static void controls(void **state)
{
    (void)state;
    static const struct audit_claim claim = {.name = "x", .limit = .05, .tolerated = .05};
    const struct {
        double value, baseline;
        enum control control;
    } cases[] = {
        {.9, .02, CONTROL_PASSED}, {.01, .98, CONTROL_UNDECIDED}, {0, .01, CONTROL_FAILED}, {0, 0, CONTROL_FAILED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct audit_result result = audit_result_start(&claim), control = result;
        control.samples = 10;
        control.value = control.low = control.high = cases[i].value;
        control.baseline = cases[i].baseline;
        pairs_control(&control, &result);
        assert_int_equal(result.control, cases[i].control);
    }
    struct audit_result result = audit_result_start(&claim), none = result;
    pairs_control(&none, &result);
    assert_int_equal(result.control, CONTROL_NONE);
}

/* Documents that have nothing of anybody's: no difference, and an upper end that few tasks allow. */
static void strangers(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    ground_make(&ground);
    for (size_t t = 0; t < TASKS; t++) {
        SCOPED_BUF struct buf text = {0};
        struct document *document = NULL;
        buf_add_str(&text, "wait before you ask a second time for the same thing");
        assert_int_equal(documents_add(&documents, &text, t, TASKS, &document), OK);
        document->own[t] = true;
    }
    struct audit_result result = measure(&ground, PAIR_RUNS, &documents);
    near(result.value, 0);
    near(result.high, dp_proportion_interval(0, TASKS).high);
    assert_true(result.p == 1);
    SCOPED_BUF struct buf text = {0};
    struct document *document = NULL;
    buf_add(&text, buf_bytes(&ground.sources.items[1].prompt)); /* another tenant's, among the baseline's tasks */
    assert_int_equal(documents_add(&documents, &text, 0, TASKS, &document), OK);
    document->own[0] = true;
    result = measure(&ground, PAIR_RUNS, &documents);
    assert_true(result.value < 0);
    near(result.high, dp_proportion_interval(0, TASKS).high);
    documents_forget_last(&documents);
    documents.items[0].own[0] = false; /* of no task: taken out */
    assert_int_equal(measure(&ground, PAIR_RUNS, &documents).samples, TASKS - 1);
    documents.count = 4; /* too few */
    assert_int_equal(measure(&ground, PAIR_RUNS, &documents).samples, 0);
    documents.count = TASKS;
    documents_free(&documents);
    ground_close(&ground);
}

/* Peers are other tenants', half of those that fit; a text that both have is none. */
static void baseline(void **state)
{
    (void)state;
    struct ground ground;
    ground_make(&ground);
    for (size_t t = 0; t < TASKS; t++) {
        const struct peers *peers = &ground.peers[REFERENCE_PROMPT][t];
        assert_int_equal(peers->count, TASKS / TENANTS / 2);
        for (size_t i = 0; i < peers->count; i++)
            assert_int_not_equal(peers->items[i] % TENANTS, t % TENANTS);
        assert_int_equal(ground.peers[REFERENCE_SPEECH][t].count, 0); /* there are none */
        assert_int_equal(ground.peers[REFERENCE_SYSTEM][t].count, TASKS / TENANTS / 2);
    }
    ground_close(&ground);
    ground_make(&ground);
    for (size_t t = 0; t < TASKS; t++) {
        buf_clear(&ground.sources.items[t].system);
        buf_add_str(&ground.sources.items[t].system, "house rule number one is short");
    }
    for (int kind = 0; kind < REFERENCES; kind++)
        mem_free(ground.peers[kind]);
    assert_int_equal(peers_find(&ground), OK);
    assert_int_equal(ground.peers[REFERENCE_SYSTEM][0].count, 0);
    ground_close(&ground);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies),   cmocka_unit_test(quotes),    cmocka_unit_test(one_of_several),
        cmocka_unit_test(controls), cmocka_unit_test(strangers), cmocka_unit_test(baseline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
