/* Frames: small and large ones arrive whole and in order, queues are bounded, and whatever a peer does wrong ends the
 * link without a crash or a lost descriptor. */
#include "transport/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/base/descriptors.h"
#include "transport/memfd.h"

#define ok(call) assert_int_equal(call, OK)
#define QUEUE (1024u * 1024)
#define TYPE_SMALL 1
#define TYPE_LARGE 2
#define TYPE_GATED 3 /* allowed once `open` is set */

struct pair {
    struct frame_link *a, *b;
    int raw; /* our end of a pair whose other end is link b, for writing what no link writes; -1 */
    bool open;
    size_t descriptors;
};

static size_t limit(void *context, uint16_t type)
{
    const struct pair *pair = context;
    switch (type) {
    case TYPE_SMALL:
        return 1000;
    case TYPE_LARGE:
        return FRAME_MAX;
    case TYPE_GATED:
        return pair->open ? 10 : 0;
    default:
        return 0;
    }
}

static int set_up_links(void **state)
{
    struct pair *pair = mem_new(1, sizeof *pair);
    int fds[2];
    if (!pair)
        return -1;
    pair->descriptors = count_descriptors();
    pair->raw = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return -1;
    ok(frame_link_new(fds[0], QUEUE, limit, pair, &pair->a));
    ok(frame_link_new(fds[1], QUEUE, limit, pair, &pair->b));
    *state = pair;
    return 0;
}

static int set_up_raw(void **state)
{
    struct pair *pair = mem_new(1, sizeof *pair);
    int fds[2];
    if (!pair)
        return -1;
    pair->descriptors = count_descriptors();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return -1;
    pair->raw = fds[0];
    ok(frame_link_new(fds[1], QUEUE, limit, pair, &pair->b));
    *state = pair;
    return 0;
}

static int tear_down(void **state)
{
    struct pair *pair = *state;
    frame_link_free(pair->a);
    frame_link_free(pair->b);
    if (pair->raw >= 0)
        close(pair->raw);
    assert_int_equal(count_descriptors(), pair->descriptors);
    mem_free(pair);
    return 0;
}

static struct buf pattern(size_t size)
{
    struct buf out;
    buf_init(&out);
    buf_reserve(&out, size + 1);
    ok(buf_status(&out));
    for (size_t i = 0; i < size; i++)
        out.data[i] = (uint8_t)(i * 31 + size);
    out.size = size;
    return out;
}

/* Pump both ends until b has a frame. */
static void receive(struct pair *pair, struct frame *frame)
{
    enum status status = ERR_NOT_FOUND;
    for (size_t i = 0; i < 1000 && status == ERR_NOT_FOUND; i++) {
        ok(frame_pump(pair->a));
        ok(frame_pump(pair->b));
        status = frame_next(pair->b, frame);
    }
    ok(status);
}

static void test_sizes(void **state)
{
    struct pair *pair = *state;
    static const size_t sizes[] = {0, 1, 999, FRAME_INLINE - 1, FRAME_INLINE, FRAME_INLINE + 1, 300000, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct frame got;
        SCOPED_BUF struct buf payload = pattern(sizes[i]);
        ok(frame_send(pair->a, &(struct frame){TYPE_LARGE, UINT64_C(0x1122334455667788) + i, buf_bytes(&payload)}));
        receive(pair, &got);
        assert_int_equal(got.type, TYPE_LARGE);
        assert_int_equal(got.request, UINT64_C(0x1122334455667788) + i);
        assert_true(bytes_equal(got.payload, buf_bytes(&payload)));
        assert_int_equal(frame_next(pair->b, &got), ERR_NOT_FOUND);
        assert_null(got.payload.data);
    }
    assert_false(frame_link_wants_write(pair->a));
}

