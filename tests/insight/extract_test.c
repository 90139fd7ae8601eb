/* Extraction: what must be learned from small traces, and what must not. */
#include "tests/insight/traces.h"

#include <string.h>

#include "base/hash.h"

static struct traces traces;
static struct candidate_list list;
static struct extract_report report;

static void tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    (void)state;
    hash_keyed(bytes_str("key"), identity, out, TASK_TAG_BYTES);
}

static enum status learn(void)
{
    struct extractor extractor = extractor_contrast();
    struct extract_options options = {.overlap_tokens = 3, .tag = tag};
    return extractor.extract(extractor.state, traces.items, traces.count, &options, &list, &report);
}

static void learn_from(const char *text)
{
    struct read_report read;
    assert_int_equal(traces_of(text, &traces, &read), OK);
    traces_mark_scrubbed(&traces);
    assert_int_equal(learn(), OK);
}

static void forget(void)
{
    candidate_list_free(&list);
    traces_free(&traces);
}

/* All candidates as text, one a line. */
static const char *told(void)
{
    static char text[20000];
    size_t size = 0;
    text[0] = 0;
    for (size_t i = 0; i < list.count; i++) {
        SCOPED_BUF struct buf one;
        buf_init(&one);
        assert_int_equal(candidate_render(&list.items[i], &one), OK);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s\n", buf_text(&one));
    }
    return text;
}

static void expect_told(const char *words)
{
    if (!strstr(told(), words))
        fail_msg("not told: %s\nbut:\n%s", words, told());
}

static void expect_untold(const char *words)
{
    if (strstr(told(), words))
        fail_msg("told: %s", words);
}

#define CALL(tool, arguments)                                                                                          \
    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"" tool            \
    "\",\"arguments\":\"" arguments "\"}}]},"
#define RESULT(text) "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"" text "\"},"
#define RUN(task, reward, steps)                                                                                       \
    "{\"instruction\":\"" task "\",\"reward\":" reward                                                                 \
    ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}," steps                                            \
    "{\"role\":\"assistant\",\"content\":\"Bye\"}]}\n"
#define UNRATED(steps)                                                                                                 \
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}," steps                                            \
    "{\"role\":\"assistant\",\"content\":\"Bye\"}]}\n"

#define REFUSED_LOOKED_PAID                                                                                            \
    CALL("book_reservation", "{\\\"payment_id\\\":\\\"credit_card_55\\\"}")                                            \
    RESULT("Error: payment method credit_card_55 not found")                                                           \
    CALL("get_user_details", "{}")                                                                                     \
    RESULT("{\\\"ok\\\":1}")                                                                                           \
    CALL("book_reservation", "{\\\"payment_id\\\":\\\"gift_card_77\\\"}") RESULT("{\\\"done\\\":1}")

/* Extraction works on scrubbed copies, which carry the shapes of arguments. */
static void scrub_with(const char *policy)
{
    struct redactor *redactor = NULL;
    struct traces copy = {.count = traces.count};
    size_t counts[REDACT_TYPES] = {0};
    assert_int_equal(redactor_new(redact_policy_text(policy), NULL, &redactor, NULL), OK);
    for (size_t i = 0; i < traces.count; i++)
        assert_int_equal(trace_scrub(&traces.items[i], redactor, &copy.items[i], counts), OK);
    traces_free(&traces);
    traces = copy;
    redactor_free(redactor);
}

static void learn_scrubbed(const char *text)
{
    struct read_report read;
    assert_int_equal(traces_of(text, &traces, &read), OK);
    scrub_with("default");
    assert_int_equal(learn(), OK);
}

static void recovery_of_a_run_that_succeeded(void **state)
{
    (void)state;
    learn_scrubbed(RUN("t1", "1", REFUSED_LOOKED_PAID));
    expect_told("When booking a reservation fails with: payment method not found");
    expect_told("get user details before trying again");
    expect_told("use a gift card instead of a credit card");
    assert_int_equal(list.items[0].kind, CANDIDATE_RECOVERY);
    assert_int_equal(list.items[0].outcome, OUTCOME_SUCCESS);
    assert_int_equal(list.items[0].runs_for, 1);
    forget();
}

static void a_failed_run_never_says_do(void **state)
{
    (void)state;
    learn_scrubbed(RUN("t1", "0", REFUSED_LOOKED_PAID) RUN("t2", "0", REFUSED_LOOKED_PAID)
                       RUN("t1", "0", REFUSED_LOOKED_PAID));
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.items[i].act.count, 0);
        assert_int_equal(list.items[i].outcome, OUTCOME_FAILURE);
    }
    expect_untold("gift card");
    forget();
}

