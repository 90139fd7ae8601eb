/* Exposure: scores on texts that can be counted by hand, ranks that chance alone makes uniform, and an attack that
 * finds nothing where values are scrubbed and names are k tenants' or nobody's. */
#include "tests/audits/traces.h"

#include <math.h>

#include "audits/exposure/exposure.h"
#include "audits/exposure/rank.h"
#include "audits/statistics/statistics.h"
#include "audits/world.h"

static double score(const char *text, const char *secret)
{
    struct text_runs *runs = NULL;
    assert_int_equal(text_runs_new(bytes_str(text), &runs), OK);
    double value = text_runs_score(runs, secret);
    text_runs_free(runs);
    return value;
}

static void scores(void **state)
{
    (void)state;
    assert_true(score("it is TIBArone indeed", "tibarone") == 6); /* all runs of six lengths */
    assert_true(score("x abcd x", "abcd") == 2);                  /* two lengths, whole */
    assert_true(score("xabcx", "abcd") == .5);                    /* one of two runs of three */
    assert_true(score("", "tibarone") == 0);
    assert_true(score("ab", "abc") == 0);
    assert_true(score("dcba", "abcd") == 0);
}

/* The one that the text has is first of all; with a text that has nothing, or everything alike, any rank is as good as
 * another: of 2,000 ranks the mean is near the middle, and one in 1,024 is first. */
static void ranks(void **state)
{
    (void)state;
    enum { DRAWS = 2000 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    struct text_runs *runs = NULL, *nothing = NULL;
    SCOPED_BUF struct buf text = {0};
    for (size_t i = 0; i < 8; i++) {
        struct secret_word secret;
        secret_draw(i % 2, i, random, &secret);
        buf_clear(&text);
        buf_addf(&text, "we met %s on the way", secret.text);
        assert_int_equal(text_runs_new(buf_bytes(&text), &runs), OK);
        assert_int_equal(secret_rank(runs, i % 2, i, &secret, random), 1);
        text_runs_free(runs);
    }
    assert_int_equal(text_runs_new(bytes_str("nothing of the kind"), &nothing), OK);
    double sum = 0;
    size_t first = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        struct secret_word secret;
        secret_draw(SECRET_VALUE, i, random, &secret);
        size_t rank = secret_rank(nothing, SECRET_VALUE, i, &secret, random);
        assert_in_range(rank, 1, RANK_CANDIDATES);
        sum += (double)rank;
        first += rank == 1;
    }
    text_runs_free(nothing);
    double mean = sum / DRAWS / RANK_CANDIDATES; /* standard error .0065 */
    assert_true(mean > .475 && mean < .525);
    assert_true(stat_binomial_tail(first, DRAWS, 1. / RANK_CANDIDATES) > .001 && first < 10);
}

/* Forms differ, and two draws of one form do. */
static void draws(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    for (size_t i = 0; i < 8; i++) {
        struct secret_word one, other;
        secret_draw(i / 4, i, random, &one);
        secret_draw(i / 4, i, random, &other);
        assert_true(strlen(one.text) >= 8 && strlen(one.text) < SECRET_MAX);
        assert_string_not_equal(one.text, other.text);
        assert_true((strchr(one.text, ' ') != NULL) == (i == 1));
    }
}

/* The places of 95 % for a median: second and ninth of 10, 40th and 61st of 100 (Conover 1999, table A3's binomials).
 */
static void medians(void **state)
{
    (void)state;
    static size_t counts[RANK_CANDIDATES + 1];
    for (size_t rank = 1; rank <= 100; rank++)
        counts[rank] = 1;
    struct rank_median median = rank_median_of(counts, 100);
    assert_true(median.bits == log2(1024. / 50) && median.low == log2(1024. / 61) && median.high == log2(1024. / 40));
    memset(counts + 11, 0, 90 * sizeof *counts);
    median = rank_median_of(counts, 10);
    assert_true(median.low == log2(1024. / 9) && median.high == log2(1024. / 2));
    memset(counts, 0, sizeof counts);
    counts[1] = 3; /* too few to say anything */
    median = rank_median_of(counts, 3);
    assert_true(median.bits == 10 && median.low == 0 && median.high == 10);
}

static void planted_and_not_found(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(exposure_attack(&scope, 60, &results, NULL), OK);
    assert_false(audit_is_void(&results));
    const struct audit_result *value = traces_result(&results, "exposure.value.records");
    const struct audit_result *name = traces_result(&results, "exposure.name.records");
    assert_true(value->hits <= 2 && value->control == CONTROL_PASSED && value->plot.points == RANK_BITS + 1);
    assert_true(value->plot.rows[1] == 1 && value->plot.rows[2] > .9); /* exposed by no bit: all */
    assert_int_equal(name->verdict, VERDICT_EXPECTED);
    assert_true(name->value > .9 && name->plot.rows[4 * RANK_BITS + 1] == name->value);
    assert_true(traces_result(&results, "exposure.value.library")->hits <= 2);
    assert_true(traces_result(&results, "exposure.name.library")->hits <= 2);
    assert_int_equal(traces_result(&results, "exposure.value.library")->control, CONTROL_PASSED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Mode dp with three tenants: no round is held, and that is not called safe; the records leave all the same. */
static void no_round(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct policy policy;
    traces_scope(&scope);
    world_policy(&scope, &policy);
    policy.mode = RELEASE_DP;
    policy.dp_epsilon_micro = 1000000;
    policy.dp_delta_pico = 10000000;
    policy.dp_statements = 8;
    policy.budget_epsilon_micro = 20000000;
    policy.budget_delta_pico = 100000000;
    policy.round_seconds = 3600;
    policy.noise_epsilon_max_micro = 500000;
    scope.policy = &policy;
    assert_int_equal(exposure_attack(&scope, 20, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "exposure.name.records")->verdict, VERDICT_EXPECTED);
    assert_int_equal(traces_result(&results, "exposure.name.library")->verdict, VERDICT_NOT_EVALUATED);
    assert_int_equal(traces_result(&results, "exposure.name.library")->samples, 0);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* Fewer tenants than k: not even what the planted runs have in common is released, and a library that is empty of
 * secrets because it is empty is not called safe. */
static void nothing_released(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    scope.k = TRACES_TENANTS + 1;
    assert_int_equal(exposure_attack(&scope, 20, &results, NULL), OK);
    static const char *const names[] = {"exposure.value.library", "exposure.name.library"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(traces_result(&results, names[i])->verdict, VERDICT_NOT_EVALUATED);
        assert_int_equal(traces_result(&results, names[i])->control, CONTROL_UNDECIDED);
    }
    assert_int_equal(traces_result(&results, "exposure.value.records")->control, CONTROL_PASSED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void nobody(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_exposure.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "exposure.name.library")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores),
        cmocka_unit_test(ranks),
        cmocka_unit_test(medians),
        cmocka_unit_test(draws),
        cmocka_unit_test(planted_and_not_found),
        cmocka_unit_test(nobody),
        cmocka_unit_test(nothing_released),
        cmocka_unit_test(no_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
