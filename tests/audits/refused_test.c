/* replaces: admit_check library_check */
/* What a server refuses although its policy allows it is a fault and no matter of the policy: the attack failed. */
#include "audits/suite.h"
#include "insight/library_check.h"
#include "server/admit.h"
#include "tests/audits/traces.h"

static bool refuses_answers, refuses_libraries;
enum status __real_admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                               struct why *why);
enum status __wrap_admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                               struct why *why);
enum status __real_library_check(const struct library *library, const struct redactor *redactor,
                                 const char *const *canaries, struct library_check *out);
enum status __wrap_library_check(const struct library *library, const struct redactor *redactor,
                                 const char *const *canaries, struct library_check *out);

enum status __wrap_admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                               struct why *why)
{
    return refuses_answers ? ERR_POLICY : __real_admit_check(vault, record, contribution, why);
}

enum status __wrap_library_check(const struct library *library, const struct redactor *redactor,
                                 const char *const *canaries, struct library_check *out)
{
    enum status status = __real_library_check(library, redactor, canaries, out);
    return refuses_libraries ? ERR_POLICY : status;
}

static void expect_failed(const struct attack *attack, const struct audit_scope *scope)
{
    const struct attack *const chosen[] = {attack, NULL};
    struct suite suite = {.scope = scope, .chosen = chosen};
    struct audit_results results = {0};
    enum status failure = OK;
    assert_int_equal(suite_run(&suite, &results, &failure, NULL), OK);
    assert_int_equal(failure, ERR_BUG);
    assert_true(results.count > 0);
    for (size_t i = 0; i < results.count; i++) {
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
        assert_non_null(strstr(results.items[i].note, "the attack failed"));
    }
    audit_results_free(&results);
}

static void answers(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 9, .k = 2};
    refuses_answers = true;
    expect_failed(&attack_epsilon_survey, &scope);
    refuses_answers = false;
}

static void libraries(void **state)
{
    (void)state;
    struct audit_scope scope;
    traces_scope(&scope);
    refuses_libraries = true;
    expect_failed(&attack_exposure, &scope);
    expect_failed(&attack_split_hijack, &scope);
    expect_failed(&attack_linkage, &scope);
    refuses_libraries = false;
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(libraries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
