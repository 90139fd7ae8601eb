/* A crowd at the gate's door, in waves: those who say nothing, who say half a greeting, members who are idle, who send
 * a byte at a time, who send a gigabyte; and in each wave a member who is served. What it may cost is said in pages of
 * the gate's process; there is no clock in it: the gate's patience is longer than the test. */
#pragma once

#include "tests/server/gate_fixture.h"

#include <fcntl.h>
#include <sys/resource.h>

#define PATIENCE 600
#define KIB 1024u
#define STRANGERS_KEPT 1024 /* in the handshake, and after it */
#define FLOOR (2048 * KIB)  /* what a process takes whatever comes */

struct crowd {
    unsigned size;
    struct house house;
    struct client member; /* who must be served meanwhile */
    int *sockets;
    struct client *clients;
};

/* --- what it costs --- */

static inline size_t gate_bytes(const struct crowd *crowd)
{
    char path[64];
    unsigned long total = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)crowd->house.pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &total, &resident), 2);
    fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static inline void check_cost(const char *wave, size_t before, size_t now, size_t most)
{
    size_t cost = now > before ? now - before : 0;
    print_message("%-34s %8zu KiB\n", wave, cost / KIB);
    if (cost > most)
        fail_msg("%s: %zu KiB, over %zu", wave, cost / KIB, most / KIB);
}

/* --- the member --- */

static inline void member_is_served(struct crowd *crowd)
{
    SCOPED_BUF struct buf answer = {0};
    struct client newcomer;
    client_send(&crowd->member, GET("/v1/checkpoint"));
    vault_answers(&crowd->house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("c"));
    assert_true(client_answer(&crowd->member, &answer));
    assert_int_equal(status_of(&answer), 200);
    client_open_member(&newcomer, &crowd->house);
    assert_int_equal(ask(&newcomer, GET("/livez"), &answer), 200);
    client_close(&newcomer);
}

/* --- the crowd --- */

static inline unsigned connections_open(const struct crowd *crowd)
{
    static const char request[] = "GET /metrics HTTP/1.0\r\nHost: h\r\n\r\n", name[] = "\nchatham_connections_open ";
    char text[4096] = "";
    int fd = connect_port(crowd->house.metrics);
    assert_int_equal(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
    for (size_t size = 0, got = 1; got > 0 && got < sizeof text && size < sizeof text - 1; size += got)
        got = (size_t)read(fd, text + size, sizeof text - 1 - size);
    close(fd);
    const char *found = strstr(text, name);
    assert_non_null(found);
    return (unsigned)atoi(found + sizeof name - 1);
}

/* The gate has heard of it when only the member is left. */
static inline void wait_for_the_last_to_leave(const struct crowd *crowd)
{
    for (int tries = 0; tries < 100000; tries++) {
        if (connections_open(crowd) <= 1)
            return;
    }
    fail_msg("connections are left");
}

static inline SSL_CTX *crowd_context(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    use_certificate(context, &pki.device);
    return context;
}

static inline void crowd_connect(struct crowd *crowd, const char *greeting)
{
    for (unsigned i = 0; i < crowd->size; i++) {
        crowd->sockets[i] = connect_port(crowd->house.port);
        if (*greeting)
            assert_int_equal(send(crowd->sockets[i], greeting, strlen(greeting), MSG_NOSIGNAL),
                             (ssize_t)strlen(greeting));
    }
}

static inline void crowd_leave(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->size; i++)
        close(crowd->sockets[i]);
    wait_for_the_last_to_leave(crowd);
}

/* With a certificate in the context: of as many devices as it takes. */
static inline void crowd_open(struct crowd *crowd, SSL_CTX *context)
{
    SCOPED_BUF struct buf certificate = {0};
    for (unsigned i = 0; i < crowd->size; i++) {
        struct client *client = &crowd->clients[i];
        if (i % DEVICE_CONNECTIONS == 0 && SSL_CTX_get0_certificate(context)) {
            issue_device(&certificate);
            use_certificate(context, &certificate);
        }
        *client = (struct client){.fd = connect_port(crowd->house.port), .context = context, .ssl = SSL_new(context)};
        SSL_set_fd(client->ssl, client->fd);
        assert_int_equal(SSL_connect(client->ssl), 1);
    }
}

static inline void crowd_close(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->size; i++) {
        SSL_free(crowd->clients[i].ssl);
        close(crowd->clients[i].fd);
    }
    wait_for_the_last_to_leave(crowd);
}

