/* A policy of mode `dp` that is audited as itself: what the attack says of it has the limit that it states. */
#pragma once

#include "tests/audits/traces.h"

static inline struct policy private_policy(uint32_t epsilon)
{
    struct policy policy;
    policy_default(&policy);
    policy.mode = RELEASE_DP;
    policy.dp_epsilon_micro = epsilon * UINT64_C(1000000);
    policy.dp_delta_pico = 1000000; /* 1e-6 */
    policy.dp_statements = 8;
    return policy;
}

static inline void audited_as_itself(const struct attack *attack, const char *name, uint32_t epsilon)
{
    const struct policy policy = private_policy(epsilon);
    const struct audit_scope scope = {.seed = 11, .k = 2, .policy = &policy};
    struct audit_results results = {0};
    assert_int_equal(attack->run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, name);
    assert_true(result->limit == epsilon && result->tolerated == epsilon);
    assert_true(result->low <= epsilon);
    assert_int_equal(result->control, CONTROL_PASSED);
    assert_int_not_equal(result->verdict, VERDICT_LEAK);
    audit_results_free(&results);
}
