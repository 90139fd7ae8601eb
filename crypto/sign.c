/* Ed25519 over OpenSSL. Hides how purpose and federation are bound into what is signed. */
#include "crypto/sign.h"

#include <openssl/evp.h>

#include "crypto/scoped.h"

/* What is signed: the purpose's text with its terminating zero, the federation id, the message. The zero makes no
 * purpose a prefix of another. A new purpose is a new row; a row never changes its meaning. */
static const char *const purposes[SIGN_PURPOSES] = {
    [SIGN_CONTRIBUTION] = "chatham/v1 contribution", [SIGN_WITHDRAWAL] = "chatham/v1 withdrawal",
    [SIGN_ENROLMENT] = "chatham/v1 enrolment",       [SIGN_RECEIPT] = "chatham/v1 receipt",
    [SIGN_LIBRARY] = "chatham/v1 library",           [SIGN_EVIDENCE] = "chatham/v1 evidence",
    [SIGN_ERASURE] = "chatham/v1 erasure",           [SIGN_BACKUP] = "chatham/v1 backup",
    [SIGN_CHECKPOINT] = "chatham/v1 checkpoint",     [SIGN_REQUEST] = "chatham/v1 request",
};

const char *sign_purpose_text(enum sign_purpose purpose)
{
    INVARIANT((size_t)purpose < SIGN_PURPOSES);
    return purposes[purpose];
}

static enum status signed_text(enum sign_purpose purpose, const uint8_t federation[static FEDERATION_ID_BYTES],
                               struct bytes message, struct buf *out)
{
    const char *text = sign_purpose_text(purpose);
    buf_add(out, bytes_of(text, strlen(text) + 1));
    buf_add(out, bytes_of(federation, FEDERATION_ID_BYTES));
    buf_add(out, message);
    return buf_status(out);
}

static EVP_PKEY *load_seed(const struct secret *seed)
{
    if (seed->size != SIGN_SEED_BYTES)
        return NULL;
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed->data, seed->size);
}

enum status sign_keypair(struct secret *seed, uint8_t public_key[static SIGN_PUBLIC_BYTES])
{
    TRY(secret_random(seed, SIGN_SEED_BYTES));
    enum status status = sign_public(seed, public_key);
    if (status != OK)
        secret_free(seed);
    return status;
}

enum status sign_public(const struct secret *seed, uint8_t public_key[static SIGN_PUBLIC_BYTES])
{
    memset(public_key, 0, SIGN_PUBLIC_BYTES);
    SCOPED_PKEY EVP_PKEY *key = load_seed(seed);
    size_t size = SIGN_PUBLIC_BYTES;
    if (!key || EVP_PKEY_get_raw_public_key(key, public_key, &size) != 1)
        return openssl_failed(ERR_INPUT);
    return OK;
}

enum status sign_make_raw(const struct secret *seed, struct bytes message, uint8_t signature[static SIGN_BYTES])
{
    memset(signature, 0, SIGN_BYTES);
    SCOPED_PKEY EVP_PKEY *key = load_seed(seed);
    SCOPED_MD_CTX EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!key || !context)
        return openssl_failed(key ? ERR_MEMORY : ERR_INPUT);
    size_t size = SIGN_BYTES;
    if (EVP_DigestSignInit(context, NULL, NULL, NULL, key) != 1 ||
        EVP_DigestSign(context, signature, &size, message.data, message.size) != 1 || size != SIGN_BYTES)
        return openssl_failed(ERR_BUG);
    return OK;
}

enum status sign_check_raw(const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct bytes message,
                           const uint8_t signature[static SIGN_BYTES])
{
    SCOPED_PKEY EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, SIGN_PUBLIC_BYTES);
    SCOPED_MD_CTX EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        return openssl_failed(ERR_MEMORY);
    if (!key || EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) != 1 ||
        EVP_DigestVerify(context, signature, SIGN_BYTES, message.data, message.size) != 1)
        return openssl_failed(ERR_DENIED);
    return OK;
}

enum status sign_make(const struct secret *seed, enum sign_purpose purpose,
                      const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                      uint8_t signature[static SIGN_BYTES])
{
    SCOPED_BUF struct buf text = {0};
    memset(signature, 0, SIGN_BYTES);
    TRY(signed_text(purpose, federation, message, &text));
    return sign_make_raw(seed, buf_bytes(&text), signature);
}

enum status sign_check(const uint8_t public_key[static SIGN_PUBLIC_BYTES], enum sign_purpose purpose,
                       const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                       const uint8_t signature[static SIGN_BYTES])
{
    SCOPED_BUF struct buf text = {0};
    TRY(signed_text(purpose, federation, message, &text));
    return sign_check_raw(public_key, buf_bytes(&text), signature);
}
