/* replaces: dp_union_for */
/* A threshold of mode `dp` at a third of what it must be publishes what a colluder alone says: the attack on what is
 * published finds it; as it is, nothing is. */
#include "dp/weighted_union.h"
#include "tests/audits/traces.h"

static bool leaks;
enum status __wrap_dp_union_for(struct dp_zcdp loss, uint32_t keys, struct dp_union *out);
enum status __real_dp_union_for(struct dp_zcdp loss, uint32_t keys, struct dp_union *out);

enum status __wrap_dp_union_for(struct dp_zcdp loss, uint32_t keys, struct dp_union *out)
{
    enum status status = __real_dp_union_for(loss, keys, out);
    if (leaks)
        out->threshold /= 3;
    return status;
}

static void measure(enum verdict verdict)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_publish_dp.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "poison.publish.private");
    if (result->verdict != verdict)
        fail_msg("%s: %g of %zu, control %g", verdict_name(result->verdict), result->value, result->samples,
                 result->control_value);
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_true(result->tolerated > 0 && result->tolerated < 1.1e-5); /* of one tenant alone: delta */
    audit_results_free(&results);
}

static void a_threshold_that_is_too_low_is_found(void **state)
{
    (void)state;
    measure(VERDICT_NO_LEAK_ABOVE);
    leaks = true;
    measure(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_threshold_that_is_too_low_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
