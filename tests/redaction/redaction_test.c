/* The face of the scrubber: offsets, sessions, policies, JSON, windows, scanning, hidden forms, threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/json.h"
#include "redaction/redaction.h"

static struct redactor *redactor;

static void scrub_with(const struct redactor *by, const char *text, const char *want)
{
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(by, &session), OK);
    assert_int_equal(redact_text(session, bytes_str(text), &out, NULL), OK);
    assert_string_equal(buf_text(&out), want);
    redact_session_free(session);
}

static void scrub_json(const char *text, const char *want)
{
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_json(session, bytes_str(text), &out, NULL), OK);
    assert_string_equal(buf_text(&out), want);
    redact_session_free(session);
}

static void placeholders_keep_their_index(void **state)
{
    (void)state;
    scrub_with(redactor, "a@example.com b@example.com A@example.com", "<EMAIL_1> <EMAIL_2> <EMAIL_1>");
    scrub_with(redactor, "", "");
    scrub_with(redactor, "nothing here", "nothing here");
}

static void offsets_are_the_inputs(void **state)
{
    (void)state;
    const char *text = "x \xef\xbd\x8d\xe2\x80\x8b\x69\x61@example.com y"; /* full-width m, zero width space */
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, bytes_str(text), &found), OK);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].start, 2);
    assert_int_equal(found.items[0].end, strlen(text) - 2);
    assert_int_equal(found.items[0].type, REDACT_EMAIL);
    assert_string_equal(found.items[0].rule, "email");
    redact_findings_free(&found);
    redact_session_free(session);
}

static void ill_formed_bytes_stay(void **state)
{
    (void)state;
    scrub_with(redactor, "\xff\xfe a@example.com \xc3", "\xff\xfe <EMAIL_1> \xc3");
}

static void what_was_found_once_goes_everywhere(void **state)
{
    (void)state;
    /* The id is told only at the end; the beginning goes too. */
    scrub_with(redactor, "QX7ZZ9 first. My reservation ID is QX7ZZ9.",
               "<ACCOUNT_1> first. My reservation ID is <ACCOUNT_1>.");
    scrub_with(redactor, "user sofia_brown_1234 is Sofia", "user <ACCOUNT_1> is <NAME_1>");
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_session_learn(session, REDACT_NAME, bytes_str("Qwertzu Asdfgh")), OK);
    assert_int_equal(redact_text(session, bytes_str("Asdfgh's mail"), &out, NULL), OK);
    assert_string_equal(buf_text(&out), "<NAME_1>'s mail");
    assert_int_equal(redact_session_count(session, REDACT_NAME), 1);
    assert_int_equal(redact_session_count(session, REDACT_EMAIL), 0);
    redact_session_free(session);
}

static void json_changes_only_what_it_must(void **state)
{
    (void)state;
    scrub_json("{ \"a\" :1.50e3, \"password\":\"hunter2\" , \"b\":[\"x\\u0041 a@example.com\"]}",
               "{ \"a\" :1.50e3, \"password\":\"<PASSWORD_1>\" , \"b\":[\"xA <EMAIL_1>\"]}");
    scrub_json("{\"zip\": 78750, \"n\": 78750, \"big\": 12345678901234567890123}",
               "{\"zip\": \"<ADDRESS_1>\", \"n\": 78750, \"big\": 12345678901234567890123}");
    scrub_json("{\"credit_card_4421486\": {\"id\": \"credit_card_4421486\"}}",
               "{\"<ACCOUNT_1>\": {\"id\": \"<ACCOUNT_1>\"}}");
    scrub_json(
        "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"},{\"name\":\"DB_HOST\",\"value\":\"hunter3\"}]}",
        "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"<PASSWORD_1>\"},{\"name\":\"DB_HOST\",\"value\":\"hunter3\"}]"
        "}");
    scrub_json("{\"kty\":\"oct\",\"k\":\"EXAMPLEexample\",\"n\":\"EXAMPLEexample0\"}",
               "{\"kty\":\"oct\",\"k\":\"<KEY_1>\",\"n\":\"EXAMPLEexample0\"}");
    scrub_json("{\"acmeToken\":\"k7Q2mZx9Lw4T\",\"acme_cache_key\":\"k7Q2mZx9Lw4Tk7Q2mZx9Lw4T\",\"name\":\"get_token\","
               "\"value\":\"1 b\"}",
               "{\"acmeToken\":\"<PASSWORD_1>\",\"acme_cache_key\":\"k7Q2mZx9Lw4Tk7Q2mZx9Lw4T\",\"name\":\"get_token\","
               "\"value\":\"1 b\"}");
    scrub_json("[\"Zorblax went\", {\"first_name\": \"Zorblax\"}]",
               "[\"<NAME_1> went\", {\"first_name\": \"<NAME_1>\"}]");
    scrub_json("\"\"", "\"\"");
}

