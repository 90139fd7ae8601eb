/* Policies: the ready-made ones, thresholds, unwanted rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "redaction/redaction.h"

static struct redactor *redactor_of(const char *policy)
{
    struct redactor *redactor = NULL;
    struct why why = {0};
    enum status status = redactor_new(bytes_str(policy), NULL, &redactor, &why);
    if (status != OK)
        print_message("%s: %s in %s at %zu\n", policy, why.what, why.where, why.at);
    assert_int_equal(status, OK);
    return redactor;
}

static void scrubs(const char *policy, const char *text, const char *want)
{
    struct redactor *redactor = redactor_of(policy);
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_text(session, bytes_str(text), &out, NULL), OK);
    assert_string_equal(buf_text(&out), want);
    redact_session_free(session);
    redactor_free(redactor);
}

static void ready_made_ones_compile(void **state)
{
    (void)state;
    size_t count = 0;
    for (; redact_policy_name(count); count++) {
        struct bytes text = redact_policy_text(redact_policy_name(count));
        assert_true(text.size > 0);
        redactor_free(redactor_of((const char *)text.data));
    }
    assert_int_equal(count, 7);
    assert_int_equal(redact_policy_text("nonesuch").size, 0);
}

/* What is only flagged is reported and stays; it neither widens nor hides what goes. */
static void flagged_finds_stay(void **state)
{
    (void)state;
    static const char policy[] = "{\"version\":1,\"name\":\"x\",\"threshold\":1,\"flag\":0.5,\"default\":\"mask\"}";
    static const char text[] = "to mia@example.com, alone@example.com";
    struct redactor *redactor = redactor_of(policy);
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_text(session, bytes_str(text), &out, &found), OK);
    assert_string_equal(buf_text(&out), text);
    assert_int_equal(found.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_false(found.items[i].withheld);
    buf_clear(&out);
    assert_int_equal(redact_json(session, bytes_str("[\"mia\\u0040example.com\"]"), &out, NULL), OK);
    assert_string_equal(buf_text(&out), "[\"mia\\u0040example.com\"]");
    redact_findings_free(&found);
    redact_session_free(session);
    redactor_free(redactor);
}

static void unwanted_rules_find_nothing(void **state)
{
    (void)state;
    scrubs("{\"version\":1,\"name\":\"x\",\"threshold\":0.6,\"default\":\"mask\",\"rules\":{\"ema\":\"keep\"}}",
           "a@example.com 192.168.7.9", "a@example.com ****");
    scrubs("{\"version\":1,\"name\":\"x\",\"threshold\":0.6,\"default\":\"mask\",\"rules\":{\"emails\":\"keep\"}}",
           "a@example.com 192.168.7.9", "**** ****");
}

static void hash_of(const char *policy, uint8_t out[static 32])
{
    struct redactor *redactor = redactor_of(policy);
    redactor_hash(redactor, out);
    redactor_free(redactor);
}

#define START "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"mask\""

/* Spelling does not count. */
static void what_scrubs_alike_hashes_alike(void **state)
{
    (void)state;
    static const char *const alike[][2] = {
        {START "}", "{ \"default\": \"mask\", \"name\": \"y\", \"threshold\": 5e-1, \"version\": 1 }"},
        {START "}", START ",\"flag\":0.5,\"tagger\":true,\"types\":{},\"rules\":{},\"allow\":[],\"custom\":[],"
                          "\"patterns\":[],\"allow_patterns\":[]}"},
        {START ",\"types\":{\"IP\":\"mask\",\"NAME\":\"drop\"}}",
         START ",\"types\":{\"NAME\":{\"operator\":\"drop\"},\"IP\":{\"operator\":\"mask\",\"last\":0}}}"},
        {START ",\"custom\":[\"aa\",\"bb\"],\"allow\":[\"cc\",\"dd\",\"cc\"]}",
         START ",\"custom\":[\"bb\",\"aa\"],\"allow\":[\"dd\",\"cc\"]}"},
        {START ",\"patterns\":[{\"name\":\"a\",\"pattern\":\"ab\"},{\"name\":\"b\",\"pattern\":\"cd\"}]}",
         START ",\"patterns\":[{\"name\":\"b\",\"pattern\":\"cd\",\"type\":\"CUSTOM\",\"score\":1,\"context\":[]},"
               "{\"pattern\":\"ab\",\"name\":\"a\"}]}"},
    };
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
        uint8_t one[32], other[32];
        hash_of(alike[i][0], one);
        hash_of(alike[i][1], other);
        assert_memory_equal(one, other, 32);
    }
}

/* Whatever changes what is found or written does. */
static void any_change_changes_the_hash(void **state)
{
    (void)state;
    static const char *const different[] = {
        START "}",
        START ",\"flag\":0.4}",
        START ",\"tagger\":false}",
        "{\"version\":1,\"name\":\"x\",\"threshold\":0.6,\"default\":\"mask\"}",
        "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"drop\"}",
        "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":{\"operator\":\"mask\",\"last\":4}}",
        START ",\"types\":{\"IP\":\"drop\"}}",
        START ",\"types\":{\"MAC\":\"drop\"}}",
        START ",\"rules\":{\"date.machine\":\"keep\"}}",
        START ",\"rules\":{\"date\":\"keep\"}}",
        START ",\"custom\":[\"aa\"]}",
        START ",\"allow\":[\"aa\"]}",
        START ",\"allow_patterns\":[\"aa\"]}",
        START ",\"patterns\":[{\"name\":\"a\",\"pattern\":\"ab\"}]}",
        START ",\"patterns\":[{\"name\":\"b\",\"pattern\":\"ab\"}]}",
        START ",\"patterns\":[{\"name\":\"a\",\"pattern\":\"abc\"}]}",
        START ",\"patterns\":[{\"name\":\"a\",\"pattern\":\"ab\",\"score\":0.9}]}",
        START ",\"patterns\":[{\"name\":\"a\",\"pattern\":\"ab\",\"type\":\"NAME\"}]}",
        START ",\"patterns\":[{\"name\":\"a\",\"pattern\":\"ab\",\"context\":[\"xy\"]}]}",
    };
    uint8_t hashes[sizeof different / sizeof different[0]][32];
    for (size_t i = 0; i < sizeof different / sizeof different[0]; i++) {
        hash_of(different[i], hashes[i]);
        for (size_t k = 0; k < i; k++)
            if (memcmp(hashes[i], hashes[k], 32) == 0)
                fail_msg("%s and %s hash alike", different[i], different[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ready_made_ones_compile),     cmocka_unit_test(flagged_finds_stay),
        cmocka_unit_test(unwanted_rules_find_nothing), cmocka_unit_test(what_scrubs_alike_hashes_alike),
        cmocka_unit_test(any_change_changes_the_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