/* Many frames queued at once, large among small: they keep their order. */
static void test_order(void **state)
{
    struct pair *pair = *state;
    SCOPED_BUF struct buf large = pattern(FRAME_INLINE + 7);
    for (uint64_t i = 0; i < 12; i++)
        ok(frame_send(pair->a,
                      &(struct frame){TYPE_LARGE, i, bytes_part(buf_bytes(&large), 0, i % 3 ? i : large.size)}));
    for (uint64_t i = 0; i < 12; i++) {
        struct frame got;
        receive(pair, &got);
        assert_int_equal(got.request, i);
        assert_int_equal(got.payload.size, i % 3 ? i : large.size);
    }
}

/* A reader that takes nothing: the sender's queue fills, further frames are refused, and nothing is lost after all. */
static void test_overflow(void **state)
{
    struct pair *pair = *state;
    SCOPED_BUF struct buf payload = pattern(1000);
    uint64_t sent = 0, got = 0;
    enum status status = OK;
    while (status == OK && sent < 100000) {
        status = frame_send(pair->a, &(struct frame){TYPE_SMALL, sent, buf_bytes(&payload)});
        sent += status == OK;
        ok(frame_pump(pair->a));
        ok(frame_pump(pair->b));
    }
    assert_int_equal(status, ERR_UNAVAILABLE);
    assert_true(sent > QUEUE / 2000 && sent < 10000);
    assert_true(frame_link_wants_write(pair->a));
    while (got < sent) {
        struct frame frame;
        receive(pair, &frame);
        assert_int_equal(frame.request, got++);
    }
    ok(frame_send(pair->a, &(struct frame){TYPE_SMALL, 0, BYTES_NONE}));
}

static void test_too_large(void **state)
{
    struct pair *pair = *state;
    static const uint8_t byte = 0;
    struct frame frame = {TYPE_LARGE, 1, bytes_of(&byte, (size_t)FRAME_MAX + 1)};
    assert_int_equal(frame_send(pair->a, &frame), ERR_TOO_LARGE);
    SCOPED_BUF struct buf payload = pattern(2 * QUEUE); /* more than the queue, but the queue is empty */
    ok(frame_send(pair->a, &(struct frame){TYPE_LARGE, 1, buf_bytes(&payload)}));
    assert_int_equal(frame_send(pair->a, &(struct frame){TYPE_SMALL, 2, BYTES_NONE}), ERR_UNAVAILABLE);
    receive(pair, &frame);
    assert_int_equal(frame.payload.size, payload.size);
}

static void test_types(void **state)
{
    struct pair *pair = *state;
    struct frame got;
    SCOPED_BUF struct buf payload = pattern(1001);
    ok(frame_send(pair->a, &(struct frame){TYPE_SMALL, 1, bytes_part(buf_bytes(&payload), 0, 1000)}));
    receive(pair, &got);
    ok(frame_send(pair->a, &(struct frame){TYPE_SMALL, 1, buf_bytes(&payload)})); /* over the type's limit */
    ok(frame_pump(pair->a));
    ok(frame_pump(pair->b));
    assert_int_equal(frame_next(pair->b, &got), ERR_INPUT);
    assert_int_equal(frame_pump(pair->b), ERR_INPUT); /* for good */
}

/* Two frames in one read: what the first brings about decides whether the second is allowed. */
static void test_types_may_change(void **state)
{
    struct pair *pair = *state;
    struct frame got;
    ok(frame_send(pair->a, &(struct frame){TYPE_SMALL, 1, BYTES_NONE}));
    ok(frame_send(pair->a, &(struct frame){TYPE_GATED, 2, BYTES_NONE}));
    ok(frame_pump(pair->a));
    ok(frame_pump(pair->b));
    ok(frame_next(pair->b, &got));
    pair->open = true;
    ok(frame_next(pair->b, &got));
    assert_int_equal(got.type, TYPE_GATED);
    pair->open = false;
    ok(frame_send(pair->a, &(struct frame){TYPE_GATED, 3, BYTES_NONE}));
    ok(frame_pump(pair->a));
    ok(frame_pump(pair->b));
    assert_int_equal(frame_next(pair->b, &got), ERR_INPUT);
}

