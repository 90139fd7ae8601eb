/* Policies: the ready-made ones, thresholds, unwanted rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "redaction/redactor.h"
#include "tests/redaction/policy_fixture.h"

static void make_nothing(void *state, struct bytes value, uint8_t *out, size_t size)
{
    (void)state, (void)value;
    memset(out, 0, size);
}

static enum status seal_nothing(void *state, struct bytes type, struct bytes value, struct buf *out)
{
    (void)state, (void)type, (void)value, (void)out;
    return OK;
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

/* Where a flagged and a withheld find overlap the withheld one stands as it is, whichever begins first. */
static void flagged_finds_give_way(void **state)
{
    (void)state;
    static const struct recognizer row = {.rule = "test"};
    static const struct find pairs[][2] = {
        {{0, 10, &row, REDACT_NAME, true, 0.4F, NULL}, {5, 8, &row, REDACT_IP, false, 0.9F, NULL}},
        {{5, 8, &row, REDACT_IP, false, 0.9F, NULL}, {6, 20, &row, REDACT_NAME, true, 0.4F, NULL}},
        {{5, 8, &row, REDACT_IP, false, 0.9F, NULL}, {5, 20, &row, REDACT_NAME, true, 0.4F, NULL}},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct find items[2] = {pairs[i][0], pairs[i][1]};
        struct finds finds = {items, 2, 2};
        finds_resolve(&finds);
        assert_int_equal(finds.count, 1);
        assert_int_equal(finds.items[0].start, 5);
        assert_int_equal(finds.items[0].end, 8);
        assert_int_equal(finds.items[0].type, REDACT_IP);
        assert_false(finds.items[0].flagged);
    }
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

/* --- the case folders, which the schema is held to as well (policy_schema.py) --- */

struct judged {
    enum status status;
    size_t count;
};

static enum status judge(void *context, const char *path)
{
    struct judged *judged = context;
    struct buf text SCOPED_BUF = {0};
    struct redactor *redactor = NULL;
    const struct redact_pseudonyms pseudonyms = {.make = make_nothing, .seal = seal_nothing};
    TRY(file_read(path, 1 << 20, &text));
    enum status status = redactor_new(buf_bytes(&text), &pseudonyms, &redactor, NULL);
    if ((status == OK) != (judged->status == OK) || (status != OK && status != ERR_INPUT && status != ERR_VERSION))
        fail_msg("%s is judged %s", path, status_text(status));
    redactor_free(redactor);
    judged->count++;
    return OK;
}

static void judges(const char *folder, enum status status, size_t least)
{
    char path[4096];
    struct judged judged = {.status = status};
    assert_non_null(getenv("CHATHAM_SOURCE"));
    snprintf(path, sizeof path, "%s/tests/cases/redaction/policies/%s", getenv("CHATHAM_SOURCE"), folder);
    assert_int_equal(folder_walk(path, judge, &judged), OK);
    assert_true(judged.count >= least);
}

static void case_folders_are_judged(void **state)
{
    (void)state;
    judges("taken", OK, 10);
    judges("refused", ERR_INPUT, 50);
    judges("refused_by_parser", ERR_INPUT, 8);
}

static void ready_made_ones_are_cases(void **state)
{
    (void)state;
    for (size_t i = 0; redact_policy_name(i); i++) {
        char path[4096];
        struct buf text SCOPED_BUF = {0};
        const char *name = redact_policy_name(i);
        snprintf(path, sizeof path, "%s/tests/cases/redaction/policies/taken/ready-%s.json", getenv("CHATHAM_SOURCE"),
                 name);
        assert_int_equal(file_read(path, 1 << 20, &text), OK);
        text.size--; /* its newline */
        assert_true(bytes_equal(buf_bytes(&text), redact_policy_text(name)));
    }
}

/* --- what the laws name --- */

struct named {
    const char *of; /* letter or article */
    enum redact_type type;
};

static void takes_all(const char *policy_name, const struct named *named, size_t count)
{
    struct redact_policy policy;
    assert_int_equal(redact_policy_parse(redact_policy_text(policy_name), &policy, NULL), OK);
    for (size_t i = 0; i < count; i++)
        if (policy.operations[named[i].type].how == OPERATE_KEEP)
            fail_msg("%s: %s of %s is kept", policy_name, redact_type_name(named[i].type), named[i].of);
    if (strcmp(policy_name, "tab") != 0) /* there the tagger decides what some rules are not sure of */
        assert_int_equal(policy.unwanted.size, 0);
    redact_policy_free(&policy);
}

/* 45 CFR 164.514(b)(2)(i). P (biometric identifiers) and Q (photographs) are not text. */
static void safe_harbor_takes_a_to_r(void **state)
{
    (void)state;
    static const struct named letters[] = {
        {"A names", REDACT_NAME},
        {"B places smaller than a state", REDACT_ADDRESS},
        {"B", REDACT_PLACE},
        {"B", REDACT_COORDINATES},
        {"C dates, ages over 89", REDACT_DATE},
        {"C", REDACT_BIRTH_DATE},
        {"C", REDACT_AGE},
        {"D telephone, E fax", REDACT_PHONE},
        {"F e-mail", REDACT_EMAIL},
        {"G social security", REDACT_SSN},
        {"H medical records, I health plans", REDACT_MEDICAL},
        {"J accounts", REDACT_ACCOUNT},
        {"J", REDACT_BANK},
        {"J", REDACT_IBAN},
        {"J", REDACT_CARD},
        {"J", REDACT_CRYPTO},
        {"K certificates and licences", REDACT_LICENCE},
        {"K", REDACT_PASSPORT},
        {"L vehicles", REDACT_VEHICLE},
        {"M devices", REDACT_DEVICE},
        {"M", REDACT_MAC},
        {"N URLs", REDACT_URL_USER},
        {"N", REDACT_HOST},
        {"O IP addresses", REDACT_IP},
        {"R any other number or code", REDACT_NATIONAL_ID},
        {"R", REDACT_TAX_ID},
        {"R", REDACT_CASE},
        {"R", REDACT_USERNAME},
        {"R", REDACT_PATH},
        {"R", REDACT_MISC},
        {"R", REDACT_CUSTOM},
        {"(b)(2)(i), employers", REDACT_ORGANISATION},
    };
    takes_all("hipaa-safe-harbor", letters, sizeof letters / sizeof letters[0]);
}

/* Regulation (EU) 2016/679. */
static void gdpr_takes_what_its_articles_name(void **state)
{
    (void)state;
    static const struct named articles[] = {
        {"4(1) a name", REDACT_NAME},
        {"4(1) an identification number", REDACT_NATIONAL_ID},
        {"4(1)", REDACT_TAX_ID},
        {"4(1)", REDACT_SSN},
        {"4(1)", REDACT_PASSPORT},
        {"4(1)", REDACT_ACCOUNT},
        {"4(1)", REDACT_CASE},
        {"4(1) location data", REDACT_ADDRESS},
        {"4(1)", REDACT_PLACE},
        {"4(1)", REDACT_COORDINATES},
        {"4(1) an online identifier", REDACT_EMAIL},
        {"4(1)", REDACT_USERNAME},
        {"4(1)", REDACT_IP},
        {"4(1)", REDACT_MAC},
        {"4(1)", REDACT_DEVICE},
        {"4(1) physical, cultural or social identity", REDACT_AGE},
        {"4(1)", REDACT_BIRTH_DATE},
        {"4(1)", REDACT_DATE},
        {"4(1)", REDACT_ORGANISATION},
        {"4(1)", REDACT_MISC},
        {"4(1) economic identity", REDACT_QUANTITY},
        {"4(1)", REDACT_IBAN},
        {"4(1)", REDACT_CARD},
        {"9(1) origin, politics, religion, health, sexuality", REDACT_DEMOGRAPHIC},
        {"9(1) health", REDACT_MEDICAL},
    };
    takes_all("gdpr", articles, sizeof articles / sizeof articles[0]);
}

/* The eight types of the Text Anonymization Benchmark (Pilan and others, 2022). */
static void tab_takes_its_eight_types(void **state)
{
    (void)state;
    static const struct named types[] = {
        {"PERSON", REDACT_NAME},       {"CODE", REDACT_CASE},        {"LOC", REDACT_PLACE},
        {"LOC", REDACT_ADDRESS},       {"ORG", REDACT_ORGANISATION}, {"DEM", REDACT_DEMOGRAPHIC},
        {"DEM", REDACT_AGE},           {"DATETIME", REDACT_DATE},    {"DATETIME", REDACT_BIRTH_DATE},
        {"QUANTITY", REDACT_QUANTITY}, {"MISC", REDACT_MISC},
    };
    takes_all("tab", types, sizeof types / sizeof types[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ready_made_ones_compile),        cmocka_unit_test(flagged_finds_stay),
        cmocka_unit_test(flagged_finds_give_way),         cmocka_unit_test(unwanted_rules_find_nothing),
        cmocka_unit_test(what_scrubs_alike_hashes_alike), cmocka_unit_test(any_change_changes_the_hash),
        cmocka_unit_test(case_folders_are_judged),        cmocka_unit_test(ready_made_ones_are_cases),
        cmocka_unit_test(safe_harbor_takes_a_to_r),       cmocka_unit_test(gdpr_takes_what_its_articles_name),
        cmocka_unit_test(tab_takes_its_eight_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
