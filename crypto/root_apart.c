/* Hides the process and what is said to it. One packet a question, one an answer; all are short.
 *   question: u8 operation | lp label | u32 version | lp key, or what was wrapped     answer: u8 status | bytes
 *   first packet, from the process: u8 status | lp what | lp where | lp hint */
#include "crypto/root_apart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/keys.h"
#include "crypto/root_provider_internal.h"

#define PACKET_MAX 2048
#define ANSWER_SECONDS 60 /* a token that thinks longer is gone */
#define PLACE_OF_PIPE 3   /* in the process: beside the usual three it has this descriptor alone */

enum operation { WRAP = 1, UNWRAP };

/* Packets hold keys, so they live in secret memory. */
static enum status packet_new(struct secret *packet)
{
    return secret_new(packet, PACKET_MAX);
}

static enum status packet_send(int fd, struct bytes packet)
{
    struct iovec part = {(void *)(uintptr_t)packet.data, packet.size};
    const struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;
    do
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)packet.size ? OK : ERR_UNAVAILABLE;
}

/* ERR_UNAVAILABLE at the other's end, or after the time that the socket allows. */
static enum status packet_receive(int fd, struct secret *packet, struct bytes *got)
{
    struct iovec part = {packet->data, packet->size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t size;
    do
        size = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    *got = bytes_of(packet->data, size > 0 ? (size_t)size : 0);
    return size > 0 ? OK : ERR_UNAVAILABLE;
}

/* --- the process --- */

static enum status serve_wrap(struct root_provider *provider, const char *label, uint32_t version, struct bytes key,
                              struct buf *answer)
{
    SCOPED_SECRET struct secret secret = {0};
    TRY(secret_copy(&secret, key));
    return root_wrap(provider, label, version, &secret, answer);
}

static enum status serve_unwrap(struct root_provider *provider, const char *label, uint32_t version,
                                struct bytes wrapped, struct buf *answer)
{
    SCOPED_SECRET struct secret secret = {0};
    TRY(root_unwrap(provider, label, version, wrapped, &secret));
    buf_add(answer, secret_bytes(&secret));
    return buf_status(answer);
}

static enum status serve_one(struct root_provider *provider, struct bytes question, struct buf *answer)
{
    struct cursor from = {question};
    struct bytes label, data;
    uint8_t operation;
    uint32_t version;
    TRY(cursor_u8(&from, &operation));
    TRY(cursor_lp(&from, &label));
    TRY(cursor_u32(&from, &version));
    TRY(cursor_lp(&from, &data));
    SCOPED_MEM char *text = mem_copy(label);
    if (!text)
        return ERR_MEMORY;
    return operation == WRAP ? serve_wrap(provider, text, version, data, answer)
                             : serve_unwrap(provider, text, version, data, answer);
}

static void serve(struct root_provider *provider, int fd)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes question;
    if (packet_new(&packet) != OK)
        return;
    while (packet_receive(fd, &packet, &question) == OK) {
        SCOPED_BUF struct buf answer;
        buf_init_secret(&answer);
        buf_add_byte(&answer, OK);
        enum status status = serve_one(provider, question, &answer);
        if (status != OK) {
            buf_clear(&answer);
            buf_add_byte(&answer, (uint8_t)status);
        }
        if (buf_status(&answer) != OK || packet_send(fd, buf_bytes(&answer)) != OK)
            return;
    }
}

static enum status say_opened(int fd, enum status status, const struct why *why)
{
    SCOPED_BUF struct buf packet = {0};
    buf_add_byte(&packet, (uint8_t)status);
    buf_add_lp(&packet, bytes_str(why->what));
    buf_add_lp(&packet, bytes_str(why->where));
    buf_add_lp(&packet, bytes_str(why->hint));
    TRY(buf_status(&packet));
    return packet_send(fd, buf_bytes(&packet));
}

