/* HKDF-SHA256 as RFC 5869 composes it from HMAC, over libsodium's by way of base: OpenSSL 3 looks its KDF and digest up
 * anew at each call, which costs more than the hashing. Outputs are zeroed on failure. */
#include "crypto/hkdf.h"

#include "base/hash.h"
#include "crypto/keys.h"

#define HKDF_MOST (255 * HASH_BYTES)

/* 2.2 */
enum status hkdf_extract(struct bytes salt, struct bytes ikm, uint8_t prk[static HKDF_PRK_BYTES])
{
    static const uint8_t zeros[HASH_BYTES];
    hash_hmac_sha256(salt.size ? salt : bytes_of(zeros, sizeof zeros), ikm, prk);
    return OK;
}

/* 2.3: each block is the HMAC of the one before ‖ info ‖ its number. */
enum status hkdf_expand(const uint8_t prk[static HKDF_PRK_BYTES], struct bytes info, uint8_t *out, size_t out_size)
{
    uint8_t block[HASH_BYTES] WIPED_32 = {0};
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    secret_wipe(out, out_size);
    if (out_size == 0 || out_size > HKDF_MOST || info.size > HKDF_INFO_MAX)
        return ERR_USAGE;
    for (size_t at = 0, number = 1; at < out_size; at += HASH_BYTES, number++) {
        size_t left = out_size - at;
        buf_clear(&text);
        buf_add(&text, bytes_of(block, number == 1 ? 0 : sizeof block));
        buf_add(&text, info);
        buf_add_byte(&text, (uint8_t)number);
        if (buf_status(&text) != OK) {
            secret_wipe(out, out_size);
            return ERR_MEMORY;
        }
        hash_hmac_sha256(bytes_of(prk, HKDF_PRK_BYTES), buf_bytes(&text), block);
        memcpy(out + at, block, left < sizeof block ? left : sizeof block);
    }
    return OK;
}

enum status hkdf_sha256(struct bytes salt, struct bytes ikm, struct bytes info, uint8_t *out, size_t out_size)
{
    uint8_t prk[HKDF_PRK_BYTES] WIPED_32 = {0};
    secret_wipe(out, out_size);
    TRY(hkdf_extract(salt, ikm, prk));
    return hkdf_expand(prk, info, out, out_size);
}
