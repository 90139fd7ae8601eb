/* The TLS policy: handshakes in memory between our server and clients of several kinds. */
#include "crypto/tls.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <time.h>

#include "tests/crypto/hex.h"

#define DAY INT64_C(86400)

/* OpenSSL judges by the system's clock. */
struct world {
    struct secret ca_key, server_key;
    struct buf ca, server_cert;
    struct tls_server *server;
};
static struct world home, away;

static void world_make(struct world *world)
{
    static const char *const names[] = {"localhost"};
    int64_t now = (int64_t)time(NULL);
    assert_int_equal(ca_key_new(&world->ca_key), OK);
    assert_int_equal(ca_key_new(&world->server_key), OK);
    assert_int_equal(ca_create(&world->ca_key, "0123", now - 400 * DAY, 800 * DAY, &world->ca), OK);
    assert_int_equal(ca_issue_server(&world->ca_key, buf_bytes(&world->ca), &world->server_key, names, 1, now, DAY,
                                     &world->server_cert),
                     OK);
    assert_int_equal(
        tls_server_new(&world->server_key, buf_bytes(&world->server_cert), buf_bytes(&world->ca), &world->server, NULL),
        OK);
}

static void world_drop(struct world *world)
{
    tls_server_free(world->server);
    secret_free(&world->ca_key);
    secret_free(&world->server_key);
    buf_free(&world->ca);
    buf_free(&world->server_cert);
}

static int make(void **state)
{
    (void)state;
    world_make(&home);
    world_make(&away);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    world_drop(&home);
    world_drop(&away);
    return 0;
}

/* --- a client made with OpenSSL alone --- */

struct client {
    SSL_CTX *context;
    SSL *session;
};

static void client_free(struct client *client)
{
    SSL_free(client->session);
    SSL_CTX_free(client->context);
}
#define SCOPED_CLIENT __attribute__((cleanup(client_free)))

static void trust(SSL_CTX *context, const struct world *world)
{
    BIO *bio = BIO_new_mem_buf(world->ca.data, (int)world->ca.size);
    X509 *ca = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    assert_int_equal(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca), 1);
    X509_free(ca);
    BIO_free(bio);
}

static struct client client_new(void)
{
    struct client client = {.context = SSL_CTX_new(TLS_client_method())};
    assert_non_null(client.context);
    trust(client.context, &home);
    SSL_CTX_set_verify(client.context, SSL_VERIFY_PEER, NULL);
    return client;
}

/* A device certificate of `by`, issued at a time, for a day. */
static void show_device(struct client *client, struct world *by, int64_t issued)
{
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf request = {0}, cert = {0};
    uint8_t serial[CERT_SERIAL_BYTES];
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(csr_create(&key, "x", &request), OK);
    assert_int_equal(ca_issue_device(&by->ca_key, buf_bytes(&by->ca), buf_bytes(&request), "acme", NULL, "00ff", issued,
                                     DAY, &cert, serial),
                     OK);
    BIO *bio = BIO_new_mem_buf(cert.data, (int)cert.size);
    X509 *own = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    const unsigned char *from = key.data;
    EVP_PKEY *own_key = d2i_AutoPrivateKey(NULL, &from, (long)key.size);
    assert_int_equal(SSL_CTX_use_certificate(client->context, own), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(client->context, own_key), 1);
    EVP_PKEY_free(own_key);
    X509_free(own);
    BIO_free(bio);
}

static void show_server_cert(struct client *client)
{
    BIO *bio = BIO_new_mem_buf(home.server_cert.data, (int)home.server_cert.size);
    X509 *own = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    const unsigned char *from = home.server_key.data;
    EVP_PKEY *own_key = d2i_AutoPrivateKey(NULL, &from, (long)home.server_key.size);
    assert_int_equal(SSL_CTX_use_certificate(client->context, own), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(client->context, own_key), 1);
    EVP_PKEY_free(own_key);
    X509_free(own);
    BIO_free(bio);
}