/* Strings, escapes and members go a block at a time: each must hold wherever it stands in one. */
static void blocks_have_no_seams(void **state)
{
    (void)state;
    char pad[140], text[512], want[512];
    for (size_t size = 0; size < sizeof pad; size++) {
        memset(pad, '.', size);
        pad[size] = 0;
        snprintf(text, sizeof text, "[\"%s\\\"\\\\\\n\\t\\u0001 a@example.com %s\\\"\"]", pad, pad);
        snprintf(want, sizeof want, "[\"%s\\\"\\\\\\n\\t\\u0001 <EMAIL_1> %s\\\"\"]", pad, pad);
        scrub_json(text, want);
        snprintf(text, sizeof text, "%s {\"password\" : \"x7\", 'password': 'y8'} #W3561391%s \\n#W3561391", pad, pad);
        snprintf(want, sizeof want,
                 "%s {\"password\" : \"<PASSWORD_1>\", 'password': '<PASSWORD_2>'} <ACCOUNT_1>%s \\n<ACCOUNT_1>", pad,
                 pad);
        scrub_with(redactor, text, want);
    }
}

static void json_must_be_json(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{", "{\"a\":}", "[1,]", "\"\x01\"", "{} x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct redact_session *session = NULL;
        struct buf out SCOPED_BUF = {0};
        buf_add_str(&out, "kept");
        assert_int_equal(redact_session_new(redactor, &session), OK);
        assert_int_equal(redact_json(session, bytes_str(bad[i]), &out, NULL), ERR_INPUT);
        assert_string_equal(buf_text(&out), "kept");
        redact_session_free(session);
    }
}

static void make_pseudonym(void *state, struct bytes value, uint8_t *out, size_t size)
{
    uint8_t digest[32];
    hash_keyed(bytes_str(state), value, digest, sizeof digest);
    memcpy(out, digest, size);
}

static void policies_choose_operators(void **state)
{
    (void)state;
    static const char text[] = "a@example.com 192.168.7.9 {\"ssn\": \"078-05-1120\"} credit_card_4421486";
    static const char json[] =
        "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"mask\",\"types\":{\"IP\":\"keep\",\"SSN\":"
        "\"drop\","
        "\"EMAIL\":\"hash\"},\"allow\":[\"credit_card_4421486\"],\"custom\":[\"Project Falcon\"]}";
    char key[] = "key";
    struct redact_pseudonyms pseudonyms = {.make = make_pseudonym, .state = key};
    struct redactor *other = NULL;
    assert_int_equal(redactor_new(bytes_str(json), NULL, &other, NULL), ERR_USAGE);
    assert_null(other);
    assert_int_equal(redactor_new(bytes_str(json), &pseudonyms, &other, NULL), OK);
    uint8_t digest[32];
    char want[256];
    hash_keyed(bytes_str("key"), bytes_str("a@example.com"), digest, 32);
    int n = snprintf(want, sizeof want, "<EMAIL_");
    for (int i = 0; i < 8; i++)
        n += snprintf(want + n, sizeof want - (size_t)n, "%02x", digest[i]);
    snprintf(want + n, sizeof want - (size_t)n, "> 192.168.7.9 {\"ssn\": \"\"} credit_card_4421486");
    scrub_with(other, text, want);
    scrub_with(other, "about Project Falcon", "about ****");
    redactor_free(other);
    assert_int_equal(redactor_new(redact_policy_text("off"), NULL, &other, NULL), OK);
    scrub_with(other, text, text);
    redactor_free(other);
    assert_int_equal(redactor_new(redact_policy_text("secrets-only"), NULL, &other, NULL), OK);
    scrub_with(other, "a@example.com PASSWORD=hunter22", "a@example.com PASSWORD=<PASSWORD_1>");
    redactor_free(other);
    assert_int_equal(redact_policy_text("nonesuch").size, 0);
}

static void bad_policies_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
    } bad[] = {
        {"{}", ERR_INPUT},
        {"[]", ERR_INPUT},
        {"{\"version\":2,\"name\":\"x\",\"threshold\":0.5,\"default\":\"mask\"}", ERR_VERSION},
        {"{\"version\":1,\"name\":\"x\",\"threshold\":1.5,\"default\":\"mask\"}", ERR_INPUT},
        {"{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"burn\"}", ERR_INPUT},
        {"{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"mask\",\"types\":{\"EMIAL\":\"mask\"}}",
         ERR_INPUT},
        {"{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"mask\",\"alow\":[]}", ERR_INPUT},
        {"{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"mask\",\"allow\":[1]}", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct redactor *other = NULL;
        struct why why = {0};
        assert_int_equal(redactor_new(bytes_str(bad[i].text), NULL, &other, &why), bad[i].status);
        assert_null(other);
    }
}

