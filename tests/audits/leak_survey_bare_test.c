/* A seeded leak: a device's survey answers go out without their noise, with the form and the declared ε of noised ones.
 */
/* replaces: dp_projective_answer dp_laplace_add */
#include "tests/audits/traces.h"

#include "dp/laplace.h"
#include "dp/projective.h"

static bool leaks;

uint32_t __real_dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth);
uint32_t __wrap_dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth);
int64_t __real_dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate);
int64_t __wrap_dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate);

uint32_t __wrap_dp_projective_answer(const struct dp_projective *space, struct dp_stream *stream, uint32_t truth)
{
    return leaks ? truth : __real_dp_projective_answer(space, stream, truth);
}

int64_t __wrap_dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate)
{
    return leaks ? value : __real_dp_laplace_add(stream, value, rate);
}

static void run(struct audit_results *out)
{
    struct audit_scope scope;
    struct why why = {0};
    *out = (struct audit_results){0};
    traces_scope(&scope);
    assert_int_equal(attack_split_survey.run(&scope, out, &why), OK);
    audit_scope_free(&scope);
}

static void expect(const struct audit_results *results, const char *name, enum verdict verdict)
{
    const struct audit_result *result = traces_result(results, name);
    if (result->verdict != verdict)
        fail_msg("%s: %s, %g in [%g, %g], limit %g", name, verdict_name(result->verdict), result->value, result->low,
                 result->high, result->limit);
}

static void with_noise(void **state)
{
    (void)state;
    struct audit_results results;
    leaks = false;
    run(&results);
    expect(&results, "split.survey.topic", VERDICT_NO_LEAK_ABOVE);
    expect(&results, "split.survey.label", VERDICT_NO_LEAK_ABOVE);
    assert_true(traces_result(&results, "split.survey.topic")->p < .01); /* an epsilon of 4 is no secrecy */
    assert_int_equal(traces_result(&results, "split.survey.topic")->control, CONTROL_PASSED);
    audit_results_free(&results);
}

static void without(void **state)
{
    (void)state;
    struct audit_results results;
    leaks = true;
    run(&results);
    expect(&results, "split.survey.topic", VERDICT_LEAK);
    expect(&results, "split.survey.label", VERDICT_LEAK);
    assert_true(traces_result(&results, "split.survey.topic")->value == 1);
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_noise),
        cmocka_unit_test(without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
