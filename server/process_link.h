/* A link between two roles: frames held to the table of message.h in both directions, and the loop that the processes
 * without a network (vault, distil) serve their links with. */
#pragma once

#include "server/message.h"

struct frame_link;

struct process_link {
    enum role self, peer;
    enum phase phase;          /* what the table allows depends on it */
    struct frame_link *frames; /* NULL: closed */
};
/* Takes over fd. The link must not move in memory afterwards. */
MUST_USE enum status process_link_open(struct process_link *link, enum role self, enum role peer, int fd);
void process_link_close(struct process_link *link); /* takes a closed one */
/* ERR_UNAVAILABLE: the queue is full; ERR_BUG: the table does not allow it. */
MUST_USE enum status process_link_send(struct process_link *link, enum message_type type, uint64_t request,
                                       struct bytes payload);
/* Move bytes both ways. ERR_IO: the peer is gone; ERR_INPUT: it broke the rules (logged). */
MUST_USE enum status process_link_pump(struct process_link *link);
/* Next message: caller frees. ERR_NOT_FOUND: none yet. ERR_INPUT as above. */
MUST_USE enum status process_link_next(struct process_link *link, struct message *message);

#define PROCESS_LINKS_MAX 3
struct process_loop {
    size_t count;
    struct process_link links[PROCESS_LINKS_MAX]; /* the supervisor's first */
    enum status (*handle)(void *state, const struct message *in, struct outbox *out);
    enum status (*tick)(void *state, struct outbox *out); /* about each second; NULL: never */
    /* Called when no message is left to handle, before anything is waited for; NULL: nothing to flush. */
    enum status (*flush)(void *state, struct outbox *out);
    /* Called each turn; idle: nothing came for the *wait_ms of the call before (-1: no matter). NULL: nothing to do. */
    enum status (*work)(void *state, bool idle, int *wait_ms);
    void *state;
    struct outbox waiting; /* not yet in a link's queue; while there are any, nothing more is read */
    size_t sent;           /* of those */
    bool stopping;
    bool more;   /* something may be left in a queue that no poll would tell of */
    int wait_ms; /* as work said */
};
/* What waits at the call is sent in PHASE_START, everything later in PHASE_SERVE. Serves until the supervisor says stop
 * or is gone (OK), or until the handler or a peer breaks (its status). */
MUST_USE enum status process_loop_run(struct process_loop *loop);
void process_loop_free(struct process_loop *loop);
