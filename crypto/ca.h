/* A small certificate authority: one self-signed root a federation, server and device certificates below it.
 * ECDSA P-256 keys, SHA-256, X.509 v3 with the extensions that RFC 5280 asks for. PEM in and out.
 * A device certificate's subject is O=<tenant>, OU=<role>, CN=<device id in hex>; extended key usage clientAuth only.
 */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#define CERT_SERIAL_BYTES 16
#define CERT_NAME_MAX 64

struct cert_facts {
    char organisation[CERT_NAME_MAX + 1];
    char unit[CERT_NAME_MAX + 1]; /* "" if there is none */
    char name[CERT_NAME_MAX + 1];
    uint8_t serial[CERT_SERIAL_BYTES];
    int64_t not_before, not_after; /* seconds */
    bool authority, client, server;
};

/* Private keys travel as PKCS#8 DER in struct secret, certificates and requests as PEM. */
MUST_USE enum status ca_key_new(struct secret *key);
MUST_USE enum status ca_create(const struct secret *key, const char *federation, int64_t now, int64_t lifetime_seconds,
                               struct buf *cert_pem);
/* names: DNS names and IP addresses, count of them. */
MUST_USE enum status ca_issue_server(const struct secret *ca_key, struct bytes ca_pem, const struct secret *server_key,
                                     const char *const *names, size_t count, int64_t now, int64_t lifetime_seconds,
                                     struct buf *cert_pem);
/* The same names as an earlier certificate has, for a new key. ERR_INPUT. */
MUST_USE enum status ca_renew_server(const struct secret *ca_key, struct bytes ca_pem, const struct secret *server_key,
                                     struct bytes earlier_pem, int64_t now, int64_t lifetime_seconds,
                                     struct buf *cert_pem);
MUST_USE enum status csr_create(const struct secret *device_key, const char *name, struct buf *csr_pem);
/* Checks the request's own signature and key type; the subject is ours, not the request's. unit may be NULL. ERR_INPUT.
 */
MUST_USE enum status ca_issue_device(const struct secret *ca_key, struct bytes ca_pem, struct bytes csr_pem,
                                     const char *tenant, const char *unit, const char *device, int64_t now,
                                     int64_t lifetime_seconds, struct buf *cert_pem,
                                     uint8_t serial[static CERT_SERIAL_BYTES]);
MUST_USE enum status cert_read(struct bytes pem, struct cert_facts *facts);
/* Signed by ca_pem and valid at `now`: OK, ERR_DENIED with the reason (expired, wrong authority). */
MUST_USE enum status cert_check(struct bytes ca_pem, struct bytes pem, int64_t now, struct why *why);
/* ECDSA with the authority's own key (FIPS 186-4, SHA-256; r ‖ s, 32 bytes each) over purpose ‖ 0 ‖ message. */
#define CA_SIGNATURE_BYTES 64
MUST_USE enum status ca_sign(const struct secret *ca_key, const char *purpose, struct bytes message,
                             uint8_t signature[static CA_SIGNATURE_BYTES]);
/* OK or ERR_DENIED. */
MUST_USE enum status ca_check(struct bytes ca_pem, const char *purpose, struct bytes message,
                              const uint8_t signature[static CA_SIGNATURE_BYTES]);
/* SHA-256 of the DER. */
MUST_USE enum status cert_fingerprint(struct bytes pem, uint8_t out[static 32]);
/* PKCS#8 DER to PEM, for libcurl's blob; the buf must be a secret one. */
MUST_USE enum status key_to_pem(const struct secret *key, struct buf *pem);
