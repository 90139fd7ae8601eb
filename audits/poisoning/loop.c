/* The loop library -> agent -> next trace. k members hold a habit that does nothing for its case, and it is published.
 * Agents of other members meet the case in every period; one that is shown the habit follows it with some chance, and
 * what it did then stands in its next trace, which its own client reads, scrubs, distils and sends. Then the authors
 * are erased. Does the habit stand by itself, some rounds later? With f = 0 it cannot. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/poisoning/habit.h"
#include "audits/poisoning/poison.h"
#include "dp/proportion.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define RUNS 2          /* of an agent in a period */
#define AGENTS_PER_K 2  /* so many times k members follow or do not */
#define PERIODS_WITH 2  /* that the authors are there for */
#define PERIODS_AFTER 4 /* rounds without them */
#define PERIODS (PERIODS_WITH + PERIODS_AFTER)
#define VARIANTS ((RUNS + 1) * (RUNS + 2) / 2) /* of how many followed and how many of those succeeded */
#define LIMIT .02
#define CONTROL_LEAST .9

enum { CLAIM_USELESS, CLAIM_POOR, CLAIM_HARMFUL };
static const struct audit_claim claims[] = {
    [CLAIM_USELESS] = {.name = "poison.loop",
                       .surface = SURFACE_LIBRARY,
                       .target = "what the library says when its authors have gone",
                       .threat = THREAT_QUORUM,
                       .knows = "k members held a useless habit; agents follow what they are shown half of the time",
                       .metric = "worlds in which it stands four rounds after its authors' erasure / worlds",
                       .unit = "world",
                       .baseline = "the same where no agent follows what it is shown",
                       .control = "it stands while its authors are members",
                       .needed = 183,
                       .limit = LIMIT,
                       .expected = true},
    [CLAIM_POOR] = {.name = "poison.loop.poor",
                    .surface = SURFACE_LIBRARY,
                    .target = "what the library says when its authors have gone",
                    .threat = THREAT_QUORUM,
                    .knows = "the same of a habit with which every other run fails",
                    .metric = "worlds in which it stands four rounds after its authors' erasure / worlds",
                    .unit = "world",
                    .baseline = "the same where no agent follows what it is shown",
                    .control = "it stands while its authors are members",
                    .needed = 183,
                    .limit = LIMIT,
                    .expected = true},
    [CLAIM_HARMFUL] = {.name = "poison.loop.harmful",
                       .surface = SURFACE_LIBRARY,
                       .target = "what the library says when its authors have gone",
                       .threat = THREAT_QUORUM,
                       .knows = "the same of a habit with which every run fails; agents always follow it",
                       .metric = "worlds in which it stands four rounds after its authors' erasure / worlds",
                       .unit = "world",
                       .baseline = "",
                       .control = "a useless one that agents always follow stands",
                       .needed = 183,
                       .limit = LIMIT},
    {0},
};

/* What the agents do with what they are shown. */
struct habit {
    double follow, work; /* chance that a run follows it, and that such a run succeeds */
};
static const struct arm {
    struct habit habit;
    size_t quick, full; /* worlds */
} arms[] = {
    {{0, 1}, 2, 40},   {{.1, 1}, 1, 40}, {{.25, 1}, 1, 40},  {{.5, 1}, 4, 190},
    {{.75, 1}, 1, 40}, {{1, 1}, 2, 40},  {{.5, .5}, 5, 190}, {{1, 0}, 3, 190},
};
enum { ARM_NEVER, ARM_HALF = 3, ARM_ALWAYS = 5, ARM_POOR, ARM_HARMFUL };
#define CURVE 6 /* the first arms, by chance of following */

struct loop {
    struct worlds worlds;
    size_t authors, agents;
    bool full;
    struct prepared *halves; /* of each author; then of each agent, period and variant */
};
enum { NUMBER_BEFORE, NUMBER_AFTER, NUMBERS };

/* --- client halves --- */

static size_t half_count(const struct loop *run)
{
    return run->authors + run->agents * PERIODS * VARIANTS;
}

static size_t variant_of(size_t followed, size_t worked)
{
    return followed * (followed + 1) / 2 + worked;
}

static struct prepared *half_of(const struct loop *run, size_t agent, size_t period, size_t variant)
{
    return &run->halves[run->authors + (agent * PERIODS + period) * VARIANTS + variant];
}

