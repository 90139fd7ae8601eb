/* The freeze of releases: when a member holds a checkpoint, signed with our own key, that this log contradicts, or when
 * the state was restored, no round publishes until the operator has looked and says why it may go on. It is a row in
 * the federation's database, so it outlives every restart. Admission, withdrawals and reading go on.
 *
 * What the operator thawed stays known: the same checkpoint does not freeze anew. Another one does, also a smaller one,
 * since nobody can tell whether it is of the same lost log. While it is frozen all that come are kept, up to 64, so one
 * thaw is for all members that were heard. */
#pragma once

#include "base/json.h"
#include "server/store.h"

enum freeze_reason {
    FREEZE_SHRUNK,   /* a member has seen a longer log than ours: the state was rolled back, or there are two of us */
    FREEZE_FORKED,   /* a member has seen the same size with another root */
    FREEZE_RESTORED, /* the state comes from a backup */
    FREEZE_REASONS
};

/* size: that of the contradicting checkpoint, or the largest known to have been lost. evidence: its signed note; with
 * FREEZE_RESTORED also BYTES_NONE. Within the caller's transaction, if there is one. *fresh (may be NULL): it was not
 * known already. */
MUST_USE enum status freeze_set(struct store *store, enum freeze_reason reason, uint64_t size, struct bytes evidence,
                                int64_t now, bool *fresh);
/* ERR_POLICY with the reason while releases are frozen. */
MUST_USE enum status freeze_check(struct store *store, struct why *why);
/* Take back all that is set. said: why, in the operator's words. ERR_NOT_FOUND: nothing was frozen. */
MUST_USE enum status freeze_thaw(struct store *store, const char *said, int64_t now);
/* "frozen": true or false, and "freezes": what is set now, with its evidence. */
MUST_USE enum status freeze_show(struct store *store, struct json *reply);
