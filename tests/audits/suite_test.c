/* A suite of made-up attacks: one that fails leaves no silence, one that finished is not run again, and the time left
 * follows the rows. */
#include "audits/kept.h"
#include "audits/suite.h"
#include "audits/trials.h"
#include "audits/world.h"
#include "tests/audits/traces.h"

#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.h"

static size_t runs;

static const struct audit_claim counted_claims[] = {{.name = "counted.one",
                                                     .target = "x",
                                                     .knows = "x",
                                                     .metric = "hits",
                                                     .unit = "probe",
                                                     .baseline = "",
                                                     .control = "x",
                                                     .limit = .2,
                                                     .tolerated = .1},
                                                    {.name = "counted.bound",
                                                     .target = "x",
                                                     .knows = "x",
                                                     .metric = "epsilon",
                                                     .unit = "probe",
                                                     .baseline = "",
                                                     .control = "x",
                                                     .limit = 1,
                                                     .tolerated = 1},
                                                    {.name = "counted.risk",
                                                     .target = "x",
                                                     .knows = "x",
                                                     .metric = "risk",
                                                     .unit = "probe",
                                                     .baseline = "",
                                                     .control = "x",
                                                     .limit = .1,
                                                     .tolerated = .1},
                                                    {0}};
static const struct audit_claim failing_claims[] = {{.name = "failing.done",
                                                     .target = "x",
                                                     .knows = "x",
                                                     .metric = "hits",
                                                     .unit = "probe",
                                                     .baseline = "",
                                                     .control = "x"},
                                                    {.name = "failing.owed",
                                                     .target = "x",
                                                     .knows = "x",
                                                     .metric = "hits",
                                                     .unit = "probe",
                                                     .baseline = "",
                                                     .control = "x"},
                                                    {0}};

static enum status counted_run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    (void)scope, (void)why;
    struct audit_result one = audit_result_start(&counted_claims[0]), bound = audit_result_start(&counted_claims[1]),
                        risk = audit_result_start(&counted_claims[2]);
    runs++;
    audit_result_count(&one, 3, 100);
    one.control = bound.control = CONTROL_PASSED;
    one.control_value = 1. / 3;
    one.note = "a note";
    one.plot = (struct audit_plot){PLOT_FRONTIER, "noise", "leak", 2, mem_new(8, sizeof(double))};
    if (!one.plot.rows)
        return ERR_MEMORY;
    memcpy(one.plot.rows, (double[]){0, .1, .05, .15, 1, .2, NAN, NAN}, 8 * sizeof(double));
    bound.kind = INTERVAL_BOUND;
    bound.samples = 50;
    bound.value = bound.low = .7;
    bound.high = INFINITY;
    bound.p = .04;
    bound.detects = .9;
    audit_result_risk(&risk, 40, 10, 100);
    risk.control = CONTROL_PASSED;
    out->worlds += 7;
    out->world_seconds += .5;
    TRY(audit_results_add(out, &one));
    TRY(audit_results_add(out, &bound));
    return audit_results_add(out, &risk);
}

static enum status failing_run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    (void)scope;
    struct audit_result done = audit_result_start(&failing_claims[0]);
    audit_result_count(&done, 50, 100);
    TRY(audit_results_add(out, &done));
    return why_set(why, ERR_INPUT, "not an adapter", "--adapter", 12);
}

static const struct attack counted = {.name = "counted",
                                      .summary = "x",
                                      .paper = "",
                                      .claims = counted_claims,
                                      .run = counted_run,
                                      .quick_seconds = 4,
                                      .full_seconds = 40};
static const struct attack failing = {
    .name = "failing", .summary = "x", .paper = "", .claims = failing_claims, .run = failing_run, .quick_seconds = 6};