/* Steps both until neither moves, then sends one byte each way; the server's session, or NULL if it fell. */
static SSL *connect_to(struct tls_server *server, struct client *client)
{
    BIO *near, *far;
    SSL *accepted = tls_server_session(server);
    assert_non_null(accepted);
    client->session = SSL_new(client->context);
    assert_int_equal(SSL_set1_host(client->session, "localhost"), 1);
    SSL_set_connect_state(client->session);
    assert_int_equal(BIO_new_bio_pair(&near, 0, &far, 0), 1);
    SSL_set_bio(client->session, near, near);
    SSL_set_bio(accepted, far, far);
    for (int i = 0; i < 20; i++) {
        SSL_do_handshake(client->session);
        SSL_do_handshake(accepted);
    }
    char byte = 0;
    if (SSL_write(accepted, "!", 1) == 1 && SSL_read(client->session, &byte, 1) == 1 && byte == '!')
        return accepted;
    SSL_free(accepted);
    return NULL;
}

static void with_a_device_certificate(void **state)
{
    (void)state;
    SCOPED_CLIENT struct client client = client_new();
    struct cert_facts facts;
    show_device(&client, &home, (int64_t)time(NULL));
    SSL *session = connect_to(home.server, &client);
    assert_non_null(session);
    assert_int_equal(tls_peer(session, &facts), OK);
    assert_string_equal(facts.organisation, "acme");
    assert_string_equal(facts.name, "00ff");
    assert_int_equal(SSL_version(session), TLS1_3_VERSION);
    assert_int_equal(SSL_get_verify_result(client.session), X509_V_OK);
    assert_int_equal(SSL_SESSION_is_resumable(SSL_get_session(client.session)), 0);
    SSL_free(session);
}

static void without_a_certificate(void **state)
{
    (void)state;
    SCOPED_CLIENT struct client client = client_new();
    struct cert_facts facts;
    SSL *session = connect_to(home.server, &client);
    assert_non_null(session);
    assert_int_equal(tls_peer(session, &facts), ERR_NOT_FOUND);
    assert_string_equal(facts.organisation, "");
    SSL_free(session);
}

static void bad_certificates_end_the_connection(void **state)
{
    (void)state;
    int64_t now = (int64_t)time(NULL);
    for (int kind = 0; kind < 4; kind++) {
        SCOPED_CLIENT struct client client = client_new();
        if (kind == 0)
            show_device(&client, &away, now); /* another federation's */
        if (kind == 1)
            show_device(&client, &home, now - 3 * DAY); /* expired */
        if (kind == 2)
            show_device(&client, &home, now + 3 * DAY); /* not valid yet */
        if (kind == 3)
            show_server_cert(&client); /* of ours, but for another purpose */
        assert_null(connect_to(home.server, &client));
    }
}

static void old_protocols_and_weak_choices_are_refused(void **state)
{
    (void)state;
    SCOPED_CLIENT struct client old = client_new(), group = client_new(), p256 = client_new();
    SSL_CTX_set_max_proto_version(old.context, TLS1_2_VERSION);
    assert_null(connect_to(home.server, &old));
    assert_int_equal(SSL_CTX_set1_groups_list(group.context, "P-384"), 1);
    assert_null(connect_to(home.server, &group));
    assert_int_equal(SSL_CTX_set1_groups_list(p256.context, "P-256"), 1);
    SSL *session = connect_to(home.server, &p256);
    assert_non_null(session);
    SSL_free(session);
}

static void a_foreign_server_is_refused_by_the_client(void **state)
{
    (void)state;
    SCOPED_CLIENT struct client client = client_new();
    assert_null(connect_to(away.server, &client));
}

static void wrong_identities(void **state)
{
    (void)state;
    struct tls_server *server;
    struct why why = {0};
    assert_int_equal(tls_server_new(&away.server_key, buf_bytes(&home.server_cert), buf_bytes(&home.ca), &server, &why),
                     ERR_INPUT);
    assert_null(server);
    assert_non_null(why.what);
    assert_int_equal(tls_server_new(&home.server_key, bytes_str("junk"), buf_bytes(&home.ca), &server, NULL),
                     ERR_INPUT);
    tls_server_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_device_certificate),
        cmocka_unit_test(without_a_certificate),
        cmocka_unit_test(bad_certificates_end_the_connection),
        cmocka_unit_test(old_protocols_and_weak_choices_are_refused),
        cmocka_unit_test(a_foreign_server_is_refused_by_the_client),
        cmocka_unit_test(wrong_identities),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
