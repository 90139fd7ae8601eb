/* Worlds from one base: a world has what its trial shared and nothing of another's. */
#include "tests/audits/traces.h"

#include <sys/wait.h>
#include <unistd.h>

#include "audits/worlds.h"
#include "insight/release_private.h"

#define WORLDS 8

/* World i: tenant t takes part with its first task where bit t of i is set. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct worlds *worlds = context;
    struct library library = {0};
    TRY(worlds_begin(worlds, random));
    for (size_t i = 0; i < worlds->task_count; i++) {
        const struct world_task *task = &worlds->tasks[i];
        if (task->first == 0 && trial >> task->tenant & 1)
            TRY(worlds_share(worlds, task->tenant, task));
    }
    TRY(worlds_round(worlds, &library));
    *out = (double)library.insight_count;
    library_free(&library);
    return OK;
}

static void worlds_are_apart(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds = {0};
    double *numbers = NULL, *again = NULL;
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 2, &worlds, NULL), OK);
    assert_int_equal(worlds.task_count, TRACES_TENANTS * TRACES_TASKS);
    assert_int_equal(worlds.tasks[TRACES_TASKS].tenant, 1);
    assert_true(worlds_contribution(&worlds, &worlds.tasks[0], 0)->candidate_count > 0);
    struct trials trials = {.name = "worlds",
                            .count = WORLDS,
                            .numbers = 1,
                            .parameters = worlds_parameters(&worlds, 0),
                            .place = TRIAL_FORKED,
                            .run = run_world,
                            .context = &worlds};
    assert_int_equal(trials_run(&scope, &trials, &numbers, NULL), OK);
    scope.jobs = 1;
    assert_int_equal(trials_run(&scope, &trials, &again, NULL), OK);
    for (size_t i = 0; i < WORLDS; i++) {
        size_t part = (i & 1) + (i >> 1 & 1) + (i >> 2 & 1);
        assert_true((numbers[i] > 0) == (part >= scope.k));
        assert_true(numbers[i] == again[i]);
    }
    mem_free(numbers);
    mem_free(again);
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

/* k - 1 colluders who hold what one tenant holds make it public. */
static enum status run_colluders(void *context, size_t trial, struct random random, double *out)
{
    struct worlds *worlds = context;
    struct library library = {0};
    TRY(worlds_begin(worlds, random));
    TRY(worlds_share(worlds, 0, &worlds->tasks[0]));
    if (trial)
        TRY(worlds_share(worlds, worlds->scope->tenant_count, &worlds->tasks[0]));
    TRY(worlds_round(worlds, &library));
    *out = (double)library.insight_count;
    library_free(&library);
    return OK;
}

static void colluders_are_members(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds = {0};
    double *numbers = NULL;
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 1, &worlds, NULL), OK);
    struct trials trials = {
        .name = "colluders", .count = 2, .numbers = 1, .place = TRIAL_FORKED, .run = run_colluders, .context = &worlds};
    assert_int_equal(trials_run(&scope, &trials, &numbers, NULL), OK);
    assert_true(numbers[0] == 0 && numbers[1] > 0);
    mem_free(numbers);
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

/* In mode dp a world draws its own noise: with as many tenants as make a statement come out every second time, some
 * worlds have it and some have not. */
static enum status run_private(void *context, size_t trial, struct random random, double *out)
{
    struct worlds *worlds = context;
    struct library library = {0};
    (void)trial;
    TRY(worlds_begin(worlds, random));
    for (size_t i = 0; i < worlds->task_count; i++)
        if (worlds->tasks[i].first == 0)
            TRY(worlds_share(worlds, worlds->tasks[i].tenant, &worlds->tasks[i]));
    TRY(worlds_round(worlds, &library));
    *out = (double)library.insight_count;
    library_free(&library);
    return OK;
}

