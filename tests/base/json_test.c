/* json: strict parsing, canonical writing (RFC 8785), records, and every allocation failing once. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/encode.h"
#include "base/file.h"

#define LIMIT (1u << 20)

static enum status parse(const char *text, struct json **out)
{
    return json_parse(bytes_str(text), LIMIT, out, NULL);
}

/* --- parsing --- */

static const struct {
    const char *text, *canonical;
} accepted[] = {
    {"null", "null"},
    {" \t\r\n true \n", "true"},
    {"[]", "[]"},
    {"{}", "{}"},
    {"-0", "0"},
    {"-0.0", "0"},
    {"9007199254740992", "9007199254740992"},
    {"-9007199254740993", "-9007199254740992"},
    {"123456789012345678901234567890", "1.2345678901234568e+29"},
    {"1.0", "1"},
    {"1e2", "100"},
    {"\"\\u00e9\\ud83d\\ude00\\/\"", "\"\xc3\xa9\xf0\x9f\x98\x80/\""},
    {"\"\x7f\"", "\"\x7f\""},
    {"\"\\u001F\\b\"", "\"\\u001f\\b\""},
    {"{\"b\":[1,{\"z\":0,\"a\":null}],\"a\":\"x\"}", "{\"a\":\"x\",\"b\":[1,{\"a\":null,\"z\":0}]}"},
    /* UTF-16 order: U+1F600 (D83D DE00) stands before U+FB33 */
    {"{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x80\":2}", "{\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}"},
    {"{\"ab\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"ab\":1}"},
};

static void test_accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        SCOPED_JSON struct json *value = NULL;
        SCOPED_BUF struct buf out = {0};
        assert_int_equal(parse(accepted[i].text, &value), OK);
        assert_int_equal(json_canonical(value, &out), OK);
        assert_string_equal(buf_text(&out), accepted[i].canonical);
    }
}

static const char *const refused[] = {
    "",
    " ",
    "nul",
    "tru",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{\"a\":1,}",
    "{a:1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1 \"b\":2}",
    "01",
    "+1",
    "1.",
    ".5",
    "-",
    "1e",
    "1e+",
    "0x1",
    "NaN",
    "Infinity",
    "'a'",
    "\"a",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\t\"",
    "[",
    "]",
    "{\"a\":[}",
    "1 2",
    "{}{}",
    "// c\n1",
    "[1]x",
    "{\"a\":1,\"a\":2}",       /* duplicate key */
    "{\"a\":1,\"\\u0061\":2}", /* the same, spelt differently */
    "\"\\u0000\"",             /* NUL */
    "{\"\\u0000\":1}",
    "\"\\ud800\"", /* half a pair */
    "\"\\udc00\\ud800\"",
    "\"\xff\"",
    "\"\xc0\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"", /* not UTF-8 */
    "1e400",
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct json *value = json_null();
        struct json *old = value;
        struct why why = {0};
        assert_int_equal(json_parse(bytes_str(refused[i]), LIMIT, &value, &why), ERR_INPUT);
        assert_null(value);
        assert_non_null(why.what);
        json_free(old);
    }
}

static void nested(char *out, size_t depth)
{
    memset(out, '[', depth);
    memset(out + depth, ']', depth);
    out[2 * depth] = 0;
}

static void test_limits(void **state)
{
    (void)state;
    char text[2 * JSON_DEPTH_MAX + 3];
    struct json *value;
    nested(text, JSON_DEPTH_MAX);
    assert_int_equal(parse(text, &value), OK);
    json_free(value);
    nested(text, JSON_DEPTH_MAX + 1);
    assert_int_equal(parse(text, &value), ERR_TOO_LARGE);
    assert_null(value);
    assert_int_equal(json_parse(bytes_str("[1]"), 3, &value, NULL), OK);
    json_free(value);
    assert_int_equal(json_parse(bytes_str("[1]"), 2, &value, NULL), ERR_TOO_LARGE);
}

/* --- numbers: RFC 8785 appendix B --- */

static const struct {
    uint64_t bits;
    const char *text;
} numbers[] = {
    {0x0000000000000000, "0"},
    {0x8000000000000000, "0"},
    {0x0000000000000001, "5e-324"},
    {0x8000000000000001, "-5e-324"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0xffefffffffffffff, "-1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0xc340000000000000, "-9007199254740992"},
    {0x4430000000000000, "295147905179352830000"},
    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x41b3de4355555553, "333333333.3333332"},
    {0x41b3de4355555554, "333333333.33333325"},
    {0x41b3de4355555555, "333333333.3333333"},
    {0x41b3de4355555556, "333333333.3333334"},
    {0x41b3de4355555557, "333333333.33333343"},
    {0xbecbf647612f3696, "-0.0000033333333333333333"},
    {0x43143ff3c1cb0959, "1424953923781206.2"},
    {0x3d30000000000000, "5.684341886080802e-14"}, /* 2^-44: the nearest 16 digits do not read back, the next do */
};

