/* The gate as a process, between clients over real TLS and a vault that is this test: what it lets through, what it
 * refuses, and that no client, slow, garbled or revoked, and no vault that breaks the rules, gets further than it may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypto/ca.h"
#include "server/process.h"
#include "server/process_link.h"
#include "transport/frame.h"

#define FIRST_FD 200
#define WAIT_MS 10000
#define NOW clock_seconds(clock_system())

static struct {
    struct secret ca_key, other_ca_key, server_key, device_key;
    struct buf ca, other_ca, server, device, reader, king, stranger, expired;
    uint8_t serial[CERT_SERIAL_BYTES];
} pki;

static int make_pki(void **state)
{
    (void)state;
    static const char *const names[] = {"127.0.0.1"};
    uint8_t unused[CERT_SERIAL_BYTES];
    SCOPED_BUF struct buf csr = {0};
    struct why why = {0};
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(secret_start(64 * 1024, &why), OK);
    assert_int_equal(ca_key_new(&pki.ca_key), OK);
    assert_int_equal(ca_key_new(&pki.other_ca_key), OK);
    assert_int_equal(ca_key_new(&pki.server_key), OK);
    assert_int_equal(ca_key_new(&pki.device_key), OK);
    assert_int_equal(ca_create(&pki.ca_key, "f", NOW, 86400, &pki.ca), OK);
    assert_int_equal(ca_create(&pki.other_ca_key, "g", NOW, 86400, &pki.other_ca), OK);
    assert_int_equal(
        ca_issue_server(&pki.ca_key, buf_bytes(&pki.ca), &pki.server_key, names, 1, NOW, 86400, &pki.server), OK);
    assert_int_equal(csr_create(&pki.device_key, "d", &csr), OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&csr), "t", NULL, "d", NOW, 86400,
                                     &pki.device, pki.serial),
                     OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&csr), "t", "reader", "r", NOW, 86400,
                                     &pki.reader, unused),
                     OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&csr), "t", "king", "k", NOW, 86400,
                                     &pki.king, unused),
                     OK);
    assert_int_equal(ca_issue_device(&pki.other_ca_key, buf_bytes(&pki.other_ca), buf_bytes(&csr), "t", NULL, "d", NOW,
                                     86400, &pki.stranger, unused),
                     OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&csr), "t", NULL, "d", NOW - 90000,
                                     3600, &pki.expired, unused),
                     OK);
    return 0;
}

/* --- the gate, and the two roles that this test plays --- */

struct house {
    pid_t pid;
    uint16_t port, metrics;
    struct process_link supervisor, vault;
};

static int listen_anywhere(uint16_t *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(fd, 300), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &size), 0);
    *port = ntohs(name.sin_port);
    return fd;
}

static _Noreturn void run_gate(const int fds[4], const struct child_options *options)
{
    for (int i = 0; i < 4; i++)
        dup2(fds[i], FIRST_FD + i);
    close_range(3, FIRST_FD - 1, 0);
    _exit(gate_main(options));
}

static void wait_link(struct process_link *link)
{
    struct pollfd fd = {.fd = frame_link_fd(link->frames), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
}

static enum status next_message(struct process_link *link, struct message *message)
{
    for (;;) {
        enum status status = process_link_next(link, message);
        if (status != ERR_NOT_FOUND)
            return status;
        wait_link(link);
        status = process_link_pump(link);
        if (status != OK && process_link_next(link, message) == OK)
            return OK;
        if (status != OK)
            return status;
    }
}

static void send_message(struct process_link *link, enum message_type type, uint64_t request, struct bytes payload)
{
    assert_int_equal(process_link_send(link, type, request, payload), OK);
    while (frame_link_wants_write(link->frames))
        assert_int_equal(process_link_pump(link), OK);
}

static void introduce(struct house *house)
{
    SCOPED_BUF struct buf identity;
    struct message started;
    buf_init_secret(&identity);
    buf_add_lp(&identity, secret_bytes(&pki.server_key));
    buf_add_lp(&identity, buf_bytes(&pki.server));
    buf_add_lp(&identity, buf_bytes(&pki.ca));
    send_message(&house->vault, MESSAGE_IDENTITY, 0, buf_bytes(&identity));
    send_message(&house->vault, MESSAGE_REVOKED, 0, BYTES_NONE);
    house->vault.phase = PHASE_SERVE;
    assert_int_equal(next_message(&house->supervisor, &started), OK);
    assert_int_equal(started.type, MESSAGE_STARTED);
    message_free(&started);
    house->supervisor.phase = PHASE_SERVE;
}

static void house_start(struct house *house, unsigned connections, unsigned patience)
{
    int supervisor[2], vault[2];
    const struct child_options options = {
        .role = ROLE_GATE, .fd = FIRST_FD, .connections = connections, .patience = patience, .has_metrics = true};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, supervisor), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, vault), 0);
    const int fds[4] = {supervisor[1], vault[1], listen_anywhere(&house->port), listen_anywhere(&house->metrics)};
    house->pid = fork();
    if (house->pid == 0)
        run_gate(fds, &options);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    assert_int_equal(process_link_open(&house->supervisor, ROLE_SUPERVISOR, ROLE_GATE, supervisor[0]), OK);
    assert_int_equal(process_link_open(&house->vault, ROLE_VAULT, ROLE_GATE, vault[0]), OK);
}

