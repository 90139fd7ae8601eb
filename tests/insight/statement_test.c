/* Statements: what makes two the same, which words they may have, and that a tenant's set is bounded by itself alone.
 */
#include "insight/statement.h"

#include "tests/insight/candidates.h"

enum { MOST = 40 };

struct scene {
    struct candidate candidates[MOST];
    struct release_row rows[MOST];
    size_t count;
};

static void say(struct scene *scene, uint32_t tenant, struct spec spec)
{
    scene->candidates[scene->count] = make_candidate(spec);
    scene->rows[scene->count].tenant = tenant;
    memcpy(scene->rows[scene->count].task, scene->candidates[scene->count].task, TASK_TAG_BYTES);
    scene->count++;
}

static struct sayings collected(const struct scene *scene, uint32_t most)
{
    struct sayings sayings;
    assert_int_equal(sayings_collect(scene->candidates, scene->rows, scene->count, most, &sayings), OK);
    return sayings;
}

static size_t statements(const struct sayings *sayings)
{
    size_t count = 0;
    for (size_t i = 0; i < sayings->count; i++)
        count += i == 0 || memcmp(sayings->items[i].statement, sayings->items[i - 1].statement, HASH_BYTES) != 0;
    return count;
}

#define TOTAL "the question is a total"

static void what_is_said_is_kind_and_words(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct spec base = {.kind = CANDIDATE_SKELETON, .when = TOTAL, .act = "add up the results|divide"};
    struct spec spec = base;
    say(&scene, 1, base);
    spec.tool = "acme_tool", spec.error = "acme broke", spec.task = 9, spec.runs_for = 3,
    spec.outcome = OUTCOME_SUCCESS;
    say(&scene, 2, spec); /* the same */
    const struct spec others[] = {
        {.kind = CANDIDATE_PITFALL, .when = TOTAL, .act = "add up the results|divide"},
        {.kind = CANDIDATE_SKELETON, .when = TOTAL, .act = "divide|add up the results"},
        {.kind = CANDIDATE_SKELETON, .when = TOTAL, .act = "add up the results", .avoid = "divide"},
        {.kind = CANDIDATE_SKELETON, .when = TOTAL "|add up the results", .act = "divide"},
        {.kind = CANDIDATE_SKELETON, .when = TOTAL, .act = "add up the results|divide", .why = "it is a total"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        say(&scene, 3, others[i]);
    struct sayings sayings = collected(&scene, MOST);
    assert_int_equal(sayings.count, 7);
    assert_int_equal(statements(&sayings), 6);
    assert_int_equal(sayings.not_public, 0);
    sayings_free(&sayings);
    free_candidates(scene.candidates, scene.count);
}

static void other_words_are_left_out(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "ask Mallory", "use acmecorp", "pay 17 dollars", "open the caf\xc3\xa9",  "run a_b",
        "delete /etc", "say <it>",     "call +49",       "write to \"the user\"", "use x\xe2\x80\x8b"};
    struct scene scene = {0};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        say(&scene, 1, (struct spec){.when = TOTAL, .act = refused[i]});
    say(&scene, 1, (struct spec){.when = "the task is to find Mallory", .act = "divide"});
    say(&scene, 1, (struct spec){.when = TOTAL, .act = "divide", .avoid = "asking Mallory"});
    say(&scene, 1, (struct spec){.when = TOTAL, .act = "divide", .why = "Mallory said so"});
    say(&scene, 1, (struct spec){.when = TOTAL, .act = "Check the card: it is not the payment-method, then"});
    struct sayings sayings = collected(&scene, MOST);
    assert_int_equal(sayings.not_public, scene.count - 1);
    assert_int_equal(sayings.count, 1);
    sayings_free(&sayings);
    free_candidates(scene.candidates, scene.count);
}

/* Those with most tasks stay; each says how many its tenant says. */
static void a_tenant_is_bounded(void **state)
{
    (void)state;
    static const char *const acts[] = {"add", "divide", "multiply", "subtract"};
    struct scene scene = {0};
    for (uint8_t act = 0; act < 4; act++)
        for (uint8_t task = 0; task <= act; task++)
            say(&scene, 7, (struct spec){.when = TOTAL, .act = acts[act], .task = task});
    say(&scene, 7, (struct spec){.when = TOTAL, .act = "add", .task = 0}); /* of one task twice: counts once */
    say(&scene, 8, (struct spec){.when = TOTAL, .act = "add"});
    struct sayings sayings = collected(&scene, 2);
    assert_int_equal(sayings.count, 3);
    assert_int_equal(sayings.left_out, 2);
    for (size_t i = 0; i < sayings.count; i++) {
        const struct saying *saying = &sayings.items[i];
        assert_int_equal(saying->said, saying->tenant == 7 ? 2 : 1);
        if (saying->tenant == 7)
            assert_true(saying->tasks >= 3);
    }
    sayings_free(&sayings);
    free_candidates(scene.candidates, scene.count);
}

/* Leaving out one tenant leaves everybody else's sayings as they were. */
static void nobody_moves_anybody_else(void **state)
{
    (void)state;
    static const char *const acts[] = {"add", "divide", "multiply", "subtract", "check", "count"};
    struct scene all = {0}, without = {0};
    for (uint32_t i = 0; i < 30; i++) {
        struct spec spec = {.when = TOTAL, .act = acts[i * 7 % 6], .task = (uint8_t)(i * 5 % 3)};
        say(&all, i % 4, spec);
        if (i % 4 != 2)
            say(&without, i % 4, spec);
    }
    struct sayings some = collected(&without, 2), every = collected(&all, 2);
    size_t at = 0;
    for (size_t i = 0; i < every.count; i++) {
        if (every.items[i].tenant == 2)
            continue;
        assert_true(at < some.count);
        assert_memory_equal(every.items[i].statement, some.items[at].statement, HASH_BYTES);
        assert_int_equal(every.items[i].tenant, some.items[at].tenant);
        assert_int_equal(every.items[i].said, some.items[at++].said);
    }
    assert_int_equal(at, some.count);
    sayings_free(&some);
    sayings_free(&every);
    free_candidates(all.candidates, all.count);
    free_candidates(without.candidates, without.count);
}

static void nothing_and_nonsense(void **state)
{
    (void)state;
    struct sayings sayings;
    assert_int_equal(sayings_collect(NULL, NULL, 0, 1, &sayings), OK);
    assert_int_equal(sayings.count, 0);
    sayings_free(&sayings);
    assert_int_equal(sayings_collect(NULL, NULL, 0, 0, &sayings), ERR_USAGE);
}

static enum status collect_and_free(const struct scene *scene)
{
    struct sayings sayings;
    enum status status = sayings_collect(scene->candidates, scene->rows, scene->count, 2, &sayings);
    sayings_free(&sayings);
    return status;
}

static void out_of_memory(void **state)
{
    (void)state;
    struct scene scene = {0};
    say(&scene, 1, (struct spec){.when = TOTAL, .act = "divide"});
    EACH_ALLOCATION_FAILS(collect_and_free(&scene));
    free_candidates(scene.candidates, scene.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_said_is_kind_and_words),
                                       cmocka_unit_test(other_words_are_left_out),
                                       cmocka_unit_test(a_tenant_is_bounded),
                                       cmocka_unit_test(nobody_moves_anybody_else),
                                       cmocka_unit_test(nothing_and_nonsense),
                                       cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
