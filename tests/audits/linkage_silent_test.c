/* Scopes of which nothing is published, and so few tasks that nothing can be said: neither is a pass, and neither is a
 * failure of the search. */
#include "tests/audits/traces.h"

/* `tasks` tasks of each tenant, each about a tool of that tenant's own. */
static void scope_of_strangers(struct audit_scope *scope, size_t tenants, size_t tasks)
{
    static const char *const fields[] = {"harbour", "market", "clinic"};
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < tenants; tenant++) {
        SCOPED_BUF struct buf file = {0};
        assert_int_equal(audit_scope_tenant(scope, fields[tenant]), OK);
        for (size_t task = 0; task < tasks; task++) {
            char tool[64];
            snprintf(tool, sizeof tool, "%s_task_%zu", fields[tenant], task);
            traces_run(&file, tool, tenant, task, true);
            traces_run(&file, tool, tenant, task, false);
        }
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

/* Where no library is ever published there is nothing to attack, and that is no pass. */
static void nothing_released(void **state)
{
    (void)state;
    static const struct {
        const struct attack *attack;
        size_t tenants;
    } cases[] = {{&attack_linkage, 1},
                 {&attack_phantom, 1},
                 {&attack_linkage, 3},
                 {&attack_phantom, 3},
                 {&attack_difference, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct audit_scope scope;
        struct audit_results results;
        scope_of_strangers(&scope, cases[i].tenants, 9 / cases[i].tenants);
        results = (struct audit_results){0};
        assert_int_equal(cases[i].attack->run(&scope, &results, NULL), OK);
        assert_true(results.count > 0 && results.worlds > 0);
        assert_false(audit_is_void(&results));
        for (size_t r = 0; r < results.count; r++) {
            const struct audit_result *result = &results.items[r];
            if (result->verdict != VERDICT_NOT_EVALUATED || result->samples != 0 || !strstr(result->note, "released"))
                fail_msg("%s: %s, %s", result->claim->name, verdict_name(result->verdict), result->note);
        }
        audit_results_free(&results);
        audit_scope_free(&scope);
    }
}

/* Of eight tasks all but one took part in the release that is looked at: too few to tell even what is there. */
static void few_held_out(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 2, .k = 2};
    struct audit_results results = {0};
    for (size_t tenant = 0; tenant < 2; tenant++) {
        SCOPED_BUF struct buf file = {0};
        assert_int_equal(audit_scope_tenant(&scope, tenant ? "harbour" : "market"), OK);
        for (size_t task = 0; task < 4; task++) {
            traces_run(&file, "get_order_details", tenant, task, true);
            traces_run(&file, "get_order_details", tenant, task, false);
        }
        assert_int_equal(audit_scope_file(&scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
    assert_int_equal(attack_phantom.run(&scope, &results, NULL), OK);
    const struct audit_result *release = traces_result(&results, "phantom.release");
    assert_true(release->samples > 0 && release->control == CONTROL_UNDECIDED);
    assert_int_equal(release->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_released),
        cmocka_unit_test(few_held_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
