/* encode: RFC 4648 section 10, and what a strict decoder refuses. */
#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    const char *plain, *hex, *base64, *url;
} rows[] = {
    {"", "", "", ""},
    {"f", "66", "Zg==", "Zg"},
    {"fo", "666f", "Zm8=", "Zm8"},
    {"foo", "666f6f", "Zm9v", "Zm9v"},
    {"foob", "666f6f62", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "666f6f6261", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "666f6f626172", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff", "fbff", "+/8=", "-_8"},
};

typedef void (*encoder)(struct bytes, struct buf *);
typedef enum status (*decoder)(struct bytes, struct buf *);

static void both_ways(encoder encode, decoder decode, const char *plain, const char *coded)
{
    SCOPED_BUF struct buf out = {0}, back = {0};
    encode(bytes_str(plain), &out);
    assert_string_equal(buf_text(&out), coded);
    assert_int_equal(decode(bytes_str(coded), &back), OK);
    assert_string_equal(buf_text(&back), plain);
}

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        both_ways(encode_hex, decode_hex, rows[i].plain, rows[i].hex);
        both_ways(encode_base64, decode_base64, rows[i].plain, rows[i].base64);
        both_ways(encode_base64url, decode_base64url, rows[i].plain, rows[i].url);
    }
    char text[5];
    encode_hex_text((const uint8_t *)"\x0f\xf0", 2, text);
    assert_string_equal(text, "0ff0");
}

static void refuses(decoder decode, const char *const *texts)
{
    for (; *texts; texts++) {
        SCOPED_BUF struct buf out = {0};
        assert_int_equal(decode(bytes_str(*texts), &out), ERR_INPUT);
        assert_int_equal(out.size, 0);
    }
}

static void test_strict(void **state)
{
    (void)state;
    static const char *const hex[] = {"6", "6g", " 66", "66 ", "0x66", "66:66", "666", NULL};
    static const char *const base64[] = {"Zg",    "Zg=",      "Zh==", "Zm9=", "Z",          "Zg==\n",
                                         " Zg==", "Zg==Zg==", "-_8=", "====", "\200\2008=", NULL};
    static const char *const url[] = {"Zg==", "Zh", "Z", "+/8", "Zm8 ", "\200\2008", NULL};
    refuses(decode_hex, hex);
    refuses(decode_base64, base64);
    refuses(decode_base64url, url);
    uint8_t fixed[2] = {1, 1};
    assert_int_equal(decode_hex_fixed(bytes_str("00ff"), fixed, 2), OK);
    assert_int_equal(fixed[1], 0xff);
    assert_int_equal(decode_hex_fixed(bytes_str("00ff00"), fixed, 2), ERR_INPUT);
    assert_int_equal(decode_hex_fixed(bytes_str("00fg"), fixed, 2), ERR_INPUT);
    assert_int_equal(fixed[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_answers), cmocka_unit_test(test_strict)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
