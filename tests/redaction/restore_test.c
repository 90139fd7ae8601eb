/* What was sealed comes back as it was, byte for byte; what does not open stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "redaction/redaction.h"

/* No cryptography: the type's length, its name and the value, each byte turned over. */
static enum status seal(void *state, struct bytes type, struct bytes value, struct buf *out)
{
    (void)state;
    buf_add_lp(out, type);
    for (size_t i = 0; i < value.size; i++)
        buf_add_byte(out, (uint8_t)~value.data[i]);
    return buf_status(out);
}

static enum status open_sealed(void *state, struct bytes type, struct bytes sealed, struct buf *out)
{
    (void)state;
    struct cursor from = {sealed};
    struct bytes name;
    if (cursor_lp(&from, &name) != OK || !bytes_equal(name, type))
        return ERR_DENIED;
    for (size_t i = 0; i < from.left.size; i++)
        buf_add_byte(out, (uint8_t)~from.left.data[i]);
    return buf_status(out);
}

static const struct redact_pseudonyms sealing = {.seal = seal};
static const struct redact_opener opening = {.open = open_sealed};
static struct redactor *redactor;

static struct redact_session *session_new(void)
{
    struct redact_session *session = NULL;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    return session;
}

static void scrub(struct bytes text, bool json, struct buf *out)
{
    struct redact_session *session = session_new();
    assert_int_equal(json ? redact_json(session, text, out, NULL) : redact_text(session, text, out, NULL), OK);
    redact_session_free(session);
}

static void comes_back(const char *text, bool json, size_t opened)
{
    struct buf sealed SCOPED_BUF = {0}, back SCOPED_BUF = {0}, again SCOPED_BUF = {0};
    struct redact_restored count = {0};
    scrub(bytes_str(text), json, &sealed);
    scrub(buf_bytes(&sealed), json, &again);
    assert_string_equal(buf_text(&again), buf_text(&sealed));
    if (json)
        assert_int_equal(redact_restore_json(buf_bytes(&sealed), &opening, &back, &count), OK);
    else
        assert_int_equal(redact_restore(buf_bytes(&sealed), &opening, &back, &count), OK);
    assert_string_equal(buf_text(&back), text);
    assert_int_equal(count.opened, opened);
    assert_int_equal(count.closed, 0);
}

static void text_comes_back(void **state)
{
    (void)state;
    comes_back("", false, 0);
    comes_back("nothing here <b>, <EMAIL_1> <EMAIL_1:", false, 0);
    comes_back("to mia@example.com, MIA@example.com", false, 2);
    comes_back("m\xe2\x80\x8bia@example.com \xef\xbd\x8dia@example.com\r\n", false, 2);
    comes_back("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAvvvvvvvvvvvvvvvvvvvvvvvvvvv\n-----END RSA PRIVATE "
               "KEY-----\n",
               false, 1);
}

static void json_comes_back(void **state)
{
    (void)state;
    comes_back("{\"password\": \"a\\\"b\\\\c\", \"n\": [1, 2.50]}", true, 1);
    comes_back("{\"to\": \"\\\"mia@example.com\\\"\\n\", \"4111 1111 1111 1111\": null}", true, 2);
    comes_back("\"{\\\"password\\\": \\\"hunter22!\\\"}\"", true, 1);
    struct buf out SCOPED_BUF = {0};
    struct redact_restored count = {0};
    buf_add_str(&out, "x");
    assert_int_equal(redact_restore_json(bytes_str("[\"<EMAIL_1:AAAA>\", oops"), &opening, &out, &count), ERR_INPUT);
    assert_string_equal(buf_text(&out), "x");
    assert_int_equal(count.opened + count.closed, 0);
}

/* Another type's name, a byte that is not base64url, too short: left as they are, and counted. */
static void altered_ones_stay(void **state)
{
    (void)state;
    static const char text[] = "<PHONE_1:AAAABUVNQUlMnpCe> <EMAIL_1:AAA> <EMAIL_2:A> <EMAIL_1:AAAABUVNQUlMnpCe>";
    struct buf out SCOPED_BUF = {0};
    struct redact_restored count = {0};
    assert_int_equal(redact_restore(bytes_str(text), &opening, &out, &count), OK);
    assert_string_equal(buf_text(&out), "<PHONE_1:AAAABUVNQUlMnpCe> <EMAIL_1:AAA> <EMAIL_2:A> aoa");
    assert_int_equal(count.opened, 1);
    assert_int_equal(count.closed, 3);
}

/* A value that was found once stands under one index, whatever its spelling; the sealed parts differ by it. */
static void indices_stay(void **state)
{
    (void)state;
    struct buf out SCOPED_BUF = {0};
    scrub(bytes_str("a@example.com b@example.com A@example.com"), false, &out);
    const char *text = buf_text(&out);
    assert_non_null(strstr(text, "<EMAIL_2:"));
    assert_null(strstr(text, "<EMAIL_3:"));
    assert_null(strstr(text, "example"));
}

static void needs_a_key(void **state)
{
    (void)state;
    struct redactor *other = NULL;
    const char *policy = "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"encrypt\"}";
    assert_int_equal(redactor_new(bytes_str(policy), NULL, &other, NULL), ERR_USAGE);
    assert_null(other);
}

int main(void)
{
    const char *policy = "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"encrypt\"}";
    if (redactor_new(bytes_str(policy), &sealing, &redactor, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_comes_back), cmocka_unit_test(json_comes_back), cmocka_unit_test(altered_ones_stay),
        cmocka_unit_test(indices_stay),    cmocka_unit_test(needs_a_key),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
