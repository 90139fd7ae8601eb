/* k - 1 colluders, who have read the library, try to make one of its insights go. They flood the round with copies in
 * which every phrase is a little different, so that honest proposals fall into their group; with mixtures of phrases
 * that honest members do support, of which none can be thrown out; or they propose, each in one phrase, what stands in
 * two phrases side by side, which the release gate takes for somebody's own words. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/poisoning/suppress.h"
#include "insight/parts.h"

#define TARGETS_QUICK 24
#define TARGETS_FULL 200 /* of which none gone are a pass where there are more */
#define COPIES 40
#define LIMIT 0.02
#define CONTROL_LEAST 0.9

static const struct audit_claim claims[] = {
    {.name = "poison.suppress",
     .surface = SURFACE_LIBRARY,
     .target = "honest insights",
     .threat = THREAT_COLLUDERS,
     .knows = "the last library; k - 1 members send what they like",
     .metric = "insights that can be made to go / insights",
     .unit = "insight",
     .baseline = "",
     .control = "insights go when all of their members but k - 1 are suspended",
     .needed = 0,
     .limit = LIMIT},
    {0},
};

enum way { WAY_FLOOD, WAY_MIXTURE, WAY_JOINT, WAYS };
enum { SUSPENDED_GONE, SUSPENDED_OF, SUSPENDED_NUMBERS };
#define COPIES_OF(way) ((way) == WAY_JOINT ? (size_t)1 : (size_t)COPIES)
struct suppress {
    struct worlds worlds;
    size_t insights; /* of the library before */
    size_t count;
    size_t *targets; /* owned: the `count` insights that are attacked come first */
};

/* Whether something says when as the target does, and what to do or avoid. */
static bool stands(const struct library *library, const struct insight *target)
{
    const struct candidate *text = &target->text;
    const struct phrases *deeds = text->act.count ? &text->act : &text->avoid;
    for (size_t i = 0; i < library->insight_count; i++) {
        struct insight one = library->insights[i];
        const struct library alone = {.insight_count = 1, .insights = &one};
        for (size_t w = 0; w < text->when.count; w++)
            for (size_t d = 0; d < deeds->count; d++)
                if (poison_is_shown(&alone, text->when.items[w]) && poison_is_shown(&alone, deeds->items[d]))
                    return true;
    }
    return false;
}

static enum status add_joined(struct phrases *out, const char *one, const char *other)
{
    SCOPED_BUF struct buf joined = {0};
    buf_addf(&joined, "%s %s", one, other);
    TRY(buf_status(&joined));
    if (joined.size > PHRASE_MAX || out->count == PHRASES_MAX)
        return OK;
    return phrases_add(out, buf_text(&joined));
}

/* What stands side by side in the target, as single phrases of some other advice. */
static enum status write_joint(const struct candidate *target, struct random random, struct candidate *out)
{
    struct poison_text text;
    const char *last = NULL;
    poison_advice(random, &text);
    TRY(poison_candidate(&text, out));
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(target, list);
        for (size_t p = 0; p < phrases->count; p++) {
            if (last)
                TRY(add_joined(&out->avoid, last, phrases->items[p]));
            last = phrases->items[p];
        }
    }
    return OK;
}

static enum status copy_phrases(const struct phrases *from, struct phrases *out)
{
    for (size_t p = 0; p < from->count; p++)
        TRY(phrases_add(out, from->items[p]));
    return OK;
}

static enum status copy_slots(const struct candidate *from, struct candidate *out)
{
    for (size_t i = 0; i < SLOTS; i++) {
        const char *slot = candidate_slot(from, i);
        if (slot && !(*candidate_slot_of(out, i) = mem_copy(bytes_str(slot))))
            return ERR_MEMORY;
    }
    return OK;
}

/* The target with a word more in every phrase, or in every one that says when. */
static enum status write_copy(const struct candidate *target, size_t number, struct candidate *out)
{
    *out = (struct candidate){.kind = target->kind, .outcome = target->outcome, .runs_for = 1};
    TRY(copy_slots(target, out));
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(target, list);
        if (number % 2 && list != LIST_WHEN) {
            TRY(copy_phrases(phrases, candidate_phrases_of(out, list)));
            continue;
        }
        for (size_t p = 0; p < phrases->count; p++)
            TRY(add_joined(candidate_phrases_of(out, list), phrases->items[p], "too"));
    }
    return OK;
}

