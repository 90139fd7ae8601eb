/* Reconstruction from the files of adapters that others trained: on which of N private tasks was each target?
 *
 * Whoever trains them makes the shadows as well, some trainings of the same recipe on every task. Two of three of a
 * task's shadow trainings teach, with the adapter of every round; the third is held out: one half of these chooses the
 * strongest method, the other is the positive control. Of a target training its last round is asked about, so that what
 * is counted is independent; as many count of each task, so that a guess which is always the same is right once in N.
 */
#include <math.h>

#include "audits/attacks.h"
#include "audits/net/net.h"
#include "audits/reconstruction/contest.h"
#include "audits/reconstruction/foreign.h"
#include "audits/reconstruction/observed.h"
#include "audits/reconstruction/pools.h"
#include "audits/statistics/statistics.h"
#include "base/file.h"

#define RUNS_LEAST 3     /* shadow trainings of a task */
#define TARGETS_LEAST 20 /* trainings, as many of each task */
#define CODE_WIDTH 32    /* of what stands for a task where its text is not given */
#define NORM 2.0         /* mean length that sketches are brought to: adapters' scales differ by orders */
#define STEPS 48000      /* rows that a method which learns in passes sees, all passes together */
#define EPOCHS_LEAST 40
#define EPOCHS_MOST 200

enum part { PART_TEACHES, PART_CHOOSES, PART_CONTROLS, PART_ASKED, PART_SURPLUS, PARTS };
struct fewest { /* trainings that every task has */
    size_t shadows, targets;
};
struct files {
    struct foreign foreign;
    struct fewest fewest;
    enum part *parts;   /* of every run */
    size_t *last;       /* of every run its adapter of the last round; SIZE_MAX: not met yet */
    size_t runs[PARTS]; /* how many */
    float *sketches;    /* of every adapter */
};
struct rows {
    size_t count;
    float *updates;        /* count x LORA_WIDTH */
    double *steps, *given; /* given: count x tasks */
    size_t *truths;
};

/* --- who teaches --- */

static enum status list_runs(struct files *files)
{
    const struct foreign *foreign = &files->foreign;
    files->parts = mem_new(foreign->runs + 1, sizeof *files->parts);
    files->last = mem_new(foreign->runs + 1, sizeof *files->last);
    if (!files->parts || !files->last)
        return ERR_MEMORY;
    for (size_t run = 0; run < foreign->runs; run++)
        files->last[run] = SIZE_MAX;
    for (size_t i = 0; i < foreign->count; i++) {
        size_t *last = &files->last[foreign->items[i].run];
        if (*last == SIZE_MAX || foreign->items[i].round >= foreign->items[*last].round)
            *last = i;
    }
    return OK;
}

static const struct foreign_adapter *last_of(const struct files *files, size_t run)
{
    return &files->foreign.items[files->last[run]];
}

static void count_fewest(struct files *files)
{
    const struct foreign *foreign = &files->foreign;
    files->fewest = (struct fewest){foreign->runs, foreign->runs};
    for (size_t task = 0; task < foreign->tasks; task++) {
        size_t shadows = 0, targets = 0;
        for (size_t run = 0; run < foreign->runs; run++)
            if (last_of(files, run)->task == task)
                *(last_of(files, run)->target ? &targets : &shadows) += 1;
        files->fewest.shadows = shadows < files->fewest.shadows ? shadows : files->fewest.shadows;
        files->fewest.targets = targets < files->fewest.targets ? targets : files->fewest.targets;
    }
}

/* As many of each task are held out, and choose and control by turns; tasks begin with either in turn. before: shadow
 * trainings of the task so far. */
static enum part part_of_shadow(const struct files *files, size_t task, size_t before)
{
    if (before % RUNS_LEAST < RUNS_LEAST - 1 || before >= files->fewest.shadows)
        return PART_TEACHES;
    return (before / RUNS_LEAST + task) % 2 ? PART_CONTROLS : PART_CHOOSES;
}

static enum status deal(struct files *files)
{
    size_t tasks = files->foreign.tasks;
    SCOPED_MEM size_t *shadows = mem_new(tasks + 1, sizeof *shadows);
    SCOPED_MEM size_t *targets = mem_new(tasks + 1, sizeof *targets);
    if (!shadows || !targets)
        return ERR_MEMORY;
    TRY(list_runs(files));
    count_fewest(files);
    for (size_t run = 0; run < files->foreign.runs; run++) {
        const struct foreign_adapter *item = last_of(files, run);
        if (item->target)
            files->parts[run] = targets[item->task]++ < files->fewest.targets ? PART_ASKED : PART_SURPLUS;
        else
            files->parts[run] = part_of_shadow(files, item->task, shadows[item->task]++);
        files->runs[files->parts[run]]++;
    }
    return OK;
}

/* --- rows of a contest --- */

static bool is_row(const struct files *files, size_t i, enum part part)
{
    size_t run = files->foreign.items[i].run;
    return files->parts[run] == part && (part == PART_TEACHES || files->last[run] == i);
}

