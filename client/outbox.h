/* The durable outbox: what is to be sent, what was sent and not yet covered by the log. An item is written before the
 * first attempt and sealed at the time of sending. When a verified checkpoint covers its receipt it is covered; its
 * record is dropped when the server's backups hold it too. Sending an item again is harmless: the server answers with
 * the original receipt. */
#pragma once

#include "client/home.h"
#include "protocol/receipt.h"

enum outbox_state { OUTBOX_QUEUED, OUTBOX_SENT, OUTBOX_COVERED, OUTBOX_REFUSED, OUTBOX_STATES };
struct outbox_item {
    uint8_t id[ID_BYTES];
    enum envelope_kind kind;
    enum outbox_state state;
    char epoch[EPOCH_TEXT];
    uint8_t digest[DIGEST_BYTES];
    struct buf record, receipt; /* receipt: its JSON, empty until sent */
};
void outbox_item_free(struct outbox_item *item);

/* Queue a record; *fresh false if the id is there already (nothing changes then, unless it was refused: queued anew).
 */
MUST_USE enum status outbox_put(struct home *home, enum envelope_kind kind, const uint8_t id[static ID_BYTES],
                                struct bytes record, bool *fresh);
/* Queue a withdrawal of a contribution. If that is still queued it will not be sent; the withdrawal goes out all the
 * same, because the server may hold what it could not acknowledge. */
MUST_USE enum status outbox_withdraw(struct home *home, const uint8_t contribution[static ID_BYTES],
                                     const uint8_t id[static ID_BYTES], struct bytes record, bool *fresh);
/* OK if there is a contribution of that id, in any state; ERR_NOT_FOUND. */
MUST_USE enum status outbox_holds(struct home *home, const uint8_t contribution[static ID_BYTES]);
/* The next item in a state whose id is greater than `after` (16 zero bytes to begin). ERR_NOT_FOUND at the end. */
MUST_USE enum status outbox_next(struct home *home, enum outbox_state state, const uint8_t after[static ID_BYTES],
                                 struct outbox_item *item);
/* The same, of one kind. */
MUST_USE enum status outbox_next_of(struct home *home, enum outbox_state state, enum envelope_kind kind,
                                    const uint8_t after[static ID_BYTES], struct outbox_item *item);
MUST_USE enum status outbox_sent(struct home *home, const uint8_t id[static ID_BYTES], struct bytes receipt,
                                 uint64_t leaf);
MUST_USE enum status outbox_covered(struct home *home,
                                    const uint8_t id[static ID_BYTES]); /* the record stays: see outbox_safe */
/* Drop the records of covered items that the server's backups hold, up to this size of the log, and of those that were
 * queued so many days ago. */
MUST_USE enum status outbox_safe(struct home *home, uint64_t backed_up, int64_t keep_days);
/* Queue again what is sent or covered, has a receipt from this size of the log on, and whose record is still here. What
 * was withdrawn has none: if it was only sent, it is refused now. */
MUST_USE enum status outbox_again(struct home *home, uint64_t from, size_t *count);
MUST_USE enum status outbox_refused(struct home *home, const uint8_t id[static ID_BYTES]);
MUST_USE enum status outbox_count(struct home *home, size_t counts[static OUTBOX_STATES]);
