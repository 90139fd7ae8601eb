/* bytes: views, UTF-8, the sticky buffer under every failing allocation, the cursor. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_views(void **state)
{
    (void)state;
    struct bytes text = bytes_str("hello");
    assert_true(bytes_is(bytes_part(text, 1, 3), "ell"));
    assert_true(bytes_is(bytes_part(text, 3, SIZE_MAX), "lo"));
    assert_int_equal(bytes_part(text, 5, 1).size, 0);
    assert_int_equal(bytes_find(text, bytes_str("lo")), 3);
    assert_int_equal(bytes_find(text, bytes_str("lox")), SIZE_MAX);
    assert_int_equal(bytes_find(BYTES_NONE, bytes_str("x")), SIZE_MAX);
    assert_true(bytes_starts(text, "hell"));
    assert_false(bytes_starts(text, "hello!"));
    assert_true(bytes_equal(BYTES_NONE, bytes_str("")));
}

static void test_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "abcdefgh", "abcdefg\xc3\xa9", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe2\x82",
                                      "12345678\xc3"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(bytes_is_utf8(bytes_str(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(bytes_is_utf8(bytes_str(bad[i])));
}

static void write_all(struct buf *buf)
{
    buf_add_byte(buf, 1);
    buf_add_u16(buf, 0x0203);
    buf_add_u32(buf, 0x04050607);
    buf_add_u64(buf, 0x08090a0b0c0d0e0f);
    buf_add_lp(buf, bytes_str("part"));
    buf_addf(buf, "%d-%s", 42, "a format longer than the first room of sixty-four bytes, so that it has to grow");
}

static void test_cursor_reads_what_buf_wrote(void **state)
{
    (void)state;
    SCOPED_BUF struct buf buf = {0};
    write_all(&buf);
    struct cursor from = {buf_bytes(&buf)};
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    struct bytes part, rest;
    assert_int_equal(cursor_u8(&from, &one), OK);
    assert_int_equal(cursor_u16(&from, &two), OK);
    assert_int_equal(cursor_u32(&from, &four), OK);
    assert_int_equal(cursor_u64(&from, &eight), OK);
    assert_int_equal(cursor_lp(&from, &part), OK);
    assert_true(one == 1 && two == 0x0203 && four == 0x04050607 && eight == 0x08090a0b0c0d0e0f);
    assert_true(bytes_is(part, "part"));
    assert_int_equal(cursor_end(&from), ERR_INPUT);
    assert_int_equal(cursor_bytes(&from, from.left.size + 1, &rest), ERR_INPUT);
    assert_int_equal(cursor_bytes(&from, from.left.size, &rest), OK);
    assert_true(bytes_starts(rest, "42-a format"));
    assert_int_equal(cursor_end(&from), OK);
    assert_int_equal(cursor_u8(&from, &one), ERR_INPUT);
    from.left = bytes_of("\xff\xff\xff\xff", 4);
    assert_int_equal(cursor_lp(&from, &part), ERR_INPUT);
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    void (*const inits[])(struct buf *) = {buf_init, buf_init_secret};
    for (size_t kind = 0; kind < 2; kind++) {
        struct buf buf;
        inits[kind](&buf);
        mem_fail_after(0);
        write_all(&buf);
        size_t allocations = mem_fail_after(0), whole = buf.size;
        buf_free(&buf);
        assert_true(allocations >= 2);
        for (size_t n = 1; n <= allocations; n++) {
            inits[kind](&buf);
            mem_fail_after(n);
            write_all(&buf);
            assert_int_equal(buf_status(&buf), ERR_MEMORY);
            assert_true(buf.size < whole);
            assert_string_equal(buf_text(&buf), "");
            size_t size;
            assert_null(buf_take(&buf, &size));
            buf_free(&buf);
            buf_free(&buf);
        }
    }
    mem_fail_after(0);
}

static void test_limits(void **state)
{
    (void)state;
    SCOPED_BUF struct buf buf = {0};
    buf_reserve(&buf, SIZE_MAX);
    assert_int_equal(buf_status(&buf), ERR_MEMORY);
    buf_clear(&buf);
    assert_int_equal(buf_status(&buf), OK);
    assert_null(mem_new(SIZE_MAX / 2, 3));
    size_t size;
    uint8_t *empty = buf_take(&buf, &size);
    assert_non_null(empty);
    assert_int_equal(size, 0);
    mem_free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_cursor_reads_what_buf_wrote),
        cmocka_unit_test(test_every_allocation_fails_once),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
