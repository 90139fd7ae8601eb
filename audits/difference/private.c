/* Mode `dp`: which of two members came or went? Both hold a statement of their own, which colluders hold as often as
 * makes one member more count most. In every pair of a world a coin says to which of the two it happens; the attacker
 * has both versions, knows who said what, and names the one whose statement has less behind it where it is not there.
 * The control is the same choice from the selection by itself with all but no noise. */
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/difference/story.h"
#include "audits/linkage/either.h"

#define MEMBERS_LEAST 200 /* of a world: two a pair */
#define STATEMENTS 32     /* of a colluder */
#define WORLDS_QUICK 4    /* of each event */
#define WORLDS_FULL 24

#define WHO_CLAIM(id)                                                                                                  \
    {                                                                                                                  \
        .name = "difference.private." id, .surface = SURFACE_DIFFERENCE,                                               \
        .target = "two library versions of mode dp, before and after (a federation of mode threshold stands in with "  \
                  "epsilon 4, delta 1e-5)",                                                                            \
        .threat = THREAT_COLLUDERS, .knows = "both versions, and everything that any member shared",                   \
        .metric = "right ones of two members named", .unit = "pair", .baseline = "a coin",                             \
        .control = "the same choice from a selection without noise", .needed = CHOICE_NEEDED, .limit = 1,              \
        .tolerated = 1 /* the limit is the policy's */                                                                 \
    }
static const struct audit_claim claims[EVENTS + 1] = {
    [EVENT_ENROLMENT] = WHO_CLAIM("enrolment"),
    [EVENT_SUSPENSION] = WHO_CLAIM("suspension"),
    [EVENT_ERASURE] = WHO_CLAIM("erasure"),
    [EVENT_WITHDRAWAL] = WHO_CLAIM("withdrawal"),
};

/* --- a world --- */

static enum status say(struct crowd *crowd, size_t member)
{
    return crowd_say(crowd, member, crowd_member(crowd, member));
}

static enum status happen(struct crowd *crowd, enum event event, size_t member)
{
    char name[WORLDS_NAME];
    worlds_colluder_name(crowd_member(crowd, member), name);
    switch (event) {
    case EVENT_ENROLMENT:
        return say(crowd, member); /* the first that is heard of it */
    case EVENT_SUSPENSION:
        return world_operate(crowd->worlds.base, name, WORLD_SUSPENSION);
    case EVENT_ERASURE:
        return world_operate(crowd->worlds.base, name, WORLD_ERASURE);
    case EVENT_WITHDRAWAL:
        return world_withdraw(crowd->worlds.base, crowd_member(crowd, member), &crowd->says[member]);
    case EVENTS:
        break;
    }
    return ERR_USAGE;
}

/* The version that tells is the one without the member: the one before it enrolled, or the one after it went. */
static enum status tell(struct crowd *crowd, enum event event, const struct either *pairs, double *without)
{
    SCOPED_MEM double *with = mem_new(crowd->canaries.count + 1, sizeof *with);
    if (!with)
        return ERR_MEMORY;
    for (size_t i = 0; i < either_count(crowd); i++) {
        TRY(say(crowd, pairs[i].one));
        if (event != EVENT_ENROLMENT)
            TRY(say(crowd, pairs[i].other));
    }
    TRY(crowd_round(crowd, event == EVENT_ENROLMENT ? without : with));
    for (size_t i = 0; i < either_count(crowd); i++)
        TRY(happen(crowd, event, pairs[i].other));
    return crowd_round(crowd, event == EVENT_ENROLMENT ? with : without);
}

/* Of each pair whether the other one, to whom it happened, was named; and how many canaries told. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct crowd *crowd = context;
    SCOPED_MEM struct either *pairs = mem_new(either_count(crowd) + 1, sizeof *pairs);
    SCOPED_MEM double *without = mem_new(crowd->canaries.count + 1, sizeof *without);
    if (!pairs || !without)
        return ERR_MEMORY;
    TRY(worlds_begin(&crowd->worlds, random));
    either_draw(crowd, random, pairs);
    TRY(tell(crowd, (enum event)(trial % EVENTS), pairs, without));
    either_guess(crowd, pairs, without, random, out);
    return OK;
}

/* --- results --- */

static struct either_found found_of(const struct crowd *crowd, const double *outcomes, size_t worlds, enum event event)
{
    struct either_found found = {0};
    for (size_t world = event; world < worlds; world += EVENTS)
        either_add(crowd, &outcomes[world * either_numbers(crowd)], &found);
    return found;
}

static enum status report(const struct crowd *crowd, const double *outcomes, size_t worlds, struct random random,
                          struct audit_results *out)
{
    for (enum event event = 0; event < EVENTS; event++) {
        struct audit_result result = audit_result_start(&claims[event]);
        struct either_found found = found_of(crowd, outcomes, worlds, event);
        result.note = "a pass is what the Gaussian noise of this epsilon and delta allows; more rounds allow more";
        TRY(either_result(crowd, &found, random, &result));
        TRY(audit_results_add(out, &result));
    }
    return OK;
}

static enum status run_worlds(struct crowd *crowd, const struct audit_scope *scope, struct random random,
                              struct audit_results *out)
{
    SCOPED_MEM double *outcomes = NULL;
    const struct trials trials = {.name = "difference.private",
                                  .count = (size_t)EVENTS * (scope->full ? WORLDS_FULL : WORLDS_QUICK),
                                  .numbers = either_numbers(crowd),
                                  .parameters = worlds_parameters(&crowd->worlds, crowd->canaries.count),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = crowd};
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    return report(crowd, outcomes, trials.count, random, out);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    static const struct crowd_plan plan = {
        .place = CANARY_STEEPEST, .group = STATEMENTS, .least = MEMBERS_LEAST, .targets = 1};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0xd1ff);
    struct crowd crowd;
    enum status status = crowd_open(scope, &plan, random, &crowd, why);
    if (status != OK)
        return crowd_refused(status, claims, out);
    status = run_worlds(&crowd, scope, random, out);
    crowd_close(&crowd);
    return crowd_refused(status, claims, out);
}

const struct attack attack_difference_dp = {
    .name = "difference-private",
    .summary = "Do two versions of a library of mode dp tell who came or went?",
    .paper = "Dong, Roth, Su 2022 (what is allowed)",
    .family = FAMILY_DIFFERENCE,
    .quick = false,
    .full_seconds = 67,
    .claims = claims,
    .run = run,
};
