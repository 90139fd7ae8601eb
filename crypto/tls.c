/* The TLS policy of the server. Hides SSL_CTX and which of OpenSSL's defaults are not ours. */
#include "crypto/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "crypto/cert_internal.h"
#include "crypto/scoped.h"

struct tls_server {
    SSL_CTX *context;
};

static const char suites[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
static const char session_context[] = "chatham/v1";

static bool set_policy(SSL_CTX *context)
{
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* 10,000 idle connections hold no record buffers */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, suites) == 1 && SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1 &&
           SSL_CTX_set1_sigalgs_list(context, "ECDSA+SHA256") == 1 && SSL_CTX_set_num_tickets(context, 0) == 1 &&
           SSL_CTX_set_max_early_data(context, 0) == 1;
}

/* Asks for a client certificate; a connection without one goes on, one with a bad one doesn't. That it must be for
 * client authentication is what a server of OpenSSL's asks by itself. */
static bool set_peers(SSL_CTX *context, X509 *ca)
{
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_verify_depth(context, 1);
    return X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca) == 1 &&
           X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_X509_STRICT) == 1 &&
           SSL_CTX_add_client_CA(context, ca) == 1 &&
           SSL_CTX_set_session_id_context(context, (const unsigned char *)session_context,
                                          sizeof session_context - 1) == 1;
}

static enum status configure(SSL_CTX *context, const struct secret *key, struct bytes cert_pem, struct bytes ca_pem,
                             struct why *why)
{
    SCOPED_PKEY EVP_PKEY *own = key_load(key);
    SCOPED_X509 X509 *cert = cert_load(cert_pem), *ca = cert_load(ca_pem);
    if (!own || !cert || !ca)
        return why_set(why, ERR_INPUT, "not a key or certificate", "TLS identity", 0);
    if (!set_policy(context) || !set_peers(context, ca))
        return why_set(why, ERR_BUG, "TLS policy is not accepted by OpenSSL", NULL, 0);
    if (SSL_CTX_use_certificate(context, cert) != 1 || SSL_CTX_use_PrivateKey(context, own) != 1)
        return why_set(why, ERR_INPUT, "key and certificate do not belong together", "TLS identity", 0);
    return OK;
}

enum status tls_server_new(const struct secret *key, struct bytes cert_pem, struct bytes ca_pem,
                           struct tls_server **out, struct why *why)
{
    *out = NULL;
    struct tls_server *server = mem_new(1, sizeof *server);
    if (!server)
        return ERR_MEMORY;
    server->context = SSL_CTX_new(TLS_server_method());
    enum status status = server->context ? configure(server->context, key, cert_pem, ca_pem, why) : ERR_MEMORY;
    if (status != OK) {
        tls_server_free(server);
        return openssl_failed(status);
    }
    *out = server;
    return OK;
}

void tls_server_free(struct tls_server *server)
{
    if (!server)
        return;
    SSL_CTX_free(server->context);
    mem_free(server);
}

struct ssl_st *tls_server_session(struct tls_server *server)
{
    SSL *session = SSL_new(server->context);
    if (session)
        SSL_set_accept_state(session);
    return session;
}

enum status tls_peer(struct ssl_st *session, struct cert_facts *facts)
{
    *facts = (struct cert_facts){0};
    SCOPED_X509 X509 *peer = SSL_get1_peer_certificate(session);
    if (!peer)
        return ERR_NOT_FOUND;
    if (SSL_get_verify_result(session) != X509_V_OK)
        return ERR_DENIED;
    TRY(cert_facts_of(peer, facts));
    return facts->client && !facts->authority ? OK : ERR_DENIED;
}
