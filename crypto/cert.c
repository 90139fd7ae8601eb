/* Reading and judging certificates. Hides PEM, ASN.1 times and OpenSSL's verifier. */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/hash.h"
#include "crypto/cert_internal.h"
#include "crypto/scoped.h"

/* --- loading --- */

enum status bio_to_buf(BIO *bio, struct buf *out)
{
    const char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    buf_add(out, bytes_of(data, size > 0 ? (size_t)size : 0));
    return buf_status(out);
}

bool key_is_p256(const EVP_PKEY *key)
{
    char group[32] = "";
    return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

/* The DER of the only PEM block in the text, of the given kind, or NULL; *size its length. Freed with OPENSSL_free. */
static unsigned char *only_block(struct bytes pem, const char *kind, long *size)
{
    char *name = NULL, *header = NULL;
    unsigned char *data = NULL;
    if (!bytes_starts(pem, "-----BEGIN ") || pem.size > PEM_MAX)
        return NULL;
    SCOPED_BIO BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    bool good = bio && PEM_read_bio(bio, &name, &header, &data, size) == 1 && strcmp(name, kind) == 0 && !*header &&
                BIO_pending(bio) == 0;
    OPENSSL_free(name);
    OPENSSL_free(header);
    if (good)
        return data;
    OPENSSL_free(data);
    (void)openssl_failed(ERR_INPUT);
    return NULL;
}

X509 *cert_load(struct bytes pem)
{
    long size = 0;
    unsigned char *der = only_block(pem, PEM_STRING_X509, &size);
    const unsigned char *from = der;
    X509 *cert = der ? d2i_X509(NULL, &from, size) : NULL;
    if (cert && from != der + size) {
        X509_free(cert);
        cert = NULL;
    }
    OPENSSL_free(der);
    (void)openssl_failed(OK);
    return cert;
}

X509_REQ *request_load(struct bytes pem)
{
    long size = 0;
    unsigned char *der = only_block(pem, PEM_STRING_X509_REQ, &size);
    const unsigned char *from = der;
    X509_REQ *request = der ? d2i_X509_REQ(NULL, &from, size) : NULL;
    if (request && from != der + size) {
        X509_REQ_free(request);
        request = NULL;
    }
    OPENSSL_free(der);
    (void)openssl_failed(OK);
    return request;
}

/* --- facts --- */

/* The one entry of a kind, or an empty text where there is none. Two entries, an embedded zero or too long a text fail.
 */
static bool read_name(const X509_NAME *name, int nid, char out[static CERT_NAME_MAX + 1])
{
    out[0] = 0;
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0)
        return true;
    if (X509_NAME_get_index_by_NID(name, nid, at) >= 0)
        return false;
    unsigned char *text = NULL;
    int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    bool good = size >= 0 && size <= CERT_NAME_MAX && strlen((const char *)text) == (size_t)size;
    if (good)
        memcpy(out, text, (size_t)size + 1);
    OPENSSL_free(text);
    return good;
}

static bool read_time(const ASN1_TIME *time, int64_t *seconds)
{
    int days, rest;
    ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
    bool good = zero && ASN1_TIME_diff(&days, &rest, zero, time) == 1;
    ASN1_TIME_free(zero);
    *seconds = good ? (int64_t)days * 86400 + rest : 0;
    return good;
}

/* Right-aligned: a foreign certificate's serial may be shorter or, up to 20 bytes, longer; a longer one is refused. */
static bool read_serial(const X509 *cert, uint8_t serial[static CERT_SERIAL_BYTES])
{
    const ASN1_INTEGER *number = X509_get0_serialNumber(cert);
    int size = ASN1_STRING_length(number);
    memset(serial, 0, CERT_SERIAL_BYTES);
    if (size < 0 || size > CERT_SERIAL_BYTES || ASN1_STRING_type(number) != V_ASN1_INTEGER)
        return false;
    memcpy(serial + CERT_SERIAL_BYTES - size, ASN1_STRING_get0_data(number), (size_t)size);
    return true;
}

enum status cert_facts_of(const X509 *cert, struct cert_facts *facts)
{
    *facts = (struct cert_facts){0};
    const X509_NAME *subject = X509_get_subject_name(cert);
    if (!read_name(subject, NID_organizationName, facts->organisation) ||
        !read_name(subject, NID_organizationalUnitName, facts->unit) ||
        !read_name(subject, NID_commonName, facts->name) || !read_serial(cert, facts->serial) ||
        !read_time(X509_get0_notBefore(cert), &facts->not_before) ||
        !read_time(X509_get0_notAfter(cert), &facts->not_after)) {
        *facts = (struct cert_facts){0};
        return openssl_failed(ERR_INPUT);
    }
    X509 *unconst = (X509 *)(uintptr_t)cert; /* OpenSSL caches extensions in it */
    uint32_t flags = X509_get_extension_flags(unconst);
    uint32_t usage = flags & EXFLAG_XKUSAGE ? X509_get_extended_key_usage(unconst) : 0;
    facts->authority = (flags & EXFLAG_CA) != 0;
    facts->client = (usage & XKU_SSL_CLIENT) != 0;
    facts->server = (usage & XKU_SSL_SERVER) != 0;
    return OK;
}

enum status cert_read(struct bytes pem, struct cert_facts *facts)
{
    *facts = (struct cert_facts){0};
    SCOPED_X509 X509 *cert = cert_load(pem);
    if (!cert)
        return ERR_INPUT;
    return cert_facts_of(cert, facts);
}

enum status cert_fingerprint(struct bytes pem, uint8_t out[static 32])
{
    long size = 0;
    memset(out, 0, 32);
    SCOPED_X509 X509 *cert = cert_load(pem); /* a fingerprint is of a certificate, not of any PEM block */
    unsigned char *der = cert ? only_block(pem, PEM_STRING_X509, &size) : NULL;
    if (!der)
        return ERR_INPUT;
    hash_sha256(bytes_of(der, (size_t)size), out);
    OPENSSL_free(der);
    return OK;
}

/* --- judging --- */

static const char *reason(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "certificate is not valid yet";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return "certificate is from another authority";
    default:
        return "certificate does not verify";
    }
}

static int verify(X509 *ca, X509 *cert, int64_t now)
{
    int error = X509_V_ERR_OUT_OF_MEM;
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (store && context && X509_STORE_add_cert(store, ca) == 1 &&
        X509_STORE_CTX_init(context, store, cert, NULL) == 1) {
        X509_STORE_CTX_set_time(context, 0, (time_t)now);
        X509_STORE_CTX_set_flags(context, X509_V_FLAG_X509_STRICT);
        X509_STORE_CTX_set_depth(context, 1);
        error = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
    }
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    (void)openssl_failed(OK);
    return error;
}

enum status cert_check(struct bytes ca_pem, struct bytes pem, int64_t now, struct why *why)
{
    SCOPED_X509 X509 *ca = cert_load(ca_pem), *cert = cert_load(pem);
    if (!ca || !cert)
        return why_set(why, ERR_DENIED, "not a certificate", NULL, 0);
    int error = verify(ca, cert, now);
    if (error == X509_V_OK)
        return OK;
    if (error == X509_V_ERR_OUT_OF_MEM)
        return ERR_MEMORY;
    return why_set(why, ERR_DENIED, reason(error), NULL, 0);
}
