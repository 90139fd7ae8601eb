/* replaces: dp_gaussian */
/* Whole rounds of mode `dp` with half of their noise are found by the attack on the library; as they are, nothing is.
 */
#include "dp/gaussian.h"
#include "tests/audits/traces.h"

static bool leaks;
int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);
int64_t __real_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);

int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance)
{
    if (leaks && variance.numerator >= 4)
        variance.numerator /= 4;
    return __real_dp_gaussian(stream, variance);
}

static void measure(enum verdict verdict)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_epsilon_release.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "epsilon.release");
    print_message("%s: %g of %g, %zu canaries\n", verdict_name(result->verdict), result->low, result->limit,
                  result->samples);
    assert_int_equal(result->verdict, verdict);
    assert_int_equal(result->control, CONTROL_PASSED);
    audit_results_free(&results);
}

static void halved_noise_is_found(void **state)
{
    (void)state;
    measure(VERDICT_NO_LEAK_ABOVE);
    leaks = true;
    measure(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(halved_noise_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
