/* The three questions of WP29 (opinion 05/2014) about a library, as Anonymeter asks them (Giomi et al. 2023): can one
 * individual be singled out, can two data sets be linked through it, can an attribute be inferred? And, of one tenant:
 * which of two tasks was it?
 *
 * An individual is a task. In each world every task takes part by a coin, and each attack draws one target among those
 * that did and one among the held-out: the difference is what the release tells of its members beyond what it tells of
 * anybody. Worlds in which nothing was published say nothing. The control releases every record of the members under
 * the task's pseudonym, or with a canary of the task's. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/linkage/nearest.h"
#include "audits/statistics/risk.h"

#define WORLDS_QUICK 120
#define WORLDS_FULL 2500
#define RISK_LIMIT .1
#define RISK_NEEDED 1500
#define TERMS 3 /* of a predicate */
#define ATTEMPTS 50
#define TASKS_LEAST 4

enum question { SINGLE_OUT, SINGLE_OUT_TENANT, LINK, INFER, QUESTIONS };
enum side { ON_MEMBERS, ON_HELD_OUT, BY_CHANCE, RAW_ON_MEMBERS, RAW_ON_HELD_OUT, SIDES };
#define NUMBERS (QUESTIONS * SIDES + 2) /* and the attribute: of the library, of the control */

struct linkage {
    struct worlds *worlds;
    struct lessons *tasks, *marked; /* marked: with their canaries */
    size_t *tenant_of;              /* by task */
};
struct tables { /* of one world */
    struct table members, held_out, library;
};

/* --- singling out: a predicate that one insight alone fulfils, and one task alone, or the tasks of one tenant --- */

/* Terms of different rows: what the columns hold, put together by chance. */
static void draw_by_chance(const struct table *from, struct random random, struct predicate *out)
{
    struct predicate other;
    predicate_draw(from, (size_t)random_below(random, from->rows), RECORD_ALL, TERMS, random, out);
    for (size_t i = 1; i < out->count; i++) {
        uint32_t column = 1u << out->terms[i].column;
        predicate_draw(from, (size_t)random_below(random, from->rows), column, 1, random, &other);
        out->terms[i] = other.terms[0];
    }
}

static bool draw_single(const struct table *from, uint32_t columns, struct random random, struct predicate *out)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        predicate_draw(from, (size_t)random_below(random, from->rows), columns, TERMS, random, out);
        if (predicate_owners(out, from, NULL) == 1)
            return true;
    }
    return false;
}

/* Not tried until it is: the sides of what was released, and those of the control. */
static void start_sides(const struct tables *tables, double out[static SIDES])
{
    for (enum side side = 0; side < SIDES; side++)
        out[side] = side < RAW_ON_MEMBERS && tables->library.rows == 0 ? NAN : 0;
}

/* group: of each task its tenant, where tenants are the individuals; NULL where tasks are. */
static void single_out(const struct tables *tables, const size_t *group, struct random random, double out[static SIDES])
{
    struct predicate predicate;
    const struct table *members = &tables->members, *held_out = &tables->held_out;
    start_sides(tables, out);
    if (tables->library.rows > 0 && draw_single(&tables->library, RECORD_ALL, random, &predicate)) {
        out[ON_MEMBERS] = predicate_owners(&predicate, members, group) == 1;
        out[ON_HELD_OUT] = predicate_owners(&predicate, held_out, group) == 1;
    }
    if (tables->library.rows > 0) {
        draw_by_chance(&tables->library, random, &predicate);
        out[BY_CHANCE] = predicate_owners(&predicate, members, group) == 1;
    }
    if (draw_single(members, RECORD_ALL | RECORD_PSEUDONYM_ONLY, random, &predicate)) {
        out[RAW_ON_MEMBERS] = predicate_owners(&predicate, members, group) == 1;
        out[RAW_ON_HELD_OUT] = predicate_owners(&predicate, held_out, group) == 1;
    }
}

/* --- linkability, and inference of what was done --- */

/* A row of an individual drawn at random. */
static size_t draw_row(const struct table *table, struct random random)
{
    size_t owner = table->owner[random_below(random, table->rows)], picked = 0, seen = 0;
    for (size_t i = 0; i < table->rows; i++)
        if (table->owner[i] == owner && random_below(random, ++seen) == 0)
            picked = i;
    return picked;
}

