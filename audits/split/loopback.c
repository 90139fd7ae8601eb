/* Hides the sockets, the process, and how an honest answer is made: by the gate's own tables and the vault's machine.
 */
#include "audits/split/loopback.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/local_port.h"
#include "crypto/tls_stream.h"
#include "protocol/problem.h"
#include "protocol/receipt.h"
#include "server/gate_route.h"

#define STALLED_SECONDS 5 /* of a peer that says nothing */
#define READ_BYTES 16384
#define REQUEST_MAX (1u << 20)

struct serving { /* in the server's process */
    struct world *world;
    const struct loopback_manner *manner;
    struct tls_server *tls;
    struct uploads *uploads;
};

/* --- honest answers --- */

static void note_upload(struct uploads *uploads, struct bytes envelope, struct bytes receipt_text)
{
    struct upload upload = {.size = envelope.size};
    struct receipt receipt;
    if (uploads->count == LOOPBACK_UPLOADS_MAX) {
        uploads->lost++;
        return;
    }
    if (envelope_peek(envelope, &upload.header) == OK && receipt_decode(receipt_text, &receipt, NULL) == OK)
        memcpy(upload.digest, receipt.digest, DIGEST_BYTES);
    uploads->items[uploads->count++] = upload;
}

static enum status ask_vault(struct serving *serving, const struct gate_route *route, struct bytes payload,
                             struct loopback_answer *answer)
{
    enum status status = OK;
    TRY(world_ask(serving->world, route->message, payload, &status, &answer->body));
    if (route->message == MESSAGE_CONTRIBUTE || route->message == MESSAGE_WITHDRAW)
        note_upload(serving->uploads, payload, status == OK ? buf_bytes(&answer->body) : BYTES_NONE);
    answer->http = status == OK ? 200 : problem_http(status);
    if (status == OK && answer->body.size == 0 && route->message == MESSAGE_LIBRARY)
        answer->http = 304;
    if (status == OK)
        return OK;
    buf_clear(&answer->body);
    return problem_encode(status, NULL, &answer->body);
}

static enum status answer_honestly(struct serving *serving, const struct gate_head *head, struct bytes body,
                                   struct loopback_answer *answer)
{
    const struct gate_route *route = NULL;
    SCOPED_BUF struct buf numbers = {0};
    answer->http = gate_route_find(GATE_PORT_MEMBERS, head, &route);
    if (answer->http == 0)
        answer->http = gate_route_check(route, head, &numbers);
    serving->uploads->astray += answer->http != 0 || route->message == MESSAGE_NONE;
    if (answer->http != 0)
        return OK;
    if (route->message == MESSAGE_NONE) {
        answer->http = 404;
        return OK;
    }
    return ask_vault(serving, route, route->method == GATE_POST ? body : buf_bytes(&numbers), answer);
}

/* --- a connection: one request --- */

static enum status read_request(struct tls_stream *stream, struct buf *text, struct gate_head *head, struct bytes *body)
{
    size_t end = SIZE_MAX;
    while (end == SIZE_MAX && text->size < GATE_HEAD_MAX) {
        TRY(tls_stream_read(stream, READ_BYTES, text));
        end = bytes_find(buf_bytes(text), bytes_str("\r\n\r\n"));
    }
    if (end == SIZE_MAX || gate_head_parse(bytes_part(buf_bytes(text), 0, end + 4), head) != 0 ||
        head->length > REQUEST_MAX)
        return ERR_INPUT;
    while (text->size < end + 4 + head->length)
        TRY(tls_stream_read(stream, READ_BYTES, text));
    (void)gate_head_parse(bytes_part(buf_bytes(text), 0, end + 4), head); /* the text may have moved */
    *body = bytes_part(buf_bytes(text), end + 4, head->length);
    return OK;
}

static enum status write_answer(struct tls_stream *stream, const struct loopback_answer *answer)
{
    SCOPED_BUF struct buf text = {0};
    if (answer->http == 0)
        return OK;
    buf_addf(&text, "HTTP/1.1 %d -\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n", answer->http,
             answer->body.size + answer->more, answer->extra);
    buf_add(&text, buf_bytes(&answer->body));
    TRY(buf_status(&text));
    return tls_stream_write(stream, buf_bytes(&text));
}

