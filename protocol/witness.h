/* The witnesses of a federation's log: the devices that may cosign its checkpoints, with the keys that members check
 * their cosignatures by. What counts is the tenant: a quorum is of distinct ones.
 *
 * Record: {"v":1,"witnesses":[{"device","key","tenant"},..]}, devices ascending. `tenant` is a pseudonym, the first
 * 16 bytes of SHA-256("chatham/v1 witness" ‖ 0 ‖ federation id ‖ tenant id): it tells members apart and names nobody.
 */
#pragma once

#include "base/json.h"
#include "crypto/cosign.h"
#include "protocol/contribution.h"

#define WITNESSES_MAX 4096
#define WITNESSES_BYTES_MAX (1u << 20)
#define WITNESS_NAME_MAX 64

struct witness {
    uint8_t device[ID_BYTES], tenant[ID_BYTES];
    uint8_t key[SIGN_PUBLIC_BYTES];
};
struct witnesses {
    size_t count;
    struct witness *items; /* owned */
};
void witnesses_free(struct witnesses *witnesses);
MUST_USE enum status witnesses_encode(const struct witnesses *witnesses, struct buf *out);
MUST_USE enum status witnesses_decode(struct bytes text, struct witnesses *out, struct why *why);

void witness_tenant(const uint8_t federation[static FEDERATION_ID_BYTES], const uint8_t tenant[static ID_BYTES],
                    uint8_t out[static ID_BYTES]);
/* The name that a device cosigns under, "chatham-device/<hex id>", and back. ERR_INPUT: another kind of name. */
void witness_name(const uint8_t device[static ID_BYTES], char out[static WITNESS_NAME_MAX]);
MUST_USE enum status witness_device(struct bytes name, uint8_t device[static ID_BYTES]);
