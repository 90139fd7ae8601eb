/* The server's half of the control socket: never blocks, a fixed number of peers, bounded commands. */
#include "server/control.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/control_address.h"

#define READ_PIECE 65536u

void control_init(struct control *control)
{
    *control = (struct control){.listener = -1, .next_request = 1};
    for (int i = 0; i < CONTROL_PEERS; i++)
        control->peers[i].fd = -1;
}

enum status control_open(const char *state, struct control *control, struct why *why)
{
    struct control_address address;
    control_init(control);
    TRY(control_address_open(state, &address, why));
    unlinkat(address.folder, CONTROL_NAME, 0);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t old = umask(0177);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address.name, sizeof address.name) == 0;
    umask(old);
    control_address_close(&address);
    if (!bound || listen(fd, CONTROL_PEERS) != 0) {
        if (fd >= 0)
            close(fd);
        return why_set(why, ERR_IO, "control socket cannot be opened", "state folder", 0);
    }
    control->listener = fd;
    return OK;
}

static void peer_close(struct control_peer *peer)
{
    if (peer->fd >= 0)
        close(peer->fd);
    buf_free(&peer->in);
    buf_free(&peer->out);
    *peer = (struct control_peer){.fd = -1};
}

void control_close(struct control *control, const char *state)
{
    struct control_address address;
    for (int i = 0; i < CONTROL_PEERS; i++)
        peer_close(&control->peers[i]);
    if (control->listener < 0)
        return;
    close(control->listener);
    control->listener = -1;
    if (control_address_open(state, &address, NULL) != OK)
        return;
    unlinkat(address.folder, CONTROL_NAME, 0);
    control_address_close(&address);
}

void control_polls(const struct control *control, struct pollfd polls[static CONTROL_POLLS])
{
    bool has_room = false;
    for (int i = 0; i < CONTROL_PEERS; i++) {
        const struct control_peer *peer = &control->peers[i];
        short events = peer->out.size > peer->sent ? POLLOUT : peer->request == 0 ? POLLIN : 0;
        polls[1 + i] = (struct pollfd){.fd = peer->fd, .events = events};
        has_room |= peer->fd < 0;
    }
    polls[0] = (struct pollfd){.fd = has_room ? control->listener : -1, .events = POLLIN};
}

static bool is_permitted(int fd)
{
    struct ucred peer = {0};
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == 0 || peer.uid == geteuid());
}

static void accept_peer(struct control *control)
{
    int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    for (int i = 0; fd >= 0 && i < CONTROL_PEERS; i++) {
        if (control->peers[i].fd >= 0)
            continue;
        if (is_permitted(fd)) {
            control->peers[i].fd = fd;
            return;
        }
        break;
    }
    if (fd >= 0)
        close(fd);
}

static void peer_answer(struct control_peer *peer, struct bytes payload)
{
    buf_clear(&peer->out);
    buf_add_lp(&peer->out, payload);
    if (buf_status(&peer->out) != OK)
        peer_close(peer);
}

static void peer_answer_status(struct control_peer *peer, enum status status)
{
    struct message reply = {0};
    if (reply_write(&reply, status, NULL, BYTES_NONE) == OK)
        peer_answer(peer, buf_bytes(&reply.payload));
    else
        peer_close(peer);
    message_free(&reply);
}

/* The command, once it is whole. */
static void peer_read(struct control *control, struct control_peer *peer, control_command command, void *context)
{
    buf_reserve(&peer->in, READ_PIECE);
    ssize_t size = peer->in.failed ? 0 : read(peer->fd, peer->in.data + peer->in.size, READ_PIECE);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        peer_close(peer);
        return;
    }
    peer->in.size += (size_t)size;
    struct cursor cursor = {buf_bytes(&peer->in)};
    uint32_t length = 0;
    if (cursor_u32(&cursor, &length) != OK)
        return;
    if (length > message_rule(ROLE_SUPERVISOR, ROLE_VAULT, MESSAGE_ADMIN, PHASE_SERVE)->limit) {
        peer_close(peer);
        return;
    }
    struct bytes text;
    if (cursor_bytes(&cursor, length, &text) != OK)
        return;
    peer->request = control->next_request++;
    enum status status = cursor_end(&cursor) == OK ? command(context, peer->request, text) : ERR_INPUT;
    buf_free(&peer->in);
    if (status != OK)
        peer_answer_status(peer, status);
}

static void peer_write(struct control_peer *peer)
{
    ssize_t size = send(peer->fd, peer->out.data + peer->sent, peer->out.size - peer->sent, MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size > 0)
        peer->sent += (size_t)size;
    if (size <= 0 || peer->sent == peer->out.size)
        peer_close(peer);
}

void control_moved(struct control *control, const struct pollfd polls[static CONTROL_POLLS], control_command command,
                   void *context)
{
    for (int i = 0; i < CONTROL_PEERS; i++) {
        struct control_peer *peer = &control->peers[i];
        short what = polls[1 + i].revents;
        if (peer->fd < 0 || peer->fd != polls[1 + i].fd || what == 0)
            continue;
        if (what & POLLOUT)
            peer_write(peer);
        else if (what & POLLIN)
            peer_read(control, peer, command, context);
        else
            peer_close(peer); /* hung up while it waited */
    }
    if (polls[0].fd >= 0 && polls[0].revents)
        accept_peer(control);
}

void control_answer(struct control *control, uint64_t request, struct bytes reply_payload)
{
    for (int i = 0; i < CONTROL_PEERS; i++) {
        struct control_peer *peer = &control->peers[i];
        if (peer->fd >= 0 && peer->request == request && peer->out.size == 0)
            peer_answer(peer, reply_payload);
    }
}

void control_answer_all(struct control *control, enum status status)
{
    for (int i = 0; i < CONTROL_PEERS; i++) {
        struct control_peer *peer = &control->peers[i];
        if (peer->fd >= 0 && peer->request != 0 && peer->out.size == 0)
            peer_answer_status(peer, status);
    }
}