static void test_peer_death(void **state)
{
    struct pair *pair = *state;
    struct frame got;
    ok(frame_send(pair->a, &(struct frame){TYPE_SMALL, 7, BYTES_NONE}));
    ok(frame_pump(pair->a));
    frame_link_free(pair->a);
    pair->a = NULL;
    assert_int_equal(frame_pump(pair->b), ERR_IO);
    ok(frame_next(pair->b, &got)); /* what came whole can still be taken */
    assert_int_equal(got.request, 7);
    assert_int_equal(frame_next(pair->b, &got), ERR_NOT_FOUND);
    ok(frame_send(pair->b, &(struct frame){TYPE_SMALL, 8, BYTES_NONE}));
    assert_int_equal(frame_pump(pair->b), ERR_IO);
}

static void test_without_memory(void **state)
{
    struct pair *pair = *state;
    struct frame got;
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        mem_fail_after(n);
        status = frame_send(pair->a, &(struct frame){TYPE_SMALL, 7, BYTES_NONE});
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
    }
    receive(pair, &got);
    assert_int_equal(got.request, 7);
}

/* --- a peer that does not keep to the protocol --- */

static void raw_header(struct buf *out, uint32_t length, uint16_t type, uint16_t version)
{
    buf_init(out);
    buf_add_u32(out, length);
    buf_add_u16(out, type);
    buf_add_u16(out, version);
    buf_add_u64(out, 1);
    ok(buf_status(out));
}

/* Send bytes with descriptors. */
static void raw_send(int fd, struct bytes bytes, const int *files, size_t count)
{
    char control[CMSG_SPACE(32 * sizeof(int))] __attribute__((aligned(8))) = {0};
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes.data, .iov_len = bytes.size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(rights), files, count * sizeof(int));
    }
    assert_int_equal(sendmsg(fd, &message, MSG_NOSIGNAL), bytes.size);
}

static void test_bad_headers(void **state)
{
    struct pair *pair = *state;
    static const struct {
        uint32_t length;
        uint16_t type, version;
        enum status expected;
    } cases[] = {
        {0, TYPE_SMALL, FRAME_VERSION, OK},
        {0, TYPE_SMALL, FRAME_VERSION + 1, ERR_INPUT},
        {0, TYPE_SMALL, 0, ERR_INPUT},
        {FRAME_INLINE + 1, TYPE_LARGE, FRAME_VERSION, ERR_INPUT},              /* too long for inline */
        {FRAME_INLINE, TYPE_LARGE, FRAME_VERSION | FRAME_BY_MEMFD, ERR_INPUT}, /* too short for a memory file */
        {FRAME_MAX + 1, TYPE_LARGE, FRAME_VERSION | FRAME_BY_MEMFD, ERR_INPUT},
        {UINT32_MAX, TYPE_LARGE, FRAME_VERSION | FRAME_BY_MEMFD, ERR_INPUT},
        {FRAME_INLINE + 1, TYPE_LARGE, FRAME_VERSION | FRAME_BY_MEMFD, ERR_INPUT}, /* no file came with it */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct frame_link *link;
        int fds[2];
        SCOPED_BUF struct buf header;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
        ok(frame_link_new(fds[1], QUEUE, limit, pair, &link));
        raw_header(&header, cases[i].length, cases[i].type, cases[i].version);
        raw_send(fds[0], buf_bytes(&header), NULL, 0);
        assert_int_equal(frame_pump(link), cases[i].expected);
        frame_link_free(link);
        close(fds[0]);
    }
}

static int memory_file(size_t size, unsigned seals)
{
    int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)size), 0);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

