/* Membership from the release alone: does the library tell whether a task, or a tenant, took part?
 *
 * Average case: worlds are drawn from the scope, and the adversary, who holds the target's candidates and the code of
 * client and server, runs shadow federations of their own. Worst case: k - 1 colluders contribute what the target holds
 * and look for phrases that no other tenant has, so that the release turns on the target: in `threshold` mode this
 * succeeds by design and is stated so. Hides which worlds are run for which claims. */
#include "audits/attacks.h"
#include "audits/membership/membership.h"
#include "base/clock.h"

#define TASKS_LEAST 4
/* --- how many worlds --- */

static const struct membership_sizes quick_sizes = {.open = {110, 60, 260},
                                                    .absent = {50, 40, 130},
                                                    .canary = {70, 40, 170},
                                                    .open_copied = {100, 60, 200},
                                                    .absent_copied = {60, 40, 100},
                                                    .canary_copied = {60, 40, 150},
                                                    .private = {120, 60, 200},
                                                    .worst = 60};
static const struct membership_sizes full_sizes = {.open = {1000, 400, 21000},
                                                   .absent = {500, 500, 10200},
                                                   .canary = {500, 200, 2000},
                                                   .open_copied = {200, 100, 9600},
                                                   .absent_copied = {100, 100, 4800},
                                                   .canary_copied = {100, 60, 300},
                                                   .private = {600, 300, 3000},
                                                   .worst = 600};

/* --- series --- */

enum status membership_worlds(struct membership *run, const struct series *series, double **out)
{
    uint64_t started = clock_ticks();
    TRY(series_run(series, out));
    if (series->reading == READ_RELEASED)
        audit_results_worlds(run->out, series->count, started);
    return OK;
}

static enum status worlds_of(struct membership *run, enum series_kind kind, enum series_reading reading,
                             const char *name, size_t count, double **out)
{
    const struct series series = {
        .worlds = &run->worlds, .cast = &run->cast, .kind = kind, .reading = reading, .name = name, .count = count};
    return membership_worlds(run, &series, out);
}

struct pair { /* of open and absent worlds, released or copied */
    const struct split *open, *absent;
    double *open_numbers, *absent_numbers; /* owned */
    struct measured tasks, tenants;
};

static void pair_free(struct pair *pair)
{
    measured_free(&pair->tasks);
    measured_free(&pair->tenants);
    mem_free(pair->open_numbers);
    mem_free(pair->absent_numbers);
}

static enum status measure_pair(struct membership *run, enum series_reading reading, struct pair *pair)
{
    bool copied = reading == READ_COPIED;
    TRY(worlds_of(run, SERIES_OPEN, reading, copied ? "membership.open.copied" : "membership.open",
                  split_all(pair->open), &pair->open_numbers));
    TRY(worlds_of(run, SERIES_ABSENT, reading, copied ? "membership.absent.copied" : "membership.absent",
                  split_all(pair->absent), &pair->absent_numbers));
    TRY(measure_tasks(&run->cast, pair->open, pair->open_numbers, run->random, &pair->tasks));
    return measure_tenants(&run->cast, pair->open, pair->open_numbers, pair->absent, pair->absent_numbers, run->random,
                           &pair->tenants);
}

static enum status average_cases(struct membership *run)
{
    const struct membership_sizes *sizes = run->sizes;
    struct pair released = {.open = &sizes->open, .absent = &sizes->absent};
    struct pair copied = {.open = &sizes->open_copied, .absent = &sizes->absent_copied};
    enum status status = measure_pair(run, READ_RELEASED, &released);
    if (status == OK)
        status = measure_pair(run, READ_COPIED, &copied);
    if (status == OK)
        status = membership_add_average(run, TASK_AVERAGE, &released.tasks, &copied.tasks);
    if (status == OK)
        status = membership_add_average(run, TENANT_AVERAGE, &released.tenants, &copied.tenants);
    pair_free(&released);
    pair_free(&copied);
    return status;
}

enum status membership_canary(struct membership *run)
{
    const struct split *split = &run->sizes->canary, *copied = &run->sizes->canary_copied;
    SCOPED_MEM double *numbers = NULL, *control_numbers = NULL;
    struct measured measured = {0}, control = {0};
    TRY(worlds_of(run, SERIES_CANARY, READ_RELEASED, "membership.canary", split_all(split), &numbers));
    TRY(worlds_of(run, SERIES_CANARY, READ_COPIED, "membership.canary.copied", split_all(copied), &control_numbers));
    enum status status = measure_canaries(&run->cast, split, numbers, run->random, &measured);
    if (status == OK)
        status = measure_canaries(&run->cast, copied, control_numbers, run->random, &control);
    if (status == OK)
        status =
            membership_add_area(run, CANARY_AVERAGE, &measured, &control, score_note(measured.by[GOAL_AREA].chosen));
    measured_free(&measured);
    measured_free(&control);
    return status;
}

