/* The TLS policy: TLS 1.3 only, X25519 or P-256, AEAD suites, no tickets, no compression, no renegotiation, mutual
 * authentication (the server asks for a client certificate; what a request without one may do is the gate's table). */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/ca.h"

struct ssl_ctx_st; /* OpenSSL's SSL_CTX: libevent takes it */
struct ssl_st;

struct tls_server;
MUST_USE enum status tls_server_new(const struct secret *key, struct bytes cert_pem, struct bytes ca_pem,
                                    struct tls_server **out, struct why *why);
void tls_server_free(struct tls_server *server);
struct ssl_st *
tls_server_session(struct tls_server *server); /* a new SSL for one accepted connection; NULL: no memory */
/* The verified peer certificate of a connection: ERR_NOT_FOUND if it showed none. */
MUST_USE enum status tls_peer(struct ssl_st *session, struct cert_facts *facts);
