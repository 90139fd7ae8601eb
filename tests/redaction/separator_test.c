/* Strings of a JSON document stand in one text with 0x1e between them: what one begins no other ends. Each case of
 * must_redact is cut by it at every place, and no find may reach over the cut, but for keys that are lists of lines. */
#include "redaction/redactor.h"
#include "tests/redaction/cases.h"

enum { CUT_MOST = 240 }; /* bytes of a case; longer ones say nothing new */

static struct redactor *redactor;
static size_t cuts, crossed;

static void cut_at(const struct line_case *one, size_t at, const char *path, size_t number)
{
    struct redact_findings found = {0};
    struct redact_session *session = NULL;
    struct buf text SCOPED_BUF = {0};
    buf_add(&text, bytes_part(buf_bytes(&one->text), 0, at));
    buf_add_byte(&text, 0x1e);
    buf_add(&text, bytes_part(buf_bytes(&one->text), at, SIZE_MAX));
    assert_int_equal(buf_status(&text), OK);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, buf_bytes(&text), &found), OK);
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i].start < at && found.items[i].end > at + 1 && strcmp(found.items[i].rule, "key.pem") != 0) {
            printf("%s:%zu: %s reaches over a cut at %zu\n", path, number, found.items[i].rule, at);
            crossed++;
        }
    cuts++;
    redact_findings_free(&found);
    redact_session_free(session);
}

static void cut(void *context, const char *path, size_t number, struct bytes line)
{
    (void)context;
    struct line_case one;
    case_parse(line, &one);
    for (size_t at = 1; at < one.text.size && one.text.size <= CUT_MOST; at += 1 + one.text.size / 24)
        cut_at(&one, at, path, number);
    buf_free(&one.text);
}

static void no_find_reaches_over_a_string(void **state)
{
    (void)state;
    cases_walk("must_redact", cut, NULL);
    printf("%zu cuts\n", cuts);
    assert_true(cuts > 5000);
    assert_int_equal(crossed, 0);
}

static void scrub(const char *json, const char *wanted)
{
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_json(session, bytes_str(json), &out, NULL), OK);
    buf_text(&out);
    assert_string_equal((const char *)out.data, wanted);
    redact_session_free(session);
}

static void a_key_may_be_a_list_of_lines(void **state)
{
    (void)state;
    scrub("[\"-----BEGIN PRIV"
          "ATE KEY-----\",\"EXAMPLEexample0\",\"-----END PRIV"
          "ATE KEY-----\",\"hello\"]",
          "[\"<KEY_1>\",\"<KEY_1>\",\"<KEY_1>\",\"hello\"]");
    scrub("[\"-----BEGIN PRIV"
          "ATE KEY-----\",\"hello there!\",\"-----END PRIV"
          "ATE KEY-----\"]",
          "[\"<KEY_1>\",\"hello there!\",\"<KEY_2>\"]");
}

/* A token that one string begins and the next one ends, both known by the whole. */
static void a_token_may_be_in_two_strings(void **state)
{
    (void)state;
    scrub("[\"gh"
          "p_k7Q2mZx9Lw4T\",\"bR8vN3pdYh5cJ6sXw1Ft2Gak\",\"end\"]",
          "[\"<TOKEN_1>\",\"<TOKEN_2>\",\"end\"]");
    scrub("[\"gh"
          "p_k7Q2mZx9Lw4T\",\"bR8vN3\",\"end\"]",
          "[\"<TOKEN_1>\",\"bR8vN3\",\"end\"]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_find_reaches_over_a_string),
                                       cmocka_unit_test(a_key_may_be_a_list_of_lines),
                                       cmocka_unit_test(a_token_may_be_in_two_strings)};
    if (redactor_new(bytes_str(CASES_DEFAULT), NULL, &redactor, NULL) != OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
