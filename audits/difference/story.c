/* Hides the coins, and how the operator's and the device's commands are given. */
#include "audits/difference/story.h"

/* --- what is drawn --- */

static void draw_tasks(const struct worlds *worlds, struct random random, struct story *story)
{
    for (size_t t = 0; t < story->start.count; t++) {
        size_t lot = (size_t)random_below(random, 4);
        story->start.in[t] = lot < 2;
        story->later.in[t] = lot == 2 && worlds->tasks[t].tenant != story->who;
        story->known.in[t] = lot == 3;
    }
}

enum status story_draw(const struct worlds *worlds, struct random random, struct story *story)
{
    size_t tenants = worlds->scope->tenant_count;
    story->who = (size_t)random_below(random, tenants);
    story->other = (story->who + 1 + (size_t)random_below(random, tenants - 1)) % tenants;
    TRY(coins_draw(worlds, random, &story->start));
    TRY(coins_draw(worlds, random, &story->later));
    TRY(coins_draw(worlds, random, &story->known));
    draw_tasks(worlds, random, story);
    return OK;
}

void story_free(struct story *story)
{
    coins_free(&story->start);
    coins_free(&story->later);
    coins_free(&story->known);
    library_free(&story->first);
    library_free(&story->second);
    lessons_free(&story->changed);
}

/* --- what happens --- */

static enum status withdraw_all(struct worlds *worlds, const struct story *story)
{
    for (size_t t = 0; t < story->start.count; t++) {
        const struct world_task *task = &worlds->tasks[t];
        for (size_t i = 0; i < task->count && story->start.in[t] && task->tenant == story->who; i++) {
            enum status status =
                world_withdraw(worlds->base, task->tenant, &worlds->prepared[task->tenant].items[task->first + i]);
            if (status != OK && status != ERR_NOT_FOUND) /* an item that was refused is not there */
                return status;
        }
    }
    return OK;
}

static enum status happen(struct worlds *worlds, const struct story *story)
{
    const char *name = worlds->scope->tenants[story->who].name;
    switch (story->event) {
    case EVENT_ENROLMENT:
        return coins_share(worlds, &story->start, story->who);
    case EVENT_SUSPENSION:
        return world_operate(worlds->base, name, WORLD_SUSPENSION);
    case EVENT_ERASURE:
        return world_operate(worlds->base, name, WORLD_ERASURE);
    case EVENT_WITHDRAWAL:
        return withdraw_all(worlds, story);
    case EVENTS:
        break;
    }
    return ERR_USAGE;
}

static enum status share_at_start(struct worlds *worlds, const struct story *story)
{
    for (size_t tenant = 0; tenant < worlds->scope->tenant_count; tenant++)
        if (story->event != EVENT_ENROLMENT || tenant != story->who)
            TRY(coins_share(worlds, &story->start, tenant));
    return OK;
}

enum status story_tell(struct worlds *worlds, struct story *story)
{
    TRY(share_at_start(worlds, story));
    TRY(worlds_round(worlds, &story->first));
    TRY(happen(worlds, story));
    TRY(coins_share(worlds, &story->later, SIZE_MAX));
    TRY(worlds_round(worlds, &story->second));
    return lessons_of_lost(story_with(story), story_without(story), &story->changed);
}

const struct library *story_with(const struct story *story)
{
    return story->event == EVENT_ENROLMENT ? &story->second : &story->first;
}

const struct library *story_without(const struct story *story)
{
    return story->event == EVENT_ENROLMENT ? &story->first : &story->second;
}

/* --- counting again --- */

static bool holds(const struct count *count, size_t tenant, const uint8_t key[static LESSON_KEY_BYTES],
                  enum shared shared)
{
    const struct story *story = count->story;
    for (size_t t = 0; t < story->start.count; t++) {
        bool is_shared = story->start.in[t] || (shared == SHARED_LATER && story->later.in[t]);
        if (count->worlds->tasks[t].tenant != tenant || !is_shared)
            continue;
        for (size_t i = 0; i < count->tasks[t].count; i++)
            if (lesson_holds(&count->tasks[t].items[i], key))
                return true;
    }
    return false;
}

bool count_lacks(const struct count *count, const struct lesson *insight, size_t gone, enum shared shared)
{
    for (size_t i = 0; i < insight->key_count; i++) {
        uint32_t holders = 0;
        for (size_t tenant = 0; tenant < count->worlds->scope->tenant_count; tenant++)
            holders += tenant != gone && holds(count, tenant, insight->keys[i], shared);
        if (holders < count->k)
            return true;
    }
    return false;
}
