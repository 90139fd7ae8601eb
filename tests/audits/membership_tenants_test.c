/* Tenants as targets of membership: who counts as a member, in made worlds and in those of a federation whose tenants
 * have six tasks, one or none. */
#include "tests/audits/membership.h"

/* --- made worlds --- */

/* Open worlds of tenants with one task each, and worlds without one of those who share it. */
static void lone_task_worlds(const struct cast *cast, struct random random, double *open, double *absent)
{
    const struct series with = {.cast = cast, .kind = SERIES_OPEN}, without = {.cast = cast, .kind = SERIES_ABSENT};
    for (size_t w = 0; w < WORLDS; w++) {
        double *row = &open[w * series_numbers(&with)], *other = &absent[w * series_numbers(&without)];
        other[0] = (double)random_below(random, TARGETS);
        for (size_t t = 0; t < TARGETS; t++) {
            row[t] = random_below(random, 2);
            for (size_t s = 0; s < SIGNALS; s++) {
                row[TARGETS + t * SIGNALS + s] = normal(random) + (s == SIGNAL_NEAR ? 2 * row[t] : 0);
                other[1 + t * SIGNALS + s] = normal(random);
            }
        }
    }
}

/* A tenant that shared nothing is no member: counted as one, it would halve what the attack gains where they share. */
static void who_shares_nothing_is_no_member(void **state)
{
    (void)state;
    static const struct split split = {400, 200, 1400};
    const struct cast cast = {.tenant_targets = TARGETS};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 9);
    SCOPED_MEM double *open = mem_new((size_t)WORLDS * TARGETS * (1 + SIGNALS), sizeof *open);
    SCOPED_MEM double *absent = mem_new((size_t)WORLDS * (1 + TARGETS * SIGNALS), sizeof *absent);
    struct measured measured;
    lone_task_worlds(&cast, random, open, absent);
    assert_int_equal(measure_tenants(&cast, &split, open, &split, absent, random, &measured), OK);
    const struct scored *scored = &measured.by[GOAL_AREA].scored;
    struct auc auc = area_of(scored);
    assert_true(auc.interval.low < .921 && .921 < auc.interval.high && auc.value > .9);
    assert_int_equal(scored->other_count, split.judge);
    assert_true(scored->member_count < split.judge && scored->member_count > split.judge * 9 / 10); /* 31 of 32 */
    measured_free(&measured);
}

/* --- a federation --- */

