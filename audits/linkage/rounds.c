/* What many small releases tell together. Linkage across rounds: two versions in a row each bring what one member newly
 * shared; was it the same member? Composition: tasks come in one by one over several rounds; does whoever kept every
 * version tell whether a task was among them, and the better the more versions there are? */
#include <math.h>

#include "audits/attacks.h"
#include "audits/linkage/coins.h"
#include "audits/statistics/statistics.h"

#define WORLDS_QUICK 60 /* of each attack, half of them on each side */
#define WORLDS_FULL 1400
#define VERSIONS 5 /* of the composition */
#define TASKS_LEAST 6
#define NEEDED 1400 /* about 700 on a side */

struct rounds {
    struct worlds *worlds;
    struct lessons *tasks;
};

/* --- across rounds --- */

enum { LINK_RELEASED, LINK_RAW, LINK_NUMBERS };
struct meeting {
    size_t first, second; /* who shared newly before the second round, and before the third */
    struct coins start, one, two;
    struct library libraries[3];
    struct lessons news[2], raw[2];
};

static void meeting_free(struct meeting *meeting)
{
    coins_free(&meeting->start);
    coins_free(&meeting->one);
    coins_free(&meeting->two);
    for (size_t i = 0; i < 2; i++) {
        lessons_free(&meeting->news[i]);
        lessons_free(&meeting->raw[i]);
    }
    for (size_t i = 0; i < 3; i++)
        library_free(&meeting->libraries[i]);
}

/* Half of all tasks are there from the start; each of the others is for one of the two rounds. */
static enum status draw_meeting(const struct worlds *worlds, bool same, struct random random, struct meeting *out)
{
    size_t tenants = worlds->scope->tenant_count;
    out->first = (size_t)random_below(random, tenants);
    out->second = same ? out->first : (out->first + 1 + (size_t)random_below(random, tenants - 1)) % tenants;
    TRY(coins_draw(worlds, random, &out->start));
    TRY(coins_draw(worlds, random, &out->one));
    TRY(coins_draw(worlds, random, &out->two));
    for (size_t t = 0; t < worlds->task_count; t++) {
        out->two.in[t] = !out->start.in[t] && !out->one.in[t];
        out->one.in[t] = !out->start.in[t] && out->one.in[t];
    }
    return OK;
}

static enum status meet(struct worlds *worlds, struct meeting *meeting)
{
    struct library *libraries = meeting->libraries;
    TRY(coins_share(worlds, &meeting->start, SIZE_MAX));
    TRY(worlds_round(worlds, &libraries[0]));
    TRY(coins_share(worlds, &meeting->one, meeting->first));
    TRY(worlds_round(worlds, &libraries[1]));
    TRY(coins_share(worlds, &meeting->two, meeting->second));
    TRY(worlds_round(worlds, &libraries[2]));
    TRY(lessons_of_difference(&libraries[1], &libraries[0], &meeting->news[0]));
    TRY(lessons_of_difference(&libraries[2], &libraries[1], &meeting->news[1]));
    TRY(coins_lessons(worlds, &meeting->one, true, meeting->first, &meeting->raw[0]));
    return coins_lessons(worlds, &meeting->two, true, meeting->second, &meeting->raw[1]);
}

static enum status run_link(void *context, size_t trial, struct random random, double *out)
{
    const struct rounds *run = context;
    struct meeting meeting = {0};
    TRY(worlds_begin(run->worlds, random));
    enum status status = draw_meeting(run->worlds, trial % 2, random, &meeting);
    if (status == OK)
        status = meet(run->worlds, &meeting);
    if (status == OK) {
        out[LINK_RELEASED] = lessons_near(&meeting.news[1], &meeting.news[0]);
        out[LINK_RAW] = (meeting.first == meeting.second) + lessons_near(&meeting.raw[1], &meeting.raw[0]);
    }
    meeting_free(&meeting);
    return status;
}

/* --- composition --- */

enum { COMPOSE_RAW = VERSIONS, COMPOSE_NUMBERS };

