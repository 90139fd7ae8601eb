/* Streams: whatever parts input comes in, the output is the same; long values and strings lose nothing at a border;
 * offsets are the input's; what stops being JSON is text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/json_lex.h"
#include "base/random.h"
#include "redaction/redaction.h"
#include "tests/redaction/cases.h"

#define MIB ((size_t)1 << 20)

static struct redactor *redactor;

/* Input in parts of `size` bytes each. */
static void run(struct bytes input, size_t size, struct buf *out, struct redact_findings *found)
{
    struct redact_session *session = NULL;
    struct redact_stream *stream = NULL;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_stream_new(session, &stream), OK);
    for (size_t at = 0; at < input.size; at += size < input.size ? size : input.size)
        assert_int_equal(redact_stream_add(stream, bytes_part(input, at, size), out, found), OK);
    assert_int_equal(redact_stream_end(stream, out, found), OK);
    redact_stream_free(stream);
    redact_session_free(session);
}

static void scrubs_to(const char *input, const char *wanted)
{
    for (size_t size = 1; size < 40; size += 13) {
        struct buf out SCOPED_BUF = {0};
        run(bytes_str(input), size, &out, NULL);
        assert_string_equal(buf_text(&out), wanted);
    }
}

static void the_beginning_tells_what_it_is(void **state)
{
    (void)state;
    scrubs_to("", "");
    scrubs_to("\n", "\n");
    scrubs_to("mail a@example.com\n", "mail <EMAIL_1>\n");
    scrubs_to("{\"password\": \"a\\nb\"}", "{\"password\": \"<PASSWORD_1>\"}");
    scrubs_to(" {\n \"password\":\n \"x7\" }\n", " {\n \"password\":\n \"<PASSWORD_1>\" }\n");
    scrubs_to("{\"zip\": 78750}\n{\"password\": \"x7\"}\n\n{}",
              "{\"zip\": \"<ADDRESS_1>\"}\n{\"password\": \"<PASSWORD_1>\"}\n\n{}");
    scrubs_to("[1]\nmail a@example.com\n[\"a@example.com\"\n", "[1]\nmail <EMAIL_1>\n[\"<EMAIL_1>\"\n");
    scrubs_to("{\"a\": \"a@example.com\",", "{\"a\": \"<EMAIL_1>\",");
    scrubs_to("[\"\\u0061@example.com \\\"\\u00e9\\\"\"]", "[\"<EMAIL_1> \\\"\xc3\xa9\\\"\"]");
}

/* A session is one: what a line tells goes from the lines before it, within what is held. */
static void lines_share_what_they_tell(void **state)
{
    (void)state;
    scrubs_to("{\"a\": \"Zorblax went\"}\n{\"first_name\": \"Zorblax\"}\n",
              "{\"a\": \"<NAME_1> went\"}\n{\"first_name\": \"<NAME_1>\"}\n");
}

/* --- long input --- */

/* An array with `strings` strings of `size` bytes each, an address of its own in each 1000 bytes, every escape in
 * between; what is wanted of it; and where the addresses stand. */
struct planted {
    struct buf text, wanted;
    size_t *starts, count;
};

static void plant(struct planted *out, size_t strings, size_t size)
{
    static const char *const fill[] = {
        "....", "\\n", "\\\\", "\\\"", "\\u00e9", "\\ud83d\\ude00", "\xc3\xa9", "\xf0\x9f\x98\x80", " x "};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 7);
    *out = (struct planted){.starts = calloc(strings * (size / 900 + 2), sizeof(size_t))};
    assert_non_null(out->starts);
    for (size_t i = 0; i < strings; i++) {
        struct buf inside SCOPED_BUF = {0};
        size_t before = out->text.size;
        buf_add_str(&out->text, i ? ",\n\"" : "[\"");
        buf_add_str(&out->wanted, i ? ",\n\"" : "[\"");
        for (size_t last = 0; out->text.size - before < size;) {
            if (out->text.size - last > 900) {
                last = out->text.size;
                buf_add_str(&out->text, " mail: ");
                buf_add_str(&out->wanted, " mail: ");
                out->starts[out->count++] = out->text.size;
                buf_addf(&out->text, "user%zu@example.com ", out->count);
                buf_addf(&out->wanted, "<EMAIL_%zu> ", out->count);
            }
            const char *piece = fill[random_below(random, 9)];
            buf_add_str(&out->text, piece);
            buf_add_str(&out->wanted, piece);
        }
        buf_add_str(&out->text, "\"");
        buf_add_str(&out->wanted, "\"");
    }
    buf_add_str(&out->text, "]\n");
    buf_add_str(&out->wanted, "]\n");
    assert_int_equal(buf_status(&out->text), OK);
    assert_int_equal(buf_status(&out->wanted), OK);
}

