/* What tasks and libraries teach, with features, ready to be compared; and the choices that attackers make with it. */
#pragma once

#include "audits/worlds.h"
#include "insight/features.h"

#define LESSON_KEY_BYTES 17 /* the number of the list, and the phrase's key */
struct lesson {
    struct features features;
    size_t key_count;
    uint8_t (*keys)[LESSON_KEY_BYTES]; /* owned; list by list */
};
struct lessons {
    size_t count, room;
    struct lesson *items; /* owned */
};
void lessons_free(struct lessons *lessons);
/* Adds; on failure what was there stays. */
MUST_USE enum status lessons_add(struct lessons *lessons, const struct candidate *text);
MUST_USE enum status lessons_add_task(struct lessons *lessons, const struct worlds *worlds, size_t task);
/* A canary, for positive controls: a lesson of one phrase in words of its own, the same for the same number and nobody
 * else's. It is put where a search must find it, and the search is the attack's own. */
MUST_USE enum status lessons_add_canary(struct lessons *lessons, uint64_t number);
MUST_USE enum status lessons_of_library(const struct library *library, struct lessons *out);
/* Insights of `library` that `other` does not have, or has with other words, support, rate or outcome. */
MUST_USE enum status lessons_of_difference(const struct library *library, const struct library *other,
                                           struct lessons *out);
/* What `library` says and `other` nowhere does: of each insight the phrases that no insight of the other has in the
 * same list, with its slots; insights of which nothing is left are passed over. */
MUST_USE enum status lessons_of_lost(const struct library *library, const struct library *other, struct lessons *out);
/* One a task: an array of worlds->task_count. Made once, before worlds branch off. */
MUST_USE enum status lessons_of_tasks(const struct worlds *worlds, struct lessons **out);
/* Whose number the canary is of that a task's records carry. */
enum canary_of { CANARY_OF_TASK, CANARY_OF_TENANT };
uint64_t lessons_canary(const struct worlds *worlds, enum canary_of whose, size_t task);
/* The same with a canary to each. */
MUST_USE enum status lessons_of_marked_tasks(const struct worlds *worlds, enum canary_of whose, struct lessons **out);
void lessons_free_tasks(struct lessons *tasks, size_t count);
/* How near `others` come to each of `mine`: the mean of the best cosine, 0 where either is empty. */
double lessons_near(const struct lessons *mine, const struct lessons *others);
bool lesson_holds(const struct lesson *lesson, const uint8_t key[static LESSON_KEY_BYTES]);
/* Whether something that is shown holds nothing in its "when", "do" and "avoid" that one of `mine` does not hold in the
 * same list. */
bool lessons_disclose(const struct lessons *shown, const struct lessons *mine);