static int exit_code(struct house *house)
{
    int how = 0;
    assert_int_equal(waitpid(house->pid, &how, 0), house->pid);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

/* A supervisor that is gone ends the gate, cleanly. */
static void house_end(struct house *house)
{
    process_link_close(&house->supervisor);
    assert_int_equal(exit_code(house), 0);
    process_link_close(&house->vault);
}

/* --- clients --- */

struct client {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
    bool timed_out; /* the last read */
};

static void use_certificate(SSL_CTX *context, const struct buf *certificate)
{
    const uint8_t *der = pki.device_key.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, (long)pki.device_key.size);
    BIO *text = BIO_new_mem_buf(certificate->data, (int)certificate->size);
    X509 *cert = PEM_read_bio_X509(text, NULL, NULL, NULL);
    assert_int_equal(SSL_CTX_use_certificate(context, cert), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(cert);
    EVP_PKEY_free(key);
    BIO_free(text);
}

static int connect_port(uint16_t port)
{
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = WAIT_MS / 1000};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return fd;
}

static bool client_open(struct client *client, uint16_t port, const struct buf *certificate, int most_version)
{
    client->fd = connect_port(port);
    client->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(client->context, most_version);
    if (certificate)
        use_certificate(client->context, certificate);
    client->ssl = SSL_new(client->context);
    SSL_set_fd(client->ssl, client->fd);
    return SSL_connect(client->ssl) == 1;
}

static void client_close(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->fd);
}

static void client_open_member(struct client *client, const struct house *house)
{
    assert_true(client_open(client, house->port, &pki.device, TLS1_3_VERSION));
}

static void client_send(struct client *client, const char *text)
{
    assert_int_equal(SSL_write(client->ssl, text, (int)strlen(text)), (int)strlen(text));
}

/* One whole answer into out: the head, and as many bytes as it says. false: the connection ended before. */
static bool client_answer(struct client *client, struct buf *out)
{
    buf_clear(out);
    for (;;) {
        const char *text = buf_text(out);
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = strstr(text, "Content-Length: ");
        size_t body = length && length < end ? (size_t)atol(length + 16) : 0;
        if (end && out->size >= (size_t)(end - text) + 4 + body)
            return true;
        char piece[4096];
        errno = 0;
        int size = SSL_read(client->ssl, piece, sizeof piece);
        client->timed_out = size <= 0 && errno == EAGAIN;
        if (size <= 0)
            return false;
        buf_add(out, bytes_of(piece, (size_t)size));
    }
}

/* The gate has ended the connection: not the same as having nothing to say. */
static bool client_is_cut_off(struct client *client, struct buf *out)
{
    return !client_answer(client, out) && !client->timed_out;
}

static int status_of(struct buf *answer)
{
    return bytes_starts(buf_bytes(answer), "HTTP/1.1 ") ? atoi(buf_text(answer) + 9) : 0;
}

static int ask(struct client *client, const char *text, struct buf *answer)
{
    client_send(client, text);
    return client_answer(client, answer) ? status_of(answer) : -1;
}