static void planted_free(struct planted *planted)
{
    buf_free(&planted->text);
    buf_free(&planted->wanted);
    free(planted->starts);
}

/* The same strings, spelled otherwise perhaps. */
static void assert_same_json(struct bytes got, struct bytes wanted)
{
    struct json_lex a, b;
    enum json_token token = JSON_NULL, other;
    struct bytes raw, raw_other;
    json_lex_start(&a, got);
    json_lex_start(&b, wanted);
    while (token != JSON_END) {
        struct buf plain SCOPED_BUF = {0}, plain_other SCOPED_BUF = {0};
        assert_int_equal(json_lex_next(&a, &token, &raw), OK);
        assert_int_equal(json_lex_next(&b, &other, &raw_other), OK);
        assert_int_equal(token, other);
        json_unescape(raw, &plain);
        json_unescape(raw_other, &plain_other);
        assert_true(bytes_equal(buf_bytes(&plain), buf_bytes(&plain_other)));
    }
}

static void check_planted(size_t strings, size_t size, size_t part)
{
    struct planted planted;
    struct buf out SCOPED_BUF = {0};
    struct redact_findings found = {0};
    plant(&planted, strings, size);
    run(buf_bytes(&planted.text), part, &out, &found);
    assert_same_json(buf_bytes(&out), buf_bytes(&planted.wanted));
    assert_int_equal(found.count, planted.count);
    for (size_t i = 0; i < found.count; i++) {
        char address[40];
        int length = snprintf(address, sizeof address, "user%zu@example.com", i + 1);
        assert_int_equal(found.items[i].start, planted.starts[i]);
        assert_int_equal(found.items[i].end, planted.starts[i] + (size_t)length);
    }
    redact_findings_free(&found);
    planted_free(&planted);
}

static void long_documents_go_in_parts(void **state)
{
    (void)state;
    check_planted(2500, 2000, 100000);      /* many strings */
    check_planted(2, 5 * MIB / 2, 5 * MIB); /* longer than the arena */
    check_planted(1, 11 * MIB / 2, 99999);  /* longer than what is held */
}

static void unchanged_windows_are_copied(void **state)
{
    (void)state;
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    buf_add_str(&text, "[\"");
    while (text.size < 6 * MIB)
        buf_add_str(&text, "\\u0041\\/\\u00E9 plain ");
    buf_add_str(&text, "\", 1.0E5 , { } ]");
    run(buf_bytes(&text), MIB, &out, NULL);
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&text)));
}

static void a_long_value_under_a_telling_key_goes_whole(void **state)
{
    (void)state;
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    struct redact_findings found = {0};
    buf_add_str(&text, "{\"password\": \"");
    size_t start = text.size;
    while (text.size < 6 * MIB)
        buf_add_str(&text, "correct horse \\\"battery\\\" ");
    size_t end = text.size;
    buf_add_str(&text, "\", \"b\": 1}");
    run(buf_bytes(&text), MIB, &out, &found);
    assert_string_equal(buf_text(&out), "{\"password\": \"<PASSWORD_1>\", \"b\": 1}");
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].start, start);
    assert_int_equal(found.items[0].end, end);
    redact_findings_free(&found);
}

/* A document of `size` bytes that ends otherwise than JSON does. */
static void breaks_off(size_t size, const char *end, const char *wanted)
{
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    buf_add_str(&text, "{\"list\": [\"");
    while (text.size < size)
        buf_add_str(&text, "nothing to see here\", \"");
    size_t kept = text.size;
    buf_add_str(&text, end);
    run(buf_bytes(&text), 3 * MIB, &out, NULL);
    assert_true(bytes_equal(bytes_part(buf_bytes(&text), 0, kept), bytes_part(buf_bytes(&out), 0, kept)));
    assert_string_equal(buf_text(&out) + kept, wanted);
}