static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double value;
        memcpy(&value, &numbers[i].bits, sizeof value);
        SCOPED_JSON struct json *number = json_real(value);
        SCOPED_BUF struct buf out = {0};
        assert_int_equal(json_canonical(number, &out), OK);
        assert_string_equal(buf_text(&out), numbers[i].text);
    }
    assert_null(json_real(1.0 / 0.0));
    SCOPED_JSON struct json *large = json_integer((INT64_C(1) << 53) + 1);
    SCOPED_BUF struct buf out = {0};
    assert_int_equal(json_canonical(large, &out), ERR_USAGE);
}

/* --- the vectors beside RFC 8785 --- */

static void read_vector(const char *kind, const char *name, const char *suffix, struct buf *out)
{
    const char *shared = getenv("CHATHAM_SHARED");
    char path[512];
    snprintf(path, sizeof path, "%s/vectors/jcs/%s/%s.%s", shared ? shared : "../shared", kind, name, suffix);
    enum status status = file_read(path, LIMIT, out);
    if (status == ERR_NOT_FOUND)
        skip();
    assert_int_equal(status, OK);
}

static void test_vectors(void **state)
{
    (void)state;
    static const char *const names[] = {"arrays", "french", "structures", "unicode", "values", "weird"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        SCOPED_BUF struct buf input = {0}, output = {0}, hex = {0}, mine = {0}, again = {0}, digits = {0}, raw = {0};
        read_vector("input", names[i], "json", &input);
        read_vector("output", names[i], "json", &output);
        read_vector("outhex", names[i], "txt", &hex);
        assert_int_equal(json_canonicalise(buf_bytes(&input), &mine, NULL), OK);
        assert_true(bytes_equal(buf_bytes(&mine), buf_bytes(&output)));
        for (size_t k = 0; k < hex.size; k++)
            if (hex.data[k] > ' ')
                buf_add_byte(&digits, hex.data[k]);
        assert_int_equal(decode_hex(buf_bytes(&digits), &raw), OK);
        assert_true(bytes_equal(buf_bytes(&mine), buf_bytes(&raw)));
        assert_int_equal(json_canonicalise(buf_bytes(&mine), &again, NULL), OK);
        assert_true(bytes_equal(buf_bytes(&mine), buf_bytes(&again)));
    }
}

/* --- building and looking --- */

static struct json *sample(void)
{
    struct json *object = json_object();
    struct json *list = json_array();
    json_push(list, json_integer(-7));
    json_push(list, json_real(0.5));
    json_push(list, json_null());
    json_set(object, "name", json_text("caf\xc3\xa9"));
    json_set(object, "list", list);
    json_set(object, "yes", json_bool(true));
    json_set(object, "hex", json_hex(bytes_of("\x00\xff", 2)));
    json_set(object, "b64", json_base64(bytes_of("\x00\xff", 2)));
    json_set(object, "shared", json_share(json_get(object, "list")));
    return object;
}

#define SAMPLE                                                                                                         \
    "{\"b64\":\"AP8=\",\"hex\":\"00ff\",\"list\":[-7,0.5,null],\"name\":\"caf\xc3\xa9\",\"shared\":[-7,0.5,null],"     \
    "\"yes\":true}"

static void test_build(void **state)
{
    (void)state;
    SCOPED_JSON struct json *object = sample();
    SCOPED_BUF struct buf canonical = {0}, pretty = {0}, back = {0};
    assert_int_equal(json_canonical(object, &canonical), OK);
    assert_string_equal(buf_text(&canonical), SAMPLE);
    assert_int_equal(json_pretty(object, &pretty), OK);
    assert_true(bytes_starts(buf_bytes(&pretty), "{\n  \"name\": \"caf\xc3\xa9\",\n  \"list\": [\n    -7,\n"));
    assert_int_equal(json_canonicalise(buf_bytes(&pretty), &back, NULL), OK);
    assert_string_equal(buf_text(&back), SAMPLE);

    const char *key;
    assert_int_equal(json_count(object), 6);
    assert_true(json_is_string(json_member(object, 0, &key)));
    assert_string_equal(key, "name");
    assert_null(json_member(object, 6, &key));
    assert_int_equal(json_integer_value(json_at(json_get(object, "list"), 0)), -7);
    assert_true(json_number_value(json_at(json_get(object, "list"), 1)) == 0.5);
    assert_null(json_at(json_get(object, "list"), 3));
    assert_null(json_string_text(json_get(object, "yes")));
    assert_int_equal(json_integer_value(json_get(object, "name")), 0);
    assert_null(json_get(NULL, "x"));
}

static void test_a_lost_value_is_seen(void **state)
{
    (void)state;
    SCOPED_BUF struct buf out = {0};
    SCOPED_JSON struct json *outer = json_object();
    struct json *inner = json_object();
    json_set(inner, "bad", json_string(bytes_of("\xff", 1)));
    json_set(outer, "inner", inner);
    assert_int_equal(json_canonical(outer, &out), ERR_MEMORY);
    assert_int_equal(out.size, 0);
    assert_null(json_string(bytes_of("a\0b", 3)));
    assert_int_equal(json_canonical(NULL, &out), ERR_MEMORY);
    json_set(NULL, "x", json_null());
    SCOPED_JSON struct json *twice = json_object();
    json_set(twice, "a", json_null());
    json_set(twice, "a", json_null());
    assert_int_equal(json_canonical(twice, &out), ERR_USAGE);
}

