/* A connection that has not said its first TLS record yet: it waits in the kernel's buffer until it is there as a
 * whole, so that half a greeting, or none, costs us a few hundred bytes and no session. */
#include <errno.h>
#include <event2/event.h>
#include <sys/socket.h>

#include "server/gate_inside.h"

#define RECORD_HEADER 5
#define RECORD_HANDSHAKE 22
#define RECORD_MAX (16 * 1024) /* RFC 8446 section 5.1 */
#define WAKES_MAX                                                                                                      \
    16 /* before a record is whole: a kernel short of memory wakes us early, and must not do so for ever */

static void wake_at(int fd, int size)
{
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &size, sizeof size);
}

/* Bytes of the greeting, 0 while its length is not known, -1 for what is none. */
static ssize_t greeting_size(const uint8_t *header, ssize_t got)
{
    if (got > 0 && header[0] != RECORD_HANDSHAKE)
        return -1;
    if (got < RECORD_HEADER)
        return 0;
    ssize_t length = header[3] << 8 | header[4];
    return length > 0 && length <= RECORD_MAX ? RECORD_HEADER + length : -1;
}

enum gate_greeting gate_greeting_look(struct gate_connection *connection, int fd)
{
    uint8_t first[RECORD_HEADER + RECORD_MAX];
    ssize_t got = recv(fd, first, sizeof first, MSG_PEEK);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return GATE_GREETING_PART;
    ssize_t size = greeting_size(first, got);
    if (got <= 0 || size < 0 || ++connection->wakes > WAKES_MAX)
        return GATE_GREETING_BAD;
    if (size > 0 && got >= size) {
        wake_at(fd, 1);
        return GATE_GREETING_WHOLE;
    }
    wake_at(fd, size > 0 ? (int)size : RECORD_HEADER);
    return GATE_GREETING_PART;
}
