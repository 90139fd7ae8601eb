/* Room-internal: admission. admit.c opens and judges, admit_check.c holds the limits and the scan, admit_commit.c makes
 * it durable and answers with the receipt.
 *
 * Durability: one commit to the tenant's database, then one to the federation's (log leaf and receipt), then the
 * answer. At most the last row of a tenant's database can lack its leaf; it gets it at the next use of that database
 * (admit_tenant), so that what is stored is always in the log before anything is built on it. */
#pragma once

#include "server/vault_state.h"

/* A row of a tenant's admission table. */
struct admission {
    uint8_t device[ID_BYTES], id[ID_BYTES];
    enum envelope_kind kind;
    enum contribution_class class;
    uint8_t digest[DIGEST_BYTES];
    char epoch[EPOCH_TEXT];
    uint8_t salt[32];
};

/* The limits of the policy and the scan for what must never arrive. ERR_POLICY with the reason. */
MUST_USE enum status admit_check_header(const struct vault *vault, const struct envelope_header *header,
                                        struct why *why);
MUST_USE enum status admit_check(const struct vault *vault, struct bytes record,
                                 const struct contribution *contribution, struct why *why);

/* A tenant's database with every row in the log. */
MUST_USE enum status admit_tenant(struct vault *vault, const struct tenant *tenant, struct db **db);
/* Admitted before? OK and the row, *live says whether its record is still there; ERR_NOT_FOUND. */
MUST_USE enum status admit_find(struct db *db, const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES],
                                struct admission *out, bool *live);
/* Make it durable and answer: a contribution with its record, or a withdrawal (record BYTES_NONE) of `target`. */
MUST_USE enum status admit_finish(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                                  struct bytes record, const uint8_t *target, struct buf *body);
/* The receipt of a stored row: the first call appends it to the log and signs, later ones give the same bytes. */
MUST_USE enum status admit_receipt(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                                   struct buf *body);
MUST_USE enum status admit_quota_used(struct db *db, const char *epoch, int64_t *used);
