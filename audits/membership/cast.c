/* Targets, and the canaries that are made for them. Hides how candidates are gathered and which words make an unusual
 * end. */
#include "audits/membership/cast.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "insight/codebook.h"

#define UNUSUAL_WORDS 6 /* of an extra */
#define ENDING_WORDS 3  /* of a canary: few, so that it is still like what it began as */

/* --- candidates of somebody --- */

struct gathered { /* borrowed candidates */
    size_t count;
    const struct candidate **items; /* owned */
};

static enum status gather_new(const struct worlds *worlds, struct gathered *out)
{
    size_t most = 1; /* an extra */
    for (size_t t = 0; t < worlds->task_count; t++)
        most += worlds->tasks[t].count * CONTRIBUTION_CANDIDATES_MAX;
    *out = (struct gathered){.items = mem_new(most, sizeof *out->items)};
    return out->items ? OK : ERR_MEMORY;
}

static void gather_task(struct gathered *gathered, const struct worlds *worlds, const struct world_task *task)
{
    for (size_t i = 0; i < task->count; i++) {
        const struct contribution *from = worlds_contribution(worlds, task, i);
        for (size_t c = 0; c < from->candidate_count; c++)
            gathered->items[gathered->count++] = &from->candidates[c];
    }
}

static void gather_tenant(struct gathered *gathered, const struct worlds *worlds, size_t tenant)
{
    for (size_t t = 0; t < worlds->task_count; t++)
        if (worlds->tasks[t].tenant == tenant)
            gather_task(gathered, worlds, &worlds->tasks[t]);
}

/* --- unusual words --- */

static void unusual(struct random random, const char *before, int words, char out[static PHRASE_MAX])
{
    size_t size = (size_t)snprintf(out, PHRASE_MAX, "%s", before);
    for (int i = 0; i < words && size < PHRASE_MAX; i++) {
        const char *word = codebook_topic((uint32_t)(1 + random_below(random, CODEBOOK_TOPICS - 1)));
        size += (size_t)snprintf(out + size, PHRASE_MAX - size, " %s", word);
    }
}

static enum status make_extra(struct random random, struct candidate *out)
{
    char phrase[PHRASE_MAX];
    *out = (struct candidate){.kind = CANDIDATE_RECOVERY};
    unusual(random, "a case of", UNUSUAL_WORDS, phrase);
    return phrases_add(&out->when, phrase);
}

/* --- canaries --- */

static enum status make_ending(struct random random, struct candidate *candidate)
{
    char phrase[PHRASE_MAX];
    while (candidate->act.count >= PHRASES_MAX)
        mem_free(candidate->act.items[--candidate->act.count]);
    unusual(random, "then", ENDING_WORDS, phrase);
    return phrases_add(&candidate->act, phrase);
}

static enum status pack(const struct contribution *from, const struct candidate *candidate, struct random random,
                        struct prepared_item *out)
{
    uint8_t digest[HASH_BYTES];
    struct contribution *packed = &out->contribution;
    *packed = (struct contribution){.class = CLASS_TEXT, .candidates = mem_new(1, sizeof *packed->candidates)};
    if (!packed->candidates)
        return ERR_MEMORY;
    memcpy(packed->extractor, from->extractor, sizeof packed->extractor);
    memcpy(packed->redaction, from->redaction, sizeof packed->redaction);
    packed->candidate_count = 1;
    TRY(candidate_copy(candidate, &packed->candidates[0]));
    random_fill(random, packed->candidates[0].task, TASK_TAG_BYTES);
    TRY(contribution_encode(packed, &out->record));
    hash_sha256(buf_bytes(&out->record), digest);
    memcpy(out->id, digest, ID_BYTES);
    return OK;
}

static enum status make_canary(const struct contribution *from, struct random random, struct canary *out)
{
    struct candidate candidate = {0};
    enum status status = candidate_copy(&from->candidates[0], &candidate);
    if (status == OK)
        status = make_ending(random, &candidate);
    for (size_t i = 0; i < CANARY_TASKS && status == OK; i++)
        status = pack(from, &candidate, random, &out->items[i]);
    candidate_free(&candidate);
    return status;
}

static bool is_shared(const struct cast *cast, size_t tenant, const struct candidate *candidate)
{
    uint8_t key[16];
    if (candidate->when.count == 0)
        return false;
    phrase_key(candidate->when.items[0], key);
    return !cast_is_lone(cast, tenant, key);
}

/* The candidates that others begin alike with come first; each gives at most one canary. */
static enum status add_canaries(const struct worlds *worlds, struct random random, bool shared, struct cast *cast)
{
    size_t start = worlds->task_count ? random_below(random, worlds->task_count) : 0;
    for (size_t t = 0; t < worlds->task_count && cast->canary_count < CAST_CANARIES; t++) {
        const struct world_task *task = &worlds->tasks[(start + t * 7) % worlds->task_count];
        const struct contribution *from = worlds_contribution(worlds, task, 0);
        if (from->candidate_count == 0 || is_shared(cast, task->tenant, &from->candidates[0]) != shared)
            continue;
        struct canary *canary = &cast->canaries[cast->canary_count++];
        canary->tenant = task->tenant;
        TRY(make_canary(from, random, canary));
    }
    return OK;
}

