/* Checkpoints of the log as signed notes (C2SP tlog-checkpoint and signed-note, Ed25519):
 *     <origin>\n<size>\n<root, base64>\n\n— <key name> <base64(key id ‖ signature)>\n */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/merkle.h"
#include "crypto/sign.h"

#define CHECKPOINT_MAX 8192 /* with as many signatures as a note may have */
#define CHECKPOINT_ORIGIN_MAX 128

struct checkpoint {
    uint64_t size;
    uint8_t root[MERKLE_BYTES];
};

/* origin: "chatham/<federation id in hex>", also the key name. */
MUST_USE enum status checkpoint_sign(const struct checkpoint *checkpoint, const char *origin, const struct secret *seed,
                                     struct buf *note);
/* The verifier key of that name and key as other tools take it: "<origin>+<key id, hex>+<base64(0x01 ‖ key)>". */
MUST_USE enum status checkpoint_vkey(const char *origin, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                                     struct buf *out);
/* Parse strictly and check origin and signature. ERR_INPUT, ERR_DENIED. */
MUST_USE enum status checkpoint_open(struct bytes note, const char *origin,
                                     const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct checkpoint *out);
