/* json_lex: the grammar of RFC 8259 by a table in the spirit of the known JSON test suites, spellings kept, escapes,
 * the rewriter. */
#include "base/json_lex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/random.h"

static enum status run(struct bytes text, size_t *tokens)
{
    struct json_lex lex;
    json_lex_start(&lex, text);
    for (*tokens = 0;; ++*tokens) {
        enum json_token token;
        struct bytes raw;
        enum status status = json_lex_next(&lex, &token, &raw);
        assert_true(lex.at <= text.size);
        if (status != OK || token == JSON_END)
            return status;
    }
}

static const struct {
    const char *text;
    size_t tokens;
} accepted[] = {
    {"0", 1},
    {"-0", 1},
    {"-1.5e+10", 1},
    {"1E5", 1},
    {"0e1", 1},
    {"123456789012345678901234567890.000000000000000000000000000001", 1},
    {"1e400", 1},
    {"\"\"", 1},
    {"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uFfFf\"", 1},
    {"\"\\ud800\"", 1}, /* RFC 8259 8.2: grammar allows it */
    {"\"\x7f\"", 1},
    {"\"\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", 1},
    {"true", 1},
    {"false", 1},
    {"null", 1},
    {" [ ] ", 2},
    {"{}", 2},
    {"[1,\n2\t,\r3]", 5},
    {"{\"a\":1,\"a\":2}", 6}, /* doubles are the reader's business */
    {"[[[[]]],{}]", 10},
    {"{\"\":{\"\":{}}}", 8},
};

static const char *const refused[] = {
    "",
    " ",
    "\xef\xbb\xbf{}",
    "nul",
    "nulll",
    "True",
    "[",
    "]",
    "{",
    "}",
    "[}",
    "{]",
    "[[]",
    "[]]",
    "[1,]",
    "[,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[1:2]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1:2}",
    "{\"a\",1}",
    "{a:1}",
    "{1:1}",
    "{null:1}",
    "{[]:1}",
    "1 2",
    "{}{}",
    "\"a\"\"b\"",
    "01",
    "-01",
    "00",
    "-",
    "+1",
    "--1",
    ".5",
    "1.",
    "1.e1",
    "1e",
    "1e+",
    "1e1.5",
    "0x1",
    "1a",
    "1,",
    "NaN",
    "-Infinity",
    "'a'",
    "\"",
    "\"\\",
    "\"\\\"",
    "\"\\x\"",
    "\"\\u\"",
    "\"\\u12g4\"",
    "\"\\u123",
    "\"\n\"",
    "\"\t\"",
    "\"\x01\"",
    "\"\x1f\"",
    "// a\n1",
    "/**/1",
    "\f1",
    "\xc2\xa0"
    "1",
    "\"\x80\"",
    "\"\xc0\xaf\"",
    "\"\xe0\x80\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xf8\x88\x80\x80\x80\"",
    "\"\xc2\"",
    "\"\xe2\x82\"",
    "0123456789abcdef",
    "\"0123456789abcdef\x01\"",
    "\"0123456789abcdef\xff\"",
    "\"0123456789abcde",
    "\"0123456789abcdef",
};

static void test_grammar(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        size_t tokens;
        assert_int_equal(run(bytes_str(accepted[i].text), &tokens), OK);
        assert_int_equal(tokens, accepted[i].tokens);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        size_t tokens;
        if (run(bytes_str(refused[i]), &tokens) != ERR_INPUT)
            fail_msg("row %zu was accepted", i);
    }
    size_t tokens;
    assert_int_equal(run(bytes_of("1\0", 2), &tokens), ERR_INPUT);
    assert_int_equal(run(bytes_of("\"\0\"", 3), &tokens), ERR_INPUT);
}

/* Every special byte at every place of a long string: blocks and remainders see the same. */
static void test_every_offset(void **state)
{
    (void)state;
    static const uint8_t bad[] = {0, 1, 0x1f, 0x80, 0xff};
    for (size_t size = 0; size < 70; size++)
        for (size_t at = 0; at < size; at++) {
            uint8_t text[80];
            size_t tokens;
            memset(text, 'x', sizeof text);
            text[0] = text[size + 1] = '"';
            struct bytes whole = bytes_of(text, size + 2);
            assert_int_equal(run(whole, &tokens), OK);
            text[at + 1] = 0x7f;
            assert_int_equal(run(whole, &tokens), OK);
            text[at + 1] = '"';
            assert_int_equal(run(whole, &tokens), ERR_INPUT);
            text[at + 1] = '\\'; /* then x, or the closing quote */
            assert_int_equal(run(whole, &tokens), ERR_INPUT);
            for (size_t i = 0; i < sizeof bad; i++) {
                text[at + 1] = bad[i];
                assert_int_equal(run(whole, &tokens), ERR_INPUT);
            }
        }
}