/* In turn the target's "when" with what another insight says to do, and the other way round. */
static enum status write_mixture(const struct library *library, const struct candidate *target, size_t number,
                                 struct candidate *out)
{
    const struct candidate *other = &library->insights[number / 2 % library->insight_count].text;
    const struct candidate *when = number % 2 ? other : target, *deeds = number % 2 ? target : other;
    *out = (struct candidate){.kind = deeds->kind, .outcome = deeds->outcome, .runs_for = 1};
    TRY(copy_slots(target, out));
    TRY(copy_phrases(&when->when, &out->when));
    TRY(copy_phrases(&deeds->act, &out->act));
    TRY(copy_phrases(&deeds->avoid, &out->avoid));
    return copy_phrases(&deeds->why, &out->why);
}

static enum status write_way(const struct library *before, enum way way, const struct insight *target, size_t number,
                             struct random random, struct candidate *out)
{
    switch (way) {
    case WAY_FLOOD:
        return write_copy(&target->text, number, out);
    case WAY_MIXTURE:
        return write_mixture(before, &target->text, number, out);
    case WAY_JOINT:
    case WAYS:
        break;
    }
    return write_joint(&target->text, random, out);
}

/* *any: the server took some of it. */
static enum status send_way(struct suppress *run, const struct library *before, enum way way,
                            const struct insight *target, struct random random, bool *any)
{
    size_t colluders = run->worlds.colluders;
    *any = false;
    for (size_t i = 0; i < colluders * COPIES_OF(way); i++) {
        struct candidate candidate = {0};
        bool taken = false;
        enum status status = write_way(before, way, target, i / colluders, random, &candidate);
        if (status == OK)
            status =
                poison_send(&run->worlds, run->worlds.scope->tenant_count + i % colluders, &candidate, random, &taken);
        candidate_free(&candidate);
        TRY(status);
        *any = *any || taken;
    }
    return OK;
}

/* --- worlds --- */

static enum status open_world(struct suppress *run, struct random random, struct library *before)
{
    TRY(worlds_begin(&run->worlds, random));
    TRY(poison_share_honest(&run->worlds));
    return worlds_round(&run->worlds, before);
}

static enum status suspend_and_count(struct suppress *run, const struct library *before, double *out)
{
    struct library after = {0};
    for (size_t t = 0; t + run->worlds.policy.k <= run->worlds.scope->tenant_count; t++)
        TRY(world_operate(run->worlds.base, run->worlds.scope->tenants[t].name, WORLD_SUSPENSION));
    TRY(worlds_round(&run->worlds, &after));
    out[SUSPENDED_GONE] = 0;
    out[SUSPENDED_OF] = (double)before->insight_count;
    for (size_t i = 0; i < before->insight_count; i++)
        out[SUSPENDED_GONE] += !stands(&after, &before->insights[i]);
    library_free(&after);
    return OK;
}

/* How many insights there are, and how many of them go when fewer than k tenants are left. */
static enum status run_control(void *context, size_t trial, struct random random, double *out)
{
    struct suppress *run = context;
    struct library before = {0};
    (void)trial;
    TRY(open_world(run, random, &before));
    enum status status = suspend_and_count(run, &before, out);
    library_free(&before);
    return status;
}

static enum status attack_insight(struct suppress *run, const struct library *before, enum way way, size_t number,
                                  struct random random, double *out)
{
    struct library after = {0};
    bool any = false;
    if (number >= before->insight_count)
        return OK;
    const struct insight *target = &before->insights[number];
    TRY(send_way(run, before, way, target, random, &any));
    if (!any)
        return OK;
    TRY(worlds_round(&run->worlds, &after));
    *out = !stands(&after, target);
    library_free(&after);
    return OK;
}

/* Each way on each target: whether it is gone; NAN where it was not there to begin with, or where the server took
 * nothing. */
static enum status run_attack(void *context, size_t trial, struct random random, double *out)
{
    struct suppress *run = context;
    struct library before = {0};
    *out = NAN;
    TRY(open_world(run, random, &before));
    enum status status =
        attack_insight(run, &before, (enum way)(trial % WAYS), run->targets[trial / WAYS], random, out);
    library_free(&before);
    return status;
}

/* --- which insights --- */

