/* replaces: admit_check */
/* A contribution that the server refuses is in no library. An attack that counts it must not call it safe for that. */
#include "tests/audits/traces.h"

#include "audits/exposure/exposure.h"
#include "audits/world.h"
#include "audits/worlds.h"
#include "server/admit.h"

static const char *refuses; /* records that have it; NULL: none */

enum status __wrap_admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                               struct why *why);
enum status __real_admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                               struct why *why);

enum status __wrap_admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                               struct why *why)
{
    if (refuses && bytes_find(record, bytes_str(refuses)) != SIZE_MAX)
        return ERR_POLICY;
    return __real_admit_check(vault, record, contribution, why);
}

/* One tenant's are refused; the others are enough for a release. */
static void refuse_one_of(struct audit_scope *scope)
{
    traces_scope_of(scope, (const char *const[]){"get_order_details", "find_order", "get_order_details"});
    refuses = "find_order";
}

static void in_no_task(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds = {0};
    refuse_one_of(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    assert_int_equal(worlds.task_count, 2 * TRACES_TASKS);
    assert_int_equal(worlds.refused, TRACES_TASKS);
    assert_int_equal(worlds.prepared[1].count, 0);
    for (size_t t = 0; t < worlds.task_count; t++)
        assert_int_equal(worlds.tasks[t].tenant, t < TRACES_TASKS ? 0 : 2);
    worlds_close(&worlds);
    refuses = "recovery"; /* all of them */
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    assert_int_equal(worlds.task_count, 0);
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

static enum status run_exposure(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return exposure_attack(scope, 20, out, why);
}

static void expect_doubt(enum status run(const struct audit_scope *, struct audit_results *, struct why *),
                         const char *name)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    refuse_one_of(&scope);
    assert_int_equal(run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, name)->control, CONTROL_UNDECIDED);
    assert_int_equal(traces_result(&results, name)->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Planted secrets and sentences were counted as shared, and not found in what they were never in. */
static void secrets_are_doubted(void **state)
{
    (void)state;
    expect_doubt(run_exposure, "exposure.value.library");
}

static void sentences_are_doubted(void **state)
{
    (void)state;
    expect_doubt(attack_planted.run, "planted.release");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_no_task),
        cmocka_unit_test(secrets_are_doubted),
        cmocka_unit_test(sentences_are_doubted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