/* Tenants with so many tasks each; 0: with a trace that yields nothing. */
static void scope_of(const size_t *tasks, size_t count, struct audit_scope *scope)
{
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < count; tenant++) {
        char name[32];
        SCOPED_BUF struct buf file = {0};
        snprintf(name, sizeof name, "merchant-%zu", tenant);
        assert_int_equal(audit_scope_tenant(scope, name), OK);
        for (size_t task = 0; task < tasks[tenant]; task++) {
            traces_run(&file, "get_order_details", tenant, task, true);
            traces_run(&file, "get_order_details", tenant, task, false);
        }
        if (tasks[tenant] == 0)
            traces_run(&file, "get_order_details", tenant, 0, false);
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

enum { BARREN = 1, UNEVEN = 5, UNEVEN_TARGETS = 4, UNEVEN_TASKS = 9, COPIES = 1500 };
static const size_t uneven[UNEVEN] = {1, 0, 1, 6, 1};

struct federation_of {
    struct audit_scope scope;
    struct worlds worlds;
    struct cast cast;
    double *open, *absent; /* copied worlds */
};
static double *copied_worlds(struct federation_of *federation, enum series_kind kind, const char *name)
{
    const struct series series = {.worlds = &federation->worlds,
                                  .cast = &federation->cast,
                                  .kind = kind,
                                  .reading = READ_COPIED,
                                  .name = name,
                                  .count = COPIES};
    double *numbers = NULL;
    assert_int_equal(series_run(&series, &numbers), OK);
    return numbers;
}

static void federation_open(struct federation_of *federation)
{
    struct random_seeded seeded;
    scope_of(uneven, UNEVEN, &federation->scope);
    assert_int_equal(worlds_open(&federation->scope, NULL, 1, &federation->worlds, NULL), OK);
    assert_int_equal(cast_new(&federation->worlds, random_seeded_start(&seeded, 1), &federation->cast), OK);
    federation->open = copied_worlds(federation, SERIES_OPEN, "test.open");
    federation->absent = copied_worlds(federation, SERIES_ABSENT, "test.absent");
}

static void federation_close(struct federation_of *federation)
{
    mem_free(federation->open);
    mem_free(federation->absent);
    cast_free(&federation->cast);
    worlds_close(&federation->worlds);
    audit_scope_free(&federation->scope);
}

static bool shared_any(const struct federation_of *federation, const double *row, size_t tenant)
{
    for (size_t i = 0; i < UNEVEN_TASKS; i++)
        if (row[i] > 0 && federation->worlds.tasks[federation->cast.tasks[i]].tenant == tenant)
            return true;
    return false;
}

/* Targets are tenants with a task. Whoever shares none of theirs is no member, and the control's library has nothing of
 * theirs alone. */
static void tenants_that_share_nothing(void **state)
{
    (void)state;
    struct federation_of federation;
    federation_open(&federation);
    const struct cast *cast = &federation.cast;
    size_t idle = 0, stride = UNEVEN_TASKS * (1 + SIGNALS) + UNEVEN_TARGETS * (1 + SIGNALS);
    assert_int_equal(federation.worlds.prepared[BARREN].count, 0);
    assert_int_equal(cast->task_count, UNEVEN_TASKS);
    assert_int_equal(cast->tenant_targets, UNEVEN_TARGETS);
    for (size_t w = 0; w < COPIES; w++) {
        const double *row = &federation.open[w * stride], *flags = row + UNEVEN_TASKS * (1 + SIGNALS);
        const double *gone = &federation.absent[w * (1 + UNEVEN_TARGETS * SIGNALS)];
        for (size_t i = 0; i < UNEVEN_TARGETS; i++) {
            double said = flags[UNEVEN_TARGETS + i * SIGNALS + SIGNAL_SAID];
            assert_int_not_equal(cast->tenants[i], BARREN);
            assert_int_equal(flags[i] > 0, shared_any(&federation, row, cast->tenants[i]));
            assert_true(flags[i] > 0 || said < 1);
            assert_true(flags[i] == 0 || uneven[cast->tenants[i]] > 1 || said == 1);
            idle += flags[i] == 0;
        }
        assert_true(gone[0] < UNEVEN_TARGETS && gone[1 + (size_t)gone[0] * SIGNALS + SIGNAL_SAID] < 1);
    }
    assert_true(idle > COPIES); /* each of three in half of the worlds */
    federation_close(&federation);
}

/* Where a library says nothing, and only of what size a tenant is can be told, nothing is: tenants of each size are as
 * often among members as among others. */
static void sizes_are_no_leak(void **state)
{
    (void)state;
    static const struct split split = {200, 300, 1000};
    struct federation_of federation;
    struct random_seeded seeded;
    struct measured measured;
    federation_open(&federation);
    size_t before = UNEVEN_TASKS * (1 + SIGNALS) + UNEVEN_TARGETS;
    for (size_t w = 0; w < COPIES; w++)
        for (size_t i = 0; i < UNEVEN_TARGETS * SIGNALS; i++) {
            size_t target = i / SIGNALS;
            double size = (double)uneven[federation.cast.tenants[target]];
            federation.open[w * (before + UNEVEN_TARGETS * SIGNALS) + before + i] = size;
            federation.absent[w * (1 + UNEVEN_TARGETS * SIGNALS) + 1 + i] = size;
        }
    assert_int_equal(measure_tenants(&federation.cast, &split, federation.open, &split, federation.absent,
                                     random_seeded_start(&seeded, 2), &measured),
                     OK);
    near(area_of(&measured.by[GOAL_AREA].scored).value, .5, .04);
    measured_free(&measured);
    federation_close(&federation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_shares_nothing_is_no_member),
        cmocka_unit_test(tenants_that_share_nothing),
        cmocka_unit_test(sizes_are_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
