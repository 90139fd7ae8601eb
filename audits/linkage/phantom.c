/* True disclosures told from coincidences, with a release and a held-out control alone (Amin et al. 2026, "Phantoms and
 * Disclosures"): no model of the pipeline, no canary, no shadow federation.
 *
 * A task is disclosed if an insight holds nothing that one of the task's candidates does not hold. Whether the task
 * took part was decided by a coin, so where the release turned on nobody, a disclosed task took part half the time,
 * whatever tasks have in common. Every disclosed task that took part beyond that half is a true disclosure; the others
 * are phantoms: the release says of them what it would have said without them. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/linkage/coins.h"
#include "audits/statistics/attributable.h"

#define WORLDS_QUICK 100
#define WORLDS_FULL 1500
#define TASKS_LEAST 8
#define SHARE_LIMIT .1

enum number {
    PICKED,     /* a disclosure drawn from all: was it a member's? */
    PICKED_RAW, /* the control */
    SHOWN,      /* insights */
    IN,
    IN_DISCLOSED,
    IN_CANARIES, /* those found in a raw release */
    OUT,
    OUT_DISCLOSED,
    OUT_CANARIES,
    NUMBERS
};
enum { CLAIM_WORLDS, CLAIM_RELEASE, CLAIMS };

struct phantom {
    struct worlds *worlds;
    struct lessons *tasks, *canaries; /* canaries: of each task its own alone */
};

/* --- a world --- */

/* A disclosure drawn from all of them: was it a member's? */
struct pick {
    size_t seen;
    double was_in;
};
static void pick_add(struct pick *pick, bool in, struct random random)
{
    if (random_below(random, ++pick->seen) == 0)
        pick->was_in = in;
}

static void look_for(const struct phantom *run, const struct coins *coins, const struct lessons *shown,
                     struct random random, double *out)
{
    struct pick pick = {0, NAN};
    out[SHOWN] = (double)shown->count;
    for (size_t t = 0; t < coins->count; t++) {
        bool in = coins->in[t], disclosed = lessons_disclose(shown, &run->tasks[t]);
        out[in ? IN : OUT]++;
        out[in ? IN_DISCLOSED : OUT_DISCLOSED] += disclosed;
        if (disclosed)
            pick_add(&pick, in, random);
    }
    out[PICKED] = pick.was_in;
}

/* The control: every record of those that took part, each with a canary. Nothing found in it is a wrong one. */
static void look_for_canaries(const struct phantom *run, const struct coins *coins, const struct lessons *raw,
                              struct random random, double *out)
{
    struct pick pick = {0, raw->count > 0 ? 0 : NAN};
    for (size_t t = 0; t < coins->count; t++) {
        bool in = coins->in[t], disclosed = lessons_disclose(raw, &run->canaries[t]);
        out[in ? IN_CANARIES : OUT_CANARIES] += disclosed;
        if (disclosed)
            pick_add(&pick, in, random);
        if (lessons_disclose(raw, &run->tasks[t]))
            pick_add(&pick, in, random);
    }
    out[PICKED_RAW] = pick.was_in;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    const struct phantom *run = context;
    struct coins coins = {0};
    struct library library = {0};
    struct lessons shown = {0}, raw = {0};
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = 0;
    TRY(worlds_begin(run->worlds, random));
    enum status status = coins_draw(run->worlds, random, &coins);
    if (status == OK)
        status = coins_share(run->worlds, &coins, SIZE_MAX);
    if (status == OK)
        status = worlds_round(run->worlds, &library);
    if (status == OK)
        status = lessons_of_library(&library, &shown);
    if (status == OK)
        status = coins_raw(run->worlds, &coins, SIZE_MAX, CANARY_OF_TASK, &raw);
    if (status == OK) {
        look_for(run, &coins, &shown, random, out);
        look_for_canaries(run, &coins, &raw, random, out);
    }
    lessons_free(&shown);
    lessons_free(&raw);
    library_free(&library);
    coins_free(&coins);
    return status;
}

/* --- results --- */

static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_WORLDS] = {.name = "phantom.worlds",
                      .surface = SURFACE_LIBRARY,
                      .target = "the published library",
                      .threat = THREAT_OUTSIDER,
                      .knows = "the library, and the candidates of tasks of which a coin decided who took part",
                      .metric = "disclosures that are of tasks which took part",
                      .unit = "world",
                      .baseline = "phantoms only: half",
                      .control = "a release of every record of those that took part, each with a canary",
                      .needed = CHOICE_NEEDED,
                      .limit = CHOICE_LIMIT,
                      .tolerated = CHOICE_LIMIT},
    [CLAIM_RELEASE] = {.name = "phantom.release",
                       .surface = SURFACE_LIBRARY,
                       .target = "one published library",
                       .threat = THREAT_OUTSIDER,
                       .knows = "the library, and the candidates of tasks of which a coin decided who took part",
                       .metric = "tasks that are disclosed because they took part, of those that did",
                       .unit = "task",
                       .baseline = "none: those held out are disclosed as often",
                       .control = "the canaries of those that took part, looked for in a release of every record",
                       .needed = 0,
                       .limit = SHARE_LIMIT,
                       .tolerated = SHARE_LIMIT},
};