static enum status link_and_infer(const struct tables *tables, struct random random, double *link, double *infer)
{
    const struct table *members = &tables->members, *held_out = &tables->held_out, *library = &tables->library;
    size_t in = draw_row(members, random), out = draw_row(held_out, random);
    const struct nearest targets[SIDES] = {
        [ON_MEMBERS] = {members, library, in},
        [ON_HELD_OUT] = {held_out, library, out},
        [RAW_ON_MEMBERS] = {members, members, in},
        [RAW_ON_HELD_OUT] = {held_out, members, out},
    };
    start_sides(tables, link);
    start_sides(tables, infer);
    for (enum side side = 0; side < SIDES; side++) {
        if (!targets[side].in || targets[side].in->rows == 0)
            continue;
        TRY(nearest_links(&targets[side], random, &link[side]));
        TRY(nearest_infers(&targets[side], random, &infer[side]));
    }
    if (library->rows == 0)
        return OK;
    link[BY_CHANCE] = random_below(random, library->rows) == 0;
    infer[BY_CHANCE] =
        nearest_secret(members, in) == nearest_secret(library, (size_t)random_below(random, library->rows));
    return OK;
}

/* --- an attribute of a tenant: which of two of its tasks took part --- */

static enum status infer_attribute(const struct linkage *run, const struct coins *coins, const struct library *library,
                                   struct random random, double *released, double *raw)
{
    struct lessons shown = {0}, all = {0};
    size_t in = coins_pick(run->worlds, coins, true, SIZE_MAX, random);
    size_t out = in == SIZE_MAX ? in : coins_pick(run->worlds, coins, false, run->worlds->tasks[in].tenant, random);
    if (out == SIZE_MAX)
        return OK;
    enum status status = lessons_of_library(library, &shown);
    if (status == OK)
        status = coins_raw(run->worlds, coins, SIZE_MAX, CANARY_OF_TASK, &all);
    if (status == OK && shown.count > 0)
        *released =
            choice_is_right(lessons_near(&run->tasks[in], &shown), lessons_near(&run->tasks[out], &shown), random);
    if (status == OK)
        *raw = choice_is_right(lessons_near(&run->marked[in], &all), lessons_near(&run->marked[out], &all), random);
    lessons_free(&shown);
    lessons_free(&all);
    return status;
}

/* --- a world --- */

static enum status attack_tables(const struct linkage *run, const struct coins *coins, const struct library *library,
                                 struct random random, double *out)
{
    struct tables tables = {0};
    enum status status = records_of_coins(run->worlds, coins, true, &tables.members);
    if (status == OK)
        status = records_of_coins(run->worlds, coins, false, &tables.held_out);
    if (status == OK)
        status = records_of_library(library, &tables.library);
    if (status == OK && tables.members.rows > 0 && tables.held_out.rows > 0) {
        single_out(&tables, NULL, random, &out[SINGLE_OUT * SIDES]);
        single_out(&tables, run->tenant_of, random, &out[SINGLE_OUT_TENANT * SIDES]);
        status = link_and_infer(&tables, random, &out[LINK * SIDES], &out[INFER * SIDES]);
    }
    table_free(&tables.members);
    table_free(&tables.held_out);
    table_free(&tables.library);
    return status;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    const struct linkage *run = context;
    struct coins coins = {0};
    struct library library = {0};
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = NAN;
    TRY(worlds_begin(run->worlds, random));
    enum status status = coins_draw(run->worlds, random, &coins);
    if (status == OK)
        status = coins_share(run->worlds, &coins, SIZE_MAX);
    if (status == OK)
        status = worlds_round(run->worlds, &library);
    if (status == OK)
        status = attack_tables(run, &coins, &library, random, out);
    if (status == OK)
        status = infer_attribute(run, &coins, &library, random, &out[NUMBERS - 2], &out[NUMBERS - 1]);
    library_free(&library);
    coins_free(&coins);
    return status;
}

/* --- results --- */

#define RISK_CLAIM(id, knowing, measured)                                                                              \
    {                                                                                                                  \
        .name = "linkage." id, .surface = SURFACE_LIBRARY, .target = "the published library",                          \
        .threat = THREAT_OUTSIDER, .knows = knowing, .metric = measured, .unit = "world",                              \
        .baseline = "a guess from the library's own values by chance",                                                 \
        .control = "the same attack on a release of every record under its task's pseudonym", .needed = RISK_NEEDED,   \
        .limit = RISK_LIMIT, .tolerated = RISK_LIMIT                                                                   \
    }

static const struct audit_claim claims[QUESTIONS + 2] = {
    [SINGLE_OUT] = RISK_CLAIM("single-out", "the library",
                              "predicates of one insight that hold for one task alone, beyond the held-out"),
    [SINGLE_OUT_TENANT] = RISK_CLAIM("single-out.tenant", "the library",
                                     "predicates of one insight that hold for one tenant alone, beyond the held-out"),
    [LINK] = RISK_CLAIM("link", "the library, and of a task its situation in one data set and its actions in another",
                        "tasks whose two halves have one nearest insight, beyond the held-out"),
    [INFER] = RISK_CLAIM("infer", "the library, and the situation of a task",
                         "tasks whose action is that of the nearest insight, beyond the held-out"),
    [QUESTIONS] = {.name = "linkage.attribute",
                   .surface = SURFACE_LIBRARY,
                   .target = "the published library",
                   .threat = THREAT_TENANT,
                   .knows = "the library, and two tasks of a tenant, one of which took part",
                   .metric = "right ones of two tasks named",
                   .unit = "world",
                   .baseline = "a coin",
                   .control = "the same choice from a release of every record, with a canary of its task's",
                   .needed = CHOICE_NEEDED,
                   .limit = CHOICE_LIMIT,
                   .tolerated = CHOICE_LIMIT},
};

