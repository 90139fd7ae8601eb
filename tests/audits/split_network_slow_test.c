/* replaces: channel_vote_score */
/* A network that learns what a survey's answer is about, beside Bayes' best guess: on the real likelihoods it does not
 * beat it, and the noise hides from both; on likelihoods that are wrong it does, and the suite is void. */
#include "tests/audits/traces.h"

#include "audits/split/answer_network.h"

double __real_channel_vote_score(const struct channel *channel, const double *table, uint32_t topic, uint32_t point);
double __wrap_channel_vote_score(const struct channel *channel, const double *table, uint32_t topic, uint32_t point);

static bool is_wrong; /* what is least likely is taken for what is most */

double __wrap_channel_vote_score(const struct channel *channel, const double *table, uint32_t topic, uint32_t point)
{
    double score = __real_channel_vote_score(channel, table, topic, point);
    return is_wrong ? -score : score;
}

static void run(struct audit_results *results)
{
    struct audit_scope scope = {.seed = 1, .k = 2};
    struct why why = {0};
    *results = (struct audit_results){0};
    assert_int_equal(attack_split_network.run(&scope, results, &why), OK);
    assert_int_equal(results->count, 2);
    audit_scope_free(&scope);
}

static void beside_bayes(void **state)
{
    (void)state;
    struct audit_results results;
    is_wrong = false;
    run(&results);
    for (size_t i = 0; i < results.count; i++) {
        const struct audit_result *result = &results.items[i];
        assert_int_equal(result->verdict, VERDICT_NO_LEAK_ABOVE);
        assert_true(result->p > 1e-4 && result->low <= result->baseline);
        assert_true(result->value > result->baseline / 2); /* it has learned most of what there is */
    }
    audit_results_free(&results);
}

static void wrong_likelihoods(void **state)
{
    (void)state;
    struct audit_results results;
    is_wrong = true;
    run(&results);
    assert_int_equal(traces_result(&results, "split.survey.topic.network")->control, CONTROL_FAILED);
    assert_int_equal(traces_result(&results, "split.survey.label.network")->control, CONTROL_PASSED);
    assert_true(audit_is_void(&results));
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beside_bayes),
        cmocka_unit_test(wrong_likelihoods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
