/* What an operator's program writes to S/control, as it stands or with a true length in front, in pieces of any size: a
 * command is taken once, whole, and only if nothing follows it. */
#include <sys/socket.h>
#include <unistd.h>

#include "server/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    struct bytes written; /* so far */
    size_t commands;
};

static enum status on_command(void *context, uint64_t request, struct bytes command)
{
    struct heard *heard = context;
    struct cursor cursor = {heard->written};
    struct bytes text = BYTES_NONE;
    INVARIANT(cursor_lp(&cursor, &text) == OK && bytes_equal(text, command) && cursor_end(&cursor) == OK);
    heard->commands++;
    return request % 2 ? OK : ERR_UNAVAILABLE;
}

static void move(struct control *control, struct heard *heard)
{
    struct pollfd polls[CONTROL_POLLS];
    control_polls(control, polls);
    for (int i = 0; i < CONTROL_POLLS; i++)
        polls[i].revents = polls[i].fd >= 0 ? polls[i].events : 0;
    control_moved(control, polls, on_command, heard);
}

/* The operator's program reads u32 length | reply, or nothing. */
static void read_answer(int fd)
{
    uint8_t bytes[256];
    struct reply reply;
    struct bytes payload = BYTES_NONE;
    ssize_t got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got <= 0)
        return;
    struct cursor cursor = {bytes_of(bytes, (size_t)got)};
    INVARIANT(cursor_lp(&cursor, &payload) == OK && cursor_end(&cursor) == OK && reply_read(payload, &reply) == OK);
}

static void talk(struct bytes said, size_t piece)
{
    int pair[2];
    struct control control;
    struct heard heard = {0};
    INVARIANT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0);
    control_init(&control);
    control.peers[0].fd = pair[0];
    for (size_t at = 0; at < said.size && control.peers[0].fd >= 0 && heard.commands == 0; at += piece) {
        struct bytes part = bytes_part(said, at, piece < said.size - at ? piece : said.size - at);
        INVARIANT(send(pair[1], part.data, part.size, MSG_NOSIGNAL) == (ssize_t)part.size);
        heard.written = bytes_part(said, 0, at + part.size);
        move(&control, &heard);
    }
    INVARIANT(heard.commands <= 1);
    control_answer_all(&control, ERR_UNAVAILABLE);
    move(&control, &heard);
    read_answer(pair[1]);
    control_close(&control, ".");
    close(pair[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf framed = {0};
    if (size < 2 || size > 4096)
        return 0;
    struct bytes rest = bytes_of(data + 2, size - 2);
    size_t piece = 1 + data[0];
    if (data[1] % 2) {
        buf_add_lp(&framed, rest);
        rest = buf_bytes(&framed);
    }
    talk(rest, piece);
    return 0;
}
