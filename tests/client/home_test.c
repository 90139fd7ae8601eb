/* The home's scrubber: never laxer than the policy that the device enrolled under. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "client/home.h"

/* Which ready-made policy the home scrubs by, under a federation that asks for `asked` (NULL: not enrolled). */
static void scrubs_by(const char *scrubbing, const char *asked, const char *expected)
{
    struct home home = {.enrolled = asked != NULL};
    struct redactor *redactor = NULL, *wanted = NULL;
    uint8_t hash[32], wanted_hash[32];
    snprintf(home.scrubbing, sizeof home.scrubbing, "%s", scrubbing);
    snprintf(home.federation.policy.redaction, sizeof home.federation.policy.redaction, "%s", asked ? asked : "");
    assert_int_equal(home_redactor(&home, &redactor, NULL), OK);
    assert_int_equal(redactor_new(redact_policy_text(expected), NULL, &wanted, NULL), OK);
    redactor_hash(redactor, hash);
    redactor_hash(wanted, wanted_hash);
    assert_memory_equal(hash, wanted_hash, sizeof hash);
    redactor_free(redactor);
    redactor_free(wanted);
}

static void the_stricter_of_both_is_used(void **state)
{
    (void)state;
    scrubs_by("default", "strict", "strict");
    scrubs_by("secrets-only", "default", "default");
    scrubs_by("secrets-only", "strict", "strict");
}

static void ones_own_is_kept_where_it_is_strict_enough(void **state)
{
    (void)state;
    scrubs_by("strict", "default", "strict");
    scrubs_by("default", "default", "default");
    scrubs_by("secrets-only", "off", "secrets-only");
    scrubs_by("secrets-only", NULL, "secrets-only");
    scrubs_by("off", "off", "off");
}

static void off_is_refused_where_scrubbing_is_asked_for(void **state)
{
    (void)state;
    struct home home = {.enrolled = true, .scrubbing = "off", .federation.policy.redaction = "default"};
    struct redactor *redactor = NULL;
    assert_int_equal(home_redactor(&home, &redactor, NULL), ERR_POLICY);
    assert_null(redactor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stricter_of_both_is_used),
        cmocka_unit_test(ones_own_is_kept_where_it_is_strict_enough),
        cmocka_unit_test(off_is_refused_where_scrubbing_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
