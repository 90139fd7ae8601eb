/* Mode `dp`: can k - 1 colluders make an honest insight go? What comes out is drawn anew in each round. They have taken
 * part in the insight, which comes out nine times of ten and more while they do; then they take their part back, and
 * flood the round with copies that are a word longer. In every second world they stay as they are, which is the
 * baseline. What they may change is what a group of their number may: a known shift of the noise. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/epsilon/allowed.h"
#include "audits/epsilon/crowd.h"
#include "audits/epsilon/selection.h"

#define COLLUDERS_MAX 8
#define INSIGHTS 64
#define WORLDS_QUICK 8 /* with what they do; as many without, and one for the control */
#define WORLDS_FULL 24
#define STATEMENTS 32 /* of an honest member */
#define CONTROL_LEAST 0.9

static const struct audit_claim claims[] = {
    {.name = "poison.suppress.private",
     .surface = SURFACE_LIBRARY,
     .target = "honest insights of mode dp (for mode threshold a reference of epsilon 4, delta 1e-5)",
     .threat = THREAT_COLLUDERS,
     .knows = "the last library; k - 1 members took part in an insight and take their part back",
     .metric = "insights that are gone / insights",
     .unit = "insight",
     .baseline = "the same while they stay",
     .control = "insights go when all others are suspended, too: nobody holds them any more",
     .needed = 400,
     .limit = 1,
     .tolerated = 1}, /* the limit is the policy's */
    {0},
};

/* --- what they do --- */

/* The insight with more words in what is to be done: its own, which are public ones. */
static enum status write_copy(const struct candidate *insight, bool before, struct candidate *out)
{
    char act[PHRASE_MAX + 1];
    const char *deed = insight->act.items[0], *when = insight->when.items[0];
    TRY(candidate_copy(insight, out));
    phrases_free(&out->act);
    snprintf(act, sizeof act, "%s %s", before ? when : deed, before ? deed : when);
    enum status status = phrases_add(&out->act, act);
    if (status != OK)
        candidate_free(out);
    return status;
}

static enum status send_copies(struct crowd *crowd, size_t canary, size_t member, struct random random)
{
    struct candidate copies[2] = {{0}, {0}};
    struct prepared_item item = {0};
    enum status status = write_copy(&crowd->canaries.items[canary], false, &copies[0]);
    if (status == OK)
        status = write_copy(&crowd->canaries.items[canary], true, &copies[1]);
    if (status == OK)
        status = crowd_item(copies, 2, random, &item);
    if (status == OK)
        status = worlds_share_item(&crowd->worlds, member, &item);
    buf_free(&item.record);
    candidate_free(&copies[0]);
    candidate_free(&copies[1]);
    return status;
}

static enum status turn(struct crowd *crowd, struct random random)
{
    for (size_t i = 0; i < crowd->canaries.count; i++)
        for (size_t t = 0; t < crowd->targets; t++) {
            size_t member = crowd_member(crowd, i) + t;
            TRY(world_withdraw(crowd->worlds.base, member, &crowd->says[i]));
            TRY(send_copies(crowd, i, member, random));
        }
    return OK;
}

/* All who hold the insights, but the colluders. */
static enum status suspend_others(struct crowd *crowd)
{
    for (size_t member = crowd->canaries.count * crowd->targets; member < crowd->bystander; member++) {
        char name[WORLDS_NAME];
        worlds_colluder_name(member, name);
        TRY(world_operate(crowd->worlds.base, name, WORLD_SUSPENSION));
    }
    return OK;
}

/* --- a world --- */

enum deed { DEED_NONE, DEED_TURN, DEEDS };

/* The first trial is the control. Out: insights that are gone in the second version. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct crowd *crowd = context;
    SCOPED_MEM double *shown = mem_new(crowd->canaries.count + 1, sizeof *shown);
    if (!shown)
        return ERR_MEMORY;
    TRY(worlds_begin(&crowd->worlds, random));
    TRY(crowd_say_all(crowd));
    TRY(crowd_round(crowd, shown));
    if (trial == 0)
        TRY(suspend_others(crowd));
    if (trial == 0 || trial % DEEDS == DEED_TURN)
        TRY(turn(crowd, random));
    TRY(crowd_round(crowd, shown));
    *out = (double)(crowd->canaries.count - crowd_count(crowd, shown));
    return OK;
}

/* --- results --- */

/* Before they turn, by the mechanism. */
static double gone_by_chance(const struct crowd *crowd)
{
    const struct canaries *canaries = &crowd->canaries;
    int64_t held = (int64_t)canaries_colluders(canaries, canaries->place) * dp_union_weight(canaries->group);
    return 1 - dp_union_probability(&canaries->terms.mechanism, held + (int64_t)crowd->targets * DP_UNION_ONE);
}

static enum status report(const struct crowd *crowd, const double *gone, size_t worlds, struct audit_results *out)
{
    struct audit_result result = audit_result_start(claims);
    size_t count = crowd->canaries.count, hits[DEEDS] = {0};
    for (size_t i = 1; i <= worlds * DEEDS; i++)
        hits[i % DEEDS] += (size_t)gone[i];
    audit_result_count(&result, hits[DEED_TURN], worlds * count);
    result.limit = allowed_rate(allowed_same(&crowd->canaries.terms, crowd->targets, 1), gone_by_chance(crowd));
    result.tolerated = result.limit;
    result.baseline = (double)hits[DEED_NONE] / (double)(worlds * count);
    result.control_value = gone[0] / (double)count;
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = "they may take back what they gave; copies that are a word longer add nothing to that";
    return audit_results_add(out, &result);
}

/* --- the run --- */

static enum status run_worlds(struct crowd *crowd, const struct audit_scope *scope, struct audit_results *out)
{
    SCOPED_MEM double *gone = NULL;
    size_t worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    const struct trials trials = {.name = "poison.suppress.private",
                                  .count = 1 + worlds * DEEDS,
                                  .numbers = 1,
                                  .parameters = worlds_parameters(&crowd->worlds, crowd->canaries.count),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = crowd};
    TRY(trials_run_worlds(scope, &trials, out, &gone));
    return report(crowd, gone, worlds, out);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct random_seeded seeded;
    struct crowd crowd;
    selection_policy(scope, &policy);
    if (policy.k > COLLUDERS_MAX + 1)
        return audit_not_evaluated(out, claims, "k - 1 are more than eight colluders: too many for this attack");
    const struct crowd_plan plan = {
        .place = CANARY_LIKELY, .group = STATEMENTS, .least = INSIGHTS, .targets = policy.k - 1};
    enum status status = crowd_open(scope, &plan, random_seeded_start(&seeded, scope->seed ^ 0x9b2), &crowd, why);
    if (status != OK)
        return crowd_refused(status, claims, out);
    status = run_worlds(&crowd, scope, out);
    crowd_close(&crowd);
    return crowd_refused(status, claims, out);
}

const struct attack attack_suppress_dp = {
    .name = "poison-suppress-private",
    .summary = "Can a few colluding organisations make what others learned disappear from a library of mode dp?",
    .paper = "Dong, Roth, Su 2022 (what is allowed)",
    .family = FAMILY_POISONING,
    .quick = false,
    .full_seconds = 8,
    .claims = claims,
    .run = run,
};
