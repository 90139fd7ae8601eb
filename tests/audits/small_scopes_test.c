/* Scopes as somebody may have them first: one tenant, tenants of one task each, lessons of one kind. There is little to
 * be found there, and that is said of each result; it is no failure of the search, and the suite is not void. */
#include "tests/audits/traces.h"

#include "audits/split/study.h"

static const char *const tools[] = {"get_order_details",   "cancel_flight_booking", "print_parcel_label",
                                    "open_support_ticket", "restart_web_server",    "rotate_access_key"};

/* `tasks` tasks of each tenant, each about a tool of its own. */
static void scope_of(struct audit_scope *scope, size_t tenants, size_t tasks)
{
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < tenants; tenant++) {
        char name[32];
        SCOPED_BUF struct buf file = {0};
        snprintf(name, sizeof name, "merchant-%zu", tenant);
        assert_int_equal(audit_scope_tenant(scope, name), OK);
        for (size_t task = 0; task < tasks; task++) {
            const char *tool = tools[(tenant * tasks + task) % (sizeof tools / sizeof *tools)];
            traces_run(&file, tool, tenant, task, true);
            traces_run(&file, tool, tenant, task, false);
        }
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

static void run_on(const struct attack *attack, size_t tenants, size_t tasks, struct audit_results *results)
{
    struct audit_scope scope;
    struct why why = {0};
    *results = (struct audit_results){0};
    scope_of(&scope, tenants, tasks);
    assert_int_equal(attack->run(&scope, results, &why), OK);
    assert_false(audit_is_void(results));
    audit_scope_free(&scope);
}

static void expect_untold(const struct audit_results *results, const char *name, const char *note)
{
    const struct audit_result *result = traces_result(results, name);
    assert_int_equal(result->verdict, VERDICT_NOT_EVALUATED);
    assert_string_equal(result->note, note);
}

static void one_tenant(void **state)
{
    (void)state;
    struct audit_results results;
    run_on(&attack_split_features, 1, 4, &results);
    expect_untold(&results, "split.floor.label", STUDY_ONE_KIND);
    assert_true(traces_result(&results, "split.floor.optimise")->samples > 0);
    audit_results_free(&results);
}

/* Devices made of one lesson each answer alike: whoever answered cannot be told, and the noise has no part in it. */
static void devices_alike(void **state)
{
    (void)state;
    struct audit_results results;
    run_on(&attack_split_survey, 3, 1, &results);
    expect_untold(&results, "split.survey.device",
                  "made of these lessons, too many devices have the same to say: nobody to be told from");
    assert_int_equal(traces_result(&results, "split.survey.topic")->control, CONTROL_PASSED);
    audit_results_free(&results);
}

/* A tenant of one task has no other texts by which it is known; of two it has. */
static void one_task_each(void **state)
{
    (void)state;
    struct audit_results results;
    run_on(&attack_names, 3, 1, &results);
    expect_untold(&results, "linkage.style.contributions",
                  "nothing is known of a tenant but the task to be named, or nobody else is there");
    audit_results_free(&results);
    run_on(&attack_names, 3, 2, &results);
    assert_int_equal(traces_result(&results, "linkage.style.contributions")->samples, 12);
    assert_int_equal(traces_result(&results, "linkage.style.contributions")->control, CONTROL_PASSED);
    audit_results_free(&results);
}

/* Kinds are told where two tenants have two kinds of lessons, and not of one tenant's or one kind's. */
static void kinds(void **state)
{
    (void)state;
    struct lesson items[] = {{.tenant = 0, .task = 0, .kind = CANDIDATE_SKILL},
                             {.tenant = 0, .task = 1, .kind = CANDIDATE_RECOVERY},
                             {.tenant = 1, .task = 2, .kind = CANDIDATE_SKILL}};
    struct lessons lessons = {.count = 3, .items = items};
    assert_true(study_has_kinds(&lessons));
    items[1].kind = CANDIDATE_SKILL;
    assert_false(study_has_kinds(&lessons));
    items[1].kind = CANDIDATE_RECOVERY;
    items[2].tenant = 0;
    assert_false(study_has_kinds(&lessons));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_tenant),
        cmocka_unit_test(devices_alike),
        cmocka_unit_test(one_task_each),
        cmocka_unit_test(kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
