/* The control socket S/control: how an operator's command reaches a running server.
 *
 * A local stream socket, mode 0600; the peer must be root or the server's own user (SO_PEERCRED). One command a
 * connection: u32 length | JSON, answered by u32 length | a reply's payload (server/message.h). */
#pragma once

#include <poll.h>

#include "server/message.h"

#define CONTROL_PEERS 8

struct control_peer {
    int fd; /* -1: free */
    struct buf in, out;
    size_t sent;
    uint64_t request; /* 0: not yet asked */
};
struct control {
    int listener; /* -1: closed */
    uint64_t next_request;
    struct control_peer peers[CONTROL_PEERS];
};
void control_init(struct control *control); /* closed */
/* The caller holds the state folder's lock: a socket that is there already is a dead one. */
MUST_USE enum status control_open(const char *state, struct control *control, struct why *why);
void control_close(struct control *control, const char *state);

#define CONTROL_POLLS (1 + CONTROL_PEERS)
/* What to poll for: fills CONTROL_POLLS entries. */
void control_polls(const struct control *control, struct pollfd polls[static CONTROL_POLLS]);
/* A complete command came; a status other than OK is answered at once. */
typedef enum status (*control_command)(void *context, uint64_t request, struct bytes command);
void control_moved(struct control *control, const struct pollfd polls[static CONTROL_POLLS], control_command command,
                   void *context);
/* The answer to a command; a peer that went away gets none. */
void control_answer(struct control *control, uint64_t request, struct bytes reply_payload);
/* Everyone who waits is told to try again. */
void control_answer_all(struct control *control, enum status status);

/* The other side: one command to a running server. ERR_UNAVAILABLE: nobody answers there. */
MUST_USE enum status control_ask(const char *state, struct bytes command, struct buf *reply_payload, struct why *why);