static enum status report_worlds(const double *outcomes, size_t worlds, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_WORLDS]);
    struct tally picked = tally_of(outcomes, PICKED, NUMBERS, worlds);
    choice_result(&result, picked, tally_of(outcomes, PICKED_RAW, NUMBERS, worlds));
    result.note =
        picked.tried
            ? coins_note(out, "a disclosed task that was held out is a phantom: as many of the members' are, too",
                         picked.tried, worlds)
            : "nothing was released, or it discloses none of the tasks";
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static double more_often(size_t in_hits, size_t in, size_t out_hits, size_t out)
{
    return (double)in_hits / (double)in - (double)out_hits / (double)out;
}

/* The first world in which something was released; NULL: there is none. */
static const double *first_release(const double *outcomes, size_t worlds)
{
    for (size_t w = 0; w < worlds; w++)
        if (outcomes[w * NUMBERS + SHOWN] > 0)
            return &outcomes[w * NUMBERS];
    return NULL;
}

/* Of one world: whoever holds one release and kept tasks back can do the same without any replay. */
static enum status report_release(const double *numbers, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_RELEASE]);
    result.note = NOTHING_RELEASED;
    if (!numbers)
        return audit_results_add(out, &result);
    size_t in = (size_t)numbers[IN], held_out = (size_t)numbers[OUT];
    size_t disclosed = (size_t)numbers[IN_DISCLOSED], phantoms = (size_t)numbers[OUT_DISCLOSED];
    struct attributable found = stat_attributable(disclosed, in, phantoms, held_out);
    size_t canaries = (size_t)numbers[IN_CANARIES], false_canaries = (size_t)numbers[OUT_CANARIES];
    struct attributable control = stat_attributable(canaries, in, false_canaries, held_out);
    result.note = "one release and its held-out tasks, by the chance of the coins alone: exact, and weak for few tasks";
    if (in == 0 || held_out == 0)
        return audit_results_add(out, &result);
    result.kind = INTERVAL_BOUND;
    result.samples = in;
    result.value = more_often(disclosed, in, phantoms, held_out);
    result.low = fmin(result.value, (double)found.low / (double)in);
    result.high = fmax(result.value, (double)found.high / (double)in);
    result.p = stat_attributable_p(disclosed, in, phantoms, held_out, (size_t)(SHARE_LIMIT * (double)in));
    result.baseline = 0;
    audit_result_control(&result, more_often(canaries, in, false_canaries, held_out), (double)control.low / (double)in,
                         (double)control.high / (double)in, SHARE_LIMIT);
    return audit_results_add(out, &result);
}

static enum status run_worlds(struct phantom *run, const struct audit_scope *scope, struct audit_results *out)
{
    SCOPED_MEM double *outcomes = NULL;
    struct trials trials = {.name = "phantom",
                            .count = scope->full ? WORLDS_FULL : WORLDS_QUICK,
                            .numbers = NUMBERS,
                            .parameters = worlds_parameters(run->worlds, 1),
                            .place = TRIAL_FORKED,
                            .run = run_world,
                            .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    TRY(report_worlds(outcomes, trials.count, out));
    return report_release(first_release(outcomes, trials.count), out);
}

static enum status prepare(struct phantom *run)
{
    size_t count = run->worlds->task_count;
    TRY(lessons_of_tasks(run->worlds, &run->tasks));
    run->canaries = mem_new(count + 1, sizeof *run->canaries);
    if (!run->canaries)
        return ERR_MEMORY;
    for (size_t t = 0; t < count; t++)
        TRY(lessons_add_canary(&run->canaries[t], lessons_canary(run->worlds, CANARY_OF_TASK, t)));
    return OK;
}

static enum status run_phantom(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct worlds worlds;
    struct phantom run = {.worlds = &worlds};
    TRY(worlds_open(scope, NULL, 0, &worlds, why));
    enum status status = OK;
    if (worlds.task_count < TASKS_LEAST)
        status = audit_not_evaluated(out, claims, "too few tasks gave a contribution to hold half of them out");
    else
        status = prepare(&run);
    if (status == OK && run.canaries)
        status = run_worlds(&run, scope, out);
    lessons_free_tasks(run.tasks, worlds.task_count);
    lessons_free_tasks(run.canaries, worlds.task_count);
    worlds_close(&worlds);
    return coins_refused(status, claims, out);
}

const struct attack attack_phantom = {
    .name = "phantom",
    .summary = "Does the library say of an organisation's tasks what it would not have said without them?",
    .paper = "Amin et al. 2026, Phantoms and Disclosures: a Causal Framework for Auditing Synthetic Data, "
             "arXiv 2606.16952; Rosenbaum 2001",
    .family = FAMILY_PHANTOM,
    .quick = true,
    .quick_seconds = 3,
    .full_seconds = 35,
    .claims = claims,
    .run = run_phantom,
};
