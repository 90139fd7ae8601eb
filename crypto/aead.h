/* Room-internal: ChaCha20-Poly1305 (RFC 8439) over raw memory. Callers answer for nonces: hpke.c and keys.c only. */
#pragma once

#include "base/bytes.h"

#define AEAD_KEY_BYTES 32
#define AEAD_NONCE_BYTES 12
#define AEAD_TAG_BYTES 16

struct aead {
    uint8_t key[AEAD_KEY_BYTES];
    uint8_t nonce[AEAD_NONCE_BYTES];
};
void aead_wipe(struct aead *aead);
#define SCOPED_AEAD __attribute__((cleanup(aead_wipe)))

/* out: plaintext.size + AEAD_TAG_BYTES. */
MUST_USE enum status aead_seal(const struct aead *aead, struct bytes aad, struct bytes plaintext, uint8_t *out);
/* out: sealed.size - AEAD_TAG_BYTES, zeroed on failure. ERR_DENIED. */
MUST_USE enum status aead_open(const struct aead *aead, struct bytes aad, struct bytes sealed, uint8_t *out);
/* The same, appended to a buf: nothing is appended on failure. */
MUST_USE enum status aead_seal_to(const struct aead *aead, struct bytes aad, struct bytes plaintext, struct buf *out);
MUST_USE enum status aead_open_to(const struct aead *aead, struct bytes aad, struct bytes sealed, struct buf *out);
