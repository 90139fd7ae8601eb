/* Membership from the release alone: does the library tell whether a tenant's task took part?
 *
 * Pairs of worlds are drawn from the scope: every task takes part by a coin; one task is the target, in or out. The
 * adversary knows the target's candidates and scores a library by how near it comes to them. Average case: nothing else
 * is known. Worst case: k - 1 colluders contribute the target's candidates themselves and look for phrases that no
 * other tenant holds, so that the release turns on the target: in `threshold` mode this succeeds by design and is
 * stated so. The control scores a library that releases every candidate, and a canary of the target. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/attacks.h"
#include "audits/statistics/statistics.h"
#include "audits/world.h"
#include "base/clock.h"
#include "insight/features.h"

#define WORLDS_QUICK 150 /* of each side and case */
#define WORLDS_FULL 3000
#define TASKS_LEAST 4
#define WORKERS_MAX 16
#define AUC_LIMIT 0.55 /* about 700 worlds a side are needed to show it */
#define ROC_POINTS 64

enum membership_case { CASE_AVERAGE, CASE_WORST, CASES };

struct task { /* contributions of one task */
    size_t tenant, first, count;
};
struct mark { /* a phrase that only this task's tenant holds */
    uint8_t key[16];
    size_t task;
};
struct membership {
    const struct audit_scope *scope;
    struct policy policy;
    struct prepared *prepared;
    size_t task_count;
    struct task *tasks;
    size_t mark_count;
    struct mark *marks;
    size_t target_count; /* tasks that have such phrases: the worst case's targets */
    size_t *targets;
    size_t worlds;
    double *scores; /* shared by the workers: of case, side, world; then of the control likewise */
};

static double *score_at(const struct membership *run, int which, int member, size_t world)
{
    return &run->scores[((size_t)which * 2 + (size_t)member) * run->worlds + world];
}

/* --- the adversary --- */

/* Candidates, borrowed. */
struct texts {
    size_t count;
    const struct candidate **items; /* owned */
};

static enum status texts_new(const struct membership *run, struct texts *out)
{
    size_t most = 1; /* the canary */
    for (size_t t = 0; t < run->task_count; t++)
        most += run->tasks[t].count * CONTRIBUTION_CANDIDATES_MAX;
    *out = (struct texts){.items = mem_new(most, sizeof *out->items)};
    return out->items ? OK : ERR_MEMORY;
}

static void texts_add_task(struct texts *texts, const struct membership *run, const struct task *task)
{
    for (size_t i = task->first; i < task->first + task->count; i++) {
        const struct contribution *from = &run->prepared[task->tenant].items[i].contribution;
        for (size_t c = 0; c < from->candidate_count; c++)
            texts->items[texts->count++] = &from->candidates[c];
    }
}

/* How near `others` come to each of `mine`, on average. */
static enum status score_texts(const struct texts *mine, const struct texts *others, double *out)
{
    SCOPED_MEM struct features *known = mem_new(others->count + 1, sizeof *known);
    enum status status = known ? OK : ERR_MEMORY;
    double sum = 0;
    for (size_t i = 0; i < others->count && status == OK; i++)
        status = features_of_candidate(others->items[i], &known[i]);
    for (size_t i = 0; i < mine->count && status == OK; i++) {
        struct features one = {0};
        double best = 0;
        status = features_of_candidate(mine->items[i], &one);
        for (size_t k = 0; k < others->count && status == OK; k++) {
            double near = features_cosine(&one, &known[k]);
            best = near > best ? near : best;
        }
        sum += best;
        features_free(&one);
    }
    for (size_t i = 0; known && i < others->count; i++)
        features_free(&known[i]);
    *out = mine->count ? sum / (double)mine->count : 0;
    return status;
}

static enum status score_library(const struct membership *run, const struct task *target, const struct library *library,
                                 double *out)
{
    struct texts mine = {0}, released = {0};
    enum status status = texts_new(run, &mine);
    released.items = mem_new(library->insight_count + 1, sizeof *released.items);
    if (!released.items)
        status = ERR_MEMORY;
    if (status == OK) {
        texts_add_task(&mine, run, target);
        for (size_t i = 0; i < library->insight_count; i++)
            released.items[released.count++] = &library->insights[i].text;
        status = score_texts(&mine, &released, out);
    }
    mem_free(mine.items);
    mem_free(released.items);
    return status;
}

