/* A policy's own words, patterns and allowed values: what they find, what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/redaction/policy_fixture.h"

/* Our own rules are out of the way. */
#define POLICY(rest)                                                                                                   \
    "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"tagger\":false,\"default\":\"keep\",\"types\":{\"CUSTOM\":"     \
    "\"placeholder\",\"VEHICLE\":\"placeholder\",\"EMAIL\":\"placeholder\"}," rest "}"
#define STAFF "\"name\":\"staff\",\"type\":\"VEHICLE\",\"pattern\":\"\\\\bS-[0-9]{4,6}\\\\b\""

static void patterns_find(void **state)
{
    (void)state;
    static const char staff[] = POLICY("\"patterns\":[{" STAFF "}]");
    scrubs(staff, "by S-12345, S-1234567, xS-12345", "by <VEHICLE_1>, S-1234567, xS-12345");
    scrubs(staff, "{\"a\": \"S-1234\", \"b\": \"S-1234x\"}", "{\"a\": \"<VEHICLE_1>\", \"b\": \"S-1234x\"}");
    scrubs(POLICY("\"patterns\":[{\"name\":\"a\",\"pattern\":\"(?i)project [a-z]+\"}]"), "see Project Falcon.",
           "see <CUSTOM_1>.");
    /* every end of a match is the same match; the ends of two strings are not one text */
    scrubs(POLICY("\"patterns\":[{\"name\":\"a\",\"pattern\":\"q.*z\"}]"),
           "{\"a\": \"q1z2z3\", \"b\": \"q\", \"c\": \"z\"}", "{\"a\": \"<CUSTOM_1>3\", \"b\": \"q\", \"c\": \"z\"}");
    scrubs(POLICY("\"patterns\":[{\"name\":\"a\",\"pattern\":\"^qq$\"}]"), "{\"a\": \"qq\", \"b\": \"qqq\"}",
           "{\"a\": \"<CUSTOM_1>\", \"b\": \"qqq\"}");
}

static void context_decides(void **state)
{
    (void)state;
    static const char policy[] = POLICY("\"patterns\":[{\"name\":\"n\",\"type\":\"VEHICLE\",\"pattern\":\"\\\\b[0-9]{7}"
                                        "\\\\b\",\"score\":0.9,\"context\":"
                                        "[\"Ward\",\"bed number\"]}]");
    scrubs(policy, "on ward 7 with 1234567", "on ward 7 with <VEHICLE_1>");
    scrubs(policy, "Bed Number 1234567", "Bed Number <VEHICLE_1>");
    scrubs(policy, "as a reward 1234567, backward", "as a reward 1234567, backward");
}

static void scores_have_thresholds(void **state)
{
    (void)state;
    scrubs(POLICY("\"patterns\":[{" STAFF ",\"score\":0.4}]"), "by S-12345", "by S-12345");
    scrubs(POLICY("\"patterns\":[{\"name\":\"staff\",\"type\":\"ACCOUNT\",\"pattern\":\"S-[0-9]+\"}]"), "by S-12345",
           "by S-12345");
    scrubs(POLICY("\"rules\":{\"custom.staff\":\"keep\"},\"patterns\":[{" STAFF "}]"), "by S-12345", "by S-12345");
}

static void allowed_values_pass(void **state)
{
    (void)state;
    static const char policy[] =
        POLICY("\"allow\":[\"S-0000\"],\"allow_patterns\":[\"[a-z]+@example\\\\.org\"],\"patterns\":[{" STAFF "}]");
    scrubs(policy, "S-0000 S-0001 help@example.org help@example.org.uk a.help@example.org",
           "S-0000 <VEHICLE_1> help@example.org <EMAIL_1> <EMAIL_2>");
}

