/* HKDF-SHA256 over OpenSSL's EVP_KDF. Hides its parameter lists. Outputs are zeroed on failure. */
#include "crypto/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "crypto/keys.h"
#include "crypto/scoped.h"

#define HKDF_MOST (255 * 32)

static OSSL_PARAM octets(const char *name, struct bytes from)
{
    static uint8_t nothing;
    return OSSL_PARAM_construct_octet_string(name, from.data ? (void *)(uintptr_t)from.data : &nothing, from.size);
}

static enum status derive(int mode, struct bytes key, struct bytes salt, struct bytes info, uint8_t *out, size_t size)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
    SCOPED_KDF_CTX EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    EVP_KDF_free(kdf);
    static char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        octets(OSSL_KDF_PARAM_KEY, key),
        octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end(),
    };
    if (context && EVP_KDF_derive(context, out, size, params) == 1)
        return OK;
    secret_wipe(out, size);
    return openssl_failed(context ? ERR_USAGE : ERR_MEMORY);
}

enum status hkdf_extract(struct bytes salt, struct bytes ikm, uint8_t prk[static HKDF_PRK_BYTES])
{
    return derive(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, ikm, salt, BYTES_NONE, prk, HKDF_PRK_BYTES);
}

enum status hkdf_expand(const uint8_t prk[static HKDF_PRK_BYTES], struct bytes info, uint8_t *out, size_t out_size)
{
    if (out_size == 0 || out_size > HKDF_MOST || info.size > HKDF_INFO_MAX) {
        secret_wipe(out, out_size);
        return ERR_USAGE;
    }
    return derive(EVP_KDF_HKDF_MODE_EXPAND_ONLY, bytes_of(prk, HKDF_PRK_BYTES), BYTES_NONE, info, out, out_size);
}

enum status hkdf_sha256(struct bytes salt, struct bytes ikm, struct bytes info, uint8_t *out, size_t out_size)
{
    uint8_t prk[HKDF_PRK_BYTES] WIPED_32 = {0};
    secret_wipe(out, out_size);
    TRY(hkdf_extract(salt, ikm, prk));
    return hkdf_expand(prk, info, out, out_size);
}
