/* Argon2id over libsodium. Hides its units: it counts memory in bytes. */
#include "base/pwhash.h"

#include <sodium.h>

enum status pwhash_argon2id(struct bytes passphrase, const uint8_t salt[static PWHASH_SALT_BYTES], uint32_t memory_kib,
                            uint32_t passes, uint8_t *out, size_t size)
{
    sodium_memzero(out, size);
    if (memory_kib < 8 || memory_kib > 4u << 20 || passes < 1 || passes > 64 || size < 16 || size > 64)
        return ERR_USAGE;
    if (sodium_init() < 0)
        return ERR_MEMORY;
    int failed = crypto_pwhash(out, size, (const char *)passphrase.data, passphrase.size, salt, passes,
                               (size_t)memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    return failed ? ERR_MEMORY : OK;
}