static enum status read_sketches(const char *folder, struct files *files, struct why *why)
{
    double sum = 0;
    size_t count = files->foreign.count;
    files->sketches = mem_new(count + 1, LORA_WIDTH * sizeof *files->sketches);
    if (!files->sketches)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        float *sketch = files->sketches + i * LORA_WIDTH;
        TRY(foreign_sketch(folder, &files->foreign, i, sketch, why));
        sum += sqrt(net_dot(sketch, sketch, LORA_WIDTH));
    }
    float scale = sum > 0 ? (float)(NORM * (double)count / sum) : 1;
    for (size_t i = 0; i < count * LORA_WIDTH; i++)
        files->sketches[i] *= scale;
    return OK;
}

/* The cosine with the nearest adapter that teaches, of every task. */
static void nearest_shadows(const struct files *files, const float *update, double *given)
{
    for (size_t task = 0; task < files->foreign.tasks; task++)
        given[task] = -1;
    for (size_t i = 0; i < files->foreign.count; i++) {
        if (!is_row(files, i, PART_TEACHES))
            continue;
        double *best = &given[files->foreign.items[i].task];
        double cosine = net_cosine(update, files->sketches + i * LORA_WIDTH, LORA_WIDTH);
        *best = cosine > *best ? cosine : *best;
    }
}

static void rows_free(struct rows *rows)
{
    mem_free(rows->updates);
    mem_free(rows->steps);
    mem_free(rows->given);
    mem_free(rows->truths);
}

static enum status rows_new(const struct files *files, const enum part *parts, size_t part_count, struct rows *rows)
{
    size_t most = files->foreign.count + 1, tasks = files->foreign.tasks;
    *rows = (struct rows){.updates = mem_new(most, LORA_WIDTH * sizeof *rows->updates),
                          .steps = mem_new(most, sizeof *rows->steps),
                          .given = mem_new(most, tasks * sizeof *rows->given),
                          .truths = mem_new(most, sizeof *rows->truths)};
    if (!rows->updates || !rows->steps || !rows->given || !rows->truths)
        return ERR_MEMORY;
    for (size_t part = 0; part < part_count; part++)
        for (size_t i = 0; i < files->foreign.count; i++) {
            if (!is_row(files, i, parts[part]))
                continue;
            float *update = rows->updates + rows->count * LORA_WIDTH;
            memcpy(update, files->sketches + i * LORA_WIDTH, LORA_WIDTH * sizeof *update);
            if (parts[part] != PART_TEACHES)
                nearest_shadows(files, update, rows->given + rows->count * tasks);
            rows->steps[rows->count] = (double)files->foreign.items[i].round;
            rows->truths[rows->count++] = files->foreign.items[i].task;
        }
    return OK;
}

/* --- contests --- */

struct outcomes {
    struct contest_outcome control, targets;
};

/* Both learn alike and choose on the same held-out adapters, so that the strongest is the same one. */
static enum status contest(const struct files *files, const struct audit_scope *scope, const struct rows *taught,
                           const float *codes, enum part asked_part, struct contest_outcome *out)
{
    struct random_seeded seeded;
    struct rows asked = {0};
    size_t epochs = STEPS / (taught->count + 1);
    enum status status = rows_new(files, (const enum part[]){PART_CHOOSES, asked_part}, 2, &asked);
    const struct contest contest = {
        .shadows = {taught->count, LORA_WIDTH, taught->updates, taught->steps, taught->truths},
        .privates = {files->foreign.tasks, CODE_WIDTH, codes},
        .pool = files->foreign.tasks,
        .epochs = epochs < EPOCHS_LEAST  ? EPOCHS_LEAST
                  : epochs > EPOCHS_MOST ? EPOCHS_MOST
                                         : epochs,
        .asked = asked.count,
        .choosing = files->runs[PART_CHOOSES],
        .updates = asked.updates,
        .steps = asked.steps,
        .truths = asked.truths,
        .given = asked.given,
    };
    if (status == OK)
        status = contest_run(&contest, random_seeded_start(&seeded, scope->seed), out);
    rows_free(&asked);
    return status;
}

static enum status run_contests(const struct files *files, const struct audit_scope *scope, struct outcomes *out)
{
    struct random_seeded seeded;
    struct rows taught = {0};
    size_t numbers = files->foreign.tasks * CODE_WIDTH;
    SCOPED_MEM float *codes = mem_new(numbers, sizeof *codes);
    if (!codes)
        return ERR_MEMORY;
    net_fill_normal(codes, numbers, random_seeded_start(&seeded, scope->seed));
    enum status status = rows_new(files, (const enum part[]){PART_TEACHES}, 1, &taught);
    if (status == OK)
        status = contest(files, scope, &taught, codes, PART_CONTROLS, &out->control);
    if (status == OK)
        status = contest(files, scope, &taught, codes, PART_ASKED, &out->targets);
    rows_free(&taught);
    return status;
}

