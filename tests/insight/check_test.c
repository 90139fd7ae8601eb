/* The check before anything leaves: for each reason a text that it must catch and one that it must let pass. */
#include "tests/insight/traces.h"

#include "redaction/redaction.h"

static struct trace trace;
static struct extract_options options = {.overlap_tokens = 3};

static void add(enum step_role role, const char *tool, const char *text, bool failed)
{
    assert_int_equal(trace_add_step(&trace, role, bytes_str(tool), bytes_str(text), failed), OK);
}

static int make(void **state)
{
    (void)state;
    trace_init(&trace, TRACE_OPENAI);
    trace.prompt = mem_copy(bytes_str("You are asked to cancel every expired voucher in the account"));
    trace.system = mem_copy(
        bytes_str("Agents must confirm baggage allowance before charging cards. Transfer the user to a human agent."));
    trace.task = mem_copy(bytes_str("t"));
    add(STEP_USER, NULL, "Hello, this is Zelda Quux, my cat knocked over the coffee machine yesterday", false);
    add(STEP_CALL, "update_frobnicator", "{\"frob_level\":\"Wibble\"}", false);
    add(STEP_RESULT, "update_frobnicator", "Error: the request was refused because limits were exceeded", true);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    trace_free(&trace);
    return 0;
}

static enum status check(const char *act, enum drop_reason *reason)
{
    struct candidate candidate = {.kind = CANDIDATE_RECOVERY};
    if (act)
        assert_int_equal(phrases_add(&candidate.act, act), OK);
    *reason = DROP_REASONS;
    enum status status = candidate_check(&candidate, &trace, &options, reason);
    candidate_free(&candidate);
    return status;
}

static void caught(const char *act, enum drop_reason expected)
{
    enum drop_reason reason;
    assert_int_equal(check(act, &reason), ERR_POLICY);
    assert_int_equal(reason, expected);
}

static void passed(const char *act)
{
    enum drop_reason reason;
    assert_int_equal(check(act, &reason), OK);
}

static void prompts(void **state)
{
    (void)state;
    caught("cancel every expired voucher in one account", DROP_PROMPT_OVERLAP); /* stop words don't break a run */
    caught("first confirm the baggage allowance, charging later", DROP_PROMPT_OVERLAP);
    passed("cancel an expired voucher");                  /* three content words */
    passed("transfer the user to a human agent instead"); /* a common phrase */
}

/* A policy may name up to 64 words: what is longer than can be compared is held to what can, and does not fail. */
static void long_runs(void **state)
{
    (void)state;
    options.overlap_tokens = 64;
    passed("confirm baggage allowance, charging cards later");
    caught("agents must confirm baggage allowance before charging cards, transfer the user to a human agent",
           DROP_PROMPT_OVERLAP);
    options.overlap_tokens = 3;
}

static void runs_join_phrases(void **state)
{
    (void)state;
    enum drop_reason reason;
    struct candidate candidate = {.kind = CANDIDATE_PITFALL};
    assert_int_equal(phrases_add(&candidate.act, "cancel every expired"), OK);
    assert_int_equal(candidate_check(&candidate, &trace, &options, &reason), OK);
    assert_int_equal(phrases_add(&candidate.act, "voucher account"), OK);
    assert_int_equal(candidate_check(&candidate, &trace, &options, &reason), ERR_POLICY);
    assert_int_equal(reason, DROP_PROMPT_OVERLAP);
    candidate_free(&candidate);
}

static void slots_are_checked(void **state)
{
    (void)state;
    enum drop_reason reason = DROP_REASONS;
    struct candidate candidate = {.kind = CANDIDATE_PITFALL, .error = mem_copy(bytes_str("Zelda was refused"))};
    assert_int_equal(phrases_add(&candidate.avoid, "asking twice"), OK);
    assert_int_equal(candidate_check(&candidate, &trace, &options, &reason), ERR_POLICY);
    assert_int_equal(reason, DROP_CASE_SPECIFIC);
    candidate_free(&candidate);
}

static void cases(void **state)
{
    (void)state;
    caught("ask zelda first", DROP_CASE_SPECIFIC);
    caught("set it to wibble", DROP_CASE_SPECIFIC);                                /* a value */
    caught("pay 305 instead", DROP_CASE_SPECIFIC);                                 /* a number */
    caught("write to <NAME_1> first", DROP_CASE_SPECIFIC);                         /* a stray placeholder */
    caught("mind the cat that knocked over a coffee machine", DROP_CASE_SPECIFIC); /* a run of what was said */
    passed("raise the frob level of the frobnicator");                             /* the tool's interface */
    passed("ask the user first");
}

static void personal_data(void **state)
{
    (void)state;
    struct redactor *redactor = NULL;
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    options.redactor = redactor;
    caught("send Authorization: Bearer abcdefghijklmnopqrstuvwx first", DROP_PERSONAL);
    passed("ask for the e-mail address first");
    options.redactor = NULL;
    redactor_free(redactor);
}

/* An error that quotes a prompt is none to tell, though what is left of it when it is cut is too short for a run. */
static void quotations(void **state)
{
    (void)state;
    static const char *const prompts[] = {"Review the customer payment report of the branch",
                                          "Review the payment report of the customer"};
    for (size_t i = 0; i < 2; i++) {
        struct trace asked;
        struct candidate candidate = {.kind = CANDIDATE_PITFALL};
        enum drop_reason reason = DROP_REASONS;
        trace_init(&asked, TRACE_OPENAI);
        asked.prompt = mem_copy(bytes_str(prompts[i]));
        assert_int_equal(trace_add_step(&asked, STEP_RESULT, bytes_str("look"),
                                        bytes_str("Error: customer payment report branch not found"), true),
                         OK);
        assert_int_equal(phrases_add(&candidate.when, "looking fails with: report branch not found"), OK);
        assert_int_equal(phrases_add(&candidate.avoid, "trying again"), OK);
        candidate.error = mem_copy(bytes_str("report branch not found"));
        assert_int_equal(candidate_check(&candidate, &asked, &options, &reason), i == 0 ? ERR_POLICY : OK);
        assert_int_equal(reason, i == 0 ? DROP_PROMPT_OVERLAP : DROP_REASONS);
        candidate_free(&candidate);
        trace_free(&asked);
    }
}

static void empty(void **state)
{
    (void)state;
    caught(NULL, DROP_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prompts),           cmocka_unit_test(long_runs), cmocka_unit_test(runs_join_phrases),
        cmocka_unit_test(slots_are_checked), cmocka_unit_test(cases),     cmocka_unit_test(personal_data),
        cmocka_unit_test(quotations),        cmocka_unit_test(empty)};
    return cmocka_run_group_tests(tests, make, drop);
}