/* Before which round each task is shared; VERSIONS and more: never. Half of them are never, on average. */
static void draw_rounds(size_t count, size_t target, bool member, struct random random, size_t *rounds)
{
    for (size_t t = 0; t < count; t++)
        rounds[t] = (size_t)random_below(random, 2 * VERSIONS);
    rounds[target] = member ? (size_t)random_below(random, VERSIONS) : VERSIONS;
}

static enum status share_round(const struct rounds *run, const size_t *rounds, size_t round)
{
    for (size_t t = 0; t < run->worlds->task_count; t++)
        if (rounds[t] == round)
            TRY(worlds_share(run->worlds, run->worlds->tasks[t].tenant, &run->worlds->tasks[t]));
    return OK;
}

/* How near any version's news came to the target, after each version. */
static enum status compose(const struct rounds *run, const size_t *rounds, size_t target, double *out)
{
    struct library libraries[VERSIONS + 1] = {0};
    double best = 0;
    enum status status = OK;
    for (size_t r = 0; r < VERSIONS && status == OK; r++) {
        struct lessons news = {0};
        status = share_round(run, rounds, r);
        if (status == OK)
            status = worlds_round(run->worlds, &libraries[r + 1]);
        if (status == OK)
            status = lessons_of_difference(&libraries[r + 1], &libraries[r], &news);
        best = fmax(best, lessons_near(&run->tasks[target], &news));
        out[r] = best;
        lessons_free(&news);
    }
    for (size_t r = 0; r <= VERSIONS; r++)
        library_free(&libraries[r]);
    return status;
}

/* The control: the records of all that were shared, and a canary of the target's. */
static double compose_raw(const struct rounds *run, const size_t *rounds, size_t target)
{
    double best = 0;
    for (size_t t = 0; t < run->worlds->task_count; t++)
        if (rounds[t] < VERSIONS)
            best = fmax(best, (t == target) + lessons_near(&run->tasks[target], &run->tasks[t]));
    return best;
}

static enum status run_compose(void *context, size_t trial, struct random random, double *out)
{
    const struct rounds *run = context;
    size_t count = run->worlds->task_count, target = (size_t)random_below(random, count);
    SCOPED_MEM size_t *rounds = mem_new(count, sizeof *rounds);
    if (!rounds)
        return ERR_MEMORY;
    draw_rounds(count, target, trial % 2, random, rounds);
    TRY(worlds_begin(run->worlds, random));
    TRY(compose(run, rounds, target, out));
    out[COMPOSE_RAW] = compose_raw(run, rounds, target);
    return OK;
}

/* --- results --- */

#define ROUND_CLAIM(id, whom, knowing, measured, based, controlled)                                                    \
    {                                                                                                                  \
        .name = "linkage." id, .surface = SURFACE_DIFFERENCE, .target = "library versions one after another",          \
        .threat = whom, .knows = knowing, .metric = measured, .unit = "series of versions", .baseline = based,         \
        .control = controlled, .needed = NEEDED, .limit = CHOICE_LIMIT, .tolerated = CHOICE_LIMIT                      \
    }

enum { CLAIM_ROUNDS, CLAIM_COMPOSITION, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_ROUNDS] =
        ROUND_CLAIM("rounds", THREAT_OUTSIDER, "three versions, and that one member newly shared before each",
                    "area under the ROC of one member in both rounds against two members", "two members: one half",
                    "the records of both rounds under their members' pseudonyms"),
    [CLAIM_COMPOSITION] =
        ROUND_CLAIM("composition", THREAT_TENANT, "every version, and the task's candidates",
                    "area under the ROC of series with against series without a task",
                    "series without the task: one half", "the records of all versions, and a canary of the target's"),
};

/* Odd trials are the members, even ones the others; numbers a trial. */
static enum status area(const double *outcomes, size_t number, size_t numbers, size_t count, struct auc *out)
{
    size_t half = count / 2;
    SCOPED_MEM double *sides = mem_new(2 * half + 1, sizeof *sides);
    if (!sides)
        return ERR_MEMORY;
    for (size_t i = 0; i < 2 * half; i++)
        sides[(i % 2 ? 0 : half) + i / 2] = outcomes[i * numbers + number];
    return stat_auc(sides, half, sides + half, half, out);
}

