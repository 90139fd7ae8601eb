/* Frames over a socket pair. Hides the two queues: what waits to be sent, frame by frame, each with its memory file;
 * what came in, of which the part up to `checked` is whole frames that were found good. */
#include "transport/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport/memfd.h"

#define FILES_MAX 16                                  /* memory files that came but were not taken */
#define INPUT_MAX (4 * (FRAME_HEADER + FRAME_INLINE)) /* bytes that came but were not taken */

struct outgoing {
    struct outgoing *next;
    struct buf bytes; /* header, and the payload if it is inline */
    size_t sent;
    size_t cost; /* what it counts for in the queue */
    int file;    /* -1: none, or sent already */
};

struct frame_link {
    int fd;
    frame_limit limit;
    void *context;
    enum status broken; /* OK, or what ended the link */

    size_t queue_bytes, queued;
    struct outgoing *first, **last;

    struct buf input;
    size_t taken, checked; /* offsets into input */
    size_t file_count, files_checked;
    int files[FILES_MAX];
    struct bytes mapped; /* payload of the frame that was handed out last */
};

struct header {
    uint32_t length;
    uint16_t type, version;
    uint64_t request;
};

enum status frame_link_new(int fd, size_t queue_bytes, frame_limit limit, void *context, struct frame_link **out)
{
    *out = NULL;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return ERR_IO;
    struct frame_link *link = mem_new(1, sizeof *link);
    if (!link)
        return ERR_MEMORY;
    *link = (struct frame_link){.fd = fd, .limit = limit, .context = context, .queue_bytes = queue_bytes};
    link->last = &link->first;
    buf_init_secret(&link->input);
    *out = link;
    return OK;
}

static void outgoing_free(struct outgoing *item)
{
    if (item->file >= 0)
        close(item->file);
    buf_free(&item->bytes);
    mem_free(item);
}

static void outgoing_drop_first(struct frame_link *link)
{
    struct outgoing *item = link->first;
    link->first = item->next;
    if (!link->first)
        link->last = &link->first;
    link->queued -= item->cost;
    outgoing_free(item);
}

void frame_link_free(struct frame_link *link)
{
    if (!link)
        return;
    while (link->first)
        outgoing_drop_first(link);
    for (size_t i = 0; i < link->file_count; i++)
        close(link->files[i]);
    memfd_unmap(&link->mapped);
    buf_free(&link->input);
    close(link->fd);
    mem_free(link);
}

int frame_link_fd(const struct frame_link *link)
{
    return link->fd;
}

bool frame_link_wants_write(const struct frame_link *link)
{
    return link->first != NULL;
}

/* --- sending --- */

static enum status outgoing_fill(struct outgoing *item, const struct frame *frame)
{
    bool by_memfd = frame->payload.size > FRAME_INLINE;
    buf_add_u32(&item->bytes, (uint32_t)frame->payload.size);
    buf_add_u16(&item->bytes, frame->type);
    buf_add_u16(&item->bytes, by_memfd ? FRAME_VERSION | FRAME_BY_MEMFD : FRAME_VERSION);
    buf_add_u64(&item->bytes, frame->request);
    if (by_memfd)
        TRY(memfd_make(frame->payload, &item->file));
    else
        buf_add(&item->bytes, frame->payload);
    return buf_status(&item->bytes);
}

enum status frame_send(struct frame_link *link, const struct frame *frame)
{
    size_t cost = FRAME_HEADER + frame->payload.size;
    if (frame->payload.size > FRAME_MAX)
        return ERR_TOO_LARGE;
    if (link->first && link->queued + cost > link->queue_bytes)
        return ERR_UNAVAILABLE;
    struct outgoing *item = mem_new(1, sizeof *item);
    if (!item)
        return ERR_MEMORY;
    *item = (struct outgoing){.cost = cost, .file = -1};
    buf_init_secret(&item->bytes);
    enum status status = outgoing_fill(item, frame);
    if (status != OK) {
        outgoing_free(item);
        return status;
    }
    *link->last = item;
    link->last = &item->next;
    link->queued += cost;
    return OK;
}

/* Bytes sent, or -1 with errno. The memory file goes with the first byte. */
static ssize_t outgoing_send(const struct frame_link *link, const struct outgoing *item)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {.iov_base = item->bytes.data + item->sent, .iov_len = item->bytes.size - item->sent};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (item->file >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(rights), &item->file, sizeof(int));
    }
    return sendmsg(link->fd, &message, MSG_NOSIGNAL);
}

static enum status pump_out(struct frame_link *link)
{
    while (link->first) {
        struct outgoing *item = link->first;
        ssize_t sent = outgoing_send(link, item);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? OK : ERR_IO;
        if (item->file >= 0)
            close(item->file);
        item->file = -1;
        item->sent += (size_t)sent;
        if (item->sent == item->bytes.size)
            outgoing_drop_first(link);
    }
    return OK;
}

/* --- receiving --- */

