/* Defences of features on the sample traces: without any the words come out, at the noise floor they don't, and no
 * setting that keeps features useful hides them. */
#include "tests/audits/traces.h"

static void sweep(void **state)
{
    (void)state;
    static const char *const names[] = {"harbor-infra", "lumen-data", "northwind-support"};
    char folders[3][4096];
    struct audit_scope scope;
    struct audit_results results = {0};
    struct why why = {0};
    for (size_t i = 0; i < 3; i++)
        snprintf(folders[i], sizeof folders[i], "%s/tests/samples/%s", getenv("CHATHAM_SOURCE"), names[i]);
    assert_int_equal(audit_scope_load((const char *const[]){folders[0], folders[1], folders[2]}, 3, NULL, &scope, &why),
                     OK);
    scope.k = 2;
    scope.seed = 1;
    assert_int_equal(attack_split_defences.run(&scope, &results, &why), OK);
    assert_int_equal(results.count, 3);
    for (size_t i = 0; i < results.count; i++) {
        const struct audit_result *result = &results.items[i];
        assert_int_equal(result->control, CONTROL_PASSED);
        assert_int_equal(result->verdict, VERDICT_EXPECTED);
        assert_int_equal(result->plot.kind, PLOT_FRONTIER);
    }
    const struct audit_plot *noise = &traces_result(&results, "split.defence.noise")->plot;
    const struct audit_plot *activation = &traces_result(&results, "split.defence.activation")->plot;
    assert_int_equal(noise->points, 8);
    assert_true(noise->rows[0] == 1 && noise->rows[1] > .5);              /* no defence: all neighbours, most words */
    assert_true(noise->rows[4 * 7] < .2 && noise->rows[4 * 7 + 3] < .05); /* the floor: neither */
    assert_true(activation->rows[1] > .5);                                /* the activation alone hides nothing */
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    if (!getenv("CHATHAM_SOURCE"))
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
