/* replaces: dp_gaussian */
/* Seeded leaks of mode `dp`: a selection without noise, and one with half of its deviation. Both are found by the
 * attack on the selection; as it is, it comes near to what is stated and is not over it. */
#include "dp/gaussian.h"
#include "tests/audits/traces.h"

static enum { AS_IT_IS, NOISE_HALVED, NOISE_OFF } leak;
int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);
int64_t __real_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);

int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance)
{
    if (leak == NOISE_OFF)
        return 0;
    if (leak == NOISE_HALVED)
        variance.numerator = (variance.numerator + 3) / 4;
    return __real_dp_gaussian(stream, variance);
}

static double measure(enum verdict verdict)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_selection.run(&scope, &results, NULL), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    const struct audit_result *result = traces_result(&results, "epsilon.selection");
    double bound = result->low;
    if (result->verdict != verdict || result->control != CONTROL_PASSED)
        fail_msg("%s: %g of %g, control %g", verdict_name(result->verdict), bound, result->limit,
                 result->control_value);
    assert_true(result->detects < 1.5 * result->limit);
    audit_results_free(&results);
    return bound;
}

static void missing_noise_is_found(void **state)
{
    (void)state;
    leak = AS_IT_IS;
    double kept = measure(VERDICT_NO_LEAK_ABOVE);
    assert_true(kept > 2.5); /* of a stated 4, for which the noise is a little more than it takes */
    leak = NOISE_HALVED;
    assert_true(measure(VERDICT_LEAK) > 1.5 * kept);
    leak = NOISE_OFF;
    assert_true(measure(VERDICT_LEAK) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(missing_noise_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
