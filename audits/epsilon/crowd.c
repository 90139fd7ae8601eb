/* A made federation. Hides how many colluders it takes, and their records. */
#include "audits/epsilon/crowd.h"

#include "audits/epsilon/selection.h"

#define SPEAKS_LEAST                                                                                                   \
    .5            /* of what the stated noise releases: of a hundred and more, fewer come out by chance in no run */
#define SURE .999 /* of what surely comes out: of twenty, three are missing once in a million */

enum status crowd_item(struct candidate *candidates, size_t count, struct random random, struct prepared_item *out)
{
    const struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = count, .candidates = candidates};
    *out = (struct prepared_item){0};
    random_fill(random, out->id, sizeof out->id);
    return contribution_encode(&contribution, &out->record);
}

static enum status make_items(struct crowd *crowd, struct random random)
{
    crowd->says = mem_new(crowd->canaries.count + 1, sizeof *crowd->says);
    if (!crowd->says)
        return ERR_MEMORY;
    for (size_t i = 0; i < crowd->canaries.count; i++)
        TRY(crowd_item(&crowd->canaries.items[i], 1, random, &crowd->says[i]));
    return OK;
}

static enum status collude(struct crowd *crowd, struct random random)
{
    const struct canaries *canaries = &crowd->canaries;
    size_t member = canaries->count * crowd->targets;
    for (size_t group = 0; group < canaries->groups; group++)
        for (size_t i = 0; i < canaries_colluders(canaries, canaries->place); i++) {
            struct prepared_item item;
            bool accepted = false;
            enum status status = crowd_item(&canaries->items[group * canaries->group], canaries->group, random, &item);
            if (status == OK)
                status = world_share_item(crowd->worlds.base, member++, &item, &accepted);
            buf_free(&item.record);
            TRY(status);
            if (!accepted)
                return ERR_DENIED;
        }
    return OK;
}

static enum status found(struct crowd *crowd, const struct crowd_plan *plan, struct random random, struct why *why)
{
    struct private_terms terms;
    const struct redactor *redactor = NULL;
    struct canaries *canaries = &crowd->canaries;
    TRY(private_terms_of(&crowd->policy, &terms, why));
    TRY(world_redactor(SCRUB_ON, &redactor, why));
    TRY(canaries_new(&terms, plan->place, plan->group, plan->least, redactor, random, canaries));
    TRY(make_items(crowd, random));
    crowd->bystander = canaries->count * plan->targets + canaries->groups * canaries_colluders(canaries, plan->place);
    if (crowd->bystander + plan->bystanders > CROWD_MOST)
        return ERR_TOO_LARGE;
    TRY(worlds_open(&crowd->scope, &crowd->policy, crowd->bystander + plan->bystanders, &crowd->worlds, why));
    return collude(crowd, random);
}

enum status crowd_open(const struct audit_scope *scope, const struct crowd_plan *plan, struct random random,
                       struct crowd *out, struct why *why)
{
    *out = (struct crowd){.scope = *scope, .targets = plan->targets};
    out->scope.tenant_count = 0;
    selection_policy(scope, &out->policy);
    enum status status = found(out, plan, random, why);
    if (status != OK)
        crowd_close(out);
    return status;
}

enum status crowd_refused(enum status status, const struct audit_claim *claims, struct audit_results *out)
{
    return status == ERR_TOO_LARGE ? audit_not_evaluated(out, claims, CROWD_TOO_LARGE)
                                   : worlds_refused(status, claims, out);
}

void crowd_close(struct crowd *crowd)
{
    for (size_t i = 0; crowd->says && i < crowd->canaries.count; i++)
        buf_free(&crowd->says[i].record);
    mem_free(crowd->says);
    worlds_close(&crowd->worlds);
    canaries_free(&crowd->canaries);
    *crowd = (struct crowd){0};
}

size_t crowd_member(const struct crowd *crowd, size_t canary)
{
    return canary * crowd->targets;
}

enum status crowd_say(struct crowd *crowd, size_t canary, size_t member)
{
    return worlds_share_item(&crowd->worlds, member, &crowd->says[canary]);
}

enum status crowd_say_all(struct crowd *crowd)
{
    for (size_t i = 0; i < crowd->canaries.count; i++)
        for (size_t t = 0; t < crowd->targets; t++)
            TRY(crowd_say(crowd, i, crowd_member(crowd, i) + t));
    return OK;
}

/* Of as many targets that say one thing alone, beside the colluders. */
static size_t sure_targets(const struct canaries *canaries)
{
    const struct dp_union *mechanism = &canaries->terms.mechanism;
    int64_t held = (int64_t)canaries_colluders(canaries, canaries->place) * dp_union_weight(canaries->group);
    size_t targets = 1;
    while (dp_union_probability(mechanism, held + (int64_t)targets * DP_UNION_ONE) < SURE)
        targets++;
    return targets;
}

enum status crowd_say_surely(struct crowd *crowd, size_t *said)
{
    size_t each = sure_targets(&crowd->canaries), members = crowd->canaries.count * crowd->targets;
    *said = members / each < crowd->canaries.count ? members / each : crowd->canaries.count;
    for (size_t member = 0; member < *said * each; member++)
        TRY(crowd_say(crowd, member / each, member));
    return OK;
}

enum status crowd_round(struct crowd *crowd, double *shown)
{
    struct library library = {0};
    enum status status = worlds_round(&crowd->worlds, &library);
    if (status == OK)
        canaries_shown(&crowd->canaries, &library, shown);
    library_free(&library);
    return status;
}

size_t crowd_count(const struct crowd *crowd, const double *shown)
{
    size_t count = 0;
    for (size_t i = 0; i < crowd->canaries.count; i++)
        count += shown[i] > 0;
    return count;
}

void crowd_doubt(const struct crowd *crowd, size_t shown, size_t canaries, struct audit_result *result)
{
    if ((double)shown >= SPEAKS_LEAST * canaries_expected(&crowd->canaries, canaries, 1) ||
        result->control != CONTROL_PASSED)
        return;
    result->control = CONTROL_UNDECIDED;
    result->note = "the server released less than half of what it would with the stated noise: little to tell by";
}

enum status crowd_silent(const struct crowd *crowd, const bool *in, struct random random, double *shown)
{
    size_t count = crowd->canaries.count;
    SCOPED_MEM bool *released = mem_new(count + 1, sizeof *released);
    if (!released)
        return ERR_MEMORY;
    TRY(selection_run(&crowd->canaries, &crowd->policy, CANARY_STEEPEST, SELECTION_SILENT, in, random, released));
    for (size_t i = 0; i < count; i++)
        shown[i] = released[i];
    return OK;
}