static void vault_answers(struct house *house, enum message_type expected, enum status status, const char *detail,
                          struct bytes body)
{
    struct message asked, reply = {0};
    assert_int_equal(next_message(&house->vault, &asked), OK);
    assert_int_equal(asked.type, expected);
    assert_int_equal(reply_write(&reply, status, detail, body), OK);
    send_message(&house->vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    message_free(&asked);
    message_free(&reply);
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

/* --- tests --- */

static void without_a_certificate_only_the_public_routes_answer(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_true(client_open(&client, house.port, NULL, TLS1_3_VERSION));
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    client_send(&client, GET("/v1/federation"));
    vault_answers(&house, MESSAGE_FEDERATION, OK, NULL, bytes_str("{\"f\":1}"));
    assert_true(client_answer(&client, &answer));
    assert_non_null(strstr(buf_text(&answer), "\r\n\r\n{\"f\":1}"));
    assert_int_equal(ask(&client, GET("/v1/library"), &answer), 403);
    assert_true(client_is_cut_off(&client, &answer)); /* closed */
    client_close(&client);
    house_end(&house);
}

static void other_tls_and_foreign_certificates_are_refused(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    const struct buf *const bad[] = {&pki.stranger, &pki.expired};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_false(client_open(&client, house.port, NULL, TLS1_2_VERSION));
    client_close(&client);
    for (size_t i = 0; i < 2; i++) { /* in TLS 1.3 the client hears of it when it reads */
        if (client_open(&client, house.port, bad[i], TLS1_3_VERSION)) {
            SSL_write(client.ssl, GET("/livez"), (int)strlen(GET("/livez")));
            assert_true(client_is_cut_off(&client, &answer));
        }
        client_close(&client);
    }
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    client_close(&client);
    house_end(&house);
}

static void a_library_has_an_etag(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    struct message asked, reply = {0};
    SCOPED_BUF struct buf answer = {0}, numbers = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    client_send(&client, "GET /v1/library?tree=9 HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"4.9\"\r\n\r\n");
    assert_int_equal(next_message(&house.vault, &asked), OK);
    buf_add_u64(&numbers, 9);
    buf_add_u64(&numbers, 4);
    assert_true(bytes_equal(buf_bytes(&asked.payload), buf_bytes(&numbers)));
    assert_int_equal(reply_write(&reply, OK, "not modified", BYTES_NONE), OK);
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    message_free(&asked);
    message_free(&reply);
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 304);
    assert_non_null(strstr(buf_text(&answer), "ETag: \"4.9\"\r\n"));
    client_send(&client, GET("/v1/library"));
    vault_answers(&house, MESSAGE_LIBRARY, OK, "5.12", bytes_str("{}"));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 200);
    assert_non_null(strstr(buf_text(&answer), "ETag: \"5.12\"\r\n"));
    client_close(&client);
    house_end(&house);
}

static void large_answers_and_bodies_arrive_whole(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    struct message asked;
    SCOPED_BUF struct buf body = {0}, answer = {0}, request = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    for (size_t i = 0; i < 5u * 1024 * 1024; i++)
        buf_add_byte(&body, (uint8_t)(i * 31 >> 4));
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/library"));
    vault_answers(&house, MESSAGE_LIBRARY, OK, "1.1", buf_bytes(&body));
    assert_true(client_answer(&client, &answer));
    assert_true(bytes_find(buf_bytes(&answer), bytes_str("\r\n\r\n")) + 4 + body.size == answer.size);
    assert_memory_equal(answer.data + answer.size - body.size, body.data, body.size);

    const size_t most = message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_CONTRIBUTE, PHASE_SERVE)->limit;
    buf_addf(&request,
             "POST /v1/contributions HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
             "Content-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n",
             most);
    client_send(&client, buf_text(&request));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 100);
    assert_int_equal(SSL_write(client.ssl, body.data, (int)most), (int)most);
    assert_int_equal(next_message(&house.vault, &asked), OK);
    assert_true(bytes_equal(buf_bytes(&asked.payload), bytes_of(body.data, most)));
    message_free(&asked);
    client_close(&client);
    house_end(&house);
}