static enum status report_question(enum question question, const double *outcomes, size_t worlds,
                                   struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[question]);
    struct tally sides[SIDES];
    for (size_t s = 0; s < SIDES; s++)
        sides[s] = tally_of(outcomes, question * SIDES + s, NUMBERS, worlds);
    size_t tried = sides[ON_MEMBERS].tried;
    struct rates raw = {sides[RAW_ON_MEMBERS].hits, sides[RAW_ON_HELD_OUT].hits, sides[RAW_ON_MEMBERS].tried};
    audit_result_risk(&result, sides[ON_MEMBERS].hits, sides[ON_HELD_OUT].hits, tried);
    struct interval control = stat_risk_interval(&raw, .025);
    if (!isnan(stat_risk(&raw)))
        audit_result_control(&result, stat_risk(&raw), control.low, control.high, RISK_LIMIT);
    result.baseline = tried ? (double)sides[BY_CHANCE].hits / (double)tried : NAN;
    const char *note = isnan(result.control_value)
                           ? "what is asked for follows for every task from what others teach: nothing is anybody's own"
                           : "what holds for the held-out as well is what the library is for; the baseline is a rate";
    result.note = coins_note(out, note, tried, worlds);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status report(const double *outcomes, size_t worlds, struct audit_results *out)
{
    for (enum question q = 0; q < QUESTIONS; q++)
        TRY(report_question(q, outcomes, worlds, out));
    struct audit_result result = audit_result_start(&claims[QUESTIONS]);
    struct tally tally = tally_of(outcomes, NUMBERS - 2, NUMBERS, worlds);
    choice_result(&result, tally, tally_of(outcomes, NUMBERS - 1, NUMBERS, worlds));
    result.note =
        coins_note(out, "whoever knows both tasks names the one that is nearer to what is shown", tally.tried, worlds);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status run_worlds(struct linkage *run, const struct audit_scope *scope, struct audit_results *out)
{
    SCOPED_MEM double *outcomes = NULL;
    struct trials trials = {.name = "linkage",
                            .count = scope->full ? WORLDS_FULL : WORLDS_QUICK,
                            .numbers = NUMBERS,
                            .parameters = worlds_parameters(run->worlds, 1),
                            .place = TRIAL_FORKED,
                            .run = run_world,
                            .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    return report(outcomes, trials.count, out);
}

static enum status list_tenants(struct linkage *run)
{
    run->tenant_of = mem_new(run->worlds->task_count, sizeof *run->tenant_of);
    if (!run->tenant_of)
        return ERR_MEMORY;
    for (size_t t = 0; t < run->worlds->task_count; t++)
        run->tenant_of[t] = run->worlds->tasks[t].tenant;
    TRY(lessons_of_tasks(run->worlds, &run->tasks));
    return lessons_of_marked_tasks(run->worlds, CANARY_OF_TASK, &run->marked);
}

static enum status run_linkage(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct worlds worlds;
    struct linkage run = {.worlds = &worlds};
    TRY(worlds_open(scope, NULL, 0, &worlds, why));
    enum status status = OK;
    if (worlds.task_count < TASKS_LEAST)
        status = audit_not_evaluated(out, claims, "too few tasks gave a contribution: worlds would not differ");
    else
        status = list_tenants(&run);
    if (status == OK && run.marked)
        status = run_worlds(&run, scope, out);
    mem_free(run.tenant_of);
    lessons_free_tasks(run.tasks, worlds.task_count);
    lessons_free_tasks(run.marked, worlds.task_count);
    worlds_close(&worlds);
    return coins_refused(status, claims, out);
}

const struct attack attack_linkage = {
    .name = "linkage",
    .summary = "Can one task be singled out, linked or inferred from the library?",
    .paper = "Giomi, Boenisch, Wehmeyer & Tasnadi 2023, A Unified Framework for Quantifying Privacy Risk in Synthetic "
             "Data; Article 29 Working Party, Opinion 05/2014; Cohen & Nissim 2020",
    .family = FAMILY_LINKAGE,
    .quick = true,
    .quick_seconds = 3,
    .full_seconds = 45,
    .claims = claims,
    .run = run_linkage,
};
