/* HPKE, RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, base mode, single shot.
 * Other suites and modes are refused, not half supported. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#define HPKE_KEM_ID 0x0020
#define HPKE_KDF_ID 0x0001
#define HPKE_AEAD_ID 0x0003
#define HPKE_PUBLIC_BYTES 32
#define HPKE_PRIVATE_BYTES 32
#define HPKE_ENC_BYTES 32
#define HPKE_TAG_BYTES 16

/* A fresh X25519 key pair. */
MUST_USE enum status hpke_keypair(struct secret *private_key, uint8_t public_key[static HPKE_PUBLIC_BYTES]);
/* Public key of a private one; ERR_INPUT for a wrong size. */
MUST_USE enum status hpke_public(const struct secret *private_key, uint8_t public_key[static HPKE_PUBLIC_BYTES]);
/* SealBase: enc into enc[32], ciphertext with tag appended to out. */
MUST_USE enum status hpke_seal(const uint8_t recipient[static HPKE_PUBLIC_BYTES], struct bytes info, struct bytes aad,
                               struct bytes plaintext, uint8_t enc[static HPKE_ENC_BYTES], struct buf *out);
/* OpenBase: plaintext appended to out; nothing on failure. ERR_DENIED whatever was wrong with the message. */
MUST_USE enum status hpke_open(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES],
                               struct bytes info, struct bytes aad, struct bytes ciphertext, struct buf *out);
