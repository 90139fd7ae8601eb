/* What many small releases tell together. Linkage across rounds: two versions in a row each bring what one member newly
 * shared; was it the same member? Composition: tasks come in one by one over several rounds; does whoever kept every
 * version tell whether a task was among them, and the better the more versions there are? */
#include <math.h>

#include "audits/attacks.h"
#include "audits/linkage/coins.h"
#include "audits/statistics/statistics.h"
#include "base/hash.h"

#define WORLDS_QUICK 60 /* of each attack, half of them on each side */
#define WORLDS_FULL 1400
#define VERSIONS 5 /* of the composition */
#define TASKS_LEAST 6
#define NEEDED 1400   /* about 700 on a side */
#define SIDE_LEAST 10 /* series on a side: DeLong's interval is for many */
#define PAIR_SEED 0x9a12

struct rounds {
    struct worlds *worlds;
    struct lessons *tasks, *marked; /* marked: with their canaries */
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
    TRY(coins_raw(worlds, &meeting->one, meeting->first, CANARY_OF_TENANT, &meeting->raw[0]));
    return coins_raw(worlds, &meeting->two, meeting->second, CANARY_OF_TENANT, &meeting->raw[1]);
}

/* Nothing new in either version: nothing to be linked. */
static double near_of(const struct lessons news[static 2])
{
    return news[0].count > 0 && news[1].count > 0 ? lessons_near(&news[1], &news[0]) : NAN;
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
        out[LINK_RELEASED] = near_of(meeting.news);
        out[LINK_RAW] = near_of(meeting.raw);
    }
    meeting_free(&meeting);
    return status;
}

/* --- composition --- */

enum { COMPOSE_RAW = VERSIONS, COMPOSE_SHOWN, COMPOSE_NUMBERS }; /* nearness, version by version; insights, of all */

/* Two trials are a pair: one series with the target and the same without it, in all that is drawn. */
static struct random draw_as_pair(const struct audit_scope *scope, size_t trial, struct random_seeded *seeded)
{
    uint64_t numbers[] = {scope->seed, trial / 2};
    return random_seeded_start(seeded, hash_mix64(bytes_of(numbers, sizeof numbers), PAIR_SEED));
}

/* Before which round each task is shared; VERSIONS and more: never. Half of them are never, on average. */
static void draw_rounds(size_t count, size_t target, bool member, struct random random, size_t *rounds)
{
    size_t its_own = (size_t)random_below(random, VERSIONS);
    for (size_t t = 0; t < count; t++)
        rounds[t] = (size_t)random_below(random, 2 * VERSIONS);
    rounds[target] = member ? its_own : VERSIONS;
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
        out[COMPOSE_SHOWN] += (double)news.count;
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
            best = fmax(best, lessons_near(&run->marked[target], &run->marked[t]));
    return best;
}

static enum status run_compose(void *context, size_t trial, struct random apart, double *out)
{
    (void)apart;
    const struct rounds *run = context;
    struct random_seeded seeded;
    struct random random = draw_as_pair(run->worlds->scope, trial, &seeded);
    size_t count = run->worlds->task_count, target = (size_t)random_below(random, count);
    SCOPED_MEM size_t *rounds = mem_new(count, sizeof *rounds);
    if (!rounds)
        return ERR_MEMORY;
    draw_rounds(count, target, trial % 2, random, rounds);
    TRY(worlds_begin(run->worlds, random));
    out[COMPOSE_SHOWN] = 0;
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
                    "the same of the records of both rounds, with a canary of their member's"),
    [CLAIM_COMPOSITION] = ROUND_CLAIM("composition", THREAT_TENANT, "every version, and the task's candidates",
                                      "area under the ROC of series with against series without a task",
                                      "the same series without the task: one half",
                                      "the same of the records of all versions, each with a canary"),
};

struct column { /* a number of each trial; NAN: there was nothing to look at */
    const double *outcomes;
    size_t number, numbers, count;
};

