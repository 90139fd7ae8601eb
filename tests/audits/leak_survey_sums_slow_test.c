/* replaces: dp_projective_answer */
/* Votes of the survey that are always truthful show in the sums that a server makes of them; as they are, they don't.
 */
#include "dp/projective.h"
#include "tests/audits/traces.h"

static bool leaks;
uint32_t __wrap_dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth);
uint32_t __real_dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth);

uint32_t __wrap_dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth)
{
    struct dp_projective truthful = *space;
    if (leaks)
        truthful.inside = truthful.of - 1;
    return __real_dp_projective_answer(&truthful, stream, truth);
}

static void measure(enum verdict verdict)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_epsilon_survey.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "epsilon.survey.server");
    print_message("%s: %g of %g, %zu runs\n", verdict_name(result->verdict), result->low, result->limit,
                  result->samples);
    assert_int_equal(result->verdict, verdict);
    assert_int_equal(result->control, CONTROL_PASSED);
    audit_results_free(&results);
}

static void truthful_votes_are_found(void **state)
{
    (void)state;
    measure(VERDICT_NO_LEAK_ABOVE);
    leaks = true;
    measure(VERDICT_LEAK);
}

static void a_policy_without_answers_has_no_sums(void **state)
{
    (void)state;
    struct policy policy;
    policy_default(&policy);
    policy.allow_noised = false;
    struct audit_scope scope = {.seed = 7, .k = 2, .policy = &policy};
    struct audit_results results = {0};
    assert_int_equal(attack_epsilon_survey.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "epsilon.survey.server");
    assert_int_equal(result->verdict, VERDICT_NOT_EVALUATED);
    assert_non_null(strstr(result->note, "not applicable"));
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_without_answers_has_no_sums),
        cmocka_unit_test(truthful_votes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