static void an_unknown_outcome_is_labelled(void **state)
{
    (void)state;
    learn_scrubbed(UNRATED(REFUSED_LOOKED_PAID));
    expect_told("use a gift card instead of a credit card");
    assert_int_equal(list.items[0].outcome, OUTCOME_UNKNOWN);
    assert_int_equal(list.items[0].runs_for + list.items[0].runs_against, 0);
    forget();
}

static void what_only_failed_trials_did_is_avoided(void **state)
{
    (void)state;
#define REFUSED CALL("update_order", "{\\\"id\\\":\\\"a\\\"}") RESULT("Error: not enough items in stock")
    learn_scrubbed(RUN("t1", "0", REFUSED CALL("cancel_order", "{\\\"id\\\":\\\"a\\\"}") RESULT("{}"))
                       RUN("t1", "1", REFUSED "{\"role\":\"user\",\"content\":\"Fine, leave it\"},"));
    expect_told("cancelling an order instead");
    expect_told("say plainly that it cannot be done and leave things as they are");
    expect_untold(", cancel an order instead");
    forget();
}

static void repeating_unchanged_is_a_pitfall(void **state)
{
    (void)state;
    learn_scrubbed(RUN("t1", "1", REFUSED REFUSED "{\"role\":\"user\",\"content\":\"Fine\"},"));
    expect_told("repeating the same call unchanged because it is refused again");
    forget();
}

static void a_retry_that_worked_is_no_pitfall(void **state)
{
    (void)state;
    learn_scrubbed(RUN("t1", "1",
                       CALL("update_order", "{\\\"id\\\":\\\"a\\\"}") RESULT("Error: request timed out")
                           CALL("update_order", "{\\\"id\\\":\\\"a\\\"}") RESULT("{}")));
    expect_told("try the same call once more");
    expect_untold("void");
    forget();
}

static void a_missing_mark_is_noticed(void **state)
{
    (void)state;
    const char *in_calls = RUN("t1", "1",
                               CALL("get_order", "{\\\"order_id\\\":\\\"W9502127\\\"}") RESULT("Error: order not found")
                                   CALL("get_order", "{\\\"order_id\\\":\\\"#W9502127\\\"}") RESULT("{}"));
    learn_scrubbed(in_calls);
    expect_told("check whether the order id lacks its leading character");
    forget();
    learn_scrubbed(
        "user: My order is 9502127.\nassistant: None\ntool: Error: order not found\nassistant: Please check it.\n"
        "user: Oh, I forgot the W: W9502127\ntool: {\"order_id\":\"#W9502127\",\"status\":\"x\"}\nassistant: Found.\n");
    expect_told(
        "When getting order details fails with: order not found, ask whether the number lacks its leading character");
    forget();
}