/* --- results --- */

#define CLAIM(id, measured, chance)                                                                                    \
    {                                                                                                                  \
        .name = "reconstruction.files." id, .surface = SURFACE_ADAPTER,                                                \
        .target = "files of low-rank adapters that were given (--adapters)", .threat = THREAT_OUTSIDER,                \
        .knows = "the adapter, its round, the N tasks that it may have been trained on, and shadow adapters of each "  \
                 "by the same recipe; the strongest of nearest shadow, nearest mean, logistic model and variational "  \
                 "network, chosen on shadows that were held out",                                                      \
        .metric = measured, .unit = "training", .baseline = "chance, " chance ": the limit is ten points over it",     \
        .control = "shadow adapters that were held out", .needed = 0, .limit = .15, .tolerated = .15                   \
    }
enum { CLAIM_FIRST, CLAIM_TOP, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_FIRST] = CLAIM("first", "target trainings, as many of each task, whose task stands first", "1 in N"),
    [CLAIM_TOP] = CLAIM("top5", "target trainings, as many of each task, whose task is among the first five", "5 in N"),
};
static const char *const strongest[CONTEST_KINDS] = {
    [ADVERSARY_MATCHING] = "the strongest was the nearest mean of a task's shadows",
    [ADVERSARY_LOGISTIC] = "the strongest was the logistic model",
    [ADVERSARY_VAE] = "the strongest was the variational network",
    [CONTEST_GIVEN] = "the strongest was the nearest shadow",
};

/* Shadows that cannot be told apart themselves say nothing of the targets: no control, and no result. */
static enum status add(const struct files *files, const struct outcomes *outcomes, enum observed_hits which,
                       struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[which]);
    const struct contest_outcome *targets = &outcomes->targets, *control = &outcomes->control;
    struct observed_success held = observed_success(control, control->strongest, which);
    struct observed_success seen = observed_success(targets, targets->strongest, which);
    result.baseline = (which == OBSERVED_FIRST ? 1 : CONTEST_TOP) / (double)files->foreign.tasks;
    result.limit = result.tolerated = result.baseline + OBSERVED_OVER_CHANCE;
    result.note = "the shadows that were held out cannot be told apart either: nothing follows for the targets";
    result.control_value = (double)held.hits / (double)held.of;
    if (dp_proportion_interval(held.hits, held.of).low > result.limit) {
        audit_result_count(&result, seen.hits, seen.of);
        result.p = stat_binomial_tail(seen.hits, seen.of, result.baseline);
        result.control = CONTROL_PASSED;
        result.note = strongest[targets->strongest];
    }
    return audit_results_add(out, &result);
}

static const char *too_few(const struct files *files)
{
    if (files->foreign.tasks < POOL_LEAST)
        return "fewer than five tasks to choose among";
    if (files->fewest.shadows < RUNS_LEAST)
        return "a task has fewer than three shadow trainings";
    if (files->runs[PART_CONTROLS] < POOL_LEAST)
        return "fewer than five shadow trainings are left for the control";
    return files->runs[PART_ASKED] < TARGETS_LEAST ? "fewer than twenty target trainings, as many of each task" : NULL;
}

static enum status run_files(struct files *files, const struct audit_scope *scope, struct audit_results *out,
                             struct why *why)
{
    struct outcomes outcomes = {0};
    TRY(deal(files));
    const char *reason = too_few(files);
    if (reason)
        return audit_not_evaluated(out, claims, reason);
    TRY(read_sketches(scope->adapters, files, why));
    TRY(run_contests(files, scope, &outcomes));
    TRY(add(files, &outcomes, OBSERVED_FIRST, out));
    if (files->foreign.tasks >= 2 * CONTEST_TOP)
        TRY(add(files, &outcomes, OBSERVED_TOP, out));
    return audit_not_evaluated(out, claims, "fewer than ten tasks: the first five of so few say nothing");
}

static enum status run_adapter_files(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    char path[4096];
    SCOPED_BUF struct buf manifest = {0};
    struct files files = {0};
    if (!scope->adapters)
        return audit_not_evaluated(out, claims, "no adapters were given (--adapters)");
    TRY(path_join(path, sizeof path, scope->adapters, FOREIGN_MANIFEST));
    enum status status = file_read(path, FOREIGN_MANIFEST_MAX, &manifest);
    if (status != OK)
        return why_set(why, status, "no " FOREIGN_MANIFEST " to be read in it", "--adapters", 0);
    TRY(foreign_read(buf_bytes(&manifest), &files.foreign, why));
    status = run_files(&files, scope, out, why);
    foreign_free(&files.foreign);
    mem_free(files.parts);
    mem_free(files.last);
    mem_free(files.sketches);
    return status;
}

const struct attack attack_adapter_files = {
    .name = "adapter-files",
    .summary = "Do adapters that others trained give away which private task each was trained on?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = true,
    .claims = claims,
    .run = run_adapter_files,
};
