/* A receipt: the server's signed answer that a contribution (or withdrawal) is durably stored. It names the log leaf
 * that commits to it; a client keeps a sent item until a verified checkpoint covers that leaf. Canonical JSON,
 * signature in it:
 *   {"batch":{"index":0,"path":[],"root":"..","size":1},"contribution":"..","digest":"..","epoch":"2026-11","leaf":17,
 *    "salt":"..","signature":"..","v":1}
 * The body is the record without "batch" and "signature". The signature is over u64 size ‖ root of the Merkle tree of a
 * batch of bodies (batches of one until the intake journal). */
#pragma once

#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "protocol/contribution.h"

struct receipt {
    uint8_t contribution[ID_BYTES];
    uint8_t digest[DIGEST_BYTES];
    char epoch[EPOCH_TEXT];
    uint64_t leaf;    /* index in the log */
    uint8_t salt[32]; /* of the log's commitment (protocol/log_entry.h) */
    uint64_t batch_index, batch_size;
    uint8_t batch_root[MERKLE_BYTES];
    struct merkle_proof path;
    uint8_t signature[SIGN_BYTES];
};
/* The body's bytes, a leaf of the batch's tree. */
MUST_USE enum status receipt_body(const struct receipt *receipt, struct buf *out);
/* Fill batch fields for a batch of one and sign. */
MUST_USE enum status receipt_sign(struct receipt *receipt, const uint8_t federation[static FEDERATION_ID_BYTES],
                                  const struct secret *seed);
MUST_USE enum status receipt_check(const struct receipt *receipt, const uint8_t federation[static FEDERATION_ID_BYTES],
                                   const uint8_t key[static SIGN_PUBLIC_BYTES]); /* OK or ERR_DENIED */
MUST_USE enum status receipt_encode(const struct receipt *receipt, struct buf *out);
MUST_USE enum status receipt_decode(struct bytes text, struct receipt *out, struct why *why);