static enum status change_answer(struct serving *serving, const struct gate_head *head, struct loopback_answer *answer)
{
    SCOPED_BUF struct buf honest = {0};
    const int http = answer->http;
    buf_add(&honest, buf_bytes(&answer->body));
    TRY(buf_status(&honest));
    TRY(serving->manner->change(serving->manner->context, head, answer));
    serving->uploads->changed += answer->http != http || answer->more > 0 || *answer->extra ||
                                 !bytes_equal(buf_bytes(&answer->body), buf_bytes(&honest));
    return OK;
}

static enum status serve_request(struct serving *serving, struct tls_stream *stream)
{
    struct gate_head head;
    struct bytes body;
    SCOPED_BUF struct buf text = {0};
    struct loopback_answer answer = {.extra = ""};
    TRY(read_request(stream, &text, &head, &body));
    serving->uploads->served++;
    enum status status = answer_honestly(serving, &head, body, &answer);
    if (status == OK && serving->manner)
        status = change_answer(serving, &head, &answer);
    if (status == OK)
        status = write_answer(stream, &answer);
    buf_free(&answer.body);
    return status;
}

/* A client that goes away, or talks nonsense, costs its connection alone. */
static void serve_connection(struct serving *serving, int fd)
{
    const struct timeval stalled = {.tv_sec = STALLED_SECONDS};
    struct tls_stream *stream = NULL;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &stalled, sizeof stalled);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stalled, sizeof stalled);
    if (tls_stream_accept(serving->tls, fd, &stream) == OK)
        (void)serve_request(serving, stream);
    tls_stream_close(stream);
    close(fd);
}

/* --- the process --- */

_Noreturn static void serve(struct serving *serving, int listener, pid_t parent)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(LOOPBACK_SECONDS);
    if (getppid() != parent)
        _exit(1);
    bool changes = false;
    if (serving->manner && serving->manner->begin &&
        serving->manner->begin(serving->manner->context, serving->world, &changes) != OK)
        _exit(1);
    serving->uploads->changed += changes;
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            serve_connection(serving, fd);
        else if (errno != EINTR && errno != ECONNABORTED)
            _exit(1);
    }
}

enum status loopback_open(struct loopback *out)
{
    uint16_t port = 0;
    *out = (struct loopback){.listener = local_port_listen(&port)};
    void *shared = mmap(NULL, sizeof *out->uploads, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    out->uploads = shared == MAP_FAILED ? NULL : shared;
    snprintf(out->base, sizeof out->base, "https://127.0.0.1:%u", (unsigned)port);
    if (out->uploads && out->listener >= 0)
        return OK;
    loopback_close(out);
    return ERR_IO;
}

/* How it ended; as by our signal where none is running. */
static int end_server(struct loopback *loopback)
{
    int ended = SIGTERM;
    if (loopback->server <= 0)
        return ended;
    kill(loopback->server, SIGTERM);
    while (waitpid(loopback->server, &ended, 0) < 0 && errno == EINTR)
        ;
    loopback->server = 0;
    return ended;
}

void loopback_close(struct loopback *loopback)
{
    (void)end_server(loopback);
    if (loopback->uploads)
        munmap(loopback->uploads, sizeof *loopback->uploads);
    if (loopback->listener >= 0)
        close(loopback->listener);
    *loopback = (struct loopback){.listener = -1};
}

enum status loopback_serve(struct loopback *loopback, struct world *world, struct random random,
                           const struct loopback_manner *manner)
{
    struct serving serving = {.world = world, .manner = manner, .uploads = loopback->uploads};
    TRY(loopback_stop(loopback));
    memset(loopback->uploads, 0, sizeof *loopback->uploads);
    TRY(world_tls(world, &serving.tls));
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        if (world_branch(world, random) != OK)
            _exit(1);
        serve(&serving, loopback->listener, parent);
    }
    tls_server_free(serving.tls);
    loopback->server = child > 0 ? child : 0;
    return child > 0 ? OK : ERR_IO;
}

enum status loopback_stop(struct loopback *loopback)
{
    int ended = end_server(loopback);
    return WIFSIGNALED(ended) && WTERMSIG(ended) == SIGTERM ? OK : ERR_IO;
}