/* --- records --- */

#define RECORD                                                                                                         \
    "{\"id\":\"00ff\",\"kind\":\"two\",\"n\":5,\"r\":0.5,\"s\":\"abc\",\"t\":true,\"a\":[1,2],\"o\":{},\"b\":\"AP8="   \
    "\"}"

static enum status read_record(const char *text, struct why *why)
{
    static const char *const kinds[] = {"one", "two"};
    SCOPED_JSON struct json *value = NULL;
    SCOPED_BUF struct buf raw = {0};
    uint8_t id[2];
    assert_int_equal(parse(text, &value), OK);
    struct json_fields fields;
    json_fields(&fields, value, "record", why);
    json_take_hex(&fields, "id", id, sizeof id);
    json_take_choice(&fields, "kind", kinds, 2);
    json_take_integer(&fields, "n", 1, 5);
    json_take_number(&fields, "r", 0, 1);
    json_take_string(&fields, "s", 3);
    json_take_bool(&fields, "t");
    json_take_array(&fields, "a", 2);
    json_take_object(&fields, "o");
    json_take_base64(&fields, "b", 2, &raw);
    if (json_has(&fields, "optional"))
        json_take_bool(&fields, "optional");
    return json_fields_end(&fields);
}

static const struct {
    const char *from, *to; /* one change to RECORD that must be refused */
    const char *what;
} bad_records[] = {
    {"\"t\":true", "\"t\":true,\"x\":1", "unknown field"},
    {"\"t\":true,", "", "missing field"},
    {"\"t\":true", "\"t\":1", "wrong type of field"},
    {"\"n\":5", "\"n\":6", "field is out of range"},
    {"\"n\":5", "\"n\":5.0", "wrong type of field"},
    {"\"n\":5", "\"n\":9007199254740993", "wrong type of field"},
    {"\"r\":0.5", "\"r\":-0.5", "field is out of range"},
    {"\"s\":\"abc\"", "\"s\":\"abcd\"", "field is too long"},
    {"\"a\":[1,2]", "\"a\":[1,2,3]", "field has too many items"},
    {"\"o\":{}", "\"o\":[]", "wrong type of field"},
    {"\"00ff\"", "\"00f\"", "field is not hex of the right length"},
    {"\"00ff\"", "\"00ff00\"", "field is not hex of the right length"},
    {"\"AP8=\"", "\"AP8\"", "field is not base64"},
    {"\"AP8=\"", "\"AP8A\"", "field is too long"},
    {"\"two\"", "\"three\"", "field has an unknown value"},
};

static void test_records(void **state)
{
    (void)state;
    assert_int_equal(read_record(RECORD, NULL), OK);
    for (size_t i = 0; i < sizeof bad_records / sizeof *bad_records; i++) {
        SCOPED_BUF struct buf text = {0};
        size_t at = bytes_find(bytes_str(RECORD), bytes_str(bad_records[i].from));
        assert_true(at != SIZE_MAX);
        buf_add(&text, bytes_of(RECORD, at));
        buf_add_str(&text, bad_records[i].to);
        buf_add_str(&text, RECORD + at + strlen(bad_records[i].from));
        struct why why = {0};
        assert_int_equal(read_record(buf_text(&text), &why), ERR_INPUT);
        assert_string_equal(why.what, bad_records[i].what);
        assert_string_equal(why.where, "record");
    }
    struct why why = {0};
    assert_int_equal(read_record("[]", &why), ERR_INPUT);
}

/* --- the n-th allocation fails --- */

static enum status round_trip(void)
{
    SCOPED_JSON struct json *built = sample(), *value = NULL;
    SCOPED_BUF struct buf text = {0}, again = {0}, pretty = {0};
    TRY(json_canonical(built, &text));
    TRY(json_parse(buf_bytes(&text), LIMIT, &value, NULL));
    TRY(json_canonicalise(bytes_str("{\"\\u00e9\":[\"\\n\",1.5,{}]}"), &again, NULL));
    TRY(json_pretty(value, &pretty));
    assert_string_equal(buf_text(&text), SAMPLE);
    return OK;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    mem_fail_after(0);
    assert_int_equal(round_trip(), OK);
    size_t allocations = mem_fail_after(0);
    assert_true(allocations > 50);
    size_t refusals = 0;
    for (size_t n = 1; n <= allocations; n++) {
        mem_fail_after(n);
        enum status status = round_trip();
        assert_true(status == OK || status == ERR_MEMORY);
        refusals += status == ERR_MEMORY;
    }
    mem_fail_after(0);
    assert_int_equal(refusals, allocations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_a_lost_value_is_seen),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_every_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
