/* replaces: dp_laplace_add dp_response_answer dp_vector_release */
/* Seeded leaks of class `noised`: numbers with half of their noise, a vote that is always true, a vector without noise.
 * Each is found by the attack meant for it, and what was left alone is not. */
#include "dp/response.h"
#include "dp/vector.h"
#include "tests/audits/traces.h"

static bool leaks;
int64_t __wrap_dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate);
int64_t __real_dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate);
bool __wrap_dp_response_answer(struct dp_stream *stream, struct dp_response response, bool truth);
bool __real_dp_response_answer(struct dp_stream *stream, struct dp_response response, bool truth);
void __wrap_dp_vector_release(const struct dp_vector_terms *terms, struct dp_stream *stream, const int64_t *values,
                              int64_t *out);
void __real_dp_vector_release(const struct dp_vector_terms *terms, struct dp_stream *stream, const int64_t *values,
                              int64_t *out);

int64_t __wrap_dp_laplace_add(struct dp_stream *stream, int64_t value, struct dp_ratio rate)
{
    if (leaks)
        rate.numerator *= 2;
    return __real_dp_laplace_add(stream, value, rate);
}

bool __wrap_dp_response_answer(struct dp_stream *stream, struct dp_response response, bool truth)
{
    return leaks ? truth : __real_dp_response_answer(stream, response, truth);
}

void __wrap_dp_vector_release(const struct dp_vector_terms *terms, struct dp_stream *stream, const int64_t *values,
                              int64_t *out)
{
    if (leaks)
        dp_vector_clip(terms, values, out);
    else
        __real_dp_vector_release(terms, stream, values, out);
}

static const char *const noised[] = {"epsilon.survey.answer", "epsilon.survey.sums", "epsilon.floor.vote",
                                     "epsilon.floor.count", "epsilon.floor.vector"};

static void expect(const struct audit_results *results, const char *name, enum verdict verdict)
{
    const struct audit_result *result = traces_result(results, name);
    if (result->verdict != verdict)
        fail_msg("%s: %s, %g of %g", name, verdict_name(result->verdict), result->low, result->limit);
}

static void run(bool seeded, struct audit_results *out)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    leaks = seeded;
    *out = (struct audit_results){0};
    assert_int_equal(attack_epsilon_answers.run(&scope, out, NULL), OK);
    assert_int_equal(audit_results_judge(out), OK);
    assert_false(audit_is_void(out));
    expect(out, "epsilon.floor.choice", VERDICT_NO_LEAK_ABOVE); /* left alone in either case */
}

static void missing_noise_is_found(void **state)
{
    (void)state;
    struct audit_results results;
    run(false, &results);
    for (size_t i = 0; i < sizeof noised / sizeof *noised; i++)
        expect(&results, noised[i], VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
    run(true, &results);
    for (size_t i = 0; i < sizeof noised / sizeof *noised; i++)
        expect(&results, noised[i], VERDICT_LEAK);
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(missing_noise_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
