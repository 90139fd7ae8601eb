/* Room-internal: a round, from the vault's table through distil and the release gate to the next library.
 *
 * Distil gets the candidates in a random order that only the vault knows, without task tags and tenants: an index is a
 * random id of this round. One round at a time; its answer must carry the round's request number and nonce. */
#pragma once

#include "insight/release_private.h"
#include "server/vault_state.h"

enum round_purpose { ROUND_PUBLISH, ROUND_PREVIEW };

struct round {
    enum round_purpose purpose;
    bool asked; /* an operator waits for the answer */
    enum role peer;
    uint64_t asker_request;
    uint64_t number, request; /* of the round; to distil */
    uint8_t nonce[16];
    int64_t started;
    uint64_t ticks;
    int64_t withdrawals;        /* received so far */
    uint64_t tree;              /* log size at the start */
    size_t tenants;             /* that have anything in it */
    size_t left_out;            /* contributions for which there was no room */
    struct private_terms terms; /* mode dp */
    struct dp_stream *stream;   /* of its noise: owned */
    uint64_t charge;            /* the ledger's number of what it cost; 0: nothing */
    uint32_t members;           /* in good standing when it was charged: public */
    size_t count, room;
    struct candidate *candidates;
    struct release_row *rows;
};
void round_free(struct round *round);

/* Begin one for an operator (asker) or the clock (NULL). OK: its answer comes later. ERR_UNAVAILABLE: one is in flight.
 */
MUST_USE enum status round_start(struct vault *vault, enum round_purpose purpose, const struct message *asker,
                                 struct outbox *out, struct why *why);
/* server/round_private.c: a round of mode dp, which asks distil nothing: terms, charge, collect, draw and publish at
 * once. round has its number and times. ERR_POLICY with the reason if the federation is too small for anything to come
 * of it, the ledger does not allow it, or it is a preview, which would be a release. After the charge nothing is given
 * back; the next try has another number. */
MUST_USE enum status round_private(struct vault *vault, struct round *round, struct buf *report, struct why *why);
/* When the last one was charged, published or not; 0. */
MUST_USE enum status round_private_last(struct vault *vault, int64_t *at);
/* Whether a scheduled one waits: a state folder that was put back is whole in itself, and only members know better.
 * Until one of them was heard since the start, or a slot has passed. */
bool round_private_waits(const struct vault *vault);
/* Whether a policy of mode dp can be kept at all: its terms exist, and the lifetime budget allows a round. */
MUST_USE enum status round_private_check(struct vault *vault, struct why *why);
/* ERR_POLICY while withdrawals or erasures wait for the scheduled round: one that an operator holds at once would show
 * by what disappears who left. */
MUST_USE enum status round_check_unhurried(struct vault *vault, struct why *why);
/* ERR_UNAVAILABLE: distil has been at a round for half an hour; the vault must stop. */
MUST_USE enum status round_tick(struct vault *vault, struct outbox *out);
MUST_USE enum status round_distilled(struct vault *vault, const struct message *in, struct outbox *out);

/* The round's outcome in the audit trail. */
MUST_USE enum status round_enter(struct vault *vault, const struct round *round, enum status outcome);

/* server/round_collect.c: every active tenant's database opens and can be asked, so that a private round does not fail
 * of it after its charge. No record is read. */
MUST_USE enum status round_check_stores(struct vault *vault);
/* server/round_collect.c: the live candidates of active tenants, shuffled: all of them, or as much of each tenant's
 * newest as fits into `most` bytes of records together. A charged round takes those that its charge covers, and as much
 * of each as its part of `most` by the number of members alone: what one brings changes nobody else's part. */
MUST_USE enum status round_collect(struct vault *vault, struct round *round, size_t most);
/* server/round_publish.c: recount, gate, compare with the last library; publish unless nothing changed or it is a
 * preview. report: JSON for the operator's console. proposals: NULL in mode dp, which draws instead. */
MUST_USE enum status round_publish(struct vault *vault, const struct round *round, const struct proposals *proposals,
                                   struct buf *report, struct why *why);
/* The last published library; ERR_NOT_FOUND. */
MUST_USE enum status library_last(struct vault *vault, struct library *out);
