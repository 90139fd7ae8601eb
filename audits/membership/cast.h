/* Who can be a target of membership: single tasks, whole tenants, and canaries. Room-internal.
 *
 * A canary (Meeus et al. 2025, arXiv 2502.14921) begins as others do, with the "when" and the first advice of a real
 * candidate, of one that several tenants hold where there is such, and ends in words that nobody else joins: what a
 * release gives away of it is an echo of what it began with. Its tenant met it in several tasks, so that a distiller
 * which drops what is said but once does not hide what the gate would let through. */
#pragma once

#include "audits/membership/target.h"
#include "audits/worlds.h"

#define CAST_TASKS_MAX 48   /* tasks that are targets: drawn at random where there are more */
#define CAST_TENANTS_MAX 32 /* tenants that are targets: the first ones that have a task */
#define CAST_CANARIES 4
#define CANARY_TASKS 6

struct canary {
    struct prepared_item items[CANARY_TASKS]; /* owned: contributions with the same one candidate, of several tasks */
    size_t tenant;
};
/* Targets as the adversary knows them; `copied` ones have a candidate more, `extras`, that nobody else has: in the
 * positive control it tells a task from others that taught the same. */
struct cast {
    size_t task_count;
    size_t tasks[CAST_TASKS_MAX]; /* numbers among worlds->tasks */
    struct target *of_tasks, *copied_tasks;
    size_t tenant_count; /* all of them: a phrase is lone among all */
    struct target *of_tenants, *copied_tenants;
    size_t tenant_targets;            /* who has nothing to share is none: worlds with and without would be the same */
    size_t tenants[CAST_TENANTS_MAX]; /* their numbers among all */
    size_t canary_count;
    struct canary canaries[CAST_CANARIES];
    struct target *of_canaries;
    struct candidate *extras; /* of each task, then of each tenant */
};
MUST_USE enum status cast_new(const struct worlds *worlds, struct random random, struct cast *out);
void cast_free(struct cast *cast);
/* Whether no other tenant has that phrase. */
bool cast_is_lone(const struct cast *cast, size_t tenant, const uint8_t key[static 16]);
/* Targets of the cast with a phrase of their tenant's alone, in `out`; how many. */
size_t cast_lone(const struct cast *cast, const struct target *targets, size_t count, size_t *out);
