/* What happens between two rounds of a world, and what anybody can count again who knows what was shared. */
#pragma once

#include "audits/linkage/coins.h"

enum event { EVENT_ENROLMENT, EVENT_SUSPENSION, EVENT_ERASURE, EVENT_WITHDRAWAL, EVENTS };

struct story { /* of one world */
    enum event event;
    size_t who, other; /* of two members: the attacker is to tell which it was */
    /* The tasks of every member alike, whatever happens to it: half are there at the start, a quarter comes later, and
     * a quarter is never shared, but known. The later tasks of who it happened to are neither shared nor known: how
     * much is known of a member must not say which it was. */
    struct coins start, later, known;
    struct library first, second;
    struct lessons changed; /* what the version that had the member says and the other does not */
};
void story_free(struct story *story);
/* The event is given. */
MUST_USE enum status story_draw(const struct worlds *worlds, struct random random, struct story *story);
/* Shared, a round, the event, shared, a round. One that enrols shares what it has after it came. */
MUST_USE enum status story_tell(struct worlds *worlds, struct story *story);
/* The version that had the member, and the one without. */
const struct library *story_with(const struct story *story);
const struct library *story_without(const struct story *story);

/* --- counting again, as the rule of k would --- */

enum shared { SHARED_AT_START, SHARED_LATER }; /* up to the first round; up to the second */
struct count {
    const struct worlds *worlds;
    const struct story *story;
    const struct lessons *tasks; /* by task: what it teaches */
    uint32_t k;
};
/* Whether a phrase of it is held by fewer than k members without `gone` (SIZE_MAX: nobody), of what was shared. */
bool count_lacks(const struct count *count, const struct lesson *insight, size_t gone, enum shared shared);
