/* What is told of a rule: every row has it, and every rule that a find names is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redaction/redaction.h"

static void every_rule_says_what_it_goes_by(void **state)
{
    (void)state;
    struct redact_rule rule, found;
    size_t count = 0;
    for (; redact_rule_at(count, &rule); count++) {
        assert_non_null(rule.name);
        assert_true(rule.evidence && *rule.evidence);
        assert_true(rule.source && *rule.source);
        assert_true(rule.score >= 0 && rule.score <= 1);
        assert_true(redact_rule_find(rule.name, &found));
        assert_string_equal(found.name, rule.name);
    }
    assert_true(count > 200);
    assert_false(redact_rule_find("no.such", &found));
    assert_null(found.name);
}

static void finds_name_rules(void **state)
{
    (void)state;
    static const char text[] =
        "my name is Mia Li, mail a@example.com, {\"password\": \"x7\"}, my ssn is 078-05-1120. Mia";
    struct redactor *redactor = NULL;
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, bytes_str(text), &found), OK);
    assert_true(found.count >= 5);
    for (size_t i = 0; i < found.count; i++) {
        struct redact_rule rule;
        assert_true(redact_rule_find(found.items[i].rule, &rule));
    }
    redact_findings_free(&found);
    redact_session_free(session);
    redactor_free(redactor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_what_it_goes_by),
        cmocka_unit_test(finds_name_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