/* Never returns into what the caller was doing. */
static _Noreturn void become(int fd, root_opener open, const void *context)
{
    struct root_provider *provider = NULL;
    struct why why = {0};
    if (dup2(fd, PLACE_OF_PIPE) < 0 || close_range(PLACE_OF_PIPE + 1, ~0u, 0) != 0 ||
        fcntl(PLACE_OF_PIPE, F_SETFD, FD_CLOEXEC) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        _exit(1);
    enum status status = open(context, &provider, &why);
    if (say_opened(PLACE_OF_PIPE, status, &why) == OK && status == OK)
        serve(provider, PLACE_OF_PIPE);
    root_provider_close(provider);
    _exit(0);
}

/* --- the caller's side --- */

struct apart_provider {
    struct root_provider provider;
    int fd; /* -1: the link is at its end */
};

static void end_link(struct apart_provider *apart)
{
    if (apart->fd >= 0)
        close(apart->fd);
    apart->fd = -1;
}

/* An answer that comes after all must not be taken for the next question's: a link that failed once is at its end. */
static enum status exchange(struct apart_provider *apart, struct bytes question, struct secret *packet,
                            struct bytes *answer)
{
    enum status status = packet_send(apart->fd, question);
    if (status == OK)
        status = packet_receive(apart->fd, packet, answer);
    if (status != OK)
        end_link(apart);
    return status;
}

static enum status ask(struct apart_provider *apart, enum operation operation, const char *label,
                       uint32_t version, struct bytes data, struct secret *packet, struct bytes *answer)
{
    SCOPED_BUF struct buf question;
    buf_init_secret(&question);
    buf_add_byte(&question, (uint8_t)operation);
    buf_add_lp(&question, bytes_str(label));
    buf_add_u32(&question, version);
    buf_add_lp(&question, data);
    TRY(buf_status(&question));
    if (question.size > PACKET_MAX)
        return ERR_USAGE;
    TRY(packet_new(packet));
    TRY(exchange(apart, buf_bytes(&question), packet, answer));
    enum status status = (enum status)answer->data[0];
    *answer = bytes_part(*answer, 1, SIZE_MAX);
    return status > ERR_BUG ? ERR_UNAVAILABLE : status;
}

static enum status apart_wrap(struct root_provider *provider, const char *label, uint32_t version,
                              const struct secret *key, struct buf *out)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes answer;
    TRY(ask((struct apart_provider *)provider, WRAP, label, version, secret_bytes(key), &packet, &answer));
    buf_add(out, answer);
    return buf_status(out);
}

static enum status apart_unwrap(struct root_provider *provider, const char *label, uint32_t version,
                                struct bytes wrapped, struct secret *key)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes answer;
    TRY(ask((struct apart_provider *)provider, UNWRAP, label, version, wrapped, &packet, &answer));
    return answer.size == KEY_BYTES ? secret_copy(key, answer) : ERR_UNAVAILABLE;
}

static void apart_close(struct root_provider *provider)
{
    struct apart_provider *apart = (struct apart_provider *)provider;
    end_link(apart);
    mem_free(apart);
}

/* The process is a grandchild: who has it need not wait for it, and a supervisor that reaps its children meets no
 * stranger. */
static enum status start_process(root_opener open, const void *context, int *fd)
{
    const struct timeval patience = {.tv_sec = ANSWER_SECONDS};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return ERR_IO;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        pid = fork();
        if (pid == 0)
            become(pair[1], open, context);
        _exit(pid < 0);
    }
    close(pair[1]);
    int how = 1;
    if (pid > 0)
        waitpid(pid, &how, 0);
    *fd = pair[0];
    if (pid > 0 && how == 0 && setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0)
        return OK;
    close(*fd);
    return ERR_IO;
}

/* It will be printed, and a module may have written it: nothing in it may steer a terminal. */
static const char *keep_text(struct bytes text, char *out, size_t size)
{
    size_t kept = text.size < size ? text.size : size - 1;
    for (size_t i = 0; i < kept; i++)
        out[i] = text.data[i] >= ' ' && text.data[i] < 0x7f ? (char)text.data[i] : '?';
    out[kept] = 0;
    return text.size ? out : NULL;
}

/* A person may have to type, so the first packet may take as long as it likes. */
static enum status hear_opened(int fd, struct why *why)
{
    static char what[128], where[64], hint[128];
    SCOPED_SECRET struct secret packet = {0};
    struct bytes got, texts[3];
    uint8_t status;
    TRY(packet_new(&packet));
    if (packet_receive(fd, &packet, &got) != OK)
        return why_set(why, ERR_UNAVAILABLE, "its process ended", "root-key provider", 0);
    struct cursor from = {got};
    TRY(cursor_u8(&from, &status));
    for (size_t i = 0; i < 3; i++)
        TRY(cursor_lp(&from, &texts[i]));
    if (status == OK)
        return OK;
    const char *place = keep_text(texts[1], where, sizeof where);
    return why_hint(why, status > ERR_BUG ? ERR_BUG : (enum status)status, keep_text(texts[0], what, sizeof what),
                    place, keep_text(texts[2], hint, sizeof hint));
}

enum status root_provider_apart(root_opener open, const void *context, struct root_provider **out, struct why *why)
{
    static const struct root_provider_kind kind = {apart_wrap, apart_unwrap, apart_close};
    const struct timeval patience = {.tv_sec = ANSWER_SECONDS};
    int fd = -1;
    *out = NULL;
    struct apart_provider *apart = mem_new(1, sizeof *apart);
    if (!apart)
        return ERR_MEMORY;
    enum status status = start_process(open, context, &fd);
    if (status == OK)
        status = hear_opened(fd, why);
    if (status == OK && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
        status = ERR_IO;
    if (status != OK) {
        if (fd >= 0)
            close(fd);
        mem_free(apart);
        return why_set(why, status, "its process cannot be started", "root-key provider", 0);
    }
    *apart = (struct apart_provider){{&kind}, fd};
    *out = &apart->provider;
    return OK;
}
