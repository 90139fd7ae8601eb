/* The certificate authority: making keys, requests and certificates. Hides X.509: extensions, serials, encodings.
 * Reading and judging certificates is in cert.c. */
#include "crypto/ca.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/encode.h"
#include "base/random.h"
#include "crypto/cert_internal.h"
#include "crypto/scoped.h"

#define NAMES_MAX 64

/* --- keys --- */

static enum status key_to_der(EVP_PKEY *key, struct secret *out)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info, NULL) : -1;
    enum status status = size > 0 ? secret_new(out, (size_t)size) : openssl_failed(ERR_MEMORY);
    if (status == OK) {
        unsigned char *to = out->data;
        INVARIANT(i2d_PKCS8_PRIV_KEY_INFO(info, &to) == size);
    }
    PKCS8_PRIV_KEY_INFO_free(info); /* wipes */
    return status;
}

enum status ca_key_new(struct secret *key)
{
    *key = (struct secret){0};
    SCOPED_PKEY EVP_PKEY *made = EVP_EC_gen("P-256");
    if (!made)
        return openssl_failed(ERR_MEMORY);
    return key_to_der(made, key);
}

struct evp_pkey_st *key_load(const struct secret *key)
{
    const unsigned char *from = key->data;
    EVP_PKEY *loaded = key->size && key->size < 4096 ? d2i_AutoPrivateKey(NULL, &from, (long)key->size) : NULL;
    if (loaded && from == key->data + key->size && key_is_p256(loaded))
        return loaded;
    EVP_PKEY_free(loaded);
    (void)openssl_failed(ERR_INPUT);
    return NULL;
}

/* Written by us and not by PEM_write_bio_PrivateKey, whose memory BIO grows without wiping. */
enum status key_to_pem(const struct secret *key, struct buf *pem)
{
    INVARIANT(pem->secret);
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    encode_base64(secret_bytes(key), &text);
    buf_add_str(pem, "-----BEGIN PRIVATE KEY-----\n");
    for (size_t at = 0; at < text.size; at += 64) {
        buf_add(pem, bytes_part(buf_bytes(&text), at, 64));
        buf_add_byte(pem, '\n');
    }
    buf_add_str(pem, "-----END PRIVATE KEY-----\n");
    return text.failed ? ERR_MEMORY : buf_status(pem);
}

/* --- building a certificate --- */

static bool set_name(X509_NAME *name, const char *organisation, const char *unit, const char *common)
{
    const struct {
        int nid;
        const char *text;
    } parts[] = {{NID_organizationName, organisation}, {NID_organizationalUnitName, unit}, {NID_commonName, common}};
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i].text)
            continue;
        size_t size = strlen(parts[i].text);
        if (size == 0 || size > CERT_NAME_MAX ||
            X509_NAME_add_entry_by_NID(name, parts[i].nid, MBSTRING_UTF8, (const unsigned char *)parts[i].text,
                                       (int)size, -1, 0) != 1)
            return false;
    }
    return true;
}

/* Random, positive, and always 16 bytes long (RFC 5280, 4.1.2.2 allows 20). */
static bool set_serial(X509 *cert, uint8_t serial[static CERT_SERIAL_BYTES])
{
    random_fill(random_system(), serial, CERT_SERIAL_BYTES);
    serial[0] = (uint8_t)((serial[0] & 0x3f) | 0x40);
    return ASN1_STRING_set(X509_get_serialNumber(cert), serial, CERT_SERIAL_BYTES) == 1;
}

static bool set_times(X509 *cert, int64_t now, int64_t lifetime)
{
    int64_t end;
    if (now < 0 || lifetime <= 0 || __builtin_add_overflow(now, lifetime, &end))
        return false;
    /* A minute earlier, so that a clock a little behind ours doesn't refuse what was just issued. */
    return ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(now > 60 ? now - 60 : 0)) &&
           ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)end);
}

static bool add_extensions(X509 *cert, X509 *issuer, const char *const (*extensions)[2])
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    for (size_t i = 0; extensions[i][0]; i++) {
        X509_EXTENSION *extension = X509V3_EXT_nconf(NULL, &context, extensions[i][0], extensions[i][1]);
        bool added = extension && X509_add_ext(cert, extension, -1) == 1;
        X509_EXTENSION_free(extension);
        if (!added)
            return false;
    }
    return true;
}

/* The texts of extensions are ours alone, never taken from a caller. */
static const char *const ca_extensions[][2] = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
                                               {"keyUsage", "critical,keyCertSign,cRLSign"},
                                               {"subjectKeyIdentifier", "hash"},
                                               {NULL, NULL}};
