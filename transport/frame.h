/* Frames between the server's processes: length u32, type u16, version u16, request u64 (big endian), then the payload.
 * Payloads over FRAME_INLINE travel by sealed memfd (SCM_RIGHTS, with the header's first byte); FRAME_BY_MEMFD in the
 * version then says so and no payload follows. Which role may send which type
 * to which role, in which phase and how large is the table in server/frames.c, passed in as a checker. */
#pragma once

#include "base/bytes.h"

#define FRAME_INLINE (64u * 1024)
#define FRAME_MAX (128u * 1024 * 1024)
#define FRAME_VERSION 1
#define FRAME_BY_MEMFD 0x8000
#define FRAME_HEADER 16

struct frame {
    uint16_t type;
    uint64_t request; /* chosen by the asker, repeated in the answer */
    struct bytes payload;
};
/* Largest payload that the receiver accepts for a type; 0: the type is not allowed here. */
typedef size_t (*frame_limit)(void *context, uint16_t type);

/* A connection over a socket pair (SOCK_STREAM, AF_UNIX): bounded queues both ways, never blocks.
 * queue_bytes bounds what waits to be sent; an empty queue takes any one frame. Takes fd on success only. */
struct frame_link;
MUST_USE enum status frame_link_new(int fd, size_t queue_bytes, frame_limit limit, void *context,
                                    struct frame_link **out);
void frame_link_free(struct frame_link *link); /* closes fd */
int frame_link_fd(const struct frame_link *link);
bool frame_link_wants_write(const struct frame_link *link); /* poll for POLLOUT */
/* Queue a frame. ERR_UNAVAILABLE when the queue is full, ERR_TOO_LARGE over FRAME_MAX. */
MUST_USE enum status frame_send(struct frame_link *link, const struct frame *frame);
/* Move bytes: call when readable or writable. ERR_IO when the peer is gone, ERR_INPUT when it broke the protocol
 * (another version, wrong size, a memfd that is not sealed); both last. Frames that were complete before can still be
 * taken with frame_next. When as much has arrived as a link holds, nothing is read until frames are taken. */
MUST_USE enum status frame_pump(struct frame_link *link);
/* Next complete frame, valid until the next call of frame_next or frame_pump; ERR_NOT_FOUND when there is none yet.
 * ERR_INPUT: its type or size is not allowed now; that ends the link. */
MUST_USE enum status frame_next(struct frame_link *link, struct frame *frame);