static void test_memory_files_are_checked(void **state)
{
    struct pair *pair = *state;
    const size_t size = FRAME_INLINE + 100;
    const unsigned all = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    const struct {
        size_t size;
        unsigned seals;
        enum status expected;
    } cases[] = {
        {size, all, OK},
        {size, all | F_SEAL_SEAL, OK},
        {size, F_SEAL_GROW | F_SEAL_WRITE, ERR_INPUT}, /* its writer could cut it under the reader */
        {size, F_SEAL_SHRINK | F_SEAL_WRITE, ERR_INPUT},
        {size, F_SEAL_SHRINK | F_SEAL_GROW, ERR_INPUT}, /* or change what was checked */
        {size, 0, ERR_INPUT},
        {size - 1, all, ERR_INPUT},
        {size + 1, all, ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct frame_link *link;
        struct frame got;
        int fds[2], file = memory_file(cases[i].size, cases[i].seals);
        SCOPED_BUF struct buf header;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
        ok(frame_link_new(fds[1], QUEUE, limit, pair, &link));
        raw_header(&header, (uint32_t)size, TYPE_LARGE, FRAME_VERSION | FRAME_BY_MEMFD);
        raw_send(fds[0], buf_bytes(&header), &file, 1);
        assert_int_equal(frame_pump(link), cases[i].expected);
        assert_int_equal(frame_next(link, &got), cases[i].expected == OK ? OK : ERR_NOT_FOUND);
        frame_link_free(link);
        close(fds[0]);
        close(file);
    }
}

static void test_ordinary_file_is_refused(void **state)
{
    struct pair *pair = *state;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    SCOPED_BUF struct buf header;
    assert_true(file >= 0);
    raw_header(&header, (uint32_t)lseek(file, 0, SEEK_END), TYPE_LARGE, FRAME_VERSION | FRAME_BY_MEMFD);
    raw_send(pair->raw, buf_bytes(&header), &file, 1);
    assert_int_equal(frame_pump(pair->b), ERR_INPUT);
    close(file);
}

/* Descriptors that nobody asked for are bounded, and closed. */
static void test_too_many_files(void **state)
{
    struct pair *pair = *state;
    int files[32];
    SCOPED_BUF struct buf header;
    for (size_t i = 0; i < 32; i++)
        files[i] = memory_file(1, 0);
    raw_header(&header, 0, TYPE_SMALL, FRAME_VERSION);
    raw_send(pair->raw, buf_bytes(&header), files, 32);
    assert_int_equal(frame_pump(pair->b), ERR_INPUT);
    for (size_t i = 0; i < 32; i++)
        close(files[i]);
}

static void test_byte_by_byte(void **state)
{
    struct pair *pair = *state;
    struct frame got;
    SCOPED_BUF struct buf bytes;
    raw_header(&bytes, 3, TYPE_SMALL, FRAME_VERSION);
    buf_add_str(&bytes, "abc");
    for (size_t i = 0; i < bytes.size; i++) {
        ok(frame_pump(pair->b));
        assert_int_equal(frame_next(pair->b, &got), ERR_NOT_FOUND);
        raw_send(pair->raw, bytes_part(buf_bytes(&bytes), i, 1), NULL, 0);
    }
    ok(frame_pump(pair->b));
    ok(frame_next(pair->b, &got));
    assert_true(bytes_is(got.payload, "abc"));
}

/* A peer that dies in the middle of a frame. */
static void test_cut_off(void **state)
{
    struct pair *pair = *state;
    struct frame got;
    SCOPED_BUF struct buf header;
    raw_header(&header, 10, TYPE_SMALL, FRAME_VERSION);
    raw_send(pair->raw, buf_bytes(&header), NULL, 0);
    close(pair->raw);
    pair->raw = -1;
    assert_int_equal(frame_pump(pair->b), ERR_IO);
    assert_int_equal(frame_next(pair->b, &got), ERR_NOT_FOUND);
}

int main(void)
{
#define LINKS(test) cmocka_unit_test_setup_teardown(test, set_up_links, tear_down)
#define RAW(test) cmocka_unit_test_setup_teardown(test, set_up_raw, tear_down)
    const struct CMUnitTest tests[] = {
        LINKS(test_sizes),
        LINKS(test_order),
        LINKS(test_overflow),
        LINKS(test_too_large),
        LINKS(test_types),
        LINKS(test_types_may_change),
        LINKS(test_peer_death),
        LINKS(test_without_memory),
        RAW(test_bad_headers),
        RAW(test_memory_files_are_checked),
        RAW(test_ordinary_file_is_refused),
        RAW(test_too_many_files),
        RAW(test_byte_by_byte),
        RAW(test_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