static enum status prepare(const struct loop *run, const char *name, size_t first_task, const struct habit_runs *counts,
                           struct prepared *out)
{
    struct audit_scope made = {0};
    SCOPED_BUF struct buf file = {0};
    habit_write(first_task, counts, &file);
    enum status status = buf_status(&file);
    if (status == OK)
        status = audit_scope_tenant(&made, name);
    if (status == OK)
        status = audit_scope_file(&made, 0, "runs.jsonl", buf_bytes(&file));
    if (status == OK)
        status = world_prepare(&made.tenants[0], &run->worlds.policy, SCRUB_ON, EXTRACT_REAL, run->worlds.scope->seed,
                               out, NULL);
    audit_scope_free(&made);
    return status;
}

static enum status prepare_agent(struct loop *run, size_t agent)
{
    char name[32];
    snprintf(name, sizeof name, "agent %zu", agent);
    for (size_t period = 0; period < PERIODS; period++)
        for (size_t followed = 0; followed <= RUNS; followed++)
            for (size_t worked = 0; worked <= followed; worked++) {
                const struct habit_runs counts = {RUNS, followed, worked};
                TRY(prepare(run, name, 1 + period * RUNS, &counts,
                            half_of(run, agent, period, variant_of(followed, worked))));
            }
    return OK;
}

static enum status prepare_all(struct loop *run)
{
    run->halves = mem_new(half_count(run), sizeof *run->halves);
    if (!run->halves)
        return ERR_MEMORY;
    for (size_t a = 0; a < run->authors; a++) {
        char name[32];
        snprintf(name, sizeof name, "author %zu", a);
        TRY(prepare(run, name, 1, &(struct habit_runs){RUNS, RUNS, RUNS}, &run->halves[a]));
    }
    for (size_t agent = 0; agent < run->agents; agent++)
        TRY(prepare_agent(run, agent));
    return OK;
}

/* --- a world --- */

static enum status share(struct loop *run, size_t member, const struct prepared *half)
{
    for (size_t i = 0; i < half->count; i++)
        TRY(worlds_share_item(&run->worlds, run->worlds.scope->tenant_count + member, &half->items[i]));
    return OK;
}

static size_t draw(double chance, size_t of, struct random random)
{
    size_t hits = 0;
    for (size_t i = 0; i < of; i++)
        hits += random_unit(random) < chance;
    return hits;
}

/* Each agent's runs of a period, with the library that it had. */
static enum status live(struct loop *run, const struct habit *habit, size_t period, bool is_shown, struct random random)
{
    for (size_t agent = 0; agent < run->agents; agent++) {
        size_t followed = is_shown ? draw(habit->follow, RUNS, random) : 0;
        size_t worked = draw(habit->work, followed, random);
        TRY(share(run, run->authors + agent, half_of(run, agent, period, variant_of(followed, worked))));
    }
    return OK;
}

static enum status round_of(struct loop *run, bool *is_shown)
{
    struct library library = {0};
    TRY(worlds_round(&run->worlds, &library));
    *is_shown = poison_is_shown(&library, HABIT_PHRASE);
    library_free(&library);
    return OK;
}

static enum status erase_authors(struct loop *run)
{
    for (size_t a = 0; a < run->authors; a++) {
        char name[32];
        snprintf(name, sizeof name, "colluder %zu", a + 1); /* as worlds_open enrols them */
        TRY(world_operate(run->worlds.base, name, WORLD_ERASURE));
    }
    return OK;
}

static enum status run_loop(struct loop *run, const struct habit *habit, struct random random, double *out)
{
    bool is_shown = false;
    for (size_t a = 0; a < run->authors; a++)
        TRY(share(run, a, &run->halves[a]));
    TRY(round_of(run, &is_shown));
    out[NUMBER_BEFORE] = is_shown;
    for (size_t period = 0; period < PERIODS; period++) {
        TRY(live(run, habit, period, is_shown, random));
        if (period + 1 == PERIODS_WITH)
            TRY(erase_authors(run));
        TRY(round_of(run, &is_shown));
    }
    out[NUMBER_AFTER] = is_shown;
    return OK;
}

static size_t worlds_of(const struct loop *run, size_t arm)
{
    return run->full ? arms[arm].full : arms[arm].quick;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct loop *run = context;
    size_t arm = 0;
    while (trial >= worlds_of(run, arm))
        trial -= worlds_of(run, arm++);
    TRY(worlds_begin(&run->worlds, random));
    return run_loop(run, &arms[arm].habit, random, out);
}

/* --- results --- */

struct ending {
    size_t worlds, before, after;
};

