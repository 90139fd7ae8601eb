/* An erasure receipt: the server's signed statement that a tenant was erased, with the proof that its log says so. The
 * member keeps it; anyone who has the federation's public keys can check it without asking the server. Canonical JSON:
 *   {"checkpoint":"<signed note>","epoch":"2026-11","leaf":17,"proof":[..],"salt":"..","signature":"..","tenant":"..",
 *    "v":1}
 * The signature (SIGN_ERASURE, the receipt key) is over the record without "checkpoint", "proof" and "signature". The
 * log's entry at the leaf is of kind "erasure" and commits to the tenant's id under the salt; the proof is of its
 * inclusion in the tree of the checkpoint. */
#pragma once

#include "crypto/checkpoint.h"
#include "protocol/federation.h"

struct erasure {
    uint8_t tenant[ID_BYTES];
    char epoch[8];
    uint64_t leaf;
    uint8_t salt[32];
    uint8_t signature[SIGN_BYTES];
    char checkpoint[CHECKPOINT_MAX + 1];
    struct merkle_proof proof;
};
MUST_USE enum status erasure_sign(struct erasure *erasure, const uint8_t federation[static FEDERATION_ID_BYTES],
                                  const struct secret *seed);
MUST_USE enum status erasure_encode(const struct erasure *erasure, struct buf *out);
MUST_USE enum status erasure_decode(struct bytes text, struct erasure *out, struct why *why);
/* Everything at once: both signatures, the commitment, its place in the log. ERR_DENIED with the reason. The checkpoint
 * is then one that the federation has signed; that the log is not forked is for the caller to compare with what it has
 * seen. */
MUST_USE enum status erasure_check(const struct erasure *erasure, const struct federation *federation,
                                   struct checkpoint *checkpoint, struct why *why);
