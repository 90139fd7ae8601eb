/* One base federation, many worlds. Hides the listing of tasks and that a world is a copy of the base's memory. */
#include "audits/worlds.h"

#include <stdio.h>

#include "base/hash.h"

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
    return world_share_item(worlds->base, member, item, &accepted);
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

const struct contribution *worlds_contribution(const struct worlds *worlds, const struct world_task *task, size_t item)
{
    return &worlds->prepared[task->tenant].items[task->first + item].contribution;
}