/* The control: a library that lets everything out, the candidates of every task that takes part, and a canary of the
 * target's: what tells it from tasks that taught the same. */
static enum status score_everything(const struct membership *run, size_t target, const bool *part, double *out)
{
    struct texts mine = {0}, all = {0};
    struct candidate canary = {.kind = CANDIDATE_RECOVERY};
    enum status status = texts_new(run, &mine);
    if (status == OK)
        status = texts_new(run, &all);
    if (status == OK)
        status = phrases_add(&canary.when, "the tide table of a harbour inland is asked for");
    if (status == OK) {
        for (size_t t = 0; t < run->task_count; t++)
            if (part[t])
                texts_add_task(&all, run, &run->tasks[t]);
        if (part[target])
            all.items[all.count++] = &canary;
        texts_add_task(&mine, run, &run->tasks[target]);
        mine.items[mine.count++] = &canary;
        status = score_texts(&mine, &all, out);
    }
    candidate_free(&canary);
    mem_free(mine.items);
    mem_free(all.items);
    return status;
}

/* The worst case's score: how many of the target's own phrases are released. */
static bool list_has(const struct phrases *list, const uint8_t key[static 16])
{
    for (size_t i = 0; i < list->count; i++) {
        uint8_t other[16];
        phrase_key(list->items[i], other);
        if (memcmp(key, other, sizeof other) == 0)
            return true;
    }
    return false;
}

static bool library_has(const struct library *library, const uint8_t key[static 16])
{
    for (size_t i = 0; i < library->insight_count; i++) {
        const struct candidate *text = &library->insights[i].text;
        if (list_has(&text->when, key) || list_has(&text->act, key) || list_has(&text->avoid, key) ||
            list_has(&text->why, key))
            return true;
    }
    return false;
}

static double score_marks(const struct membership *run, size_t target, const struct library *library)
{
    size_t released = 0;
    for (size_t i = 0; i < run->mark_count; i++)
        released += run->marks[i].task == target && library_has(library, run->marks[i].key);
    return (double)released;
}

/* --- one world --- */

static enum status share_task(const struct membership *run, struct world *world, size_t tenant, const struct task *task)
{
    for (size_t i = 0; i < task->count; i++) {
        bool accepted = false;
        TRY(world_share_item(world, tenant, &run->prepared[task->tenant].items[task->first + i], &accepted));
    }
    return OK;
}

static enum status fill_world(const struct membership *run, struct world *world, const bool *part,
                              const struct task *target, enum membership_case which)
{
    for (size_t t = 0, number; t < run->scope->tenant_count; t++) {
        TRY(world_tenant(world, run->scope->tenants[t].name, &number));
        for (size_t i = 0; i < run->task_count; i++)
            if (part[i] && run->tasks[i].tenant == t)
                TRY(share_task(run, world, number, &run->tasks[i]));
    }
    for (uint32_t i = 1; which == CASE_WORST && i < run->policy.k; i++) {
        char name[32];
        size_t number;
        snprintf(name, sizeof name, "colluder %u", i);
        TRY(world_tenant(world, name, &number));
        TRY(share_task(run, world, number, target));
    }
    return OK;
}

static enum status run_world(const struct membership *run, enum membership_case which, bool member, size_t index)
{
    struct random_seeded seeded;
    struct random random =
        random_seeded_start(&seeded, run->scope->seed * 1000003 + index * 4 + (size_t)which * 2 + member);
    struct world *world = NULL;
    struct library library = {0};
    SCOPED_MEM bool *part = mem_new(run->task_count, sizeof *part);
    if (!part)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->task_count; i++)
        part[i] = random_below(random, 2);
    size_t target = which == CASE_WORST ? run->targets[random_below(random, run->target_count)]
                                        : random_below(random, run->task_count);
    double *score = score_at(run, (int)which, member, index);
    for (size_t i = 0; i < run->task_count && which == CASE_WORST; i++)
        part[i] =
            part[i] && run->tasks[i].tenant != run->tasks[target].tenant; /* another of its tasks may say the same */
    part[target] = member;
    TRY(world_new(&run->policy, random_u64(random), &world, NULL));
    enum status status = fill_world(run, world, part, &run->tasks[target], which);
    if (status == OK)
        status = world_round(world, &library);
    if (status == OK || status == ERR_NOT_FOUND) {
        status = OK;
        *score = score_marks(run, target, &library);
    }
    if (status == OK && which == CASE_AVERAGE)
        status = score_library(run, &run->tasks[target], &library, score);
    if (status == OK && which == CASE_AVERAGE)
        status = score_everything(run, target, part, score_at(run, CASES, member, index));
    library_free(&library);
    world_free(world);
    return status;
}

