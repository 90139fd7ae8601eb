/* Hides the process and the pipe to it. */
#include "crypto/root_apart_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/keys.h"

#define PACKET_MAX 2048
#define ANSWER_SECONDS 60 /* a token that thinks longer is gone */
#define PLACE_OF_PIPE 3   /* in the process: beside the usual three it has this descriptor alone */

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

static void serve(struct root_provider *provider, int fd)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes question;
    if (packet_new(&packet) != OK)
        return;
    while (packet_receive(fd, &packet, &question) == OK) {
        SCOPED_BUF struct buf answer;
        buf_init_secret(&answer);
        if (apart_answer(provider, question, &answer) != OK || packet_send(fd, buf_bytes(&answer)) != OK)
            return;
    }
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
    SCOPED_BUF struct buf said = {0};
    if (apart_say_opened(status, &why, &said) == OK && packet_send(PLACE_OF_PIPE, buf_bytes(&said)) == OK &&
        status == OK)
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

static enum status ask(struct apart_provider *apart, enum apart_operation operation, const char *label,
                       uint32_t version, struct bytes data, struct secret *packet, struct bytes *answer)
{
    SCOPED_BUF struct buf question;
    buf_init_secret(&question);
    TRY(apart_question(operation, label, version, data, &question));
    if (question.size > PACKET_MAX)
        return ERR_USAGE;
    TRY(packet_new(packet));
    TRY(exchange(apart, buf_bytes(&question), packet, answer));
    return apart_hear_answer(answer);
}

static enum status apart_wrap(struct root_provider *provider, const char *label, uint32_t version,
                              const struct secret *key, struct buf *out)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes answer;
    TRY(ask((struct apart_provider *)provider, APART_WRAP, label, version, secret_bytes(key), &packet, &answer));
    buf_add(out, answer);
    return buf_status(out);
}

static enum status apart_unwrap(struct root_provider *provider, const char *label, uint32_t version,
                                struct bytes wrapped, struct secret *key)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes answer;
    TRY(ask((struct apart_provider *)provider, APART_UNWRAP, label, version, wrapped, &packet, &answer));
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

/* A person may have to type, so the first packet may take as long as it likes. */
static enum status hear_opened(int fd, struct why *why)
{
    SCOPED_SECRET struct secret packet = {0};
    struct bytes got;
    TRY(packet_new(&packet));
    if (packet_receive(fd, &packet, &got) != OK)
        return why_set(why, ERR_UNAVAILABLE, "its process ended", "root-key provider", 0);
    return apart_hear_opened(got, why);
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
