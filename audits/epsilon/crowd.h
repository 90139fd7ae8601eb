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
#define CROWD_MOST 6000 /* members */
#define CROWD_TOO_LARGE "it would take more than 6000 members: too many for this attack at so small an epsilon"
/* ERR_POLICY, ERR_TOO_LARGE as private_terms_of and canaries_new; ERR_TOO_LARGE also if it takes more than CROWD_MOST
 * members; ERR_DENIED: the server refused what a colluder said. On failure *out is empty. */
MUST_USE enum status crowd_open(const struct audit_scope *scope, const struct crowd_plan *plan, struct random random,
                                struct crowd *out, struct why *why);
void crowd_close(struct crowd *crowd);
/* A crowd that is too large, or of which the server refused something: what has no result yet is not evaluated. Any
 * other status as it is. */
MUST_USE enum status crowd_refused(enum status status, const struct audit_claim *claims, struct audit_results *out);
/* The members who may say a canary: from this one on. */
size_t crowd_member(const struct crowd *crowd, size_t canary);
/* In a world: that member says the canary; or all do, each that of its own. ERR_DENIED: the server refused it. */
MUST_USE enum status crowd_say(struct crowd *crowd, size_t canary, size_t member);
MUST_USE enum status crowd_say_all(struct crowd *crowd);
/* In a world: targets, whosever they are, say the first canaries, as many each as make the server release it but once
 * in a thousand. *said: how many canaries; 0 where there are too few targets. ERR_DENIED as crowd_say. */
MUST_USE enum status crowd_say_surely(struct crowd *crowd, size_t *said);
/* A round, and what the library shows (canaries_shown). */
MUST_USE enum status crowd_round(struct crowd *crowd, double *shown);
/* How many canaries are shown. */
size_t crowd_count(const struct crowd *crowd, const double *shown);
/* Where libraries showed much less of so many canaries, half of them said, than the stated noise releases, there was
 * little to tell anybody by: no pass, and a control that passed is undecided. A leak that was found stays found. */
void crowd_doubt(const struct crowd *crowd, size_t shown, size_t canaries, struct audit_result *result);
/* Without a server: what the selection shows at the steepest point with all but no noise, where those targets are in.
 */
MUST_USE enum status crowd_silent(const struct crowd *crowd, const bool *in, struct random random, double *shown);
/* A contribution of these candidates, with an id of its own. The record is the caller's. */
MUST_USE enum status crowd_item(struct candidate *candidates, size_t count, struct random random,
                                struct prepared_item *out);
