/* Keys from passphrases: Argon2id (RFC 9106), one lane. */
#pragma once

#include "base/bytes.h"

#define PWHASH_SALT_BYTES 16

/* memory_kib 8..4194304, passes 1..64, size 16..64: ERR_USAGE otherwise; ERR_MEMORY when the memory isn't there. */
MUST_USE enum status pwhash_argon2id(struct bytes passphrase, const uint8_t salt[static PWHASH_SALT_BYTES],
                                     uint32_t memory_kib, uint32_t passes, uint8_t *out, size_t size);
