/* A federation of mode `dp` that an attack makes for itself, large enough that one tenant counts: targets with a canary
 * each (audits/epsilon/canaries.h), and the colluders who hold it up, all of them real members of a real server. The
 * colluders' contributions are in the base of all worlds. */
#pragma once

#include "audits/epsilon/canaries.h"
#include "audits/worlds.h"

struct crowd_plan {
    enum canary_place place;
    uint32_t group;    /* statements of a colluder at most */
    size_t least;      /* canaries */
    size_t targets;    /* members who may say the same canary: 1 and more */
    size_t bystanders; /* members with nothing of their own, after all others */
};
struct crowd {
    struct audit_scope scope; /* without tenants: canaries need none */
    struct policy policy;     /* selection_policy */
    struct canaries canaries;
    struct prepared_item *says; /* owned; of each canary the contribution that says it */
    struct worlds worlds;
    size_t targets, bystander; /* of a canary; the first of the bystanders */
};
/* ERR_POLICY, ERR_TOO_LARGE as private_terms_of and canaries_new. On failure *out is empty. */
MUST_USE enum status crowd_open(const struct audit_scope *scope, const struct crowd_plan *plan, struct random random,
                                struct crowd *out, struct why *why);
void crowd_close(struct crowd *crowd);
/* The members who may say a canary: from this one on. */
size_t crowd_member(const struct crowd *crowd, size_t canary);
/* In a world: that member says the canary. */
MUST_USE enum status crowd_say(struct crowd *crowd, size_t canary, size_t member);
/* A contribution of these candidates, with an id of its own. The record is the caller's. */
MUST_USE enum status crowd_item(struct candidate *candidates, size_t count, struct random random,
                                struct prepared_item *out);
