/* k - 1 colluders, who have read the library, try to make one of its insights go. They flood the round with copies in
 * which every phrase is a little different, so that honest proposals fall into their group; with mixtures of phrases
 * that honest members do support, of which none can be thrown out; or they propose, each in one phrase, what stands in
 * two phrases side by side, which the release gate takes for somebody's own words. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/poisoning/poison.h"
#include "insight/parts.h"

#define TARGETS_QUICK 12
#define TARGETS_FULL 60
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
#define COPIES_OF(way) ((way) == WAY_JOINT ? (size_t)1 : (size_t)COPIES)
struct suppress {
    struct worlds worlds;
    size_t targets;
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

static enum status send_way(struct suppress *run, const struct library *before, enum way way,
                            const struct insight *target, struct random random)
{
    size_t colluders = run->worlds.colluders;
    for (size_t i = 0; i < colluders * COPIES_OF(way); i++) {
        struct candidate candidate = {0};
        enum status status = write_way(before, way, target, i / colluders, random, &candidate);
        if (status == OK)
            status =
                poison_send(&run->worlds, run->worlds.scope->tenant_count + i % colluders, &candidate, random, NULL);
        candidate_free(&candidate);
        TRY(status);
    }
    return OK;
}

/* Of all insights how many are gone when fewer than k tenants are left: [gone, all]. */
static enum status run_control(struct suppress *run, const struct library *before, double *out)
{
    struct library after = {0};
    for (size_t t = 0; t + run->worlds.policy.k <= run->worlds.scope->tenant_count; t++)
        TRY(world_operate(run->worlds.base, run->worlds.scope->tenants[t].name, WORLD_SUSPENSION));
    TRY(worlds_round(&run->worlds, &after));
    out[0] = 0;
    out[1] = (double)before->insight_count;
    for (size_t i = 0; i < before->insight_count; i++)
        out[0] += !stands(&after, &before->insights[i]);
    library_free(&after);
    return OK;
}

static enum status run_target(struct suppress *run, const struct library *before, size_t trial, struct random random,
                              double *out)
{
    struct library after = {0};
    if (trial / WAYS >= before->insight_count)
        return OK;
    const struct insight *target = &before->insights[trial / WAYS];
    TRY(send_way(run, before, (enum way)(trial % WAYS), target, random));
    TRY(worlds_round(&run->worlds, &after));
    out[0] = !stands(&after, target);
    library_free(&after);
    return OK;
}

/* The first trial is the control; then each way on each insight: whether it is gone, or nothing if there is none. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct suppress *run = context;
    struct library before = {0};
    out[0] = out[1] = NAN;
    TRY(worlds_begin(&run->worlds, random));
    TRY(poison_share_honest(&run->worlds));
    TRY(worlds_round(&run->worlds, &before));
    enum status status = trial == 0 ? run_control(run, &before, out) : run_target(run, &before, trial - 1, random, out);
    library_free(&before);
    return status;
}

static enum status report(const struct suppress *run, const double *numbers, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[0]);
    size_t gone = 0, all = 0;
    for (size_t t = 0; t < run->targets; t++) {
        const double *first = &numbers[(1 + t * WAYS) * 2];
        if (isnan(first[0]))
            continue;
        bool any = false;
        for (size_t way = 0; way < WAYS; way++)
            any = any || first[way * 2] > 0;
        gone += any;
        all++;
    }
    result.note = "nothing is released from this scope";
    if (all == 0)
        return audit_results_add(out, &result);
    audit_result_census(&result, gone, all);
    result.control_value = numbers[1] > 0 ? numbers[0] / numbers[1] : 0;
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = "tried: copies a word longer, mixtures of supported phrases, single phrases that spell out two";
    return audit_results_add(out, &result);
}

static enum status measure(const struct audit_scope *scope, struct suppress *run, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {.name = "poison.suppress",
                                  .count = 1 + run->targets * WAYS,
                                  .numbers = 2,
                                  .parameters = worlds_parameters(&run->worlds, COPIES),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &numbers));
    return report(run, numbers, out);
}

static enum status run_suppress(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct suppress run = {.targets = scope->full ? TARGETS_FULL : TARGETS_QUICK};
    world_policy(scope, &policy);
    if (policy.mode != RELEASE_THRESHOLD)
        return audit_not_evaluated(out, claims,
                                   "in dp mode insights come and go with the noise: see poison.suppress.private");
    TRY(worlds_open(scope, &policy, policy.k - 1, &run.worlds, why));
    enum status status = measure(scope, &run, out);
    worlds_close(&run.worlds);
    return status;
}

const struct attack attack_suppress = {
    .name = "poison-suppress",
    .summary = "Can a few colluding organisations make what others learned disappear?",
    .paper = "",
    .family = FAMILY_POISONING,
    .quick = true,
    .quick_seconds = 3,
    .full_seconds = 15,
    .claims = claims,
    .run = run_suppress,
};
