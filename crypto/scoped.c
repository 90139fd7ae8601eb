/* Frees for OpenSSL objects at the end of a scope. Hides OpenSSL's names and its thread-local error queue. */
#include "crypto/scoped.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

void scoped_pkey_free(EVP_PKEY **p)
{
    EVP_PKEY_free(*p);
}

void scoped_pkey_ctx_free(EVP_PKEY_CTX **p)
{
    EVP_PKEY_CTX_free(*p);
}

void scoped_md_ctx_free(EVP_MD_CTX **p)
{
    EVP_MD_CTX_free(*p);
}

void scoped_cipher_ctx_free(EVP_CIPHER_CTX **p)
{
    EVP_CIPHER_CTX_free(*p);
}

void scoped_x509_free(X509 **p)
{
    X509_free(*p);
}

void scoped_x509_req_free(X509_REQ **p)
{
    X509_REQ_free(*p);
}

void scoped_bio_free(BIO **p)
{
    BIO_free(*p);
}

/* An empty queue is left alone: emptying takes a quarter of a microsecond, by which an opening that fails and raises
 * nothing would be told from one that succeeds. */
enum status openssl_failed(enum status code)
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
    return code;
}
