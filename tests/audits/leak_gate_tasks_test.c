/* A seeded leak: selection counts one tenant as enough and the gate lets everything pass. Every task of these tenants
 * teaches something of its own, so that nothing of it is released as long as two tenants are asked for. */
/* replaces: release_recount release_overlap gate_check_insight */
#include "tests/audits/traces.h"

#include "audits/reconstruction/release.h"
#include "insight/library_check.h"
#include "insight/release_internal.h"

static bool leaks;

enum status __real_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason);
enum status __wrap_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason);
enum status __wrap_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason)
{
    struct policy policy = *input->policy;
    struct release_input open = *input;
    open.policy = &policy;
    if (leaks)
        policy.k = 1;
    return __real_release_recount(&open, table, proposal, out, phrases_dropped, reason);
}

enum status __real_release_overlap(const struct release_input *input, const struct phrase_table *table,
                                   const struct holdings *holdings, struct selected *selected, size_t count,
                                   size_t *withheld);
enum status __wrap_release_overlap(const struct release_input *input, const struct phrase_table *table,
                                   const struct holdings *holdings, struct selected *selected, size_t count,
                                   size_t *withheld);
enum status __wrap_release_overlap(const struct release_input *input, const struct phrase_table *table,
                                   const struct holdings *holdings, struct selected *selected, size_t count,
                                   size_t *withheld)
{
    return leaks ? OK : __real_release_overlap(input, table, holdings, selected, count, withheld);
}

enum status __real_gate_check_insight(const struct candidate *text, const struct redactor *redactor,
                                      const char *const *canaries, enum withheld_reason *reason);
enum status __wrap_gate_check_insight(const struct candidate *text, const struct redactor *redactor,
                                      const char *const *canaries, enum withheld_reason *reason);
enum status __wrap_gate_check_insight(const struct candidate *text, const struct redactor *redactor,
                                      const char *const *canaries, enum withheld_reason *reason)
{
    return leaks ? OK : __real_gate_check_insight(text, redactor, canaries, reason);
}

static void scope_of_own_lessons(struct audit_scope *scope)
{
    static const char *const tools[TRACES_TENANTS][TRACES_TASKS] = {
        {"open_window", "water_garden", "paint_fence", "bake_bread", "tune_piano", "fold_paper"},
        {"drive_tractor", "sail_boat", "climb_mountain", "ride_horse", "throw_stone", "plant_tree"},
        {"write_letter", "read_map", "count_sheep", "build_bridge", "carve_wood", "mend_net"},
    };
    traces_scope_of_tasks(scope, tools);
}

static void expect(const struct audit_scope *scope, const char *name, bool found)
{
    struct audit_results results = {0};
    struct why why = {0};
    const struct rounds_sizes few = {{24}, 6, 30};
    assert_int_equal(reconstruction_of_release(scope, &few, &results, &why), OK);
    const struct audit_result *result = traces_result(&results, name);
    if ((result->verdict == VERDICT_LEAK) != found || result->control != CONTROL_PASSED)
        fail_msg("%s: %s, value %g in [%g, %g], limit %g, control %g", name, verdict_name(result->verdict),
                 result->value, result->low, result->high, result->limit, result->control_value);
    audit_results_free(&results);
}

static void gate_off(void **state)
{
    (void)state;
    struct audit_scope scope;
    scope_of_own_lessons(&scope);
    leaks = false;
    expect(&scope, "reconstruction.release.first", false);
    leaks = true;
    expect(&scope, "reconstruction.release.first", true);
    leaks = false;
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gate_off)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
