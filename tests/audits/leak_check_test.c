/* A seeded leak in two halves: errors are copied into phrases instead of being put into public words, and the client's
 * check takes every phrase. The check alone stops the copies; without it planted sentences find the leak. */
/* replaces: error_words check_phrase check_candidate */
#include "tests/audits/traces.h"

#include "insight/check.h"
#include "insight/phrases.h"

static bool copies, passes;

bool __wrap_error_words(const char *result, char out[static SLOT_MAX]);
bool __real_error_words(const char *result, char out[static SLOT_MAX]);
bool __wrap_error_words(const char *result, char out[static SLOT_MAX])
{
    if (!copies)
        return __real_error_words(result, out);
    snprintf(out, SLOT_MAX, "%.*s", (int)strcspn(result, "\n"), result);
    return *out != 0;
}

enum status __wrap_check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason);
enum status __real_check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason);
enum status __wrap_check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason)
{
    return passes ? OK : __real_check_phrase(index, phrase, reason);
}

enum status __wrap_check_candidate(const struct check_index *index, const struct candidate *candidate,
                                   enum drop_reason *reason);
enum status __real_check_candidate(const struct check_index *index, const struct candidate *candidate,
                                   enum drop_reason *reason);
enum status __wrap_check_candidate(const struct check_index *index, const struct candidate *candidate,
                                   enum drop_reason *reason)
{
    return passes ? OK : __real_check_candidate(index, candidate, reason);
}

static void expect(enum verdict contributions)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_planted.run(&scope, &results, NULL), OK);
    const struct audit_result *sent = traces_result(&results, "planted.contribution");
    const struct audit_result *released = traces_result(&results, "planted.release");
    assert_int_equal(sent->verdict, contributions);
    assert_int_equal(released->verdict, VERDICT_NO_LEAK_ABOVE); /* the rule of k holds back what one tenant has */
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void found_when_seeded(void **state)
{
    (void)state;
    copies = true;
    expect(VERDICT_NO_LEAK_ABOVE);
    passes = true;
    expect(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_when_seeded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