/* --- many worlds, over the cores --- */

static bool can_run(const struct membership *run, enum membership_case which)
{
    return run->task_count >= TASKS_LEAST && (which == CASE_AVERAGE || run->target_count > 0);
}

static enum status work(const struct membership *run, size_t worker, size_t workers)
{
    size_t of = run->worlds * CASES * 2;
    for (size_t i = worker; i < of; i += workers) {
        if (worker == 0)
            audit_progress(run->scope, "membership", i, of);
        if (can_run(run, (enum membership_case)(i % CASES)))
            TRY(run_world(run, (enum membership_case)(i % CASES), i / CASES % 2, i / CASES / 2));
    }
    return OK;
}

static size_t worker_count(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > WORKERS_MAX ? WORKERS_MAX : (size_t)cores;
}

/* Children write scores into shared memory; this process works too. */
static enum status run_worlds(const struct membership *run)
{
    size_t workers = worker_count();
    pid_t children[WORKERS_MAX] = {0};
    for (size_t i = 1; i < workers; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(work(run, i, workers) == OK ? 0 : 1);
    }
    enum status status = work(run, 0, workers);
    for (size_t i = 1; i < workers; i++) {
        int code = 0;
        bool done = children[i] > 0 && waitpid(children[i], &code, 0) == children[i] && code == 0;
        if (!done && status == OK)
            status = ERR_IO;
    }
    return status;
}

/* --- results --- */

#define RELEASE_CASE(id, who, knowing, is_expected)                                                                    \
    {                                                                                                                  \
        .name = "membership.release." id, .surface = SURFACE_LIBRARY, .target = "the published library",               \
        .threat = who, .knows = knowing, .metric = "area under the ROC of worlds with against worlds without a task",  \
        .unit = "world", .baseline = "worlds without the task: one half",                                              \
        .control = "a library that releases every candidate, and a canary of the target's", .needed = 1400,            \
        .limit = AUC_LIMIT, .tolerated = AUC_LIMIT, .expected = is_expected                                            \
    }

static const struct audit_claim claims[CASES + 1] = {
    [CASE_AVERAGE] = RELEASE_CASE("average", THREAT_TENANT, "the library and the task's candidates", false),
    [CASE_WORST] = RELEASE_CASE("worst", THREAT_COLLUDERS,
                                "the library, the task's candidates, and k - 1 shares that hold them", true),
};

static enum status report_case(const struct membership *run, enum membership_case which, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[which]);
    struct auc auc, control;
    result.baseline = .5;
    result.note = which == CASE_WORST
                      ? "expected to succeed in threshold mode: whoever holds the other k - 1 shares tells the last one"
                      : "a pass needs about 700 worlds on each side; with fewer the interval is too wide to say";
    const double *in = score_at(run, (int)which, 1, 0), *without = score_at(run, (int)which, 0, 0);
    TRY(stat_auc(in, run->worlds, without, run->worlds, &auc));
    TRY(stat_auc(score_at(run, CASES, 1, 0), run->worlds, score_at(run, CASES, 0, 0), run->worlds, &control));
    TRY(stat_roc(in, run->worlds, without, run->worlds, ROC_POINTS, &result.plot));
    result.samples = 2 * run->worlds;
    result.kind = INTERVAL_NORMAL;
    result.value = auc.value;
    result.low = auc.interval.low;
    result.high = auc.interval.high;
    result.control = control.interval.low > AUC_LIMIT ? CONTROL_PASSED : CONTROL_FAILED;
    result.control_value = control.value;
    return audit_results_add(out, &result);
}

static enum status list_tasks(struct membership *run)
{
    size_t items = 0;
    for (size_t t = 0; t < run->scope->tenant_count; t++)
        items += run->prepared[t].count;
    run->tasks = mem_new(items + 1, sizeof *run->tasks);
    if (!run->tasks)
        return ERR_MEMORY;
    for (size_t t = 0; t < run->scope->tenant_count; t++)
        for (size_t i = 0; i < run->prepared[t].count; i++) { /* prepared items are sorted by task */
            const struct prepared_item *item = &run->prepared[t].items[i];
            bool same = i > 0 && memcmp(item->contribution.candidates[0].task,
                                        (item - 1)->contribution.candidates[0].task, TASK_TAG_BYTES) == 0;
            if (same)
                run->tasks[run->task_count - 1].count++;
            else
                run->tasks[run->task_count++] = (struct task){t, i, 1};
        }
    return OK;
}