static void commands_of_agents(void **state)
{
    (void)state;
#define TURN(who, block)                                                                                               \
    "{\"type\":\"" who "\",\"sessionId\":\"s\",\"message\":{\"role\":\"" who "\",\"content\":[" block "]}}\n"
#define BASH(id, line)                                                                                                 \
    TURN("assistant",                                                                                                  \
         "{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"Bash\",\"input\":{\"command\":\"" line "\"}}")
#define OUTPUT(id, failed, text)                                                                                       \
    TURN("user",                                                                                                       \
         "{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\",\"is_error\":" failed ",\"content\":\"" text "\"}")
    learn_scrubbed(TURN("user", "{\"type\":\"text\",\"text\":\"Ship the release of the Falcon project\"}")
                       BASH("1", "git push origin main")
                           OUTPUT("1", "true", "error: failed to push some refs to 'git.example.com:x.git'")
                               BASH("2", "git pull --rebase") OUTPUT("2", "false", "ok")
                                   BASH("3", "git push origin main") OUTPUT("3", "false", "done"));
    expect_told("When running git push fails with: failed to push some refs, run git pull before trying again");
    expect_untold("Falcon");
    forget();
}

#define LONG "please cancel every expired gift card before friday"
static void prompts_never_get_out(void **state)
{
    (void)state;
    learn_scrubbed(RUN(LONG, "1",
                       CALL("update_order", "{\\\"a\\\":1}") RESULT("Error: cannot cancel expired gift card")
                           CALL("update_order", "{\\\"a\\\":2}") RESULT("{}")));
    expect_untold("expired gift card");
    expect_told("When updating an order fails, raise the a");
    assert_true(report.generalised > 0);
    forget();
}

static void contrast_needs_evidence(void **state)
{
    (void)state;
    static char text[40000];
    size_t size = 0;
    const char *good = CALL("check_stock", "{}") RESULT("{}") CALL("update_order", "{}") RESULT("{}");
    const char *bad = CALL("update_order", "{}") RESULT("{}");
#define FORM                                                                                                           \
    "{\"instruction\":\"task %zu\",\"reward\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},%s"              \
    "{\"role\":\"assistant\",\"content\":\"Bye\"}]}\n"
    for (size_t task = 0; task < 4; task++) {
        size += (size_t)snprintf(text + size, sizeof text - size, FORM, task, 1, good);
        size += (size_t)snprintf(text + size, sizeof text - size, FORM, task, 0, bad);
    }
    learn_from(text);
    expect_told("When about to update an order, check stock first because runs that did so succeeded more often");
    forget();
    size = 0; /* three tasks for it, one against: chance does that one time in four */
    for (size_t task = 0; task < 4; task++) {
        size += (size_t)snprintf(text + size, sizeof text - size, FORM, task, 1, task < 3 ? good : bad);
        size += (size_t)snprintf(text + size, sizeof text - size, FORM, task, 0, task < 3 ? bad : good);
    }
    learn_from(text);
    expect_untold("succeeded more often");
    forget();
    size = 0; /* the same traits without a difference in outcome */
    for (size_t task = 0; task < 8; task++)
        size +=
            (size_t)snprintf(text + size, sizeof text - size, FORM, task, (int)(task % 4 < 2), task % 2 ? good : bad);
    learn_from(text);
    expect_untold("succeeded more often");
    expect_untold("failed more often");
    forget();
}

static void procedures_need_two_tasks(void **state)
{
    (void)state;
#define GOOD(task) RUN(task, "1", CALL("get_order", "{}") RESULT("{}") CALL("cancel_order", "{}") RESULT("{}"))
    learn_from(GOOD("t1") GOOD("t2"));
    expect_told("When the task is to cancel an order, get the order; then cancel the order");
    assert_int_equal(list.items[0].order_count, 2);
    assert_int_equal(list.count, 2); /* one for each task */
    assert_memory_not_equal(list.items[0].task, list.items[1].task, TASK_TAG_BYTES);
    forget();
    learn_from(GOOD("t1"));
    assert_int_equal(list.count, 0);
    forget();
}