static void what_is_no_request_is_refused_and_closed(void **state)
{
    (void)state;
    struct house house = {0};
    SCOPED_BUF struct buf huge = {0}, answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    buf_add_str(&huge, "GET /livez HTTP/1.1\r\nHost: h\r\nX: ");
    while (huge.size < 40000)
        buf_add_byte(&huge, 'x');
    const struct {
        const char *text;
        int http;
    } cases[] = {
        {"\x16\x03\x01 no HTTP at all\r\n\r\n", 400},
        {"GET /livez HTTP/1.1\nHost: h\n\n", 400},
        {buf_text(&huge), 431},
        {"POST /v1/enrol HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: "
         "1073741824\r\n\r\n",
         413},
        {"POST /v1/enrol HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 501},
        {"DELETE /v1/library HTTP/1.1\r\nHost: h\r\n\r\n", 405},
        {"GET /../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", 404},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct client client;
        client_open_member(&client, &house);
        SSL_write(client.ssl, cases[i].text, (int)strlen(cases[i].text));
        assert_true(client_answer(&client, &answer));
        assert_int_equal(status_of(&answer), cases[i].http);
        assert_non_null(strstr(buf_text(&answer), "application/problem+json"));
        assert_null(strstr(buf_text(&answer), "passwd")); /* nothing echoed */
        assert_true(client_is_cut_off(&client, &answer));
        client_close(&client);
    }
    house_end(&house);
}

static void requests_in_a_row_are_answered_in_a_row(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint") GET("/v1/federation"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&client, &answer));
    assert_non_null(strstr(buf_text(&answer), "note"));
    vault_answers(&house, MESSAGE_FEDERATION, ERR_POLICY, "no room", BYTES_NONE);
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 422);
    assert_non_null(strstr(buf_text(&answer), "no room"));
    client_close(&client);
    house_end(&house);
}

static void a_revoked_device_is_cut_off(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    uint8_t serials[3 * CERT_SERIAL_BYTES];
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    memset(serials, 0xff, sizeof serials);
    memset(serials + CERT_SERIAL_BYTES, 0, CERT_SERIAL_BYTES);
    memcpy(serials + 2 * CERT_SERIAL_BYTES, pki.serial, CERT_SERIAL_BYTES);
    send_message(&house.vault, MESSAGE_REVOKED, 0, bytes_of(serials, sizeof serials));
    assert_true(client_is_cut_off(&client, &answer)); /* the live connection ends */
    client_close(&client);
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/v1/checkpoint"), &answer), 403);
    client_close(&client);
    send_message(&house.vault, MESSAGE_REVOKED, 0, BYTES_NONE);
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&client, &answer));
    client_close(&client);
    house_end(&house);
}

/* What a certificate's role may not do is refused before its body is read. */
static void a_reader_may_read_and_no_more(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_true(client_open(&client, house.port, &pki.reader, TLS1_3_VERSION));
    client_send(&client, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 200);
    assert_int_equal(ask(&client,
                         "POST /v1/contributions HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\n"
                         "Content-Length: 70000\r\n\r\n",
                         &answer),
                     403);
    client_close(&client);
    assert_true(client_open(&client, house.port, &pki.king, TLS1_3_VERSION)); /* a role that nobody knows */
    assert_int_equal(ask(&client, GET("/v1/checkpoint"), &answer), 403);
    client_close(&client);
    house_end(&house);
}

static void a_full_queue_is_said_so(void **state)
{
    (void)state;
    enum { PENDING = 256 };
    static struct client clients[PENDING + 1];
    struct house house = {0};
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    for (int i = 0; i <= PENDING; i++) {
        struct message asked;
        client_open_member(&clients[i], &house);
        client_send(&clients[i], GET("/v1/checkpoint"));
        if (i < PENDING)
            assert_int_equal(next_message(&house.vault, &asked), OK);
        if (i < PENDING)
            message_free(&asked);
    }
    assert_true(client_answer(&clients[PENDING], &answer));
    assert_int_equal(status_of(&answer), 503);
    assert_non_null(strstr(buf_text(&answer), "Retry-After: "));
    for (int i = 0; i <= PENDING; i++)
        client_close(&clients[i]);
    house_end(&house);
}

static void over_the_limit_connections_wait_for_a_place(void **state)
{
    (void)state;
    struct house house = {0};
    struct client first, second, third;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 2, 0);
    introduce(&house);
    client_open_member(&first, &house);
    client_open_member(&second, &house);
    assert_int_equal(ask(&second, GET("/livez"), &answer), 200);
    int waiting = connect_port(house.port); /* in the backlog: nobody shakes hands with it */
    struct pollfd silent = {.fd = waiting, .events = POLLIN};
    assert_int_equal(write(waiting, "\x16\x03\x01", 3), 3);
    assert_int_equal(poll(&silent, 1, 50), 0);
    client_close(&first);
    close(waiting);
    client_open_member(&third, &house);
    assert_int_equal(ask(&third, GET("/livez"), &answer), 200);
    client_close(&second);
    client_close(&third);
    house_end(&house);
}

