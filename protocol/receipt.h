/* A receipt: the server's signed answer that a contribution (or withdrawal) is durably stored. It names the log leaf
 * that commits to it; a client keeps a sent item until a verified checkpoint covers that leaf. Canonical JSON,
 * signature in it:
 *   {"batch":{"index":1,"path":["..",".."],"root":"..","size":3},"contribution":"..","digest":"..","epoch":"2026-11",
 *    "leaf":17,"salt":"..","signature":"..","v":2}
 * The body is the record without "batch" and "signature". Receipts are signed by the batch: the signature is over u64
 * size ‖ root of the Merkle tree of the batch's bodies.
 *
 * Version 2: the batch has one leaf of the log, so all its bodies share epoch, leaf and salt (protocol/receipt_leaf.h).
 * Version 1: a leaf for each contribution. None are made any more; those that clients hold are checked as ever. */
#pragma once

#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "protocol/contribution.h"

#define RECEIPT_VERSION 2
#define RECEIPT_BATCH_MAX 64 /* receipts that receipt_sign_batch signs at once */

struct receipt {
    uint32_t version;
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
/* The batch's fields and the signature of 1 to RECEIPT_BATCH_MAX receipts whose bodies are filled. */
MUST_USE enum status receipt_sign_batch(struct receipt *receipts, size_t count,
                                        const uint8_t federation[static FEDERATION_ID_BYTES],
                                        const struct secret *seed);
MUST_USE enum status receipt_check(const struct receipt *receipt, const uint8_t federation[static FEDERATION_ID_BYTES],
                                   const uint8_t key[static SIGN_PUBLIC_BYTES]); /* OK or ERR_DENIED */
/* By the document's present receipt key, or by an earlier one that it still names: an answer that was lost comes again
 * as it was first signed. OK or ERR_DENIED. */
struct federation;
MUST_USE enum status receipt_check_document(const struct receipt *receipt, const struct federation *federation);
MUST_USE enum status receipt_encode(const struct receipt *receipt, struct buf *out);
MUST_USE enum status receipt_decode(struct bytes text, struct receipt *out, struct why *why);