static void hashes_tell_policies_apart(void **state)
{
    (void)state;
    uint8_t one[32], same[32], other[32];
    struct redactor *again = NULL, *strict = NULL;
    assert_int_equal(redactor_new(redact_policy_text("default"), NULL, &again, NULL), OK);
    assert_int_equal(redactor_new(redact_policy_text("strict"), NULL, &strict, NULL), OK);
    redactor_hash(redactor, one);
    redactor_hash(again, same);
    redactor_hash(strict, other);
    assert_memory_equal(one, same, 32);
    assert_memory_not_equal(one, other, 32);
    redactor_free(again);
    redactor_free(strict);
}

static void scanning_is_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum redact_type type;
    } found[] = {
        {"see a@example.com", REDACT_EMAIL},
        {"975 Sunset Drive", REDACT_ADDRESS},
        {"ghp_"
         "EXAMPLEexample0EXAMPLEexample0EXAMPLE",
         REDACT_TOKEN},
        {"user mia_li_3668", REDACT_ACCOUNT},
        {"m\xe2\x80\x8bia@example.com", REDACT_EMAIL},
        {"Set DATABASE_PASSWORD=hT7-vQ2x.Lm9sK before the deploy.", REDACT_PASSWORD},
        {"client_secret: 8f2c0a9b7d6e5f4a3b2c1d0e", REDACT_PASSWORD},
    };
    static const char *const clean[] = {"When an order is not found, ask whether the leading character is missing.",
                                        "Mia asked for <EMAIL_1>.",
                                        "reservation NO6JO3",
                                        "set the password: at least eight characters, one of them a digit",
                                        "pass --token=TOKEN_FROM_ENV, not the password=changeme of the sample",
                                        "DB_PASSWORD=<PASSWORD_1> password=$DB_PASSWORD2 token: ${API_TOKEN_2}",
                                        "the secret hT7-vQ2x.Lm9sK", /* no sign leads to it */
                                        "next_page_token=2 max_tokens=4096 password_min_length=12",
                                        ""};
    struct redact_finding finding;
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        assert_int_equal(redact_scan(redactor, bytes_str(found[i].text), &finding), OK);
        assert_int_equal(finding.type, found[i].type);
    }
    for (size_t i = 0; i < sizeof clean / sizeof clean[0]; i++)
        assert_int_equal(redact_scan(redactor, bytes_str(clean[i]), &finding), ERR_NOT_FOUND);
}

/* A value across the border of two windows, and one in each. */
static void long_texts_go_in_windows(void **state)
{
    (void)state;
    const size_t size = (9u << 20) + 123;
    static const size_t places[] = {100, (4u << 20) - 7, (8u << 20) - 1, (9u << 20)};
    char *text = malloc(size + 1);
    assert_non_null(text);
    memset(text, 'x', size);
    text[size] = 0;
    for (size_t i = 0; i < size; i += 80)
        text[i] = '\n';
    for (size_t i = 0; i < 4; i++)
        memcpy(text + places[i], " mia@example.com ", 17);
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_text(session, bytes_of(text, size), &out, &found), OK);
    assert_int_equal(found.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(found.items[i].start, places[i] + 1);
    assert_int_equal(out.size, size - 4 * (15 - 9));
    redact_findings_free(&found);
    redact_session_free(session);
    free(text);
}

static void failed_allocations_leave_nothing(void **state)
{
    (void)state;
    static const char text[] = "caf\xc3\xa9 a@example.com, Mia Li, {\"password\": \"hunter22\"}";
    for (size_t n = 1; n < 60; n++) {
        struct redact_session *session = NULL;
        struct buf out = {0};
        mem_fail_after(n);
        enum status status = redact_session_new(redactor, &session);
        if (status == OK)
            status = redact_text(session, bytes_str(text), &out, NULL);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
        assert_true(status == OK || out.size == 0);
        buf_free(&out);
        redact_session_free(session);
    }
}

static void *scrub_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++)
        scrub_with(redactor, "Mia Li <a@example.com>, 10.1.2.3", "<NAME_1> <<EMAIL_1>>, <IP_1>");
    return NULL;
}

static void threads_share_a_redactor(void **state)
{
    (void)state;
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, scrub_many, NULL), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    if (redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_keep_their_index),  cmocka_unit_test(offsets_are_the_inputs),
        cmocka_unit_test(ill_formed_bytes_stay),          cmocka_unit_test(what_was_found_once_goes_everywhere),
        cmocka_unit_test(json_changes_only_what_it_must), cmocka_unit_test(json_must_be_json),
        cmocka_unit_test(policies_choose_operators),      cmocka_unit_test(bad_policies_are_refused),
        cmocka_unit_test(hashes_tell_policies_apart),     cmocka_unit_test(scanning_is_strict),
        cmocka_unit_test(long_texts_go_in_windows),       cmocka_unit_test(failed_allocations_leave_nothing),
        cmocka_unit_test(threads_share_a_redactor),       cmocka_unit_test(blocks_have_no_seams),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
