/* Room-internal: admission. admit.c opens and judges, admit_check.c holds the limits and the scan, admit_store.c the
 * rows of the tenants' databases. What is admitted goes through the intake (server/intake.h): it is durable in the
 * journal when it is answered, and in its tenant's database later. */
#pragma once

#include "server/vault_state.h"

/* A row of a tenant's admission table. */
struct admission {
    uint8_t device[ID_BYTES], id[ID_BYTES];
    enum envelope_kind kind;
    enum contribution_class class;
    uint8_t digest[DIGEST_BYTES];
    char epoch[EPOCH_TEXT];
    uint8_t salt[32];         /* of its receipt */
    uint8_t target[ID_BYTES]; /* of a withdrawal; not stored */
};

/* Take an envelope from `in`: it is refused, or answered again, or queued and answered when its batch is durable. */
MUST_USE enum status admit_message(struct vault *vault, const struct message *in, struct outbox *out);

MUST_USE enum status admit_check_epoch(const struct vault *vault, const char *epoch, struct why *why); /* ERR_POLICY */
/* The limits of the policy and the scan for what must never arrive. ERR_POLICY with the reason. */
MUST_USE enum status admit_check_header(const struct vault *vault, const struct envelope_header *header,
                                        struct why *why);
MUST_USE enum status admit_check(const struct vault *vault, struct bytes record,
                                 const struct contribution *contribution, struct why *why);

/* --- rows; they belong to the caller's transaction --- */

/* Admitted before? OK and the row, *live says whether its record is still there; its receipt, empty if the row is older
 * than receipts in rows. ERR_NOT_FOUND. */
MUST_USE enum status admit_find(struct db *db, const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES],
                                struct admission *out, bool *live, struct buf *receipt);
/* The receipt of a row that is older than receipts in rows; ERR_NOT_FOUND: it never got one. */
MUST_USE enum status admit_old_receipt(struct store *store, const struct admission *row, struct buf *receipt);
/* Store a row, tombstone what a withdrawal is for, count the quota. One that is there already changes nothing, but for
 * a receipt that it had not got. */
MUST_USE enum status admit_insert(struct db *db, const struct admission *row, struct bytes record,
                                  struct bytes receipt);
