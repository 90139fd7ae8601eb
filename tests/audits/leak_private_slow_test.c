/* replaces: dp_gaussian */
/* Half of the noise of mode `dp`, in whole rounds: every attack on it finds more than its epsilon allows; as it is,
 * none does. Of a server that releases nothing none says that nothing leaks. */
#include "dp/gaussian.h"
#include "tests/audits/traces.h"

static bool leaks, is_silent;
int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);
int64_t __real_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);

int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance)
{
    if (is_silent && variance.numerator >= 4) /* all but the control's own selection */
        return INT64_MIN / 1024;
    if (leaks && variance.numerator >= 4)
        variance.numerator /= 4;
    return __real_dp_gaussian(stream, variance);
}

/* skip: of a claim that the leak does not touch */
static void measure(const struct attack *attack, const char *skip)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack->run(&scope, &results, NULL), OK);
    for (size_t i = 0; i < results.count; i++) {
        const struct audit_result *result = &results.items[i];
        print_message("%s: %s, %g in [%g, %g] of %g\n", result->claim->name, verdict_name(result->verdict),
                      result->value, result->low, result->high, result->limit);
        assert_int_equal(result->control, CONTROL_PASSED);
        if (leaks && strcmp(result->claim->name, skip) != 0)
            assert_int_equal(result->verdict, VERDICT_LEAK);
        if (!leaks)
            assert_int_not_equal(result->verdict, VERDICT_LEAK);
    }
    audit_results_free(&results);
}

static void is_no_pass(const struct attack *attack, const char *skip)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack->run(&scope, &results, NULL), OK);
    assert_true(results.count > 1);
    for (size_t i = 0; i < results.count; i++) {
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
        if (strcmp(results.items[i].claim->name, skip) != 0)
            assert_int_equal(results.items[i].control, CONTROL_UNDECIDED);
    }
    audit_results_free(&results);
}

static void a_server_that_releases_nothing_passes_nothing(void **state)
{
    (void)state;
    leaks = false;
    is_silent = true;
    is_no_pass(&attack_linkage_dp, "linkage.private.single-out"); /* its control is of the server, and fails */
    is_no_pass(&attack_difference_dp, "");
    is_silent = false;
}

static void measure_all(void)
{
    measure(&attack_linkage_dp, "linkage.private.single-out"); /* less noise releases less of what is rare */
    measure(&attack_difference_dp, "");
}

static void halved_noise_is_found(void **state)
{
    (void)state;
    measure_all();
    leaks = true;
    measure_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_server_that_releases_nothing_passes_nothing),
                                       cmocka_unit_test(halved_noise_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