/* --- phrases that one tenant alone holds --- */

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct mark *)a)->key, ((const struct mark *)b)->key, 16);
}

static void add_marks(struct membership *run, const struct phrases *list, size_t task)
{
    for (size_t i = 0; i < list->count; i++) {
        phrase_key(list->items[i], run->marks[run->mark_count].key);
        run->marks[run->mark_count++].task = task;
    }
}

static void keep_lone_marks(struct membership *run)
{
    size_t kept = 0;
    qsort(run->marks, run->mark_count, sizeof *run->marks, by_key);
    for (size_t at = 0, end; at < run->mark_count; at = end) {
        bool lone = true;
        for (end = at; end < run->mark_count && by_key(&run->marks[at], &run->marks[end]) == 0; end++)
            lone = lone && run->tasks[run->marks[end].task].tenant == run->tasks[run->marks[at].task].tenant;
        for (size_t i = at; lone && i < end; i++)
            run->marks[kept++] = run->marks[i];
    }
    run->mark_count = kept;
}

static enum status list_marks(struct membership *run)
{
    size_t most = 1;
    for (size_t t = 0; t < run->task_count; t++)
        most += run->tasks[t].count * CONTRIBUTION_CANDIDATES_MAX * 4 * PHRASES_MAX;
    run->marks = mem_new(most, sizeof *run->marks);
    run->targets = mem_new(run->task_count + 1, sizeof *run->targets);
    if (!run->marks || !run->targets)
        return ERR_MEMORY;
    for (size_t t = 0; t < run->task_count; t++)
        for (size_t i = 0; i < run->tasks[t].count; i++) {
            const struct contribution *from =
                &run->prepared[run->tasks[t].tenant].items[run->tasks[t].first + i].contribution;
            for (size_t c = 0; c < from->candidate_count; c++) {
                add_marks(run, &from->candidates[c].when, t);
                add_marks(run, &from->candidates[c].act, t);
                add_marks(run, &from->candidates[c].avoid, t);
                add_marks(run, &from->candidates[c].why, t);
            }
        }
    keep_lone_marks(run);
    for (size_t t = 0; t < run->task_count; t++)
        for (size_t i = 0; i < run->mark_count; i++)
            if (run->marks[i].task == t) {
                run->targets[run->target_count++] = t;
                break;
            }
    return OK;
}

static enum status not_evaluated(enum membership_case which, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[which]);
    result.note =
        "too few tasks gave a contribution, or none has a phrase of its own tenant's: worlds would not differ";
    return audit_results_add(out, &result);
}

static enum status run_all(struct membership *run, struct audit_results *out)
{
    size_t scores = (CASES + 1) * 2 * run->worlds;
    run->scores = mmap(NULL, scores * sizeof *run->scores, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run->scores == MAP_FAILED)
        return ERR_MEMORY;
    uint64_t started = clock_ticks();
    enum status status = run_worlds(run);
    for (int i = 0; i < CASES && status == OK; i++) {
        bool ran = can_run(run, (enum membership_case)i);
        audit_results_worlds(out, ran ? 2 * run->worlds : 0, i == 0 ? started : clock_ticks());
        status = ran ? report_case(run, (enum membership_case)i, out) : not_evaluated((enum membership_case)i, out);
    }
    munmap(run->scores, scores * sizeof *run->scores);
    return status;
}

static enum status run_membership(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct membership run = {.scope = scope, .worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK};
    world_policy(scope, &run.policy);
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &run.prepared, why));
    enum status status = list_tasks(&run);
    if (status == OK)
        status = list_marks(&run);
    if (status == OK)
        status = run_all(&run, out);
    mem_free(run.marks);
    mem_free(run.targets);
    mem_free(run.tasks);
    world_prepared_free(run.prepared, scope->tenant_count);
    return status;
}

const struct attack attack_membership = {
    .name = "membership",
    .summary = "Does the library tell whether an organisation's task took part?",
    .paper = "",
    .family = FAMILY_MEMBERSHIP,
    .quick = true,
    .claims = claims,
    .run = run_membership,
};