static void test_depth(void **state)
{
    (void)state;
    char text[2 * JSON_LEX_DEPTH + 2];
    size_t tokens;
    memset(text, '[', JSON_LEX_DEPTH);
    memset(text + JSON_LEX_DEPTH, ']', JSON_LEX_DEPTH);
    assert_int_equal(run(bytes_of(text, 2 * JSON_LEX_DEPTH), &tokens), OK);
    memset(text, '[', JSON_LEX_DEPTH + 1);
    assert_int_equal(run(bytes_of(text, 2 * JSON_LEX_DEPTH + 2), &tokens), ERR_TOO_LARGE);
}

static void test_raw_and_skip(void **state)
{
    (void)state;
    struct json_lex lex;
    enum json_token token;
    struct bytes raw;
    json_lex_start(&lex, bytes_str("{\"k\\n\":[1,{\"x\":[]}],\"n\":-1.50E+02 ,\"s\":\"plain\"}"));
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(token, JSON_OBJECT_START);
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(token, JSON_KEY);
    assert_true(bytes_is(raw, "k\\n") && lex.escaped);
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(json_lex_skip(&lex, token), OK);
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_true(token == JSON_KEY && bytes_is(raw, "n") && !lex.escaped);
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_true(token == JSON_NUMBER && bytes_is(raw, "-1.50E+02"));
    assert_int_equal(json_lex_skip(&lex, token), OK);
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_true(token == JSON_STRING && bytes_is(raw, "plain"));
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(token, JSON_OBJECT_END);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
        assert_int_equal(token, JSON_END);
    }
}