static void a_slow_sender_is_let_go(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 1);
    introduce(&house);
    client_open_member(&client, &house);
    client_send(&client, "GET /livez HTT");
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 408);
    client_close(&client);
    int silent = connect_port(house.port); /* not even a handshake */
    char byte;
    assert_int_equal(read(silent, &byte, 1), 0);
    close(silent);
    house_end(&house);
}

static void metrics_count_without_names(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    char text[4096] = "";
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    int fd = connect_port(house.metrics);
    const char request[] = "GET /metrics HTTP/1.0\r\nHost: h\r\n\r\n";
    assert_int_equal(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
    for (size_t size = 0, got = 1; got > 0 && size < sizeof text - 1; size += got)
        got = (size_t)read(fd, text + size, sizeof text - 1 - size);
    assert_non_null(strstr(text, "chatham_answers_total{status=\"2xx\"} 1\n"));
    assert_non_null(strstr(text, "chatham_connections_open 2\n"));
    close(fd);
    client_close(&client);
    house_end(&house);
}

static void a_stop_waits_for_the_answer_under_way(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client, idle;
    struct message asked, reply = {0};
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    client_open_member(&idle, &house);
    client_send(&client, GET("/v1/checkpoint"));
    assert_int_equal(next_message(&house.vault, &asked), OK);
    send_message(&house.supervisor, MESSAGE_STOP, 0, BYTES_NONE);
    assert_int_equal(reply_write(&reply, OK, NULL, bytes_str("note")), OK);
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 200);
    client_close(&client);
    client_close(&idle);
    assert_int_equal(exit_code(&house), 0);
    message_free(&asked);
    message_free(&reply);
    process_link_close(&house.supervisor);
    process_link_close(&house.vault);
}

static void a_vault_that_breaks_the_rules_ends_it(void **state)
{
    (void)state;
    const struct {
        uint16_t type;
        const char *payload;
    } cases[] = {{MESSAGE_DISTIL, "x"}, {MESSAGE_REVOKED, "not serials"}, {MESSAGE_IDENTITY, "again"}, {999, "x"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house house = {0};
        house_start(&house, 0, 0);
        introduce(&house);
        assert_int_equal(frame_send(house.vault.frames, &(struct frame){cases[i].type, 0, bytes_str(cases[i].payload)}),
                         OK);
        (void)!process_link_pump(&house.vault);
        assert_int_not_equal(exit_code(&house), 0);
        process_link_close(&house.supervisor);
        process_link_close(&house.vault);
    }
}

static void answers_nobody_waits_for_are_dropped(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    struct message asked, reply = {0};
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_int_equal(reply_write(&reply, OK, NULL, bytes_str("note")), OK);
    send_message(&house.vault, MESSAGE_REPLY, 12345, buf_bytes(&reply.payload));
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint"));
    assert_int_equal(next_message(&house.vault, &asked), OK);
    client_close(&client); /* before its answer */
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, (enum status)99, NULL, BYTES_NONE); /* no status of ours */
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 500);
    client_close(&client);
    message_free(&asked);
    message_free(&reply);
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_certificate_only_the_public_routes_answer),
        cmocka_unit_test(other_tls_and_foreign_certificates_are_refused),
        cmocka_unit_test(a_library_has_an_etag),
        cmocka_unit_test(large_answers_and_bodies_arrive_whole),
        cmocka_unit_test(what_is_no_request_is_refused_and_closed),
        cmocka_unit_test(requests_in_a_row_are_answered_in_a_row),
        cmocka_unit_test(a_revoked_device_is_cut_off),
        cmocka_unit_test(a_reader_may_read_and_no_more),
        cmocka_unit_test(a_full_queue_is_said_so),
        cmocka_unit_test(over_the_limit_connections_wait_for_a_place),
        cmocka_unit_test(a_slow_sender_is_let_go),
        cmocka_unit_test(metrics_count_without_names),
        cmocka_unit_test(a_stop_waits_for_the_answer_under_way),
        cmocka_unit_test(a_vault_that_breaks_the_rules_ends_it),
        cmocka_unit_test(answers_nobody_waits_for_are_dropped),
    };
    return cmocka_run_group_tests(tests, make_pki, NULL);
}
