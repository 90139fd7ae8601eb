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

/* Sums that can be stored: they end at the largest number of the database, which no cap reaches. */
uint64_t loss_add(uint64_t a, uint64_t b);
struct dp_zcdp zcdp_add(struct dp_zcdp a, struct dp_zcdp b);
struct dp_zcdp zcdp_less(struct dp_zcdp a, struct dp_zcdp b); /* not under 0 */
static inline bool zcdp_is_zero(struct dp_zcdp loss)
{
    return loss.rho == 0 && loss.delta == 0;
}

/* A member's row. One that has none is there from the beginning. */
struct member {
    uint64_t since;              /* number of the last charge before it joined */
    struct dp_zcdp base, spared; /* total then; what it was spared since */
    struct ledger_loss locals;
};
MUST_USE enum status member_read(struct ledger *ledger, struct bytes tenant, struct member *out);
/* What rounds have cost it when all of them together cost `total`. */
static inline struct dp_zcdp member_rounds(const struct member *member, struct dp_zcdp total)
{
    return zcdp_less(zcdp_less(total, member->base), member->spared);
}

/* What devices' noise has cost all members together. */
MUST_USE enum status locals_read(struct ledger *ledger, struct ledger_anchor *into);
/* ERR_POLICY if now is before the latest charge. */
MUST_USE enum status time_check(struct ledger *ledger, int64_t now, struct why *why);
/* The last charge of a round, with everything 0 if there is none. */
MUST_USE enum status anchor_read(struct ledger *ledger, struct ledger_anchor *out);
/* Append a row with this charge, the anchor's head following on the last one's, and hand it to the log. round 0: one
 * that was replayed from a ledger of head `replayed`. In the caller's transaction. */
MUST_USE enum status anchor_append(struct ledger *ledger, uint64_t round, struct dp_zcdp charge, int64_t now,
                                   const uint8_t *replayed, struct ledger_anchor *out);
void queue_free(struct queue *queue);

/* The start of the period that `now` is in, also for times before 1970. */
int64_t period_start(int64_t now);
