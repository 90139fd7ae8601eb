/* Room-internal: OpenSSL objects that free themselves when their scope ends, on every path. OpenSSL's free functions
 * wipe private keys and contexts. Forward declarations only, so that no OpenSSL header leaks out of the .c files. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

struct evp_pkey_st;
struct evp_pkey_ctx_st;
struct evp_md_ctx_st;
struct evp_cipher_ctx_st;
struct x509_st;
struct X509_req_st;
struct bio_st;

void scoped_pkey_free(struct evp_pkey_st **p);
void scoped_pkey_ctx_free(struct evp_pkey_ctx_st **p);
void scoped_md_ctx_free(struct evp_md_ctx_st **p);
void scoped_cipher_ctx_free(struct evp_cipher_ctx_st **p);
void scoped_x509_free(struct x509_st **p);
void scoped_x509_req_free(struct X509_req_st **p);
void scoped_bio_free(struct bio_st **p);

#define SCOPED_PKEY __attribute__((cleanup(scoped_pkey_free)))
#define SCOPED_PKEY_CTX __attribute__((cleanup(scoped_pkey_ctx_free)))
#define SCOPED_MD_CTX __attribute__((cleanup(scoped_md_ctx_free)))
#define SCOPED_CIPHER_CTX __attribute__((cleanup(scoped_cipher_ctx_free)))
#define SCOPED_X509 __attribute__((cleanup(scoped_x509_free)))
#define SCOPED_X509_REQ __attribute__((cleanup(scoped_x509_req_free)))
#define SCOPED_BIO __attribute__((cleanup(scoped_bio_free)))

/* A call of OpenSSL that failed for `code`: its error queue is emptied, because it may quote what a stranger sent. */
enum status openssl_failed(enum status code);
