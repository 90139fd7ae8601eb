/* A seeded leak: a client that sends an error's words uncut. A sentence of common words that stands in an error's
 * report then reaches the server word for word; the library does not have it. */
/* replaces: error_cut */
#include "tests/audits/traces.h"

#include "insight/phrases.h"

static bool uncut;

void __real_error_cut(char text[static SLOT_MAX]);
void __wrap_error_cut(char text[static SLOT_MAX]);
void __wrap_error_cut(char text[static SLOT_MAX])
{
    if (!uncut)
        __real_error_cut(text);
}

static void expect(enum verdict contributions)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_planted.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "planted.contribution.common")->verdict, contributions);
    assert_int_equal(traces_result(&results, "planted.release.common")->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(traces_result(&results, "planted.contribution.turn")->verdict, VERDICT_EXPECTED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void found_when_seeded(void **state)
{
    (void)state;
    uncut = false;
    expect(VERDICT_NO_LEAK_ABOVE);
    uncut = true;
    expect(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_when_seeded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