static void an_attack_that_fails_is_not_evaluated(void **state)
{
    (void)state;
    const struct attack *const chosen[] = {&failing, &counted, NULL};
    struct audit_scope scope = {.k = 2};
    struct suite suite = {.scope = &scope, .chosen = chosen};
    struct audit_results results = {0};
    enum status failure = OK;
    assert_int_equal(suite_run(&suite, &results, &failure, NULL), OK);
    assert_int_equal(failure, ERR_INPUT);
    assert_int_equal(results.count, 5);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK); /* what was found before stays found */
    assert_int_equal(results.items[1].verdict, VERDICT_NOT_EVALUATED);
    assert_string_equal(results.items[1].note, "the attack failed: failing: not an adapter in --adapter at 12");
    assert_int_equal(results.items[2].verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(results.timing_count, 2);
    assert_int_equal(results.timings[0].status, ERR_INPUT);
    audit_results_free(&results);
}

/* An attack of two claims, which does not fail. */
static void run_alone(const struct attack *attack, struct audit_results *results)
{
    const struct attack *const chosen[] = {attack, NULL};
    struct audit_scope scope = {.k = 2};
    struct suite suite = {.scope = &scope, .chosen = chosen};
    enum status failure = ERR_BUG;
    assert_int_equal(suite_run(&suite, results, &failure, NULL), OK);
    assert_int_equal(failure, OK);
    assert_int_equal(results->count, 2);
}

static enum status silent_run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    (void)scope, (void)why;
    struct audit_result done = audit_result_start(&failing_claims[0]);
    return audit_results_add(out, &done);
}

static void a_claim_without_a_result_is_not_evaluated(void **state)
{
    (void)state;
    static const struct attack silent = {
        .name = "silent", .summary = "x", .paper = "", .claims = failing_claims, .run = silent_run};
    struct audit_results results = {0};
    run_alone(&silent, &results);
    assert_string_equal(results.items[1].claim->name, "failing.owed");
    assert_int_equal(results.items[1].verdict, VERDICT_NOT_EVALUATED);
    assert_string_equal(results.items[1].note, "the attack says nothing of it");
    audit_results_free(&results);
}

static enum status refused_run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    (void)scope, (void)out;
    return why_set(why, ERR_POLICY, "too few members", NULL, 0);
}

static void what_the_policy_leaves_no_room_for_did_not_fail(void **state)
{
    (void)state;
    static const struct attack refused = {
        .name = "refused", .summary = "x", .paper = "", .claims = failing_claims, .run = refused_run};
    struct audit_results results = {0};
    run_alone(&refused, &results);
    assert_int_equal(results.items[0].verdict, VERDICT_NOT_EVALUATED);
    assert_string_equal(results.items[0].note, "the policy does not allow it: refused: too few members");
    audit_results_free(&results);
}

/* The kept file with its key, and no results, or all of them twice. */
static void spoil(const char *path, bool twice)
{
    static const char begin[] = "\"results\":[", end[] = "],\"seconds\"";
    SCOPED_BUF struct buf text = {0}, spoilt = {0};
    assert_int_equal(file_read(path, 1 << 20, &text), OK);
    const char *start = strstr(buf_text(&text), begin), *stop = strstr(buf_text(&text), end);
    assert_true(start && stop);
    struct bytes list = bytes_of(start + strlen(begin), (size_t)(stop - start) - strlen(begin));
    buf_add(&spoilt, bytes_of(text.data, (size_t)(start - buf_text(&text)) + strlen(begin)));
    if (twice) {
        buf_add(&spoilt, list);
        buf_add_byte(&spoilt, ',');
        buf_add(&spoilt, list);
    }
    buf_add_str(&spoilt, stop);
    assert_int_equal(file_write(path, buf_bytes(&spoilt), 0600), OK);
}

/* All that a result says, as the JSON of a run has it. */
static void run_with(struct audit_scope *scope, const struct attack *attack, struct buf *said, bool *was_kept)
{
    const struct attack *const chosen[] = {attack, NULL};
    struct suite suite = {.scope = scope, .chosen = chosen};
    struct audit_results results = {0};
    enum status failure = OK;
    assert_int_equal(suite_run(&suite, &results, &failure, NULL), OK);
    SCOPED_JSON struct json *json = audit_results_json(&results, 0);
    assert_int_equal(json_canonical(json, said), OK);
    *was_kept = results.timings[0].kept;
    assert_int_equal(results.worlds, attack == &counted ? 7 : 0);
    audit_results_free(&results);
}