/* Odd trials are the members, even ones the others. *samples: those that have the number; 0 where too few of a side
 * have it, and then there is no area. */
static enum status area(const struct column *column, struct auc *out, size_t *samples)
{
    size_t sizes[2] = {0};
    SCOPED_MEM double *sides = mem_new(2 * column->count + 1, sizeof *sides);
    if (!sides)
        return ERR_MEMORY;
    for (size_t i = 0; i < column->count; i++) {
        double value = column->outcomes[i * column->numbers + column->number];
        size_t side = i % 2 == 0;
        if (!isnan(value))
            sides[side * column->count + sizes[side]++] = value;
    }
    *samples = sizes[0] < SIDE_LEAST || sizes[1] < SIDE_LEAST ? 0 : sizes[0] + sizes[1];
    *out = (struct auc){0};
    return *samples ? stat_auc(sides, sizes[0], sides + column->count, sizes[1], out) : OK;
}

static enum status set_area(struct audit_result *result, const struct column *released, size_t raw)
{
    struct auc auc;
    struct column control = *released;
    control.number = raw;
    result->baseline = .5;
    TRY(area(released, &auc, &result->samples));
    if (result->samples) {
        result->kind = INTERVAL_NORMAL;
        result->value = auc.value;
        result->low = auc.interval.low;
        result->high = auc.interval.high;
    }
    size_t samples = 0;
    TRY(area(&control, &auc, &samples));
    if (samples)
        audit_result_control(result, auc.value, auc.interval.low, auc.interval.high, CHOICE_LIMIT);
    return OK;
}

static enum status report_rounds(double *outcomes, size_t count, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_ROUNDS]);
    const struct column released = {outcomes, LINK_RELEASED, LINK_NUMBERS, count};
    TRY(set_area(&result, &released, LINK_RAW));
    result.note = coins_note(out, "members in fields of their own are linked by what their news are about",
                             result.samples, count);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
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
        size_t samples = 0;
        const struct column column = {outcomes, r, COMPOSE_NUMBERS, count};
        double *row = &plot->rows[4 * plot->points++];
        TRY(area(&column, &auc, &samples));
        row[0] = (double)r + 1;
        row[1] = auc.value;
        row[2] = auc.interval.low;
        row[3] = auc.interval.high;
    }
    return OK;
}

/* A pair in which neither series showed anything says nothing. One of the two showing something does: that nothing came
 * is then what tells the other. */
static void drop_silent(double *outcomes, size_t count)
{
    for (size_t i = 0; i + 1 < count; i += 2) {
        double *one = &outcomes[i * COMPOSE_NUMBERS], *other = one + COMPOSE_NUMBERS;
        for (size_t r = 0; r < VERSIONS && one[COMPOSE_SHOWN] + other[COMPOSE_SHOWN] == 0; r++)
            one[r] = other[r] = NAN;
    }
}

static enum status report_composition(double *outcomes, size_t count, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_COMPOSITION]);
    const struct column released = {outcomes, VERSIONS - 1, COMPOSE_NUMBERS, count};
    drop_silent(outcomes, count);
    TRY(set_area(&result, &released, COMPOSE_RAW));
    result.note = coins_note(out, "with all versions; the plot shows it with the first, the first two, and so on",
                             result.samples, count);
    TRY(result.note ? OK : ERR_MEMORY);
    if (result.samples == 0)
        return audit_results_add(out, &result);
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
    enum status (*report)(double *outcomes, size_t count, struct audit_results *out);
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
    if (status == OK && run.tasks)
        status = lessons_of_marked_tasks(&worlds, CANARY_OF_TASK, &run.marked);
    for (size_t i = 0; i < CLAIMS && status == OK && run.marked; i++)
        status = run_series(&run, scope, &series[i], out);
    lessons_free_tasks(run.tasks, worlds.task_count);
    lessons_free_tasks(run.marked, worlds.task_count);
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