static const char *const server_extensions[][2] = {
    {"basicConstraints", "critical,CA:FALSE"},  {"keyUsage", "critical,digitalSignature"},
    {"extendedKeyUsage", "serverAuth"},         {"subjectKeyIdentifier", "hash"},
    {"authorityKeyIdentifier", "keyid:always"}, {NULL, NULL}};
static const char *const device_extensions[][2] = {
    {"basicConstraints", "critical,CA:FALSE"},  {"keyUsage", "critical,digitalSignature"},
    {"extendedKeyUsage", "clientAuth"},         {"subjectKeyIdentifier", "hash"},
    {"authorityKeyIdentifier", "keyid:always"}, {NULL, NULL}};

/* issuer and cert are the same for the root. */
static bool build(X509 *cert, X509 *issuer, EVP_PKEY *key, int64_t now, int64_t lifetime,
                  const char *const (*extensions)[2], uint8_t serial[static CERT_SERIAL_BYTES])
{
    return X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert, serial) && set_times(cert, now, lifetime) &&
           X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 && X509_set_pubkey(cert, key) == 1 &&
           add_extensions(cert, issuer, extensions);
}

static enum status sign_and_write(X509 *cert, EVP_PKEY *ca_key, struct buf *pem)
{
    if (X509_sign(cert, ca_key, EVP_sha256()) == 0)
        return openssl_failed(ERR_BUG);
    SCOPED_BIO BIO *bio = BIO_new(BIO_s_mem());
    if (!bio || PEM_write_bio_X509(bio, cert) != 1)
        return openssl_failed(ERR_MEMORY);
    return bio_to_buf(bio, pem);
}

/* The authority's own key and certificate, which must belong together. */
static enum status load_ca(const struct secret *key, struct bytes pem, EVP_PKEY **ca_key, X509 **ca)
{
    *ca_key = key_load(key);
    *ca = cert_load(pem);
    if (!*ca_key || !*ca || X509_check_private_key(*ca, *ca_key) != 1)
        return openssl_failed(ERR_INPUT);
    return OK;
}

/* --- issuing --- */

enum status ca_create(const struct secret *key, const char *federation, int64_t now, int64_t lifetime_seconds,
                      struct buf *cert_pem)
{
    SCOPED_PKEY EVP_PKEY *ca_key = key_load(key);
    SCOPED_X509 X509 *cert = X509_new();
    uint8_t serial[CERT_SERIAL_BYTES];
    if (!cert)
        return openssl_failed(ERR_MEMORY);
    if (!ca_key || !set_name(X509_get_subject_name(cert), federation, NULL, "Chatham federation authority") ||
        !build(cert, cert, ca_key, now, lifetime_seconds, ca_extensions, serial))
        return openssl_failed(ERR_INPUT);
    return sign_and_write(cert, ca_key, cert_pem);
}

