/* Entries of the Merkle log: canonical JSON {"epoch":"2026-11","kind":"release","v":1,"commitment":"<hex>"} (for a
 * release also "version"). They hold salted commitments and epochs only: commitment = SHA-256("chatham/v1 log" ‖ kind ‖
 * salt[32] ‖ content), where the salt is told to whom it concerns (in a receipt, in the library bundle). */
#pragma once

#include "base/hash.h"
#include "base/json.h"

enum log_kind {
    LOGGED_GENESIS,
    LOGGED_ENROLMENT,
    LOGGED_CONTRIBUTION,
    LOGGED_WITHDRAWAL,
    LOGGED_POLICY,
    LOGGED_RELEASE,
    LOGGED_SUSPENSION,
    LOGGED_RESUMPTION,
    LOGGED_ROTATION,
    LOGGED_ERASURE,
    LOGGED_AUDIT,
    LOGGED_REVOCATION, /* of a device */
    LOGGED_TRAIL,      /* the head of the server's audit trail */
    LOGGED_INTAKE,     /* a batch of contributions and withdrawals */
    LOGGED_CHARGE,     /* the privacy ledger after a charge (ledger/anchor.h) */
    LOGGED_KINDS
};
struct log_entry {
    enum log_kind kind;
    char epoch[8];
    uint64_t version; /* releases: the library's number; else 0 */
    uint8_t commitment[HASH_BYTES];
};
const char *log_kind_name(enum log_kind kind);
void log_commit(enum log_kind kind, const uint8_t salt[static 32], struct bytes content,
                uint8_t out[static HASH_BYTES]);
MUST_USE enum status log_entry_encode(const struct log_entry *entry, struct buf *out);
MUST_USE enum status log_entry_decode(struct bytes text, struct log_entry *out, struct why *why);