static void test_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *plain;
    } rows[] = {
        {"", ""},
        {"a\\\"b\\\\c\\/d", "a\"b\\c/d"},
        {"\\b\\f\\n\\r\\t", "\b\f\n\r\t"},
        {"\\u0041\\u00E9\\u20ac\\uD83D\\uDE00", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\\ud800", "\xef\xbf\xbd"},
        {"\\ud800\\u0041", "\xef\xbf\xbd"
                           "A"},
        {"\\udc00\\ud800x", "\xef\xbf\xbd\xef\xbf\xbdx"},
        {"\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {"x\\", "x\xef\xbf\xbd"}, /* what no lexer gives still does no harm */
        {"\\u12", "\xef\xbf\xbdu12"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_BUF struct buf out = {0};
        json_unescape(bytes_str(rows[i].raw), &out);
        assert_string_equal(buf_text(&out), rows[i].plain);
    }
    SCOPED_BUF struct buf out = {0};
    json_escape(bytes_of("a\"\\/\b\f\n\r\t\0\x1f\x7f\xc3\xa9", 14), &out);
    assert_string_equal(buf_text(&out), "a\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc3\xa9");
}

/* --- the rewriter --- */

static enum status keep(void *context, struct bytes key, struct bytes value, struct buf *out, bool *changed)
{
    (void)context, (void)key, (void)value, (void)out, (void)changed;
    return OK;
}

/* Says the innermost key and the value: "key=value;" */
static enum status note(void *context, struct bytes key, struct bytes value, struct buf *out, bool *changed)
{
    (void)out, (void)changed;
    buf_add(context, key);
    buf_add_byte(context, '=');
    buf_add(context, value);
    buf_add_byte(context, ';');
    return OK;
}

static enum status mask(void *context, struct bytes key, struct bytes value, struct buf *out, bool *changed)
{
    (void)context;
    *changed = bytes_is(key, "secret");
    buf_add_str(out, *changed ? "<\"\n>" : "left over");
    return bytes_is(value, "stop") ? ERR_POLICY : OK;
}

#define ODD                                                                                                            \
    "\t{ \"secret\" : \"a\\u0062\" , \"n\":1.0e+3,\"big\":123456789012345678901234567890, "                            \
    "\"l\":[\"\\u00e9\",{\"secret\":[\"x\",[\"y\"]],\"z\":null},\"w\"]}\n"

static void test_rewrite(void **state)
{
    (void)state;
    SCOPED_BUF struct buf same = {0}, seen = {0}, masked = {0}, failed = {0};
    assert_int_equal(json_rewrite(bytes_str(ODD), keep, NULL, &same, NULL), OK);
    assert_string_equal(buf_text(&same), ODD);
    buf_clear(&same);
    assert_int_equal(json_rewrite(bytes_str(ODD), note, &seen, &same, NULL), OK);
    assert_string_equal(buf_text(&seen), "secret=ab;l=\xc3\xa9;secret=x;secret=y;l=w;");
    assert_int_equal(json_rewrite(bytes_str(ODD), mask, NULL, &masked, NULL), OK);
    assert_string_equal(buf_text(&masked),
                        "\t{ \"secret\" : \"<\\\"\\n>\" , \"n\":1.0e+3,\"big\":123456789012345678901234567890, "
                        "\"l\":[\"\\u00e9\",{\"secret\":"
                        "[\"<\\\"\\n>\",[\"<\\\"\\n>\"]],\"z\":null},\"w\"]}\n");
    struct why why = {0};
    assert_int_equal(json_rewrite(bytes_str("[\"a\",]"), mask, NULL, &failed, &why), ERR_INPUT);
    assert_int_equal(why.at, 5);
    assert_int_equal(json_rewrite(bytes_str("{\"secret\":\"a\",\"b\":\"stop\"}"), mask, NULL, &failed, NULL),
                     ERR_POLICY);
    assert_int_equal(failed.size, 0);
    seen.size = 0;
    assert_int_equal(json_rewrite(bytes_str("[\"top\",[\"in\"]]"), note, &seen, &failed, NULL), OK);
    assert_string_equal(buf_text(&seen), "=top;=in;");
}

/* A random value, with random space and escapes: what the rewriter must carry through untouched. */
static void grow(struct random source, size_t depth, struct buf *out)
{
    static const char *const scalars[] = {"\"\"", "\"a b\\n\"",   "-0.50",  "true", "null", "\"\\ud83d\\ude00\"",
                                          "1e-7", "\"\xc3\xa9\"", " \"x\" "};
    uint64_t kind = random_below(source, depth < 6 ? 4 : 2);
    if (kind < 2) {
        buf_add_str(out, scalars[random_below(source, sizeof scalars / sizeof *scalars)]);
        return;
    }
    buf_add_byte(out, kind == 2 ? '[' : '{');
    for (uint64_t i = 0, count = random_below(source, 4); i < count; i++) {
        buf_add_str(out, i ? ", " : "");
        if (kind == 3)
            buf_addf(out, "\"k%d\" :", (int)i);
        grow(source, depth + 1, out);
    }
    buf_add_str(out, kind == 2 ? " ]" : "}");
}

/* A string that goes on behind the text: entered where a value may stand, not where a key or a comma must. */
static void test_enter(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int tokens; /* before it */
        enum status status;
    } rows[] = {{"\"ab", 0, OK},         {"[ \"ab", 1, OK},         {"[1, \"ab", 2, OK}, {"{\"k\":\"ab", 2, OK},
                {"{\"ab", 1, ERR_INPUT}, {"[1 \"ab", 2, ERR_INPUT}, {"[", 1, ERR_INPUT}, {"[12", 1, ERR_INPUT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json_lex lex;
        enum json_token token;
        struct bytes raw;
        json_lex_start(&lex, bytes_str(rows[i].text));
        for (int n = 0; n < rows[i].tokens; n++)
            assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
        assert_int_equal(json_lex_enter(&lex), rows[i].status);
        if (rows[i].status == OK)
            assert_int_equal(lex.text.data[lex.at], 'a');
    }
    struct json_lex lex;
    enum json_token token;
    struct bytes raw;
    json_lex_start(&lex, bytes_str("[\"ab"));
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(json_lex_enter(&lex), OK);
    lex.text = bytes_str(", 1]");
    lex.at = 0;
    assert_int_equal(json_lex_next(&lex, &token, &raw), OK);
    assert_int_equal(token, JSON_NUMBER);
}

static void test_rewrite_keeps_all_bytes(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 1);
    for (int i = 0; i < 2000; i++) {
        SCOPED_BUF struct buf text = {0}, same = {0};
        grow(source, 0, &text);
        assert_int_equal(json_rewrite(buf_bytes(&text), keep, NULL, &same, NULL), OK);
        assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&same)));
        for (int k = 0; k < 5 && text.size; k++) { /* and cut anywhere it is refused or still a value, never a crash */
            size_t tokens;
            (void)!run(bytes_part(buf_bytes(&text), 0, random_below(source, text.size)), &tokens);
        }
    }
}

static void test_rewrite_out_of_memory(void **state)
{
    (void)state;
    SCOPED_BUF struct buf warm = {0};
    mem_fail_after(0);
    assert_int_equal(json_rewrite(bytes_str(ODD), mask, NULL, &warm, NULL), OK);
    size_t allocations = mem_fail_after(0);
    for (size_t n = 1; n <= allocations; n++) {
        SCOPED_BUF struct buf out = {0};
        mem_fail_after(n);
        assert_int_equal(json_rewrite(bytes_str(ODD), mask, NULL, &out, NULL), ERR_MEMORY);
    }
    mem_fail_after(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_every_offset),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_enter),
        cmocka_unit_test(test_raw_and_skip),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_rewrite),
        cmocka_unit_test(test_rewrite_keeps_all_bytes),
        cmocka_unit_test(test_rewrite_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
