/* The client's HTTPS: libcurl with our TLS policy (TLS 1.3, the federation's CA alone, a device certificate from
 * memory). Certificates and keys never touch the disk in clear. */
#pragma once

#include "base/secret.h"

struct http;
struct http_identity {
    struct bytes ca_pem;          /* the one trusted authority; BYTES_NONE with `first_contact` only */
    struct bytes certificate_pem; /* device certificate, or BYTES_NONE */
    const struct secret *key;     /* PKCS#8 DER, or NULL */
    /* Enrolment: the server is known by the token's hash of its keys, not yet by its CA, so nothing of TLS is verified.
     * Such a handle has no key and does nothing but GET /v1/federation; the caller compares keys_hash, then makes a
     * second handle with the document's CA for the enrolment itself. */
    bool first_contact;
};
struct http_reply {
    long status; /* HTTP status code */
    struct buf body;
    char etag[128];
    long retry_after; /* seconds; 0 when not told */
};
void http_reply_free(struct http_reply *reply);
/* base: "https://127.0.0.1:8443". ERR_USAGE for another scheme, a path, a query or user info. */
MUST_USE enum status http_new(const char *base, const struct http_identity *identity, struct http **out,
                              struct why *why);
/* Of a service that the operator names, such as a language model, and that no federation vouches for: https under the
 * system's authorities, or http on this machine alone (127.0.0.1, [::1], localhost); a path is taken and stands before
 * those asked for. Answers may take five minutes. ERR_USAGE. */
MUST_USE enum status http_new_service(const char *base, struct http **out, struct why *why);
void http_free(struct http *http);
/* ERR_UNAVAILABLE: not reachable or timed out (connect 5 s, whole 60 s, stalled 20 s); ERR_DENIED: TLS refused (with
 * the reason); ERR_TOO_LARGE: a body over `most` bytes. Any HTTP status is OK here; no redirect is followed, no proxy
 * asked. if_none_match may be NULL. *reply is filled anew (free it first) and empty on failure. */
MUST_USE enum status http_get(struct http *http, const char *path, const char *if_none_match, size_t most,
                              struct http_reply *reply, struct why *why);
MUST_USE enum status http_post(struct http *http, const char *path, const char *content_type, struct bytes body,
                               size_t most, struct http_reply *reply, struct why *why);
