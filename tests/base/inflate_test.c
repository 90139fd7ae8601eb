/* inflate: there and back, several members, the bound, damage anywhere, every allocation. */
#include "base/inflate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/random.h"

static void make(struct buf *plain, struct buf *packed, size_t size)
{
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, size);
    while (plain->size < size)
        buf_add_byte(plain, (uint8_t)('a' + random_below(source, 7)));
    assert_int_equal(deflate_gzip(buf_bytes(plain), packed), OK);
}

static void test_round_trip(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 1000, 65536, 300000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        SCOPED_BUF struct buf plain = {0}, packed = {0}, again = {0}, back = {0};
        make(&plain, &packed, sizes[i]);
        assert_true(inflate_is_gzip(buf_bytes(&packed)));
        assert_int_equal(deflate_gzip(buf_bytes(&plain), &again), OK);
        assert_true(bytes_equal(buf_bytes(&packed), buf_bytes(&again)));
        assert_int_equal(inflate_gzip(buf_bytes(&packed), sizes[i], &back), OK);
        assert_true(bytes_equal(buf_bytes(&plain), buf_bytes(&back)));
        if (sizes[i])
            assert_int_equal(inflate_gzip(buf_bytes(&packed), sizes[i] - 1, &back), ERR_TOO_LARGE);
        assert_int_equal(back.size, sizes[i]);
    }
}

static void test_members(void **state)
{
    (void)state;
    SCOPED_BUF struct buf packed = {0}, back = {0};
    assert_int_equal(deflate_gzip(bytes_str("one "), &packed), OK);
    assert_int_equal(deflate_gzip(bytes_str("two"), &packed), OK);
    assert_int_equal(inflate_gzip(buf_bytes(&packed), 100, &back), OK);
    assert_string_equal(buf_text(&back), "one two");
    buf_add_byte(&packed, 'x');
    assert_int_equal(inflate_gzip(buf_bytes(&packed), 100, &back), ERR_INPUT);
    assert_int_equal(inflate_gzip(BYTES_NONE, 100, &back), ERR_INPUT);
    assert_int_equal(inflate_gzip(bytes_str("{\"a\":1}"), 100, &back), ERR_INPUT);
    assert_false(inflate_is_gzip(bytes_str("{}")));
}

static void test_damage(void **state)
{
    (void)state;
    SCOPED_BUF struct buf plain = {0}, packed = {0};
    make(&plain, &packed, 500);
    for (size_t cut = 0; cut < packed.size; cut++) {
        SCOPED_BUF struct buf back = {0};
        assert_int_equal(inflate_gzip(bytes_part(buf_bytes(&packed), 0, cut), 1000, &back), ERR_INPUT);
    }
    for (size_t at = 10; at < packed.size; at++) { /* behind the header every bit counts: the checksum sees to it */
        SCOPED_BUF struct buf back = {0};
        packed.data[at] ^= 0x10;
        assert_int_not_equal(inflate_gzip(buf_bytes(&packed), 1000, &back), OK);
        assert_int_equal(back.size, 0);
        packed.data[at] ^= 0x10;
    }
}

/* As much as there is: of a whole stream, of one that is cut off, of one that is longer than wanted; gzip and zlib. */
static void test_parts(void **state)
{
    (void)state;
    static const uint8_t zlib[] = {0x78, 1, 1, 3, 0, 0xfc, 0xff, 'o', 'n', 'e'}; /* a stored block, no checksum */
    SCOPED_BUF struct buf plain = {0}, packed = {0}, back = {0};
    make(&plain, &packed, 300000);
    assert_int_equal(inflate_part(buf_bytes(&packed), 400000, &back), OK);
    assert_true(bytes_equal(buf_bytes(&plain), buf_bytes(&back)));
    buf_clear(&back);
    assert_int_equal(inflate_part(buf_bytes(&packed), 1000, &back), OK);
    assert_true(bytes_equal(bytes_part(buf_bytes(&plain), 0, 1000), buf_bytes(&back)));
    buf_clear(&back);
    assert_int_equal(inflate_part(bytes_part(buf_bytes(&packed), 0, packed.size / 2), 400000, &back), OK);
    assert_true(back.size > 1000 && back.size < plain.size);
    assert_memory_equal(back.data, plain.data, back.size);
    buf_clear(&back);
    assert_int_equal(inflate_part(bytes_of(zlib, sizeof zlib), 100, &back), OK);
    assert_string_equal(buf_text(&back), "one");
    assert_int_equal(inflate_part(bytes_str("neither of them"), 100, &back), ERR_INPUT);
    assert_int_equal(inflate_part(bytes_part(buf_bytes(&packed), 0, 5), 100, &back), ERR_INPUT);
    assert_int_equal(back.size, 3);
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        SCOPED_BUF struct buf packed = {0}, back = {0};
        mem_fail_after(n);
        enum status status = deflate_gzip(bytes_str("text"), &packed);
        if (status == OK)
            status = inflate_gzip(buf_bytes(&packed), 100, &back);
        if (mem_fail_after(0) < n) {
            assert_int_equal(status, OK);
            assert_true(n > 5);
            return;
        }
        assert_int_equal(status, ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_every_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