static void what_is_kept_says_the_same(void **state)
{
    (void)state;
    char folder[] = "/tmp/suite_test.XXXXXX", path[256];
    struct audit_scope scope = {0};
    SCOPED_BUF struct buf first = {0}, second = {0}, other = {0};
    bool was_kept = true;
    assert_non_null(mkdtemp(folder));
    traces_scope(&scope);
    scope.work = folder;
    runs = 0;
    run_with(&scope, &counted, &first, &was_kept);
    assert_false(was_kept);
    run_with(&scope, &counted, &second, &was_kept);
    assert_true(was_kept);
    assert_int_equal(runs, 1);
    assert_string_equal(buf_text(&first), buf_text(&second));
    static const struct {
        uint64_t seed;
        uint32_t k;
        bool full, probe;
    } others[] = {{8, 2, false, false}, {7, 3, false, false}, {7, 2, true, false}, {7, 2, false, true}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        scope.seed = 7, scope.k = 2, scope.full = false;
        run_with(&scope, &counted, &other, &was_kept);
        scope.seed = others[i].seed, scope.k = others[i].k, scope.full = others[i].full;
        if (others[i].probe)
            assert_int_equal(audit_scope_probe(&scope, 0, "CUSTOM", bytes_str("another value")), OK);
        run_with(&scope, &counted, &other, &was_kept);
        assert_false(was_kept);
    }
    snprintf(path, sizeof path, "%s/counted.kept.json", folder);
    for (const char *const *text = (const char *const[]){"", "{}", "{\"key\":1}", NULL}; *text; text++) {
        assert_int_equal(file_write(path, bytes_str(*text), 0600), OK);
        run_with(&scope, &counted, &other, &was_kept);
        assert_false(was_kept);
    }
    for (int twice = 0; twice < 2; twice++) {
        spoil(path, twice == 1);
        run_with(&scope, &counted, &other, &was_kept);
        assert_false(was_kept);
    }
    run_with(&scope, &counted, &other, &was_kept);
    assert_true(was_kept);
    assert_int_equal(file_remove(path), OK);
    run_with(&scope, &failing, &other, &was_kept);
    run_with(&scope, &failing, &other, &was_kept);
    assert_false(was_kept); /* one that failed is tried again */
    assert_int_equal(rmdir(folder), 0);
    audit_scope_free(&scope);
}

/* --- trials --- */

#define TRIALS 20
static size_t trials_ran;

static enum status number_itself(void *context, size_t trial, struct random random, double *out)
{
    (void)context, (void)random;
    *out = (double)trial;
    return OK;
}

/* Its trials are done when it is stopped. */
static enum status stopped_run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {.name = "stopped", .count = TRIALS, .numbers = 1, .run = number_itself};
    (void)out;
    TRY(trials_run(scope, &trials, &numbers, &trials_ran));
    return why_set(why, ERR_IO, "stopped", NULL, 0);
}
static const struct attack stopped = {
    .name = "stopped", .summary = "x", .paper = "", .claims = failing_claims, .run = stopped_run};

static size_t trials_of(struct audit_scope *scope)
{
    SCOPED_BUF struct buf said = {0};
    bool was_kept = true;
    trials_ran = SIZE_MAX;
    run_with(scope, &stopped, &said, &was_kept);
    assert_false(was_kept);
    return trials_ran;
}