static GENERAL_NAME *alternative_name(const char *text)
{
    uint8_t address[sizeof(struct in6_addr)];
    int size = inet_pton(AF_INET, text, address) == 1 ? 4 : inet_pton(AF_INET6, text, address) == 1 ? 16 : 0;
    ASN1_STRING *value = ASN1_STRING_type_new(size ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    GENERAL_NAME *name = GENERAL_NAME_new();
    size_t length = strlen(text);
    if (name && value && length && length <= 253 &&
        ASN1_STRING_set(value, size ? (const void *)address : text, size ? size : (int)length) == 1) {
        GENERAL_NAME_set0_value(name, size ? GEN_IPADD : GEN_DNS, value);
        return name;
    }
    ASN1_STRING_free(value);
    GENERAL_NAME_free(name);
    return NULL;
}

static bool add_alternative_names(X509 *cert, const char *const *names, size_t count)
{
    GENERAL_NAMES *all = GENERAL_NAMES_new();
    bool good = all && count > 0 && count <= NAMES_MAX;
    for (size_t i = 0; good && i < count; i++) {
        GENERAL_NAME *name = alternative_name(names[i]);
        good = name && sk_GENERAL_NAME_push(all, name) > 0;
        if (!good)
            GENERAL_NAME_free(name);
    }
    good = good && X509_add1_ext_i2d(cert, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(all);
    return good;
}

/* As the certificate of a server; the alternative names are put in by the caller. */
typedef bool (*name_adder)(X509 *cert, const void *names);

static enum status issue_server(const struct secret *ca_key, struct bytes ca_pem, const struct secret *server_key,
                                name_adder add_names, const void *names, int64_t now, int64_t lifetime_seconds,
                                struct buf *cert_pem)
{
    SCOPED_PKEY EVP_PKEY *issuer_key = NULL, *key = key_load(server_key);
    SCOPED_X509 X509 *issuer = NULL, *cert = X509_new();
    uint8_t serial[CERT_SERIAL_BYTES];
    TRY(load_ca(ca_key, ca_pem, &issuer_key, &issuer));
    if (!cert)
        return openssl_failed(ERR_MEMORY);
    if (!key || !set_name(X509_get_subject_name(cert), "Chatham", NULL, "chathamd") ||
        !build(cert, issuer, key, now, lifetime_seconds, server_extensions, serial) || !add_names(cert, names))
        return openssl_failed(ERR_INPUT);
    return sign_and_write(cert, issuer_key, cert_pem);
}

struct name_list {
    const char *const *names;
    size_t count;
};

static bool add_listed(X509 *cert, const void *names)
{
    const struct name_list *list = names;
    return add_alternative_names(cert, list->names, list->count);
}

static bool add_those_of(X509 *cert, const void *earlier)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(earlier, NID_subject_alt_name, NULL, NULL);
    bool good = names && X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return good;
}

enum status ca_issue_server(const struct secret *ca_key, struct bytes ca_pem, const struct secret *server_key,
                            const char *const *names, size_t count, int64_t now, int64_t lifetime_seconds,
                            struct buf *cert_pem)
{
    return issue_server(ca_key, ca_pem, server_key, add_listed, &(struct name_list){names, count}, now,
                        lifetime_seconds, cert_pem);
}

enum status ca_renew_server(const struct secret *ca_key, struct bytes ca_pem, const struct secret *server_key,
                            struct bytes earlier_pem, int64_t now, int64_t lifetime_seconds, struct buf *cert_pem)
{
    SCOPED_X509 X509 *earlier = cert_load(earlier_pem);
    if (!earlier)
        return ERR_INPUT;
    return issue_server(ca_key, ca_pem, server_key, add_those_of, earlier, now, lifetime_seconds, cert_pem);
}

enum status csr_create(const struct secret *device_key, const char *name, struct buf *csr_pem)
{
    SCOPED_PKEY EVP_PKEY *key = key_load(device_key);
    SCOPED_X509_REQ X509_REQ *request = X509_REQ_new();
    SCOPED_BIO BIO *bio = BIO_new(BIO_s_mem());
    if (!request || !bio)
        return openssl_failed(ERR_MEMORY);
    if (!key || X509_REQ_set_version(request, X509_REQ_VERSION_1) != 1 ||
        !set_name(X509_REQ_get_subject_name(request), "Chatham", NULL, name) || X509_REQ_set_pubkey(request, key) != 1)
        return openssl_failed(ERR_INPUT);
    if (X509_REQ_sign(request, key, EVP_sha256()) == 0 || PEM_write_bio_X509_REQ(bio, request) != 1)
        return openssl_failed(ERR_MEMORY);
    return bio_to_buf(bio, csr_pem);
}

/* Only the key of a request is used, and only if the request is signed with it. */
static enum status request_key(struct bytes csr_pem, EVP_PKEY **key)
{
    SCOPED_X509_REQ X509_REQ *request = request_load(csr_pem);
    EVP_PKEY *own = request ? X509_REQ_get0_pubkey(request) : NULL;
    if (!own || !key_is_p256(own) || X509_REQ_verify(request, own) != 1)
        return openssl_failed(ERR_INPUT);
    EVP_PKEY_up_ref(own);
    *key = own;
    return OK;
}

enum status ca_issue_device(const struct secret *ca_key, struct bytes ca_pem, struct bytes csr_pem, const char *tenant,
                            const char *unit, const char *device, int64_t now, int64_t lifetime_seconds,
                            struct buf *cert_pem, uint8_t serial[static CERT_SERIAL_BYTES])
{
    SCOPED_PKEY EVP_PKEY *issuer_key = NULL, *key = NULL;
    SCOPED_X509 X509 *issuer = NULL, *cert = X509_new();
    memset(serial, 0, CERT_SERIAL_BYTES);
    TRY(load_ca(ca_key, ca_pem, &issuer_key, &issuer));
    TRY(request_key(csr_pem, &key));
    if (!cert)
        return openssl_failed(ERR_MEMORY);
    if (!set_name(X509_get_subject_name(cert), tenant, unit, device) ||
        !build(cert, issuer, key, now, lifetime_seconds, device_extensions, serial))
        return openssl_failed(ERR_INPUT);
    return sign_and_write(cert, issuer_key, cert_pem);
}