/* `most` of all insights, drawn evenly; or all of them. */
static enum status draw_targets(struct suppress *run, size_t most)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, run->worlds.scope->seed ^ 0x5a99);
    run->targets = mem_new(run->insights + 1, sizeof *run->targets);
    if (!run->targets)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->insights; i++)
        run->targets[i] = i;
    run->count = run->insights < most ? run->insights : most;
    for (size_t i = 0; i < run->count; i++) {
        size_t drawn = i + random_below(random, run->insights - i), first = run->targets[i];
        run->targets[i] = run->targets[drawn];
        run->targets[drawn] = first;
    }
    return OK;
}

/* --- results --- */

struct tally {
    size_t gone, tried;
};
static bool was_tried(const double *gone)
{
    for (size_t way = 0; way < WAYS; way++)
        if (isnan(gone[way]))
            return false;
    return true;
}

static struct tally count_gone(const struct suppress *run, const double *gone)
{
    struct tally tally = {0};
    for (size_t t = 0; t < run->count; t++) {
        const double *ways = &gone[t * WAYS];
        if (!was_tried(ways))
            continue;
        bool any = false;
        for (size_t way = 0; way < WAYS; way++)
            any = any || ways[way] > 0;
        tally.tried++;
        tally.gone += any;
    }
    return tally;
}

static enum status report(const struct suppress *run, const double *control, const double *gone,
                          struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[0]);
    struct tally tally = count_gone(run, gone);
    char note[200];
    snprintf(note, sizeof note,
             "of %zu insights %zu were tried: copies a word longer, mixtures of supported phrases, single phrases that "
             "spell out two",
             run->insights, tally.tried);
    if (tally.tried == run->insights)
        audit_result_census(&result, tally.gone, tally.tried);
    else
        audit_result_count(&result, tally.gone, tally.tried);
    result.control_value = control[SUSPENDED_GONE] / control[SUSPENDED_OF];
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = audit_results_text(out, note);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status attack_all(struct suppress *run, const double *control, struct audit_results *out)
{
    SCOPED_MEM double *gone = NULL;
    const struct trials trials = {.name = "poison.suppress",
                                  .count = run->count * WAYS,
                                  .numbers = 1,
                                  .parameters = worlds_parameters(&run->worlds, COPIES),
                                  .place = TRIAL_FORKED,
                                  .run = run_attack,
                                  .context = run};
    TRY(trials_run_worlds(run->worlds.scope, &trials, out, &gone));
    return report(run, control, gone, out);
}

static enum status measure(struct suppress *run, size_t most, struct audit_results *out)
{
    SCOPED_MEM double *control = NULL;
    const struct trials trials = {.name = "poison.suppress.control",
                                  .count = 1,
                                  .numbers = SUSPENDED_NUMBERS,
                                  .parameters = worlds_parameters(&run->worlds, 0),
                                  .place = TRIAL_FORKED,
                                  .run = run_control,
                                  .context = run};
    TRY(trials_run_worlds(run->worlds.scope, &trials, out, &control));
    run->insights = (size_t)control[SUSPENDED_OF];
    if (run->insights == 0)
        return audit_not_evaluated(out, claims, "nothing is released from this scope");
    TRY(draw_targets(run, most));
    return attack_all(run, control, out);
}

enum status suppress_insights(const struct audit_scope *scope, size_t most, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct suppress run = {0};
    world_policy(scope, &policy);
    if (policy.mode != RELEASE_THRESHOLD)
        return audit_not_evaluated(out, claims,
                                   "in dp mode insights come and go with the noise: see poison.suppress.private");
    if (policy.k < 2)
        return audit_not_evaluated(out, claims, "with k = 1 there is nobody to collude");
    TRY(worlds_open(scope, &policy, policy.k - 1, &run.worlds, why));
    enum status status = measure(&run, most, out);
    mem_free(run.targets);
    worlds_close(&run.worlds);
    return status;
}

static enum status run_suppress(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return suppress_insights(scope, scope->full ? TARGETS_FULL : TARGETS_QUICK, out, why);
}

const struct attack attack_suppress = {
    .name = "poison-suppress",
    .summary = "Can a few colluding organisations make what others learned disappear?",
    .paper = "",
    .family = FAMILY_POISONING,
    .quick = true,
    .quick_seconds = 5,
    .full_seconds = 15,
    .claims = claims,
    .run = run_suppress,
};