static struct header header_at(const struct frame_link *link, size_t at)
{
    struct header header = {0};
    struct cursor from = {bytes_part(buf_bytes(&link->input), at, FRAME_HEADER)};
    enum status status = cursor_u32(&from, &header.length);
    if (status == OK)
        status = cursor_u16(&from, &header.type);
    if (status == OK)
        status = cursor_u16(&from, &header.version);
    if (status == OK)
        status = cursor_u64(&from, &header.request);
    INVARIANT(status == OK);
    return header;
}

static bool is_by_memfd(const struct header *header)
{
    return header->version & FRAME_BY_MEMFD;
}

static size_t inline_size(const struct header *header)
{
    return FRAME_HEADER + (is_by_memfd(header) ? 0 : header->length);
}

static enum status header_check(const struct header *header)
{
    if ((header->version & ~FRAME_BY_MEMFD) != FRAME_VERSION)
        return ERR_INPUT;
    return is_by_memfd(header) == (header->length > FRAME_INLINE) && header->length <= FRAME_MAX ? OK : ERR_INPUT;
}

/* Move `checked` over all whole frames that came. Form is judged as soon as a header is there; whether the type is
 * allowed only when the frame is taken, because the frame before it may change that. */
static enum status input_check(struct frame_link *link)
{
    while (link->input.size - link->checked >= FRAME_HEADER) {
        struct header header = header_at(link, link->checked);
        TRY(header_check(&header));
        if (link->input.size - link->checked < inline_size(&header))
            return OK;
        if (is_by_memfd(&header)) {
            if (link->files_checked == link->file_count)
                return ERR_INPUT;
            TRY(memfd_check(link->files[link->files_checked], header.length));
            link->files_checked++;
        }
        link->checked += inline_size(&header);
    }
    return OK;
}

/* Keep the descriptors that came with a message. All are kept or closed, whatever is wrong with them. */
static enum status files_keep(struct frame_link *link, struct msghdr *message)
{
    enum status status = message->msg_flags & MSG_CTRUNC ? ERR_INPUT : OK;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int file;
            memcpy(&file, CMSG_DATA(control) + i * sizeof file, sizeof file);
            if (link->file_count < FILES_MAX) {
                link->files[link->file_count++] = file;
                continue;
            }
            close(file);
            status = ERR_INPUT;
        }
    }
    return status;
}

/* Forget the part of the input that was taken. */
static void input_compact(struct frame_link *link)
{
    if (link->taken == 0)
        return;
    link->input.size -= link->taken;
    memmove(link->input.data, link->input.data + link->taken, link->input.size);
    link->checked -= link->taken;
    link->taken = 0;
}

/* OK when it read something, ERR_NOT_FOUND when there is nothing to read now. */
static enum status input_read(struct frame_link *link)
{
    union {
        char bytes[CMSG_SPACE(FILES_MAX * sizeof(int))];
        struct cmsghdr align;
    } control;
    buf_reserve(&link->input, INPUT_MAX - link->input.size);
    TRY(buf_status(&link->input));
    struct iovec part = {.iov_base = link->input.data + link->input.size, .iov_len = INPUT_MAX - link->input.size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t got = recvmsg(link->fd, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR)
        return OK;
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? ERR_NOT_FOUND : ERR_IO;
    TRY(files_keep(link, &message));
    if (got == 0)
        return ERR_IO;
    link->input.size += (size_t)got;
    return OK;
}

/* Whether to read on. What is not read waits in the socket, and stops the peer when that is full. */
static bool has_room(const struct frame_link *link)
{
    return link->input.size < INPUT_MAX && link->file_count < FILES_MAX / 2;
}

static enum status pump_in(struct frame_link *link)
{
    input_compact(link);
    while (has_room(link)) {
        enum status status = input_read(link);
        if (status == ERR_NOT_FOUND)
            return OK;
        TRY(status);
        TRY(input_check(link));
    }
    return OK;
}

enum status frame_pump(struct frame_link *link)
{
    memfd_unmap(&link->mapped);
    if (link->broken == OK)
        link->broken = pump_in(link);
    if (link->broken == OK)
        link->broken = pump_out(link);
    return link->broken;
}

static enum status file_take(struct frame_link *link, size_t size, struct bytes *payload)
{
    int file = link->files[0];
    link->file_count--;
    link->files_checked--;
    memmove(link->files, link->files + 1, link->file_count * sizeof *link->files);
    enum status status = memfd_map(file, size, &link->mapped);
    close(file);
    *payload = link->mapped;
    return status;
}

enum status frame_next(struct frame_link *link, struct frame *frame)
{
    *frame = (struct frame){0};
    memfd_unmap(&link->mapped);
    if (link->taken == link->checked)
        return ERR_NOT_FOUND;
    struct header header = header_at(link, link->taken);
    size_t most = link->limit(link->context, header.type);
    if (most == 0 || header.length > most)
        return link->broken = ERR_INPUT;
    struct bytes payload = bytes_part(buf_bytes(&link->input), link->taken + FRAME_HEADER, header.length);
    if (is_by_memfd(&header))
        TRY(file_take(link, header.length, &payload));
    link->taken += inline_size(&header);
    *frame = (struct frame){.type = header.type, .request = header.request, .payload = payload};
    return OK;
}
