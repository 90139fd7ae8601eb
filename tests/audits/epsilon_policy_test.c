/* A policy of mode `dp` is audited as itself: its own ε, δ and number of statements, by the selection. */
#include "audits/epsilon/selection.h"
#include "tests/audits/private_policy.h"

static void by_the_selection(void **state)
{
    (void)state;
    audited_as_itself(&attack_selection, "epsilon.selection", 2);
}

/* What the attack changes of a policy is what bears upon no selection; of mode threshold the reference stands in. */
static void only_the_frame_is_the_attacks(void **state)
{
    (void)state;
    struct policy policy = private_policy(2), audited;
    const struct audit_scope scope = {.seed = 11, .k = 2, .policy = &policy};
    selection_policy(&scope, &audited);
    assert_int_equal(audited.dp_epsilon_micro, policy.dp_epsilon_micro);
    assert_int_equal(audited.dp_delta_pico, policy.dp_delta_pico);
    assert_int_equal(audited.dp_statements, policy.dp_statements);
    policy.mode = RELEASE_THRESHOLD;
    selection_policy(&scope, &audited);
    assert_int_equal(audited.mode, RELEASE_DP);
    assert_int_equal(audited.dp_epsilon_micro, 4000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_frame_is_the_attacks),
        cmocka_unit_test(by_the_selection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