static enum status set_area(struct audit_result *result, const double *outcomes, size_t number, size_t raw,
                            size_t numbers, size_t count)
{
    struct auc auc, control;
    TRY(area(outcomes, number, numbers, count, &auc));
    TRY(area(outcomes, raw, numbers, count, &control));
    result->samples = count / 2 * 2;
    result->kind = INTERVAL_NORMAL;
    result->value = auc.value;
    result->low = auc.interval.low;
    result->high = auc.interval.high;
    result->baseline = .5;
    audit_result_control(result, control.value, control.interval.low, control.interval.high, CHOICE_LIMIT);
    return OK;
}

static enum status report_rounds(const double *outcomes, size_t count, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_ROUNDS]);
    TRY(set_area(&result, outcomes, LINK_RELEASED, LINK_RAW, LINK_NUMBERS, count));
    result.note = "members in fields of their own are linked by what their news are about";
    return audit_results_add(out, &result);
}

static enum status plot_versions(const double *outcomes, size_t count, struct audit_plot *plot)
{
    *plot = (struct audit_plot){.kind = PLOT_FRONTIER,
                                .x = "library versions kept",
                                .y = "area under the ROC",
                                .rows = mem_new((size_t)VERSIONS * 4, sizeof(double))};
    if (!plot->rows)
        return ERR_MEMORY;
    for (size_t r = 0; r < VERSIONS; r++) {
        struct auc auc;
        double *row = &plot->rows[4 * plot->points++];
        TRY(area(outcomes, r, COMPOSE_NUMBERS, count, &auc));
        row[0] = (double)r + 1;
        row[1] = auc.value;
        row[2] = auc.interval.low;
        row[3] = auc.interval.high;
    }
    return OK;
}

static enum status report_composition(const double *outcomes, size_t count, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_COMPOSITION]);
    TRY(set_area(&result, outcomes, VERSIONS - 1, COMPOSE_RAW, COMPOSE_NUMBERS, count));
    result.note = "with all versions; the plot shows it with the first, the first two, and so on";
    enum status status = plot_versions(outcomes, count, &result.plot);
    if (status == OK)
        return audit_results_add(out, &result);
    mem_free(result.plot.rows);
    return status;
}

static const struct series { /* of trials */
    const char *name;
    size_t numbers;
    enum status (*run)(void *context, size_t trial, struct random random, double *out);
    enum status (*report)(const double *outcomes, size_t count, struct audit_results *out);
} series[CLAIMS] = {
    [CLAIM_ROUNDS] = {"linkage.rounds", LINK_NUMBERS, run_link, report_rounds},
    [CLAIM_COMPOSITION] = {"linkage.composition", COMPOSE_NUMBERS, run_compose, report_composition},
};

static enum status run_series(struct rounds *run, const struct audit_scope *scope, const struct series *which,
                              struct audit_results *out)
{
    SCOPED_MEM double *outcomes = NULL;
    struct trials trials = {.name = which->name,
                            .count = scope->full ? WORLDS_FULL : WORLDS_QUICK,
                            .numbers = which->numbers,
                            .parameters = worlds_parameters(run->worlds, VERSIONS),
                            .place = TRIAL_FORKED,
                            .run = which->run,
                            .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    return which->report(outcomes, trials.count, out);
}

static enum status run_rounds(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct worlds worlds;
    struct rounds run = {.worlds = &worlds};
    TRY(worlds_open(scope, NULL, 0, &worlds, why));
    enum status status = OK;
    if (scope->tenant_count < 2 || worlds.task_count < TASKS_LEAST)
        status = audit_not_evaluated(out, claims, "too few members or tasks for several rounds");
    else
        status = lessons_of_tasks(&worlds, &run.tasks);
    for (size_t i = 0; i < CLAIMS && status == OK && run.tasks; i++)
        status = run_series(&run, scope, &series[i], out);
    lessons_free_tasks(run.tasks, worlds.task_count);
    worlds_close(&worlds);
    return coins_refused(status, claims, out);
}

const struct attack attack_rounds = {
    .name = "rounds",
    .summary = "Do many versions of the library tell together what one alone does not?",
    .paper = "",
    .family = FAMILY_LINKAGE,
    .quick = false,
    .full_seconds = 120,
    .claims = claims,
    .run = run_rounds,
};
