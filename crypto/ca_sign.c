/* The authority's own signatures, over what is no certificate. Hides DER: a signature of ours has one form and one
 * size. */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/cert_internal.h"
#include "crypto/scoped.h"

#define DER_MAX 80
#define HALF (CA_SIGNATURE_BYTES / 2)

/* The zero makes no purpose a prefix of another. */
static enum status signed_text(const char *purpose, struct bytes message, struct buf *out)
{
    buf_add(out, bytes_of(purpose, strlen(purpose) + 1));
    buf_add(out, message);
    return buf_status(out);
}

static bool der_to_raw(struct bytes der, uint8_t out[static CA_SIGNATURE_BYTES])
{
    const unsigned char *from = der.data;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &from, (long)der.size);
    bool good = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, HALF) == HALF &&
                BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + HALF, HALF) == HALF;
    ECDSA_SIG_free(signature);
    return good;
}

/* The length of the DER in out, or -1. */
static int raw_to_der(const uint8_t raw[static CA_SIGNATURE_BYTES], unsigned char out[static DER_MAX])
{
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, HALF, NULL), *s = BN_bin2bn(raw + HALF, HALF, NULL);
    int size = -1;
    if (signature && r && s && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = s = NULL;
        size = i2d_ECDSA_SIG(signature, NULL) <= DER_MAX ? i2d_ECDSA_SIG(signature, &out) : -1;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    return size;
}

enum status ca_sign(const struct secret *ca_key, const char *purpose, struct bytes message,
                    uint8_t signature[static CA_SIGNATURE_BYTES])
{
    SCOPED_PKEY EVP_PKEY *key = key_load(ca_key);
    SCOPED_MD_CTX EVP_MD_CTX *context = EVP_MD_CTX_new();
    SCOPED_BUF struct buf text = {0};
    unsigned char der[DER_MAX];
    size_t size = sizeof der;
    memset(signature, 0, CA_SIGNATURE_BYTES);
    TRY(signed_text(purpose, message, &text));
    if (!key || !context || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, der, &size, text.data, text.size) != 1 || !der_to_raw(bytes_of(der, size), signature))
        return openssl_failed(ERR_INPUT);
    return OK;
}

enum status ca_check(struct bytes ca_pem, const char *purpose, struct bytes message,
                     const uint8_t signature[static CA_SIGNATURE_BYTES])
{
    SCOPED_X509 X509 *ca = cert_load(ca_pem);
    SCOPED_MD_CTX EVP_MD_CTX *context = EVP_MD_CTX_new();
    SCOPED_BUF struct buf text = {0};
    unsigned char der[DER_MAX];
    EVP_PKEY *key = ca ? X509_get0_pubkey(ca) : NULL; /* the certificate's own */
    int size = raw_to_der(signature, der);
    TRY(signed_text(purpose, message, &text));
    if (!key || !context || !key_is_p256(key) || size <= 0 ||
        EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestVerify(context, der, (size_t)size, text.data, text.size) != 1)
        return openssl_failed(ERR_DENIED);
    return OK;
}
