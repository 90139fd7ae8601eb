/* A search that is blind does not pass its positive control: what the attacks of linkage, phantom and difference look
 * with is put out of order, and the controls notice, since they look with the same. */
/* replaces: features_cosine lessons_disclose count_lacks */
#include "tests/audits/traces.h"

#include "audits/difference/story.h"

static bool is_blind;

double __real_features_cosine(const struct features *a, const struct features *b);
double __wrap_features_cosine(const struct features *a, const struct features *b);
double __wrap_features_cosine(const struct features *a, const struct features *b)
{
    return is_blind ? 0 : __real_features_cosine(a, b);
}

bool __real_lessons_disclose(const struct lessons *shown, const struct lessons *mine);
bool __wrap_lessons_disclose(const struct lessons *shown, const struct lessons *mine);
bool __wrap_lessons_disclose(const struct lessons *shown, const struct lessons *mine)
{
    return !is_blind && __real_lessons_disclose(shown, mine);
}

bool __real_count_lacks(const struct count *count, const struct lesson *insight, size_t gone, enum shared shared);
bool __wrap_count_lacks(const struct count *count, const struct lesson *insight, size_t gone, enum shared shared);
bool __wrap_count_lacks(const struct count *count, const struct lesson *insight, size_t gone, enum shared shared)
{
    return !is_blind && __real_count_lacks(count, insight, gone, shared);
}

/* That they pass where nothing is out of order, linkage_test.c and difference_test.c say. */
static void expect_none(const struct attack *attack, const char *const *names)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    is_blind = true;
    assert_int_equal(attack->run(&scope, &results, NULL), OK);
    is_blind = false;
    for (size_t i = 0; names[i]; i++)
        if (traces_result(&results, names[i])->control == CONTROL_PASSED)
            fail_msg("%s: %f", names[i], traces_result(&results, names[i])->control_value);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void notice(void **state)
{
    (void)state;
    static const char *const of_linkage[] = {"linkage.attribute", NULL};
    static const char *const of_phantom[] = {"phantom.worlds", "phantom.release", NULL};
    static const char *const of_difference[] = {
        "difference.enrolment.who",    "difference.enrolment.known",    "difference.suspension.who",
        "difference.suspension.known", "difference.suspension.remains", "difference.erasure.who",
        "difference.erasure.known",    "difference.erasure.remains",    "difference.withdrawal.who",
        "difference.withdrawal.known", "difference.withdrawal.remains", NULL};
    expect_none(&attack_linkage, of_linkage);
    expect_none(&attack_phantom, of_phantom);
    expect_none(&attack_difference, of_difference);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(notice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