static const struct worst_case {
    enum membership_claim claim;
    enum series_kind kind;
    const char *name, *copied;
} worst_cases[] = {
    {TASK_WORST, SERIES_WORST_TASK, "membership.task.worst", "membership.task.worst.copied"},
    {TENANT_WORST, SERIES_WORST_TENANT, "membership.tenant.worst", "membership.tenant.worst.copied"},
};

static enum status worst_case(struct membership *run, const struct worst_case *which)
{
    size_t count = run->sizes->worst;
    SCOPED_MEM double *numbers = NULL, *control_numbers = NULL;
    struct measured measured = {0}, control = {0};
    TRY(worlds_of(run, which->kind, READ_RELEASED, which->name, count, &numbers));
    TRY(worlds_of(run, which->kind, READ_COPIED, which->copied, count, &control_numbers));
    enum status status = measure_worst(numbers, count, &measured);
    if (status == OK)
        status = measure_worst(control_numbers, count, &control);
    if (status == OK)
        status = membership_add_area(
            run, which->claim, &measured, &control,
            "expected to succeed in threshold mode: whoever holds the other k - 1 shares tells the last one");
    measured_free(&measured);
    measured_free(&control);
    return status;
}

static enum status worst_unless_alike(struct membership *run, const struct worst_case *which)
{
    if (membership_is_private(run))
        return membership_skip(run, which->claim, "not applicable: in mode dp colluders are membership.private.worst");
    enum status status = worst_case(run, which);
    if (status != ERR_NOT_FOUND)
        return status;
    return membership_skip(run, which->claim, "nobody has a phrase that no other tenant has: worlds would not differ");
}

/* A server in mode dp refuses a round that could come to nothing, and any server what it does not take: what is left
 * then is not evaluated. */
static enum status run_cases(struct membership *run, struct why *why)
{
    enum status status = membership_private(run, why);
    if (status != OK)
        return worlds_refused(status, membership_claims, run->out);
    status = average_cases(run);
    for (size_t i = 0; i < sizeof worst_cases / sizeof *worst_cases && status == OK; i++)
        status = worst_unless_alike(run, &worst_cases[i]);
    if (status == OK)
        status = membership_canary(run);
    if (status != ERR_POLICY)
        return worlds_refused(status, membership_claims, run->out);
    return audit_not_evaluated(run->out, membership_claims, "the federation is too small for a round of its mode dp");
}

enum status membership_open(const struct audit_scope *scope, const struct membership_sizes *sizes,
                            struct membership *run, struct why *why)
{
    struct policy policy;
    *run = (struct membership){.scope = scope, .sizes = sizes};
    world_policy(scope, &policy);
    run->random = random_seeded_start(&run->seeded, scope->seed);
    TRY(worlds_open(scope, NULL, policy.mode == RELEASE_DP ? 0 : policy.k - 1, &run->worlds, why));
    enum status status = cast_new(&run->worlds, run->random, &run->cast);
    if (status != OK)
        membership_close(run);
    return status;
}

void membership_close(struct membership *run)
{
    cast_free(&run->cast);
    worlds_close(&run->worlds);
}

static enum status run_membership(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct membership run;
    TRY(membership_open(scope, scope->full ? &full_sizes : &quick_sizes, &run, why));
    run.out = out;
    enum status status = run.worlds.task_count < TASKS_LEAST
                             ? audit_not_evaluated(out, membership_claims,
                                                   "fewer than four tasks gave a contribution: worlds would not differ")
                             : run_cases(&run, why);
    membership_close(&run);
    return status;
}

const struct attack attack_membership = {
    .name = "membership",
    .summary = "Does the library tell whether an organisation, or one of its tasks, took part?",
    .paper = "Carlini et al. 2022 (LiRA); Zarifzadeh et al. 2024 (RMIA); Brännvall 2026 (BaVarIA); Meeus et al. 2025",
    .family = FAMILY_MEMBERSHIP,
    .quick = true,
    .quick_seconds = 26,
    .full_seconds = 620,
    .claims = membership_claims,
    .run = run_membership,
};