static void skeletons(void **state)
{
    (void)state;
#define PROBLEM(n)                                                                                                     \
    "{\"question\":\"A robe takes " n                                                                                  \
    " bolts of blue fiber and half that much white. How many in total?\",\"ground_truth\":\"x\","                      \
    "\"a\":{\"is_correct\":true,\"solution\":\"<<" n "/2=" n ">> <<" n "+" n "=" n ">>\"},"                            \
    "\"b\":{\"is_correct\":false,\"solution\":\"<<" n "/2=" n ">>\"}}\n"
    learn_from(PROBLEM("21") PROBLEM("35") PROBLEM("77"));
    expect_told("When one quantity is given as half of another, halve the known quantity; then add");
    expect_told("avoid stopping before adding");
    expect_untold("robe");
    expect_untold("21");
    forget();
}

static void skills(void **state)
{
    (void)state;
    learn_from("{\"problem\":\"Find the secret polynomial\",\"behavior_book\":{\"skill_polynomialFactoring\":\"When to "
               "use: A polynomial can be factored. "
               "Step-by-step: 1) Identify difference of squares quickly 2) Set each factor equal to zero now 3) Hop. "
               "Key insights: Beware extraneous roots.\","
               "\"skill_juggling\":\"When to use: N/A Step-by-step: 1) Throw. 2) Catch.\"}}");
    assert_int_equal(list.count, 1);
    expect_told("When a polynomial can be factored, look for a difference of squares, a perfect square or a common "
                "factor; then set each factor to zero");
    assert_int_equal(list.items[0].outcome, OUTCOME_UNKNOWN);
    forget();
}

static void the_order_of_traces_leaves_no_mark(void **state)
{
    (void)state;
    const char *runs[] = {RUN("t1", "1", REFUSED_LOOKED_PAID), RUN("t2", "0", REFUSED_LOOKED_PAID), GOOD("t3"),
                          GOOD("t4"), RUN("t1", "0", REFUSED REFUSED)};
    static char forward[20000], backward[20000], first[20000];
    size_t there = 0, back = 0;
    for (size_t i = 0; i < 5; i++) {
        there += (size_t)snprintf(forward + there, sizeof forward - there, "%s", runs[i]);
        back += (size_t)snprintf(backward + back, sizeof backward - back, "%s", runs[4 - i]);
    }
    learn_scrubbed(forward);
    snprintf(first, sizeof first, "%s", told());
    size_t count = list.count;
    forget();
    learn_scrubbed(backward);
    assert_int_equal(list.count, count);
    assert_string_equal(told(), first);
    forget();
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct read_report read;
    assert_int_equal(traces_of(RUN("t1", "1", REFUSED_LOOKED_PAID) GOOD("t2") GOOD("t3"), &traces, &read), OK);
    traces_mark_scrubbed(&traces);
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK && n < 20000; n++) {
        mem_fail_after(n);
        status = learn();
        mem_fail_after(0);
        if (status != OK) {
            assert_int_equal(status, ERR_MEMORY);
            candidate_list_free(&list);
        }
    }
    assert_int_equal(status, OK);
    forget();
}

static void raw_traces_are_refused(void **state)
{
    (void)state;
    struct read_report read;
    assert_int_equal(traces_of(GOOD("t1"), &traces, &read), OK);
    assert_int_equal(learn(), ERR_USAGE);
    forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recovery_of_a_run_that_succeeded),
        cmocka_unit_test(a_failed_run_never_says_do),
        cmocka_unit_test(an_unknown_outcome_is_labelled),
        cmocka_unit_test(what_only_failed_trials_did_is_avoided),
        cmocka_unit_test(repeating_unchanged_is_a_pitfall),
        cmocka_unit_test(a_retry_that_worked_is_no_pitfall),
        cmocka_unit_test(a_missing_mark_is_noticed),
        cmocka_unit_test(commands_of_agents),
        cmocka_unit_test(prompts_never_get_out),
        cmocka_unit_test(contrast_needs_evidence),
        cmocka_unit_test(procedures_need_two_tasks),
        cmocka_unit_test(skeletons),
        cmocka_unit_test(skills),
        cmocka_unit_test(the_order_of_traces_leaves_no_mark),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(raw_traces_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