/* A head of which each byte comes by itself, and the end never. */
static inline void crowd_sends_slowly(struct crowd *crowd, unsigned bytes)
{
    static const char head[] = "GET /v1/checkpoint HTTP/1.1\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for (unsigned at = 0; at < bytes; at++) {
        for (unsigned i = 0; i < crowd->size; i++)
            assert_int_equal(SSL_write(crowd->clients[i].ssl, head + at, 1), 1);
    }
}

/* A gigabyte in one body: refused by its announcement, thrown away as far as it comes all the same, and cut off. */
static inline void send_gigabyte(struct crowd *crowd, size_t *most)
{
    static char piece[16 * KIB];
    struct client client;
    client_open_member(&client, &crowd->house);
    client_send(&client, "POST /v1/contributions HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\n"
                         "Content-Length: 1073741824\r\n\r\n");
    size_t sent = 0;
    for (; sent < 1024u * 1024 * KIB; sent += sizeof piece) {
        if (SSL_write(client.ssl, piece, sizeof piece) <= 0)
            break;
        size_t now = sent % (16u * 1024 * KIB) == 0 ? gate_bytes(crowd) : 0;
        *most = now > *most ? now : *most;
    }
    print_message("%-34s %8zu KiB taken before it was cut off\n", "a gigabyte", sent / KIB);
    assert_true(sent < 64u * 1024 * KIB); /* what the kernel's buffers hold, and 4 MiB */
    client_close(&client);
}

/* What the gate takes at its height. */
static inline size_t wave(struct crowd *crowd, SSL_CTX *context, size_t before, size_t idle_each, size_t slow_each)
{
    crowd_open(crowd, context);
    member_is_served(crowd);
    check_cost("members, idle", before, gate_bytes(crowd), FLOOR + crowd->size * idle_each);
    crowd_sends_slowly(crowd, 8);
    member_is_served(crowd);
    const size_t height = gate_bytes(crowd);
    check_cost("members, a byte at a time", before, height, FLOOR + crowd->size * slow_each);
    crowd_close(crowd);
    member_is_served(crowd);
    return height;
}

static inline void crowd_run(unsigned size, size_t silent_each, size_t member_each, size_t slow_each)
{
    struct crowd crowd = {.size = size};
    crowd.sockets = calloc(size, sizeof *crowd.sockets);
    crowd.clients = calloc(size, sizeof *crowd.clients);
    assert_true(crowd.sockets && crowd.clients);
    house_start(&crowd.house, size + 64, PATIENCE);
    introduce(&crowd.house);
    client_open_member(&crowd.member, &crowd.house);
    member_is_served(&crowd);
    const size_t before = gate_bytes(&crowd);
    SSL_CTX *context = crowd_context();

    crowd_connect(&crowd, "");
    member_is_served(&crowd);
    check_cost("connections that say nothing", before, gate_bytes(&crowd), FLOOR + size * silent_each);
    crowd_leave(&crowd);
    crowd_connect(&crowd, "\x16\x03\x01\x02");
    member_is_served(&crowd);
    check_cost("half a greeting", before, gate_bytes(&crowd), FLOOR + size * silent_each);
    crowd_leave(&crowd);

    SSL_CTX *nobody = SSL_CTX_new(TLS_client_method()); /* whoever shows no certificate is kept in small numbers only */
    crowd_open(&crowd, nobody);
    member_is_served(&crowd);
    const size_t kept = size < STRANGERS_KEPT ? size : STRANGERS_KEPT;
    check_cost("strangers, idle", before, gate_bytes(&crowd), FLOOR + kept * member_each);
    crowd_close(&crowd);
    SSL_CTX_free(nobody);
    const size_t first = wave(&crowd, context, before, member_each, slow_each);
    const size_t second = wave(&crowd, context, before, member_each, slow_each);
    check_cost("the second wave, over the first", first, second, FLOOR);
    size_t most = gate_bytes(&crowd);
    const size_t stays = FLOOR + size * KIB; /* tables as long as the crowd was */
    for (int tries = 0; tries < 20000 && most > before + stays; tries++, most = gate_bytes(&crowd))
        connections_open(&crowd); /* it gives back within a second */
    const size_t left = most;
    check_cost("when they have left", before, left, stays);
    send_gigabyte(&crowd, &most);
    member_is_served(&crowd);
    check_cost("a gigabyte in a body", left, most, FLOOR);

    SSL_CTX_free(context);
    client_close(&crowd.member);
    free(crowd.sockets);
    free(crowd.clients);
    house_end(&crowd.house);
}

/* Our own side needs a descriptor each. */
static inline bool may_open(unsigned files)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < files)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}
