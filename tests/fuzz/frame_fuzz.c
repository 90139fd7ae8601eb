/* A stream of bytes into a link. The first byte says how many bytes go at once, and whether a sealed memory file of the
 * right size for the corpus comes with the first of them. */
#include "transport/frame.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/fuzz/record_fuzz.h"
#include "transport/memfd.h"

#define LARGE (FRAME_INLINE + 1)

static size_t limit(void *context, uint16_t type)
{
    (void)context;
    return type < 8 ? (size_t)1 << (type * 3) : 0;
}

static void send_part(int fd, struct bytes part, int file)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec vector = {.iov_base = (void *)(uintptr_t)part.data, .iov_len = part.size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (file >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(rights), &file, sizeof(int));
    }
    INVARIANT(sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)part.size);
}

static enum status take_all(struct frame_link *link)
{
    struct frame frame;
    uint8_t digest[HASH_BYTES];
    enum status status = frame_pump(link), taken = OK;
    while ((taken = frame_next(link, &frame)) == OK) {
        INVARIANT(frame.payload.size <= limit(NULL, frame.type));
        hash_sha256(frame.payload, digest); /* reads all of it */
    }
    return status != OK ? status : taken == ERR_NOT_FOUND ? OK : taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t zeros[LARGE];
    struct frame_link *link;
    int fds[2], file = -1;
    if (size < 1 || size > 60000)
        return 0;
    size_t step = 1 + (data[0] >> 1) * 64u;
    INVARIANT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    INVARIANT(frame_link_new(fds[1], 1000, limit, NULL, &link) == OK);
    if (data[0] & 1)
        INVARIANT(memfd_make(bytes_of(zeros, LARGE), &file) == OK);
    enum status status = OK;
    for (size_t at = 1; status == OK && at < size; at += step) {
        send_part(fds[0], bytes_part(bytes_of(data, size), at, step), at == 1 ? file : -1);
        status = take_all(link);
    }
    close(fds[0]);
    INVARIANT(take_all(link) != OK);
    if (file >= 0)
        close(file);
    frame_link_free(link);
    return 0;
}