/* Every bad pattern is refused, and it is said which one it is, what is wrong and where. */
static void bad_patterns_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *what;
        size_t at;
    } bad[] = {
        {"a*", "matches the empty text", 0},
        {"(abc)?", "matches the empty text", 0},
        {"\\\\b", "matches the empty text", 0},
        {"a|bc", "matches a single byte: two are the least", 0},
        {"ab(c", "has a group without its end", 2},
        {"ab)c", "has an end of a group without its start", 2},
        {"ab[a-", "has a class without its end", 2},
        {"ab[z-a]", "has a range that ends before it starts", 3},
        {"[[:alpha:]]b", "has a class by name: write its ranges", 1},
        {"ab+*", "repeats what repeats", 3},
        {"ab|*", "repeats nothing", 3},
        {"ab\\\\b+", "repeats nothing", 4},
        {"ab{3,2}", "has a range that ends before it starts", 2},
        {"ab{0}", "has a range that ends before it starts", 2},
        {"ab{1,256}", "repeats more than 255 times", 5},
        {"ab{1,99999999999}", "repeats more than 255 times", 5},
        {"ab\\\\q", "has an escape that is not known", 2},
        {"ab\\\\x4", "has an escape that is not known", 2},
        {"ab\\\\", "has an escape that is not known", 2},
        {"(ab)\\\\1", "refers back to a group: that cannot be linear", 4},
        {"(?=ab)cd", "looks ahead or behind: that cannot be linear", 0},
        {"ab(?<!cd)", "looks ahead or behind: that cannot be linear", 2},
        {"(?<n>ab)", "has a group of a kind that is not known", 0},
        {"ab(?i)", "has a group of a kind that is not known", 2},
        {"((((((((((((((((((ab))))))))))))))))))", "is too deep", 16},
        {"(a{1,200}b{1,200}){100}", "is too large", 0},
        {"((((((((((a{99}){99}){99}){99}){99}){99}){99}){99}){99}){99}){99}", "is too large", 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char policy[512];
        struct redactor *redactor = NULL;
        struct why why = {0};
        snprintf(policy, sizeof policy, POLICY("\"patterns\":[{" STAFF "},{\"name\":\"bad\",\"pattern\":\"%s\"}]"),
                 bad[i].pattern);
        assert_int_equal(redactor_new(bytes_str(policy), NULL, &redactor, &why), ERR_INPUT);
        assert_null(redactor);
        if (strcmp(why.what, bad[i].what) != 0 || why.at != bad[i].at)
            print_message("%s: %s at %zu\n", bad[i].pattern, why.what, why.at);
        assert_string_equal(why.what, bad[i].what);
        assert_string_equal(why.where, "policy pattern 2");
        assert_int_equal(why.at, bad[i].at);
    }
}

/* What makes a backtracking matcher exponential, over 4 MiB of what it fears: it would never come to an end. */
static void no_pattern_is_slow(void **state)
{
    (void)state;
    static const char *const feared[] = {"(aa+)+b", "(a|aa)+b",   "(.*a){8}b", "a.{0,90}a.{0,90}b",
                                         "a+a",     "(a?){90}aa", "aab?"};
    const size_t size = 4u << 20;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'a', size);
    for (size_t i = 0; i < sizeof feared / sizeof feared[0]; i++) {
        char policy[256];
        snprintf(policy, sizeof policy, POLICY("\"patterns\":[{\"name\":\"a\",\"pattern\":\"%s\"}]"), feared[i]);
        struct redactor *redactor = redactor_of(policy);
        struct redact_session *session = NULL;
        struct redact_findings found = {0};
        assert_int_equal(redact_session_new(redactor, &session), OK);
        assert_int_equal(redact_detect(session, bytes_of(text, size), &found), OK);
        redact_findings_free(&found);
        redact_session_free(session);
        redactor_free(redactor);
    }
    free(text);
}

/* What explains a find knows the rules that no table holds. */
static void rules_are_told(void **state)
{
    (void)state;
    struct redact_rule rule;
    assert_true(redact_rule_find("custom.staff", &rule));
    assert_string_equal(rule.name, "custom");
    assert_true(redact_rule_find("tagger.place", &rule));
    assert_string_equal(rule.name, "tagger.place");
    assert_true(redact_rule_find("email", &rule));
    assert_false(redact_rule_find("customs", &rule));
    assert_false(redact_rule_find("email.of.mine", &rule));
    assert_false(redact_rule_find("", &rule));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_find),       cmocka_unit_test(rules_are_told),
        cmocka_unit_test(context_decides),     cmocka_unit_test(scores_have_thresholds),
        cmocka_unit_test(allowed_values_pass), cmocka_unit_test(bad_patterns_are_refused),
        cmocka_unit_test(no_pattern_is_slow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
