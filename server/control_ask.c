/* The asking half of the control socket: one command, one answer, blocking. */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "server/control.h"
#include "server/control_address.h"
#include "transport/frame.h"

static enum status connect_to(const char *state, int *fd, struct why *why)
{
    struct control_address address;
    TRY(control_address_open(state, &address, why));
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = *fd < 0 || connect(*fd, (const struct sockaddr *)&address.name, sizeof address.name) != 0;
    int reason = errno;
    control_address_close(&address);
    if (!failed)
        return OK;
    if (*fd >= 0)
        close(*fd);
    if (reason == EACCES || reason == EPERM)
        return why_hint(why, ERR_DENIED, "the control socket belongs to another user", NULL,
                        "run this as the server's user");
    return why_hint(why, ERR_UNAVAILABLE, "the state folder is in use and no server answers there", NULL, "try again");
}

static enum status read_answer(int fd, struct buf *out)
{
    uint8_t head[4];
    for (size_t got = 0; got < sizeof head;) {
        ssize_t size = read(fd, head + got, sizeof head - got);
        if (size <= 0 && !(size < 0 && errno == EINTR))
            return ERR_UNAVAILABLE;
        got += size > 0 ? (size_t)size : 0;
    }
    size_t left = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (left > FRAME_MAX)
        return ERR_INPUT;
    buf_reserve(out, left);
    TRY(buf_status(out));
    while (left > 0) {
        ssize_t size = read(fd, out->data + out->size, left);
        if (size <= 0 && !(size < 0 && errno == EINTR))
            return ERR_UNAVAILABLE;
        out->size += size > 0 ? (size_t)size : 0;
        left -= size > 0 ? (size_t)size : 0;
    }
    return OK;
}

enum status control_ask(const char *state, struct bytes command, struct buf *reply_payload, struct why *why)
{
    int fd = -1;
    SCOPED_BUF struct buf framed = {0};
    buf_add_lp(&framed, command);
    TRY(buf_status(&framed));
    TRY(connect_to(state, &fd, why));
    enum status status = fd_write_all(fd, buf_bytes(&framed));
    if (status == OK)
        status = read_answer(fd, reply_payload);
    close(fd);
    if (status != OK)
        return why_set(why, ERR_UNAVAILABLE, "the server went away before its answer", NULL, 0);
    return OK;
}
