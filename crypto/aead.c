/* ChaCha20-Poly1305 over OpenSSL. Hides its int lengths and its habit of writing plaintext before the tag is checked.
 */
#include "crypto/aead.h"

#include <limits.h>
#include <openssl/evp.h>

#include "crypto/scoped.h"

#define AEAD_MOST ((size_t)INT_MAX - AEAD_TAG_BYTES)

void aead_wipe(struct aead *aead)
{
    secret_wipe(aead, sizeof *aead);
}

/* OpenSSL takes a NULL `out` for associated data, so an empty input still needs a pointer that isn't NULL. */
static const uint8_t *pointer(struct bytes from)
{
    return from.data ? from.data : (const uint8_t *)"";
}

enum status aead_seal(const struct aead *aead, struct bytes aad, struct bytes plaintext, uint8_t *out)
{
    if (plaintext.size > AEAD_MOST || aad.size > AEAD_MOST)
        return ERR_TOO_LARGE;
    SCOPED_CIPHER_CTX EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context)
        return openssl_failed(ERR_MEMORY);
    int size;
    if (EVP_EncryptInit_ex2(context, EVP_chacha20_poly1305(), aead->key, aead->nonce, NULL) != 1 ||
        EVP_EncryptUpdate(context, NULL, &size, pointer(aad), (int)aad.size) != 1 ||
        EVP_EncryptUpdate(context, out, &size, pointer(plaintext), (int)plaintext.size) != 1 ||
        EVP_EncryptFinal_ex(context, out + plaintext.size, &size) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_BYTES, out + plaintext.size) != 1)
        return openssl_failed(ERR_BUG);
    return OK;
}

enum status aead_open(const struct aead *aead, struct bytes aad, struct bytes sealed, uint8_t *out)
{
    if (sealed.size < AEAD_TAG_BYTES)
        return ERR_DENIED;
    if (sealed.size > AEAD_MOST || aad.size > AEAD_MOST)
        return ERR_TOO_LARGE;
    size_t text = sealed.size - AEAD_TAG_BYTES;
    uint8_t tag[AEAD_TAG_BYTES];
    memcpy(tag, sealed.data + text, sizeof tag);
    SCOPED_CIPHER_CTX EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context)
        return openssl_failed(ERR_MEMORY);
    int size;
    if (EVP_DecryptInit_ex2(context, EVP_chacha20_poly1305(), aead->key, aead->nonce, NULL) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_BYTES, tag) == 1 &&
        EVP_DecryptUpdate(context, NULL, &size, pointer(aad), (int)aad.size) == 1 &&
        EVP_DecryptUpdate(context, out, &size, sealed.data, (int)text) == 1 &&
        EVP_DecryptFinal_ex(context, out + text, &size) == 1)
        return OK;
    secret_wipe(out, text);
    return openssl_failed(ERR_DENIED);
}

enum status aead_seal_to(const struct aead *aead, struct bytes aad, struct bytes plaintext, struct buf *out)
{
    if (plaintext.size > AEAD_MOST)
        return ERR_TOO_LARGE;
    buf_reserve(out, plaintext.size + AEAD_TAG_BYTES);
    TRY(buf_status(out));
    TRY(aead_seal(aead, aad, plaintext, out->data + out->size));
    out->size += plaintext.size + AEAD_TAG_BYTES;
    return OK;
}

enum status aead_open_to(const struct aead *aead, struct bytes aad, struct bytes sealed, struct buf *out)
{
    if (sealed.size < AEAD_TAG_BYTES)
        return ERR_DENIED;
    buf_reserve(out, sealed.size);
    TRY(buf_status(out));
    TRY(aead_open(aead, aad, sealed, out->data + out->size));
    out->size += sealed.size - AEAD_TAG_BYTES;
    return OK;
}
