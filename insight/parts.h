/* A candidate's parts by number, for what treats all lists of phrases or all slots alike. */
#pragma once

#include "protocol/candidate.h"

enum phrase_list { LIST_WHEN, LIST_ACT, LIST_AVOID, LIST_WHY, PHRASE_LISTS };
enum slot { SLOT_TOOL, SLOT_ERROR, SLOT_PRECONDITION, SLOT_ARGUMENT, SLOTS };

static inline const struct phrases *candidate_phrases(const struct candidate *candidate, size_t list)
{
    const struct phrases *const lists[] = {&candidate->when, &candidate->act, &candidate->avoid, &candidate->why};
    return lists[list];
}
static inline struct phrases *candidate_phrases_of(struct candidate *candidate, size_t list)
{
    struct phrases *const lists[] = {&candidate->when, &candidate->act, &candidate->avoid, &candidate->why};
    return lists[list];
}
static inline const char *candidate_slot(const struct candidate *candidate, size_t slot)
{
    const char *const slots[] = {candidate->tool, candidate->error, candidate->precondition, candidate->argument};
    return slots[slot];
}
static inline char **candidate_slot_of(struct candidate *candidate, size_t slot)
{
    char **const slots[] = {&candidate->tool, &candidate->error, &candidate->precondition, &candidate->argument};
    return slots[slot];
}
static inline bool candidate_same_order(const struct candidate *a, const struct candidate *b)
{
    if (a->order_count != b->order_count)
        return false;
    for (size_t i = 0; i < a->order_count; i++)
        if (strcmp(a->order[i], b->order[i]) != 0)
            return false;
    return true;
}
