/* One base federation, many worlds. Hides the listing of tasks, which items the server takes, and that a world is a
 * copy of the base's memory. */
#include "audits/worlds.h"

#include <stdio.h>

#include "base/hash.h"

/* --- items --- */

static void swap(struct prepared_item *one, struct prepared_item *other)
{
    struct prepared_item kept = *one;
    *one = *other;
    *other = kept;
}

/* Those that are taken keep their order. */
static enum status keep_taken(struct world *door, size_t member, struct prepared *prepared)
{
    size_t taken = 0;
    for (size_t i = 0; i < prepared->count; i++) {
        bool accepted = false;
        TRY(world_share_item(door, member, &prepared->items[i], &accepted));
        if (accepted)
            swap(&prepared->items[taken++], &prepared->items[i]);
    }
    for (; prepared->count > taken; prepared->count--) {
        buf_free(&prepared->items[prepared->count - 1].record);
        contribution_free(&prepared->items[prepared->count - 1].contribution);
    }
    return OK;
}

/* What the server takes is asked of one that is then forgotten. */
static enum status keep_all_taken(struct worlds *worlds, struct why *why)
{
    struct world *door = NULL;
    size_t member = 0;
    TRY(world_new(&worlds->policy, worlds->scope->seed, &door, why));
    enum status status = world_tenant(door, "anybody", &member);
    for (size_t t = 0; t < worlds->scope->tenant_count && status == OK; t++)
        status = keep_taken(door, member, &worlds->prepared[t]);
    worlds->refused = world_refused(door);
    world_free(door);
    return status;
}

/* --- tasks --- */

static bool same_task(const struct prepared_item *a, const struct prepared_item *b)
{
    const struct contribution *left = &a->contribution, *right = &b->contribution;
    return left->candidate_count > 0 && right->candidate_count > 0 &&
           memcmp(left->candidates[0].task, right->candidates[0].task, TASK_TAG_BYTES) == 0;
}

static void list_tenant(struct worlds *worlds, size_t tenant)
{
    const struct prepared *prepared = &worlds->prepared[tenant];
    for (size_t i = 0; i < prepared->count; i++) /* prepared items are sorted by task */
        if (i > 0 && same_task(&prepared->items[i - 1], &prepared->items[i]))
            worlds->tasks[worlds->task_count - 1].count++;
        else
            worlds->tasks[worlds->task_count++] = (struct world_task){tenant, i, 1};
}

static enum status list_tasks(struct worlds *worlds)
{
    size_t items = 0;
    for (size_t t = 0; t < worlds->scope->tenant_count; t++)
        items += worlds->prepared[t].count;
    worlds->tasks = mem_new(items + 1, sizeof *worlds->tasks);
    if (!worlds->tasks)
        return ERR_MEMORY;
    for (size_t t = 0; t < worlds->scope->tenant_count; t++)
        list_tenant(worlds, t);
    return OK;
}

/* --- the base --- */

void worlds_colluder_name(size_t colluder, char out[static WORLDS_NAME])
{
    snprintf(out, WORLDS_NAME, "colluder %zu", colluder + 1);
}

static enum status enrol_all(struct worlds *worlds)
{
    size_t number;
    for (size_t t = 0; t < worlds->scope->tenant_count; t++)
        TRY(world_tenant(worlds->base, worlds->scope->tenants[t].name, &number));
    for (size_t i = 0; i < worlds->colluders; i++) {
        char name[WORLDS_NAME];
        worlds_colluder_name(i, name);
        TRY(world_tenant(worlds->base, name, &number));
    }
    return OK;
}

enum status worlds_open(const struct audit_scope *scope, const struct policy *policy, size_t colluders,
                        struct worlds *out, struct why *why)
{
    *out = (struct worlds){.scope = scope, .colluders = colluders};
    if (policy)
        out->policy = *policy;
    else
        world_policy(scope, &out->policy);
    struct audit_scope under = *scope;
    under.policy = &out->policy;
    enum status status = world_prepare_all(&under, SCRUB_ON, EXTRACT_REAL, &out->prepared, why);
    if (status == OK && scope->tenant_count > 0)
        status = keep_all_taken(out, why);
    if (status == OK)
        status = list_tasks(out);
    if (status == OK)
        status = world_new(&out->policy, scope->seed, &out->base, why);
    if (status == OK)
        status = enrol_all(out);
    if (status != OK)
        worlds_close(out);
    return status;
}

void worlds_close(struct worlds *worlds)
{
    world_free(worlds->base);
    mem_free(worlds->tasks);
    if (worlds->scope)
        world_prepared_free(worlds->prepared, worlds->scope->tenant_count);
    *worlds = (struct worlds){0};
}

uint64_t worlds_parameters(const struct worlds *worlds, uint64_t more)
{
    uint8_t policy[HASH_BYTES] = {0};
    uint64_t sum = hash_mix64(bytes_of(&more, sizeof more), worlds->colluders);
    if (policy_hash(&worlds->policy, policy) == OK)
        sum = hash_mix64(bytes_of(policy, sizeof policy), sum);
    for (size_t t = 0; t < worlds->scope->tenant_count; t++)
        for (size_t i = 0; i < worlds->prepared[t].count; i++)
            sum = hash_mix64(buf_bytes(&worlds->prepared[t].items[i].record), sum);
    return sum;
}

/* --- a world --- */

enum status worlds_begin(struct worlds *worlds, struct random random)
{
    worlds->begun = true;
    return world_branch(worlds->base, random);
}

enum status worlds_share_item(struct worlds *worlds, size_t member, const struct prepared_item *item)
{
    bool accepted = false;
    INVARIANT(worlds->begun);
    TRY(world_share_item(worlds->base, member, item, &accepted));
    return accepted ? OK : ERR_DENIED;
}

enum status worlds_share(struct worlds *worlds, size_t member, const struct world_task *task)
{
    for (size_t i = task->first; i < task->first + task->count; i++)
        TRY(worlds_share_item(worlds, member, &worlds->prepared[task->tenant].items[i]));
    return OK;
}

enum status worlds_round(struct worlds *worlds, struct library *out)
{
    INVARIANT(worlds->begun);
    enum status status = world_round(worlds->base, out);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status worlds_refused(enum status status, const struct audit_claim *claims, struct audit_results *out)
{
    if (status != ERR_DENIED)
        return status;
    return audit_not_evaluated(out, claims,
                               "the server refused a contribution that the attack counts on: it would be called safe "
                               "for not being there");
}

const struct contribution *worlds_contribution(const struct worlds *worlds, const struct world_task *task, size_t item)
{
    return &worlds->prepared[task->tenant].items[task->first + item].contribution;
}