/* Trials that were kept count no longer where anything is another that whole attacks turn on. */
static void trials_are_kept_under_the_key_of_the_suite(void **state)
{
    (void)state;
    char folder[] = "/tmp/suite_test.XXXXXX", path[256];
    struct audit_scope scope = {0};
    struct policy policy;
    assert_non_null(mkdtemp(folder));
    traces_scope(&scope);
    world_policy(&scope, &policy);
    scope.policy = &policy;
    assert_int_equal(trials_of(&scope), TRIALS); /* nothing is kept without a folder */
    assert_int_equal(trials_of(&scope), TRIALS);
    scope.work = folder;
    assert_int_equal(trials_of(&scope), TRIALS);
    assert_int_equal(trials_of(&scope), 0);
    policy.related_milli++; /* by which the server alone goes */
    assert_int_equal(trials_of(&scope), TRIALS);
    snprintf(path, sizeof path, "%s/stopped.trials", folder);
    assert_int_equal(file_remove(path), OK);
    assert_int_equal(rmdir(folder), 0);
    audit_scope_free(&scope);
}

static enum status be_killed(void *context, size_t trial, struct random random, double *out)
{
    (void)context, (void)trial, (void)random, (void)out;
    raise(SIGKILL); /* as where memory runs out */
    return OK;
}

static enum status killed_run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct audit_result done = audit_result_start(&failing_claims[0]);
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {
        .name = "killed", .count = TRIALS, .numbers = 1, .place = TRIAL_FORKED, .run = be_killed};
    (void)why;
    TRY(trials_run(scope, &trials, &numbers, NULL));
    audit_result_count(&done, 0, 1000); /* a pass, if it came so far */
    done.control = CONTROL_PASSED;
    return audit_results_add(out, &done);
}

static void trials_that_are_killed_are_not_evaluated(void **state)
{
    (void)state;
    static const struct attack killed = {
        .name = "killed", .summary = "x", .paper = "", .claims = failing_claims, .run = killed_run};
    const struct attack *const chosen[] = {&killed, NULL};
    struct audit_scope scope = {.k = 2, .jobs = 2};
    struct suite suite = {.scope = &scope, .chosen = chosen};
    struct audit_results results = {0};
    enum status failure = OK;
    assert_int_equal(suite_run(&suite, &results, &failure, NULL), OK);
    assert_int_equal(failure, ERR_IO);
    assert_int_equal(results.timings[0].status, ERR_IO);
    assert_int_equal(results.count, 2);
    for (size_t i = 0; i < results.count; i++) {
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
        assert_non_null(strstr(results.items[i].note, "the attack failed: killed"));
    }
    audit_results_free(&results);
}

static void the_time_left_follows_the_rows(void **state)
{
    (void)state;
    const struct attack *const chosen[] = {&counted, &failing, NULL};
    struct audit_scope scope = {0}, full = {.full = true};
    struct suite suite = {.scope = &scope, .chosen = chosen, .attack_started = 1000000};
    assert_true(fabs(suite_left(&suite, 1000000) - 10) < 1e-9);
    assert_true(fabs(suite_left(&suite, 3000000) - 8) < 1e-9);
    assert_true(fabs(suite_left(&suite, 9000000) - 6) < 1e-9); /* it is late: nothing is taken from what follows */
    suite.expected = 10, suite.taken = 30;                     /* twice as slow: (30 + 10) / (10 + 10) */
    assert_true(fabs(suite_left(&suite, 1000000) - 20) < 1e-9);
    suite.at = 2;
    assert_true(suite_left(&suite, 1000000) == 0);
    suite = (struct suite){.scope = &full, .chosen = chosen, .attack_started = 1000000};
    assert_true(fabs(suite_left(&suite, 1000000) - 50) < 1e-9); /* 40, and 10 of the one that does not say */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attack_that_fails_is_not_evaluated),
        cmocka_unit_test(a_claim_without_a_result_is_not_evaluated),
        cmocka_unit_test(what_the_policy_leaves_no_room_for_did_not_fail),
        cmocka_unit_test(what_is_kept_says_the_same),
        cmocka_unit_test(trials_are_kept_under_the_key_of_the_suite),
        cmocka_unit_test(trials_that_are_killed_are_not_evaluated),
        cmocka_unit_test(the_time_left_follows_the_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
