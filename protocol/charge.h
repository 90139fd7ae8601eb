/* A statement of a charge: what an entry of kind "charge" in the log commits to (ledger/anchor.h), with the proof that
 * the log holds it. A member keeps the newest one that it was given: after a rollback of the server it proves what had
 * been charged. Canonical JSON:
 *   {"checkpoint":"<signed note>","content":"<hex>","epoch":"2026-11","leaf":17,"proof":[..],"salt":"..","v":1} */
#pragma once

#include "crypto/checkpoint.h"
#include "protocol/federation.h"

#define CHARGE_CONTENT_MAX 256

struct charge {
    char epoch[8];
    uint64_t leaf;
    uint8_t salt[32];
    size_t content_size;
    uint8_t content[CHARGE_CONTENT_MAX];
    char checkpoint[CHECKPOINT_MAX + 1];
    struct merkle_proof proof;
};
MUST_USE enum status charge_encode(const struct charge *charge, struct buf *out);
MUST_USE enum status charge_decode(struct bytes text, struct charge *out, struct why *why);
/* Its place in the tree of a checkpoint that the caller has opened: its own, by a key of the federation. ERR_DENIED. */
MUST_USE enum status charge_holds(const struct charge *charge, const struct checkpoint *checkpoint, struct why *why);
/* The same by the federation's present key: *checkpoint is what it signed. ERR_DENIED with the reason. */
MUST_USE enum status charge_check(const struct charge *charge, const struct federation *federation,
                                  struct checkpoint *checkpoint, struct why *why);
