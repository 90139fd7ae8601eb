/* Room-internal: the ledger's own struct, and its rows as the files that write them see them. */
#pragma once

#include "ledger/ledger.h"

struct queue; /* local.c */

struct ledger {
    struct db *db;
    struct ledger_terms terms;
    const char *apart; /* how it differs from what the log knows; NULL: it doesn't, as far as was compared */
    struct queue *queue;
};

/* A member's row. One that has none is there from the beginning. */
struct member {
    uint64_t since;                  /* number of the last charge before it joined */
    struct ledger_loss base, spared; /* the total then; what it was spared since */
    struct ledger_loss locals;
};
MUST_USE enum status member_read(struct ledger *ledger, struct bytes tenant, struct member *out);

/* What devices' noise has cost all members together. */
MUST_USE enum status locals_read(struct ledger *ledger, struct ledger_anchor *into);
/* ERR_POLICY if now is before the latest charge. */
MUST_USE enum status time_check(struct ledger *ledger, int64_t now, struct why *why);
/* The last charge of a round, with everything 0 if there is none. */
MUST_USE enum status anchor_read(struct ledger *ledger, struct ledger_anchor *out);
/* Append a row with this charge, the anchor's head following on the last one's, and hand it to the log. round 0: one
 * that was replayed from a ledger of head `replayed`. In the caller's transaction. */
MUST_USE enum status anchor_append(struct ledger *ledger, uint64_t round, struct ledger_loss charge, int64_t now,
                                   const uint8_t *replayed, struct ledger_anchor *out);
void queue_free(struct queue *queue);

/* The start of the period that `now` is in, also for times before 1970. */
int64_t period_start(int64_t now);