static void sum_arms(const struct loop *run, const double *numbers, struct ending out[static COUNT(arms)])
{
    for (size_t arm = 0; arm < COUNT(arms); arm++) {
        out[arm] = (struct ending){.worlds = worlds_of(run, arm)};
        for (size_t i = 0; i < out[arm].worlds; i++, numbers += NUMBERS) {
            out[arm].before += numbers[NUMBER_BEFORE] > 0;
            out[arm].after += numbers[NUMBER_AFTER] > 0;
        }
    }
}

static double share_of(size_t hits, size_t of)
{
    return (double)hits / (double)of;
}

static enum status curve(const struct ending *endings, struct audit_plot *plot)
{
    *plot = (struct audit_plot){.kind = PLOT_FRONTIER,
                                .x = "chance that a run follows what it is shown",
                                .y = "worlds in which the habit stands without its authors",
                                .points = CURVE,
                                .rows = mem_new(4 * CURVE, sizeof *plot->rows)};
    if (!plot->rows)
        return ERR_MEMORY;
    for (size_t i = 0; i < CURVE; i++) {
        struct interval interval = dp_proportion_interval(endings[i].after, endings[i].worlds);
        double *row = &plot->rows[4 * i];
        row[0] = arms[i].habit.follow;
        row[1] = share_of(endings[i].after, endings[i].worlds);
        row[2] = interval.low;
        row[3] = interval.high;
    }
    return OK;
}

static enum status add(const struct ending *endings, size_t claim, size_t arm, double control, const char *note,
                       struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[claim]);
    audit_result_count(&result, endings[arm].after, endings[arm].worlds);
    if (claim != CLAIM_HARMFUL)
        result.baseline = share_of(endings[ARM_NEVER].after, endings[ARM_NEVER].worlds);
    result.control_value = control;
    result.control = control >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = note;
    if (claim == CLAIM_USELESS)
        TRY(curve(endings, &result.plot));
    return audit_results_add(out, &result);
}

static enum status report(const struct loop *run, const double *numbers, struct audit_results *out)
{
    struct ending endings[COUNT(arms)];
    sum_arms(run, numbers, endings);
    TRY(add(endings, CLAIM_USELESS, ARM_HALF, share_of(endings[ARM_HALF].before, endings[ARM_HALF].worlds),
            "support by use counts as support: no trace says whether its agent had read the library", out));
    TRY(add(endings, CLAIM_POOR, ARM_POOR, share_of(endings[ARM_POOR].before, endings[ARM_POOR].worlds),
            "what a run did that failed is no support, what one did that succeeded is, whatever became of the others",
            out));
    return add(endings, CLAIM_HARMFUL, ARM_HARMFUL, share_of(endings[ARM_ALWAYS].after, endings[ARM_ALWAYS].worlds),
               "what only failed runs did is never a \"do\"", out);
}

static enum status measure(const struct audit_scope *scope, struct loop *run, struct audit_results *out)
{
    size_t worlds = 0;
    SCOPED_MEM double *numbers = NULL;
    TRY(prepare_all(run));
    for (size_t t = 0; t < scope->tenant_count; t++) /* into the base: every world begins with it */
        TRY(world_share(run->worlds.base, t, &run->worlds.prepared[t], NULL));
    for (size_t arm = 0; arm < COUNT(arms); arm++)
        worlds += worlds_of(run, arm);
    const struct trials trials = {.name = "poison.loop",
                                  .count = worlds,
                                  .numbers = NUMBERS,
                                  .parameters = worlds_parameters(&run->worlds, RUNS),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &numbers));
    return report(run, numbers, out);
}

static enum status run_attack(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct loop run = {.full = scope->full};
    world_policy(scope, &policy);
    if (policy.mode != RELEASE_THRESHOLD)
        return audit_not_evaluated(out, claims, "in dp mode insights come and go with the noise: not measured");
    if (!policy.allow_text)
        return audit_not_evaluated(out, claims, "not applicable: under this policy no text is taken");
    run.authors = policy.k;
    run.agents = AGENTS_PER_K * policy.k;
    TRY(worlds_open(scope, &policy, run.authors + run.agents, &run.worlds, why));
    enum status status = measure(scope, &run, out);
    world_prepared_free(run.halves, half_count(&run));
    worlds_close(&run.worlds);
    return worlds_refused(status, claims, out);
}

const struct attack attack_loop = {
    .name = "poison-loop",
    .summary = "Does a habit that agents took from the library keep itself in it?",
    .paper = "",
    .family = FAMILY_POISONING,
    .quick = false,
    .full_seconds = 79,
    .claims = claims,
    .run = run_attack,
};
