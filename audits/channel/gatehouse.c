/* Hides the gate's process and its descriptors, the certificates, and that a client's process and the vault's part are
 * two at a time. */
#include "audits/channel/gatehouse.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/local_port.h"
#include "base/clock.h"
#include "crypto/ca.h"
#include "server/identity.h"
#include "server/process.h"
#include "server/process_link.h"
#include "transport/frame.h"
#include "transport/http.h"

#define FIRST_FD 200
#define WAIT_MS 10000
#define DAY 86400
#define ANSWER_MAX (1u << 20)
#define SCRAPES_MAX 2000
#define NONE_OPEN "chatham_connections_open 0\n"

enum { FD_SUPERVISOR, FD_VAULT, FD_LISTENER, FD_METRICS, FDS }; /* as gate_main takes them */
struct gatehouse {
    pid_t gate;
    uint16_t port, metrics;
    struct process_link supervisor, vault;
    struct http *scraper;
    struct secret ca_key, server_key, device_key;
    struct buf ca, server;
    size_t devices;
    struct buf *certificates; /* of the devices */
};

/* --- certificates --- */

static enum status make_devices(struct gatehouse *house, int64_t now)
{
    uint8_t serial[CERT_SERIAL_BYTES];
    SCOPED_BUF struct buf csr = {0};
    TRY(csr_create(&house->device_key, "device", &csr));
    for (size_t i = 0; i < house->devices; i++) {
        char name[32];
        snprintf(name, sizeof name, "device %zu", i);
        TRY(ca_issue_device(&house->ca_key, buf_bytes(&house->ca), buf_bytes(&csr), "tenant", NULL, name, now, DAY,
                            &house->certificates[i], serial));
    }
    return OK;
}

static enum status make_certificates(struct gatehouse *house)
{
    static const char *const names[] = {"127.0.0.1"};
    int64_t now = clock_seconds(clock_system());
    TRY(ca_key_new(&house->ca_key));
    TRY(ca_key_new(&house->server_key));
    TRY(ca_key_new(&house->device_key));
    TRY(ca_create(&house->ca_key, "audit", now, DAY, &house->ca));
    TRY(ca_issue_server(&house->ca_key, buf_bytes(&house->ca), &house->server_key, names, 1, now, DAY, &house->server));
    return make_devices(house, now);
}

/* --- the gate --- */

/* Its notices are no part of an audit's output. */
static _Noreturn void be_gate(const int fds[FDS])
{
    const struct child_options options = {.role = ROLE_GATE, .fd = FIRST_FD, .has_metrics = true};
    int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (int i = 0; i < FDS; i++)
        if (dup2(fds[i], FIRST_FD + i) < 0)
            _exit(1);
    if (quiet < 0 || dup2(quiet, STDERR_FILENO) < 0)
        _exit(1);
    close_range(3, FIRST_FD - 1, 0);
    _exit(gate_main(&options));
}

static void close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* An end that no link takes over is closed here: a gate that has an open one left never ends. */
static enum status open_links(struct gatehouse *house, int supervisor, int vault)
{
    enum status status = process_link_open(&house->supervisor, ROLE_SUPERVISOR, ROLE_GATE, supervisor);
    if (status != OK)
        close(supervisor);
    else
        status = process_link_open(&house->vault, ROLE_VAULT, ROLE_GATE, vault);
    if (status != OK)
        close(vault);
    return status;
}

static enum status start_gate(struct gatehouse *house)
{
    int pairs[2][2] = {{-1, -1}, {-1, -1}};
    bool paired = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[0]) == 0 &&
                  socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[1]) == 0;
    const int fds[FDS] = {pairs[0][1], pairs[1][1], local_port_listen(&house->port),
                          local_port_listen(&house->metrics)};
    if (paired && fds[FD_LISTENER] >= 0 && fds[FD_METRICS] >= 0)
        house->gate = fork();
    if (house->gate == 0)
        be_gate(fds);
    close_all(fds, FDS);
    if (house->gate < 0) {
        close_all((const int[]){pairs[0][0], pairs[1][0]}, 2);
        return ERR_UNAVAILABLE;
    }
    return open_links(house, pairs[0][0], pairs[1][0]);
}

/* --- messages --- */

static enum status next_message(struct process_link *link, struct message *message)
{
    for (;;) {
        enum status status = process_link_next(link, message);
        if (status != ERR_NOT_FOUND)
            return status;
        struct pollfd fd = {.fd = frame_link_fd(link->frames), .events = POLLIN};
        if (poll(&fd, 1, WAIT_MS) != 1)
            return ERR_UNAVAILABLE;
        TRY(process_link_pump(link));
    }
}

static enum status send_message(struct process_link *link, enum message_type type, uint64_t request,
                                struct bytes payload)
{
    TRY(process_link_send(link, type, request, payload));
    while (frame_link_wants_write(link->frames))
        TRY(process_link_pump(link));
    return OK;
}

