/* The gate as a process, between clients over real TLS and a supervisor and a vault that the test plays. */
#pragma once

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
#define DEVICE_CONNECTIONS 64 /* at one time, of one certificate */

static struct {
    struct secret ca_key, other_ca_key, server_key, device_key;
    struct buf ca, other_ca, server, csr, device, reader, king, stranger, expired;
    uint8_t serial[CERT_SERIAL_BYTES];
} pki;

static inline int make_pki(void **state)
{
    (void)state;
    static const char *const names[] = {"127.0.0.1"};
    uint8_t unused[CERT_SERIAL_BYTES];
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
    assert_int_equal(csr_create(&pki.device_key, "d", &pki.csr), OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&pki.csr), "t", NULL, "d", NOW, 86400,
                                     &pki.device, pki.serial),
                     OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&pki.csr), "t", "reader", "r", NOW,
                                     86400, &pki.reader, unused),
                     OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&pki.csr), "t", "king", "k", NOW, 86400,
                                     &pki.king, unused),
                     OK);
    assert_int_equal(ca_issue_device(&pki.other_ca_key, buf_bytes(&pki.other_ca), buf_bytes(&pki.csr), "t", NULL, "d",
                                     NOW, 86400, &pki.stranger, unused),
                     OK);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&pki.csr), "t", NULL, "d", NOW - 90000,
                                     3600, &pki.expired, unused),
                     OK);
    return 0;
}

/* Another device of the same key. */
static inline void issue_device(struct buf *certificate)
{
    uint8_t unused[CERT_SERIAL_BYTES];
    buf_clear(certificate);
    assert_int_equal(ca_issue_device(&pki.ca_key, buf_bytes(&pki.ca), buf_bytes(&pki.csr), "t", NULL, "d", NOW, 86400,
                                     certificate, unused),
                     OK);
}

/* --- the gate, and the two roles that this test plays --- */

struct house {
    pid_t pid;
    uint16_t port, metrics;
    struct process_link supervisor, vault;
};

static inline int listen_anywhere(uint16_t *port)
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

static inline _Noreturn void run_gate(const int fds[4], const struct child_options *options)
{
    for (int i = 0; i < 4; i++)
        dup2(fds[i], FIRST_FD + i);
    close_range(3, FIRST_FD - 1, 0);
    _exit(gate_main(options));
}

static inline void wait_link(struct process_link *link)
{
    struct pollfd fd = {.fd = frame_link_fd(link->frames), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
}

static inline enum status next_message(struct process_link *link, struct message *message)
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

static inline void send_message(struct process_link *link, enum message_type type, uint64_t request,
                                struct bytes payload)
{
    assert_int_equal(process_link_send(link, type, request, payload), OK);
    while (frame_link_wants_write(link->frames))
        assert_int_equal(process_link_pump(link), OK);
}

static inline void introduce(struct house *house)
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

static inline void house_start(struct house *house, unsigned connections, unsigned patience)
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

static inline int exit_code(struct house *house)
{
    int how = 0;
    assert_int_equal(waitpid(house->pid, &how, 0), house->pid);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

/* A supervisor that is gone ends the gate, cleanly. */
static inline void house_end(struct house *house)
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

static inline void use_certificate(SSL_CTX *context, const struct buf *certificate)
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

static inline int connect_port(uint16_t port)
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

static inline bool client_open(struct client *client, uint16_t port, const struct buf *certificate, int most_version)
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

static inline void client_close(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->fd);
}

static inline void client_open_member(struct client *client, const struct house *house)
{
    assert_true(client_open(client, house->port, &pki.device, TLS1_3_VERSION));
}

/* Number n of a crowd, of a device that has no more connections than it may. */
static inline void client_open_one_of_many(struct client *client, const struct house *house, unsigned n)
{
    static struct buf certificate;
    if (n % DEVICE_CONNECTIONS == 0)
        issue_device(&certificate);
    assert_true(client_open(client, house->port, &certificate, TLS1_3_VERSION));
}

static inline void client_send(struct client *client, const char *text)
{
    assert_int_equal(SSL_write(client->ssl, text, (int)strlen(text)), (int)strlen(text));
}

/* One whole answer into out: the head, and as many bytes as it says. false: the connection ended before. */
static inline bool client_answer(struct client *client, struct buf *out)
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
static inline bool client_is_cut_off(struct client *client, struct buf *out)
{
    return !client_answer(client, out) && !client->timed_out;
}

static inline int status_of(struct buf *answer)
{
    return bytes_starts(buf_bytes(answer), "HTTP/1.1 ") ? atoi(buf_text(answer) + 9) : 0;
}

static inline int ask(struct client *client, const char *text, struct buf *answer)
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
