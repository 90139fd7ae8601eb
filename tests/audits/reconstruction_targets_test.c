/* What reconstruction is asked about beside the task itself, and by whom: who joins shadow worlds of public traces;
 * which named things a set holds; how tenants are split; and every attack on a small scope. */
#include "tests/audits/traces.h"

#include "audits/reconstruction/named.h"
#include "audits/reconstruction/release.h"
#include "audits/reconstruction/split.h"

#define TASKS 16

/* Tenants of TASKS tasks; with tools of their own nothing that one does is released. */
static void scope_of(struct audit_scope *scope, size_t tenants, const char *tool)
{
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < tenants; tenant++) {
        char name[32];
        SCOPED_BUF struct buf file = {0};
        snprintf(name, sizeof name, "merchant-%zu", tenant);
        assert_int_equal(audit_scope_tenant(scope, name), OK);
        for (size_t task = 0; task < TASKS; task++) {
            char own[64];
            snprintf(own, sizeof own, "%s_%c%zu", tool, (char)('a' + task), tenant);
            traces_run(&file, own, tenant, task, true);
            traces_run(&file, own, tenant, task, false);
        }
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

static struct audit_scope *strangers_of(size_t tenants)
{
    struct audit_scope *strangers = mem_new(1, sizeof *strangers);
    assert_non_null(strangers);
    scope_of(strangers, tenants, "grow_tree");
    return strangers;
}

/* --- who joins --- */

struct joined {
    size_t home, target, strangers; /* tasks that join, of other members, of the pool's tenant, of strangers */
};
static struct joined draw(const struct rounds *rounds, enum shadow shadow, struct random random)
{
    struct joined joined = {0};
    const struct worlds *worlds = &rounds->tasks.worlds;
    struct part part = {.joins = mem_new(worlds->task_count, sizeof *part.joins)};
    assert_non_null(part.joins);
    assert_int_equal(rounds_draw_task(rounds, shadow, random, &part), OK);
    size_t target = worlds->tasks[rounds->decoys.pools.items[part.pool]].tenant;
    for (size_t task = 0; task < worlds->task_count; task++) {
        if (part.joins[task] == ROUNDS)
            continue;
        size_t tenant = worlds->tasks[task].tenant;
        *(tenant >= rounds->home ? &joined.strangers : tenant == target ? &joined.target : &joined.home) += 1;
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        bool of_pool = part.truths[round] >= part.pool && part.truths[round] < part.pool + rounds->decoys.pools.size;
        assert_int_equal(of_pool, shadow != SHADOW_PUBLIC);
        assert_false(rounds_was_truth(&part, round, part.truths[round]));
    }
    mem_free(part.joins);
    return joined;
}

static void open_rounds(const struct audit_scope *scope, struct rounds *rounds)
{
    struct why why = {0};
    assert_int_equal(rounds_open(scope, scope->strangers, rounds, &why), OK);
    assert_int_equal(tasks_decoys(&rounds->tasks, rounds_home_tasks(rounds), 0, &rounds->decoys), OK);
    assert_int_equal(rounds_privates(rounds, rounds->tasks.vectors, NULL), OK);
    assert_int_equal(rounds->home, scope->tenant_count);
    assert_true(rounds->decoys.pools.size == TASKS);
}

static void who_joins(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    struct rounds rounds;
    scope_of(&scope, 2, "water_garden");
    open_rounds(&scope, &rounds);
    assert_true(rounds_has_public(&rounds)); /* the other tenant */
    for (int i = 0; i < 20; i++) {
        struct joined asked = draw(&rounds, SHADOWS, random), shadow = draw(&rounds, SHADOW_SCOPE, random);
        assert_true(asked.target == ROUNDS && asked.home > 0); /* all of this tenant are decoys of each other */
        assert_true(shadow.target == ROUNDS && shadow.home > 0);
        shadow = draw(&rounds, SHADOW_SYNTHESIS, random);
        assert_true(shadow.target == ROUNDS && shadow.home > 0);
        shadow = draw(&rounds, SHADOW_PUBLIC, random);
        assert_true(shadow.target == 0 && shadow.home >= ROUNDS);
    }
    rounds_close(&rounds);
    scope.strangers = strangers_of(2);
    open_rounds(&scope, &rounds);
    for (int i = 0; i < 20; i++) {
        struct joined asked = draw(&rounds, SHADOWS, random), shadow = draw(&rounds, SHADOW_SYNTHESIS, random);
        assert_true(asked.strangers == 0 && asked.home > 0);
        assert_true(shadow.target == ROUNDS && shadow.home == 0 && shadow.strangers > 0);
        shadow = draw(&rounds, SHADOW_PUBLIC, random);
        assert_true(shadow.target == 0 && shadow.home == 0 && shadow.strangers >= ROUNDS);
    }
    rounds_close(&rounds);
    audit_scope_free(&scope);
}

/* --- things --- */

static bool holds(const struct named *named, size_t task, const char *value)
{
    return bytes_find(buf_bytes(&named->sets[task]), bytes_str(value)) != SIZE_MAX;
}

static void named_things(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct tasks tasks;
    struct named named;
    struct why why = {0};
    traces_scope(&scope);
    assert_int_equal(tasks_open(&scope, &tasks, &why), OK);
    assert_int_equal(named_read(&tasks, &named, &why), OK);
    assert_int_equal(named.count, TRACES_TENANTS * TRACES_TASKS);
    for (size_t task = 0; task < named.count; task++) {
        size_t addresses = 0;
        for (size_t t = 0; t < TRACES_TENANTS; t++)
            for (size_t i = 0; i < TRACES_TASKS; i++) {
                char address[64];
                snprintf(address, sizeof address, "customer%zu.%zu@example.com", t, i);
                addresses += holds(&named, task, address);
            }
        assert_int_equal(addresses, 1); /* its own, and no other's */
        assert_false(holds(&named, task, "refund"));
        assert_int_equal(named.has[task], named.sizes[task] >= NAMED_LEAST);
    }
    named_free(&named);
    tasks_close(&tasks);
    audit_scope_free(&scope);
}

static void split_up(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct tasks tasks;
    struct split_tenants split;
    struct decoys decoys;
    struct why why = {0};
    size_t members[2 * TASKS] = {0};
    scope_of(&scope, 2, "water_garden");
    assert_int_equal(tasks_open(&scope, &tasks, &why), OK);
    assert_int_equal(tasks.worlds.task_count, 2 * TASKS);
    assert_int_equal(split_tenants_make(&tasks, &split), OK);
    assert_int_equal(split.count, 2 * (TASKS / SPLIT_TASKS)); /* one of sixteen is left over */
    for (size_t i = 0; i < split.count; i++) {
        const struct split_tenant *made = &split.items[i];
        const size_t of[SPLIT_TASKS] = {made->known[0], made->known[1], made->hidden};
        for (size_t t = 0; t < SPLIT_TASKS; t++) {
            assert_int_equal(tasks.worlds.tasks[of[t]].tenant, made->tenant);
            assert_int_equal(split.of[of[t]], i);
            members[of[t]]++;
        }
    }
    for (size_t task = 0; task < 2 * TASKS; task++)
        assert_int_equal(members[task], split.of[task] != SIZE_MAX);
    assert_int_equal(split_tenants_decoys(&tasks, &split, &decoys), OK);
    assert_int_equal(decoys.pools.size, TASKS / SPLIT_TASKS);
    decoys_free(&decoys);
    split_tenants_free(&split);
    tasks_close(&tasks);
    audit_scope_free(&scope);
}

/* --- the attacks --- */

static const struct rounds_sizes few = {{24, 8, 8}, 8, 24};

typedef enum status (*attacking)(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                 struct audit_results *out, struct why *why);
static void expect(attacking attack, const struct audit_scope *scope, const char *name, const char *note,
                   enum control control)
{
    struct audit_results results = {0};
    struct why why = {0};
    assert_int_equal(attack(scope, &few, &results, &why), OK);
    const struct audit_result *result = traces_result(&results, name);
    assert_int_equal(result->samples, 0);
    if (result->control != control)
        fail_msg("%s: control %s, %g", name, control_name(result->control), result->control_value);
    assert_int_equal(result->verdict, VERDICT_NOT_EVALUATED);
    if (!strstr(result->note, note))
        fail_msg("%s: %s", name, result->note);
    audit_results_free(&results);
}

/* Next to nothing of these tenants is released, and what is in the raw traces is found: that is no pass. */
static void nothing_to_find(void **state)
{
    (void)state;
    static const char note[] = "worlds nothing was released or changed: too few are left";
    struct audit_scope scope;
    scope_of(&scope, 2, "water_garden");
    expect(reconstruction_by_strangers, &scope, "reconstruction.public.first", note, CONTROL_PASSED);
    expect(reconstruction_of_entities, &scope, "reconstruction.entities.first", note, CONTROL_PASSED);
    expect(reconstruction_of_tenants, &scope, "reconstruction.tenant.first", note, CONTROL_PASSED);
    audit_scope_free(&scope);
}

/* --- what is counted --- */

static const struct audit_claim claim = {.name = "a", .limit = .2, .tolerated = .2};

/* Of 200 worlds half changed nothing. One method finds nothing in the raw traces, and the strongest does; and none. */
static void report(size_t by_strongest, enum control expected, enum control of_kind)
{
    struct audit_results results = {0};
    double numbers[200 * 2] = {0};
    struct rounds rounds = {.observed = {.counted = 200, .artefacts = ARTEFACTS, .pool = 10, .numbers = numbers}};
    struct contest_outcome outcomes[ARTEFACTS] = {{.counted = 100, .strongest = ADVERSARY_VAE},
                                                  {.counted = 200, .strongest = CONTEST_GIVEN}};
    outcomes[ARTEFACT_RELEASE].hits[ADVERSARY_VAE].first = 12;
    outcomes[ARTEFACT_OPEN].hits[CONTEST_GIVEN].first = by_strongest;
    assert_int_equal(rounds_report(&rounds, &claim, outcomes, OBSERVED_FIRST, &results), OK);
    assert_int_equal(rounds_report_kind(&rounds, &claim, outcomes, ADVERSARY_MATCHING, &results), OK);
    assert_int_equal(results.items[0].control, expected);
    assert_int_equal(results.items[0].samples, 100);
    assert_true(results.items[0].value == .12);
    assert_non_null(
        strstr(results.items[0].note, "in 100 of 200 worlds nothing was released or changed: these do not count"));
    assert_int_equal(results.items[1].control, of_kind);
    assert_int_equal(audit_is_void(&results), expected == CONTROL_FAILED);
    audit_results_free(&results);
}

static void what_counts(void **state)
{
    (void)state;
    report(150, CONTROL_PASSED, CONTROL_UNDECIDED);
    report(10, CONTROL_FAILED, CONTROL_UNDECIDED);
}

static void nobody_to_learn_from(void **state)
{
    (void)state;
    struct audit_scope scope;
    scope_of(&scope, 1, "water_garden");
    expect(reconstruction_by_strangers, &scope, "reconstruction.public.first", "no traces to learn from", CONTROL_NONE);
    expect(reconstruction_of_entities, &scope, "reconstruction.entities.first", "no traces to learn from",
           CONTROL_NONE);
    scope.strangers = strangers_of(1);
    expect(reconstruction_by_strangers, &scope, "reconstruction.public.first",
           "nothing was released or changed: too few", CONTROL_PASSED);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_joins),       cmocka_unit_test(named_things),         cmocka_unit_test(split_up),
        cmocka_unit_test(nothing_to_find), cmocka_unit_test(nobody_to_learn_from), cmocka_unit_test(what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
