/* Hides the probing, and that 0 marks a free place: a hash of 0 is kept as 1. */
#include "insight/hash_set.h"

#define ROOM_LEAST 256

static void put(struct hash_set *set, uint64_t hash)
{
    size_t at = hash & (set->room - 1);
    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->room - 1);
    set->count += set->slots[at] == 0;
    set->slots[at] = hash;
}

static enum status grow(struct hash_set *set)
{
    struct hash_set larger = {.room = set->room ? set->room * 2 : ROOM_LEAST};
    larger.slots = mem_new(larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return ERR_MEMORY;
    for (size_t i = 0; i < set->room; i++)
        if (set->slots[i])
            put(&larger, set->slots[i]);
    mem_free(set->slots);
    *set = larger;
    return OK;
}

enum status hash_set_add(struct hash_set *set, uint64_t hash)
{
    if (set->count * 2 >= set->room)
        TRY(grow(set));
    put(set, hash ? hash : 1);
    return OK;
}

bool hash_set_has(const struct hash_set *set, uint64_t hash)
{
    if (set->room == 0)
        return false;
    hash = hash ? hash : 1;
    for (size_t at = hash & (set->room - 1); set->slots[at]; at = (at + 1) & (set->room - 1))
        if (set->slots[at] == hash)
            return true;
    return false;
}

void hash_set_free(struct hash_set *set)
{
    mem_free(set->slots);
    *set = (struct hash_set){0};
}
