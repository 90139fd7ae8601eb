/* Many worlds from one base: the scope's tenants enrolled once, and every world a forked process that shares tasks of
 * its choice into its own copy of that federation, runs the real round and pulls the library.
 *
 * Client halves come from the scope's cache. A trial of TRIAL_FORKED (audits/trials.h) calls worlds_begin once, then
 * worlds_share and worlds_round; the base is changed, in that process alone. */
#pragma once

#include "audits/trials.h"
#include "audits/world.h"

struct world_task { /* prepared items [first, first + count) of a tenant: one task */
    size_t tenant, first, count;
};
struct worlds {
    const struct audit_scope *scope;
    struct policy policy;
    struct prepared *prepared; /* of every tenant of the scope, what the server takes */
    size_t refused;            /* items that it does not take: they are in no task */
    size_t task_count;
    struct world_task *tasks; /* by tenant, then as prepared */
    struct world *base;
    size_t colluders; /* members after the scope's tenants, who have nothing of their own */
    bool begun;       /* in a trial: worlds_begin was called */
};
/* Prepares, lists the tasks, and enrols the scope's tenants and then `colluders` more. policy NULL: the scope's
 * (world_policy). On failure *out is empty. */
MUST_USE enum status worlds_open(const struct audit_scope *scope, const struct policy *policy, size_t colluders,
                                 struct worlds *out, struct why *why);
void worlds_close(struct worlds *worlds);
/* The name of a member after the scope's tenants, from 0, as an operator knows it. */
#define WORLDS_NAME 32
void worlds_colluder_name(size_t colluder, char out[static WORLDS_NAME]);
/* Parameters for struct trials: a hash of what outcomes turn on beside the seed (traces, policy, colluders), so that
 * trials kept from another scope don't count. `more` is the caller's own. */
uint64_t worlds_parameters(const struct worlds *worlds, uint64_t more);
/* First in a trial: from here on what the server draws comes from `random`. Without it every world of a base would draw
 * the same; so the two calls below abort where it was left out. */
MUST_USE enum status worlds_begin(struct worlds *worlds, struct random random);
/* member: the number of a tenant of the scope, or scope->tenant_count and on for the colluders. Items that this member
 * has shared before are the same contribution. ERR_DENIED: one was refused. */
MUST_USE enum status worlds_share(struct worlds *worlds, size_t member, const struct world_task *task);
/* One item, such as an adversary makes. ERR_DENIED: it was refused. */
MUST_USE enum status worlds_share_item(struct worlds *worlds, size_t member, const struct prepared_item *item);
/* Where a trial ended with ERR_DENIED what has no result yet is not evaluated, and says so; any other status as it is.
 */
MUST_USE enum status worlds_refused(enum status status, const struct audit_claim *claims, struct audit_results *out);
/* Nothing released: OK and an empty library. A world can have several rounds. */
MUST_USE enum status worlds_round(struct worlds *worlds, struct library *out);
/* The candidates of a task's item. */
const struct contribution *worlds_contribution(const struct worlds *worlds, const struct world_task *task, size_t item);