static void what_stops_being_json_is_text(void **state)
{
    (void)state;
    for (size_t size = 1; size < 6; size += 4) {
        breaks_off(size * MIB, "x\"]]\n mail a@example.com \\", "x\"]]\n mail <EMAIL_1> \\");
        breaks_off(size * MIB, "cut off a@example.com", "cut off <EMAIL_1>");
        breaks_off(size * MIB, "\", {\"password\": hunter22, ", "\", {\"password\": <PASSWORD_1>, ");
        breaks_off(size * MIB, "\"]}\n{\"password\": \"x7\"}\n", "\"]}\n{\"password\": \"<PASSWORD_1>\"}\n");
    }
}

static void long_text_has_no_seams(void **state)
{
    (void)state;
    static const size_t places[] = {100, MIB - 7, 2 * MIB - 1, 4 * MIB - 3, 5 * MIB, 9 * MIB};
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0}, again SCOPED_BUF = {0};
    struct redact_findings found = {0};
    while (text.size < 9 * MIB + 100)
        buf_add_byte(&text, text.size % 80 ? 'x' : '\n');
    for (size_t i = 0; i < 6; i++)
        memcpy(text.data + places[i], " mia@example.com ", 17);
    run(buf_bytes(&text), 12345, &out, &found);
    run(buf_bytes(&text), SIZE_MAX / 2, &again, NULL);
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&again)));
    assert_int_equal(out.size, text.size - 6 * (15 - 9));
    assert_int_equal(found.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(found.items[i].start, places[i] + 1);
    redact_findings_free(&found);
}

/* A session that is full still replaces: each mention under an index of its own. */
static void a_full_session_goes_on(void **state)
{
    (void)state;
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    const size_t most = (size_t)1 << 17;
    for (size_t i = 0; i < most + 2; i++)
        buf_addf(&text, "u%zx@example.com\n", i);
    buf_addf(&text, "u%zx@example.com\nu0@example.com\nmail y9%%40example.com\n", most + 1);
    run(buf_bytes(&text), MIB, &out, NULL);
    static const char end[] = ">\n<EMAIL_1>\nmail <EMAIL_131077>\n";
    assert_true(out.size > sizeof end);
    assert_string_equal(buf_text(&out) + out.size - (sizeof end - 1), end);
    assert_true(bytes_find(buf_bytes(&out), bytes_str("example")) == SIZE_MAX);
}

/* JSON in, JSON out, and as redact_json does it, whatever the parts. */
static void parts_change_nothing(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    static const char *const values[] = {"\"a@example.com\"",        "12345678901", "{\"ssn\": 78051120}",
                                         "[\"Mia \\u004ci\", null]", "true",        "\"\\\\\\\"x\""};
    for (int round = 0; round < 200; round++) {
        struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0}, whole SCOPED_BUF = {0};
        struct json *parsed SCOPED_JSON = NULL;
        struct redact_session *session = NULL;
        buf_add_str(&text, "[1");
        for (uint64_t n = random_below(random, 20); n; n--)
            buf_addf(&text, ",%s%s", random_below(random, 4) ? "" : "\n", values[random_below(random, 6)]);
        buf_add_str(&text, "]");
        run(buf_bytes(&text), 1 + random_below(random, 30), &out, NULL);
        assert_int_equal(redact_session_new(redactor, &session), OK);
        assert_int_equal(redact_json(session, buf_bytes(&text), &whole, NULL), OK);
        redact_session_free(session);
        assert_string_equal(buf_text(&out), buf_text(&whole));
        assert_int_equal(json_parse(buf_bytes(&out), MIB, &parsed, NULL), OK);
    }
}

int main(void)
{
    if (redactor_new(bytes_str(CASES_DEFAULT), NULL, &redactor, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_beginning_tells_what_it_is),
        cmocka_unit_test(lines_share_what_they_tell),
        cmocka_unit_test(long_documents_go_in_parts),
        cmocka_unit_test(unchanged_windows_are_copied),
        cmocka_unit_test(a_long_value_under_a_telling_key_goes_whole),
        cmocka_unit_test(what_stops_being_json_is_text),
        cmocka_unit_test(long_text_has_no_seams),
        cmocka_unit_test(parts_change_nothing),
        cmocka_unit_test(a_full_session_goes_on),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