static enum status introduce(struct gatehouse *house)
{
    SCOPED_BUF struct buf identity;
    struct message started = {0};
    buf_init_secret(&identity);
    const struct identity own = {secret_bytes(&house->server_key), buf_bytes(&house->server), buf_bytes(&house->ca)};
    TRY(identity_encode(&own, &identity));
    TRY(send_message(&house->vault, MESSAGE_IDENTITY, 0, buf_bytes(&identity)));
    TRY(send_message(&house->vault, MESSAGE_REVOKED, 0, BYTES_NONE));
    house->vault.phase = PHASE_SERVE;
    TRY(next_message(&house->supervisor, &started));
    message_free(&started);
    house->supervisor.phase = PHASE_SERVE;
    return OK;
}

enum status gatehouse_open(size_t devices, struct gatehouse **out, struct why *why)
{
    char address[64];
    struct gatehouse *house = mem_new(1, sizeof *house);
    *out = NULL;
    if (!house)
        return ERR_MEMORY;
    *house = (struct gatehouse){
        .gate = -1, .devices = devices, .certificates = mem_new(devices + 1, sizeof *house->certificates)};
    enum status status = house->certificates ? make_certificates(house) : ERR_MEMORY;
    if (status == OK)
        status = start_gate(house);
    if (status == OK)
        status = introduce(house);
    snprintf(address, sizeof address, "http://127.0.0.1:%u", house->metrics);
    if (status == OK)
        status = http_new_service(address, &house->scraper, why);
    if (status != OK) {
        gatehouse_close(house);
        return status;
    }
    *out = house;
    return OK;
}

/* A supervisor that is gone ends the gate. */
void gatehouse_close(struct gatehouse *house)
{
    if (!house)
        return;
    http_free(house->scraper);
    process_link_close(&house->supervisor);
    process_link_close(&house->vault);
    if (house->gate > 0)
        while (waitpid(house->gate, NULL, 0) < 0 && errno == EINTR)
            ;
    for (size_t i = 0; house->certificates && i < house->devices; i++)
        buf_free(&house->certificates[i]);
    mem_free(house->certificates);
    buf_free(&house->ca);
    buf_free(&house->server);
    secret_free(&house->ca_key);
    secret_free(&house->server_key);
    secret_free(&house->device_key);
    mem_free(house);
}

/* --- requests --- */

static _Noreturn void be_client(const struct gatehouse *house, size_t device, const char *path, struct bytes envelope)
{
    char address[64];
    struct http *http = NULL;
    struct http_reply reply = {0};
    const struct http_identity identity = {.ca_pem = buf_bytes(&house->ca),
                                           .certificate_pem = buf_bytes(&house->certificates[device]),
                                           .key = &house->device_key};
    snprintf(address, sizeof address, "https://127.0.0.1:%u", house->port);
    enum status status = http_new(address, &identity, &http, NULL);
    if (status == OK)
        status = http_post(http, path, "application/octet-stream", envelope, ANSWER_MAX, &reply, NULL);
    http_reply_free(&reply);
    http_free(http);
    _exit(status == OK ? 0 : 1);
}

static enum status serve_one(struct gatehouse *house, gatehouse_vault vault, void *context)
{
    struct message asked = {0};
    SCOPED_BUF struct buf reply = {0};
    TRY(next_message(&house->vault, &asked));
    enum status status = vault(context, asked.type, buf_bytes(&asked.payload), &reply);
    if (status == OK)
        status = send_message(&house->vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply));
    message_free(&asked);
    return status;
}

enum status gatehouse_post(struct gatehouse *house, size_t device, const char *path, struct bytes envelope,
                           gatehouse_vault vault, void *context)
{
    int how = 0;
    pid_t client = fork();
    if (client < 0)
        return ERR_UNAVAILABLE;
    if (client == 0)
        be_client(house, device, path, envelope);
    enum status status = serve_one(house, vault, context);
    if (status != OK)
        kill(client, SIGKILL);
    while (waitpid(client, &how, 0) < 0 && errno == EINTR)
        ;
    if (status == OK && (!WIFEXITED(how) || WEXITSTATUS(how) != 0))
        return ERR_UNAVAILABLE;
    return status;
}

enum status gatehouse_metrics(struct gatehouse *house, struct buf *out, size_t *scrapes)
{
    buf_clear(out);
    for (*scrapes = 1; *scrapes < SCRAPES_MAX; ++*scrapes) {
        struct http_reply reply = {0};
        enum status status = http_get(house->scraper, "/metrics", NULL, ANSWER_MAX, &reply, NULL);
        bool is_quiet = status == OK && bytes_find(buf_bytes(&reply.body), bytes_str(NONE_OPEN)) != SIZE_MAX;
        if (is_quiet)
            buf_add(out, buf_bytes(&reply.body));
        http_reply_free(&reply);
        TRY(status);
        if (is_quiet)
            return buf_status(out);
    }
    return ERR_UNAVAILABLE;
}
