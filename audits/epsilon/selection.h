/* The selection of mode `dp` by itself: insight/release_private.h on a round's table as the vault would make it. */
#pragma once

#include "audits/audit.h"
#include "audits/epsilon/canaries.h"

/* The policy of a round that is attacked: the scope's figures if it is of mode dp, else an ordinary one's (ε = 4,
 * δ = 1e-5, 32 statements). Nothing else of a policy bears upon the selection. */
void selection_policy(const struct audit_scope *scope, struct policy *out);

enum selection_noise { SELECTION_STATED, SELECTION_SILENT };
/* One release, its noise from `random`: the colluders of `place`, and the targets that are in. in, released: as many as
 * canaries. SELECTION_SILENT: with a deviation of 1 / 4096 of a statement. */
MUST_USE enum status selection_run(const struct canaries *canaries, const struct policy *policy,
                                   enum canary_place place, enum selection_noise noise, const bool *in,
                                   struct random random, bool *released);
