/* Ed25519 signatures (RFC 8032), each over purpose ‖ federation id ‖ message, so that a signature made for one purpose
 * or federation says nothing in another. The purposes are one table. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#define SIGN_PUBLIC_BYTES 32
#define SIGN_SEED_BYTES 32
#define SIGN_BYTES 64
#define FEDERATION_ID_BYTES 16

enum sign_purpose {
    SIGN_CONTRIBUTION, /* device: inside the sealed envelope */
    SIGN_WITHDRAWAL,   /* device */
    SIGN_ENROLMENT,    /* device: proof of possession in the enrolment request */
    SIGN_RECEIPT,      /* server */
    SIGN_LIBRARY,      /* server */
    SIGN_EVIDENCE,     /* server: report bundles */
    SIGN_ERASURE,      /* server: erasure receipts */
    SIGN_BACKUP,       /* server: manifests of backups */
    SIGN_CHECKPOINT,   /* server: used through crypto/checkpoint.h, which signs the note text as C2SP says */
    SIGN_REQUEST,      /* device: inside the sealed envelope of a request */
    SIGN_PURPOSES
};
const char *sign_purpose_text(enum sign_purpose purpose); /* "chatham/v1 contribution" */

MUST_USE enum status sign_keypair(struct secret *seed, uint8_t public_key[static SIGN_PUBLIC_BYTES]);
MUST_USE enum status sign_public(const struct secret *seed, uint8_t public_key[static SIGN_PUBLIC_BYTES]);
MUST_USE enum status sign_make(const struct secret *seed, enum sign_purpose purpose,
                               const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                               uint8_t signature[static SIGN_BYTES]);
/* OK or ERR_DENIED. */
MUST_USE enum status sign_check(const uint8_t public_key[static SIGN_PUBLIC_BYTES], enum sign_purpose purpose,
                                const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                                const uint8_t signature[static SIGN_BYTES]);
/* Raw Ed25519 over message alone: for signed notes. */
MUST_USE enum status sign_make_raw(const struct secret *seed, struct bytes message,
                                   uint8_t signature[static SIGN_BYTES]);
MUST_USE enum status sign_check_raw(const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct bytes message,
                                    const uint8_t signature[static SIGN_BYTES]);
