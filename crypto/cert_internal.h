/* Room-internal: loading what is in PEM, shared by ca.c, cert.c and tls.c. NULL (and an empty error queue) for anything
 * that is not exactly one well-formed object of the kind. */
#pragma once

#include "crypto/ca.h"

struct evp_pkey_st;
struct x509_st;
struct X509_req_st;
struct bio_st;

#define PEM_MAX 16384

struct evp_pkey_st *key_load(const struct secret *key);
bool key_is_p256(const struct evp_pkey_st *key);
struct x509_st *cert_load(struct bytes pem);
struct X509_req_st *request_load(struct bytes pem);
MUST_USE enum status bio_to_buf(struct bio_st *bio, struct buf *out);
/* ERR_INPUT for a certificate that isn't of the shape that we issue. */
MUST_USE enum status cert_facts_of(const struct x509_st *cert, struct cert_facts *facts);
