/* The client's HTTPS: libcurl with our TLS policy (TLS 1.3, the federation's CA alone, a device certificate from memory).
 * Certificates and keys never touch the disk in clear. */
#pragma once

#include "base/secret.h"

struct http;
struct http_identity {
    struct bytes ca_pem;          /* trusted authority; BYTES_NONE with `insecure_first_contact` only */
    struct bytes certificate_pem; /* device certificate, or BYTES_NONE */
    const struct secret *key;     /* PKCS#8 DER, or NULL */
    bool first_contact;           /* enrolment: the server is known by the token's hash of its keys, not yet by its CA */
};
struct http_reply {
    long status;        /* HTTP status code */
    struct buf body;
    char etag[128];
    long retry_after;   /* seconds; 0 when not told */
};
void http_reply_free(struct http_reply *reply);
/* base: "https://127.0.0.1:8443". ERR_USAGE for another scheme. */
MUST_USE enum status http_new(const char *base, const struct http_identity *identity, struct http **out, struct why *why);
void http_free(struct http *http);
/* ERR_UNAVAILABLE: not reachable or timed out; ERR_DENIED: TLS refused (with the reason); ERR_TOO_LARGE. Any HTTP status is
 * OK here. if_none_match may be NULL. */
MUST_USE enum status http_get(struct http *http, const char *path, const char *if_none_match, size_t most,
                              struct http_reply *reply, struct why *why);
MUST_USE enum status http_post(struct http *http, const char *path, const char *content_type, struct bytes body, size_t most,
                               struct http_reply *reply, struct why *why);