static void private_policy(struct policy *policy)
{
    struct private_terms terms;
    policy->mode = RELEASE_DP;
    policy->dp_delta_pico = 10000000;
    policy->dp_statements = 8;
    policy->budget_epsilon_micro = 100000000;
    policy->budget_delta_pico = 100000000;
    policy->round_seconds = 3600;
    policy->allow_noised = false;
    for (policy->dp_epsilon_micro = 1000000; policy->dp_epsilon_micro < 90000000; policy->dp_epsilon_micro += 500000) {
        assert_int_equal(private_terms_of(policy, &terms, NULL), OK);
        if (private_least_support(&terms, 1, 50) <= TRACES_TENANTS)
            return;
    }
    fail_msg("no epsilon is enough for three tenants");
}

static void noise_is_each_worlds_own(void **state)
{
    (void)state;
    enum { DRAWS = 16 };
    struct audit_scope scope;
    struct worlds worlds = {0};
    struct policy policy;
    double *numbers = NULL;
    size_t released = 0;
    traces_scope(&scope);
    world_policy(&scope, &policy);
    private_policy(&policy);
    assert_int_equal(worlds_open(&scope, &policy, 0, &worlds, NULL), OK);
    struct trials trials = {
        .name = "private", .count = DRAWS, .numbers = 1, .place = TRIAL_FORKED, .run = run_private, .context = &worlds};
    assert_int_equal(trials_run(&scope, &trials, &numbers, NULL), OK);
    for (size_t i = 0; i < DRAWS; i++)
        released += numbers[i] > 0;
    assert_true(released > 0 && released < DRAWS);
    mem_free(numbers);
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

/* Trials kept from another policy or other traces must not count. */
static void parameters_tell_scopes_apart(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds = {0};
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    uint64_t one = worlds_parameters(&worlds, 0);
    assert_true(one == worlds_parameters(&worlds, 0) && one != worlds_parameters(&worlds, 1));
    worlds.policy.k++;
    assert_true(one != worlds_parameters(&worlds, 0));
    worlds.policy.k--;
    worlds.prepared[2].items[0].record.data[0] ^= 1;
    assert_true(one != worlds_parameters(&worlds, 0));
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

/* A world that was not begun would draw what every other draws: that is a bug, and ends the process. */
static void unbegun(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds = {0};
    int code = 0;
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    pid_t child = fork();
    if (child == 0) {
        struct library library;
        close(STDERR_FILENO);
        _exit((int)worlds_round(&worlds, &library));
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFSIGNALED(code));
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

/* An item that is refused ends its world: of what was counted on it nothing is said. */
static enum status run_refused(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct worlds *worlds = context;
    const struct prepared_item *item = &worlds->prepared[0].items[0];
    struct prepared_item other = {0};
    *out = 0;
    TRY(worlds_begin(worlds, random));
    TRY(worlds_share_item(worlds, 0, item));
    memcpy(other.id, item->id, sizeof other.id);
    buf_add(&other.record, buf_bytes(&worlds->prepared[0].items[1].record)); /* under an id that was used */
    return worlds_share_item(worlds, 0, &other);
}

static void refused_is_not_evaluated(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds = {0};
    struct audit_results results = {0};
    double *numbers = NULL;
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    struct trials trials = {
        .name = "refused", .count = 1, .numbers = 1, .place = TRIAL_FORKED, .run = run_refused, .context = &worlds};
    enum status status = trials_run(&scope, &trials, &numbers, NULL);
    assert_int_equal(status, ERR_DENIED);
    assert_int_equal(worlds_refused(status, attack_names.claims, &results), OK);
    assert_int_equal(traces_result(&results, "linkage.names")->verdict, VERDICT_NOT_EVALUATED);
    assert_int_equal(worlds_refused(ERR_IO, attack_names.claims, &results), ERR_IO);
    worlds_close(&worlds);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_are_apart),
        cmocka_unit_test(colluders_are_members),
        cmocka_unit_test(parameters_tell_scopes_apart),
        cmocka_unit_test(unbegun),
        cmocka_unit_test(noise_is_each_worlds_own),
        cmocka_unit_test(refused_is_not_evaluated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