static enum status list_canaries(const struct worlds *worlds, struct random random, struct cast *cast)
{
    TRY(add_canaries(worlds, random, true, cast));
    TRY(add_canaries(worlds, random, false, cast));
    cast->of_canaries = mem_new(CAST_CANARIES, sizeof *cast->of_canaries);
    if (!cast->of_canaries)
        return ERR_MEMORY;
    for (size_t i = 0; i < cast->canary_count; i++) {
        const struct candidate *only = &cast->canaries[i].items[0].contribution.candidates[0];
        TRY(target_init(&only, 1, cast->canaries[i].tenant, &cast->of_canaries[i]));
    }
    return OK;
}

/* --- the cast --- */

/* With what was gathered, and with the extra behind it. */
static enum status init_both(struct gathered *gathered, struct random random, size_t tenant, struct candidate *extra,
                             struct target *target, struct target *copied)
{
    TRY(target_init(gathered->items, gathered->count, tenant, target));
    TRY(make_extra(random, extra));
    gathered->items[gathered->count++] = extra;
    TRY(target_init(gathered->items, gathered->count, tenant, copied));
    gathered->count = 0;
    return OK;
}

static void choose_tasks(const struct worlds *worlds, struct random random, struct cast *cast)
{
    for (size_t t = 0; t < worlds->task_count; t++) { /* reservoir sampling */
        size_t place = cast->task_count < CAST_TASKS_MAX ? cast->task_count : random_below(random, t + 1);
        if (place < CAST_TASKS_MAX)
            cast->tasks[place] = t;
        cast->task_count += cast->task_count < CAST_TASKS_MAX;
    }
}

static void choose_tenants(const struct worlds *worlds, struct cast *cast)
{
    for (size_t t = 0; t < worlds->task_count && cast->tenant_targets < CAST_TENANTS_MAX; t++)
        if (t == 0 || worlds->tasks[t].tenant != worlds->tasks[t - 1].tenant) /* tasks are listed by tenant */
            cast->tenants[cast->tenant_targets++] = worlds->tasks[t].tenant;
}

static enum status list_targets(const struct worlds *worlds, struct random random, struct gathered *gathered,
                                struct cast *cast)
{
    for (size_t i = 0; i < cast->tenant_count; i++) {
        gather_tenant(gathered, worlds, i);
        TRY(init_both(gathered, random, i, &cast->extras[cast->task_count + i], &cast->of_tenants[i],
                      &cast->copied_tenants[i]));
    }
    for (size_t i = 0; i < cast->task_count; i++) {
        const struct world_task *task = &worlds->tasks[cast->tasks[i]];
        gather_task(gathered, worlds, task);
        TRY(init_both(gathered, random, task->tenant, &cast->extras[i], &cast->of_tasks[i], &cast->copied_tasks[i]));
    }
    return OK;
}

static enum status make_room(struct cast *cast)
{
    struct target **const all[] = {&cast->of_tasks, &cast->copied_tasks, &cast->of_tenants, &cast->copied_tenants};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!(*all[i] = mem_new((i < 2 ? cast->task_count : cast->tenant_count) + 1, sizeof(struct target))))
            return ERR_MEMORY;
    cast->extras = mem_new(cast->task_count + cast->tenant_count + 1, sizeof *cast->extras);
    return cast->extras ? OK : ERR_MEMORY;
}

enum status cast_new(const struct worlds *worlds, struct random random, struct cast *out)
{
    struct gathered gathered = {0};
    *out = (struct cast){.tenant_count = worlds->scope->tenant_count};
    choose_tasks(worlds, random, out);
    choose_tenants(worlds, out);
    enum status status = make_room(out);
    if (status == OK)
        status = gather_new(worlds, &gathered);
    if (status == OK)
        status = list_targets(worlds, random, &gathered, out);
    if (status == OK)
        status = list_canaries(worlds, random, out);
    mem_free(gathered.items);
    if (status != OK)
        cast_free(out);
    return status;
}

static void free_targets(struct target *targets, size_t count)
{
    for (size_t i = 0; targets && i < count; i++)
        target_free(&targets[i]);
    mem_free(targets);
}

static void free_canary(struct canary *canary)
{
    for (size_t i = 0; i < CANARY_TASKS; i++) {
        buf_free(&canary->items[i].record);
        contribution_free(&canary->items[i].contribution);
    }
}

void cast_free(struct cast *cast)
{
    free_targets(cast->of_tasks, cast->task_count);
    free_targets(cast->copied_tasks, cast->task_count);
    free_targets(cast->of_tenants, cast->tenant_count);
    free_targets(cast->copied_tenants, cast->tenant_count);
    free_targets(cast->of_canaries, cast->canary_count);
    for (size_t i = 0; cast->extras && i < cast->task_count + cast->tenant_count; i++)
        candidate_free(&cast->extras[i]);
    mem_free(cast->extras);
    for (size_t i = 0; i < cast->canary_count; i++)
        free_canary(&cast->canaries[i]);
    *cast = (struct cast){0};
}

/* --- phrases that one tenant alone holds --- */

bool cast_is_lone(const struct cast *cast, size_t tenant, const uint8_t key[static 16])
{
    for (size_t i = 0; i < cast->tenant_count; i++)
        if (i != tenant && target_has(&cast->of_tenants[i], key))
            return false;
    return true;
}

size_t cast_lone(const struct cast *cast, const struct target *targets, size_t count, size_t *out)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        bool lone = false;
        for (size_t k = 0; k < targets[i].key_count && !lone; k++)
            lone = cast_is_lone(cast, targets[i].tenant, targets[i].keys[k]);
        if (lone)
            out[found++] = i;
    }
    return found;
}
