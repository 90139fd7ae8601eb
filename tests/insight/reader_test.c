/* Readers: each format as its tools write it, damaged, foreign and compressed input, and what is taken from each
 * record. */
#include "tests/insight/traces.h"

#include <string.h>

#include "base/inflate.h"

static struct traces traces;
static struct read_report report;

static void expect_step(const struct trace *trace, size_t at, enum step_role role, const char *tool, const char *text,
                        bool failed)
{
    assert_true(at < trace->step_count);
    const struct step *step = &trace->steps[at];
    assert_int_equal(step->role, role);
    if (tool)
        assert_string_equal(step->tool, tool);
    else
        assert_null(step->tool);
    assert_string_equal(step->text, text);
    assert_int_equal(step->failed, failed);
}

#define CHAT                                                                                                           \
    "{\"task_id\":7,\"reward\":1.0,\"instruction\":\"Book it.\",\"messages\":["                                        \
    "{\"role\":\"system\",\"content\":\"Policy text.\"},{\"role\":\"user\",\"content\":\"Hi\"},"                       \
    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":"      \
    "{\"name\":\"get_user\",\"arguments\":\"{\\\"id\\\":5}\"}}]},"                                                     \
    "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"Error: user not found\"},"                               \
    "{\"role\":\"assistant\",\"content\":\"Sorry.\"}]}"

static void openai_chat(void **state)
{
    (void)state;
    assert_int_equal(traces_of(CHAT "\n" CHAT, &traces, &report), OK);
    assert_int_equal(report.traces, 2);
    assert_int_equal(report.format, TRACE_OPENAI);
    const struct trace *trace = &traces.items[0];
    assert_int_equal(trace->outcome, OUTCOME_SUCCESS);
    assert_string_equal(trace->prompt, "Book it.");
    assert_string_equal(trace->system, "Policy text.");
    assert_string_equal(trace->task, traces.items[1].task);
    assert_int_equal(trace->step_count, 4);
    expect_step(trace, 0, STEP_USER, NULL, "Hi", false);
    expect_step(trace, 1, STEP_CALL, "get_user", "{\"id\":5}", false);
    expect_step(trace, 2, STEP_RESULT, "get_user", "Error: user not found", true);
    expect_step(trace, 3, STEP_ASSISTANT, NULL, "Sorry.", false);
    traces_free(&traces);
}

static void openai_bare_messages_and_parts(void **state)
{
    (void)state;
    const char *text = "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\"},"
                       "{\"type\":\"text\",\"text\":\"b\"}]},{\"role\":\"assistant\",\"content\":\"c\"}]";
    assert_int_equal(traces_of(text, &traces, &report), OK);
    expect_step(&traces.items[0], 0, STEP_USER, NULL, "a\nb", false);
    assert_int_equal(traces.items[0].outcome, OUTCOME_UNKNOWN);
    assert_string_equal(traces.items[0].task, "a\nb");
    traces_free(&traces);
}

static void outcome_words(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        enum outcome outcome;
    } cases[] = {{"\"reward\":0", OUTCOME_FAILURE},        {"\"reward\":0.5", OUTCOME_MIXED},
                 {"\"success\":true", OUTCOME_SUCCESS},    {"\"outcome\":\"failure\"", OUTCOME_FAILURE},
                 {"\"outcome\":\"odd\"", OUTCOME_UNKNOWN}, {"\"x\":1", OUTCOME_UNKNOWN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        snprintf(text, sizeof text, "{%s,\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}", cases[i].record);
        assert_int_equal(traces_of(text, &traces, &report), OK);
        assert_int_equal(traces.items[0].outcome, cases[i].outcome);
        traces_free(&traces);
    }
}

static void claude_sessions(void **state)
{
    (void)state;
    const char *text =
        "{\"type\":\"summary\",\"summary\":\"x\",\"sessionId\":\"s1\"}\n"
        "{\"type\":\"user\",\"sessionId\":\"s1\",\"message\":{\"role\":\"user\",\"content\":\"Deploy\"}}\n"
        "{\"type\":\"user\",\"sessionId\":\"s2\",\"message\":{\"role\":\"user\",\"content\":\"Other\"}}\n"
        "{\"type\":\"assistant\",\"sessionId\":\"s1\",\"message\":{\"role\":\"assistant\",\"content\":["
        "{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Bash\",\"input\":{"
        "\"command\":\"ls\"}}]}}\n"
        "{\"type\":\"user\",\"sessionId\":\"s1\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
        "\"tool_use_id\":\"t1\",\"is_error\":true,\"content\":[{\"type\":\"text\",\"text\":\"ls: "
        "denied\"}]}]},\"outcome\":\"success\"}\n";
    assert_int_equal(traces_of(text, &traces, &report), OK);
    assert_int_equal(report.format, TRACE_CLAUDE);
    assert_int_equal(report.traces, 2);
    const struct trace *trace = &traces.items[0];
    assert_int_equal(trace->outcome, OUTCOME_SUCCESS);
    assert_string_equal(trace->prompt, "Deploy");
    expect_step(trace, 1, STEP_THOUGHT, NULL, "hm", false);
    expect_step(trace, 2, STEP_CALL, "Bash", "{\"command\":\"ls\"}", false);
    expect_step(trace, 3, STEP_RESULT, "Bash", "ls: denied", true);
    assert_int_equal(traces.items[1].outcome, OUTCOME_UNKNOWN);
    traces_free(&traces);
}

static void gsm_solutions(void **state)
{
    (void)state;
    const char *text =
        "{\"question\":\"How many?\",\"ground_truth\":\"5\",\"a\":{\"is_correct\":true,\"solution\":\"<<2+3=5>>\"},"
        "\"b\":{\"is_correct\":false,\"solution\":\"<<2*3=6>>\"}}\n";
    assert_int_equal(traces_of(text, &traces, &report), OK);
    assert_int_equal(report.format, TRACE_GSM);
    assert_int_equal(traces.count, 2);
    assert_int_equal(traces.items[0].outcome, OUTCOME_SUCCESS);
    assert_int_equal(traces.items[1].outcome, OUTCOME_FAILURE);
    assert_string_equal(traces.items[0].task, traces.items[1].task);
    traces_free(&traces);
}

static void fot_books(void **state)
{
    (void)state;
    const char *text =
        "{\"problem\":\"Find x.\",\"problem_id\":\"1\",\"solution\":\"SECRET\",\"behavior_book\":{"
        "\"skill_a\":\"When to use: N/A Step-by-step: 1) Add. Key insights: Short.\","
        "\"skill_b\":{\"When to use\":\"Always.\",\"Step-by-step\":[\"1) One.\",\"2) Two.\"]},"
        "\"skill_c\":\"{'When to use': 'Often.', 'Step-by-step': ['1) List.'], 'Key Insights': 'None'}\","
        "\"skill_name\":\"skill_d\",\"skill_description\":\"When to use: Now. Step-by-step: 1) "
        "Go.\",\"skill_e\":\"nothing\"}}";
    assert_int_equal(traces_of(text, &traces, &report), OK);
    const struct trace *trace = &traces.items[0];
    assert_int_equal(report.format, TRACE_FOT);
    assert_int_equal(trace->step_count, 0); /* the solution is not looked at */
    assert_int_equal(trace->skill_count, 4);
    assert_null(trace->skills[0].when);
    assert_string_equal(trace->skills[0].steps, "1) Add");
    assert_string_equal(trace->skills[0].insights, "Short");
    assert_string_equal(trace->skills[1].when, "Always");
    assert_non_null(strstr(trace->skills[1].steps, "2) Two"));
    assert_string_equal(trace->skills[2].when, "Often");
    assert_null(trace->skills[2].insights);
    assert_string_equal(trace->skills[3].name, "skill_d");
    traces_free(&traces);
    assert_int_equal(traces_of("{\"skill_a\":\"When to use: Now. Step-by-step: 1) Go.\"}", &traces, &report), OK);
    assert_string_equal(traces.items[0].task, "file.jsonl");
    traces_free(&traces);
}

static void transcript_text(void **state)
{
    (void)state;
    const char *text = "user: hello\nmore of it\nassistant: None\ncall: query_table {\"sql\":\"select\"}\n"
                       "tool: Error: column not found\nthought: look\ntool (describe_table): {\"x\":1}\n---\n\n"
                       "USER: second\nassistant: ok\n--\nstill\noutcome: success\ntask: t9\n";
    assert_int_equal(traces_of(text, &traces, &report), OK);
    assert_int_equal(report.format, TRACE_TRANSCRIPT);
    assert_int_equal(traces.count, 2);
    const struct trace *trace = &traces.items[0];
    expect_step(trace, 0, STEP_USER, NULL, "hello\nmore of it", false);
    expect_step(trace, 1, STEP_CALL, "query_table", "{\"sql\":\"select\"}", false);
    expect_step(trace, 2, STEP_RESULT, "query_table", "Error: column not found", true);
    expect_step(trace, 3, STEP_THOUGHT, NULL, "look", false);
    expect_step(trace, 4, STEP_RESULT, "describe_table", "{\"x\":1}", false);
    assert_int_equal(trace->outcome, OUTCOME_UNKNOWN);
    assert_int_equal(traces.items[1].outcome, OUTCOME_SUCCESS);
    assert_string_equal(traces.items[1].task, "t9");
    assert_string_equal(traces.items[1].steps[1].text, "ok\n--\nstill");
    traces_free(&traces);
}

static void nameless_results_are_named_by_shape(void **state)
{
    (void)state;
    const char *text = "user: cancel it\ntool: Error: user not found\ntool: ava_smith_1234\n"
                       "tool: {\"name\":{},\"email\":\"a@b.c\",\"orders\":[]}\ntool: Error: order not found\n"
                       "tool: {\"order_id\":\"#W1\",\"status\":\"pending\"}\ntool: Error: that is against the rules\n"
                       "tool: {\"order_id\":\"#W1\",\"status\":\"cancelled\"}\ntool: something else\n";
    static const char *const tools[] = {"find_user",         "find_user",    "get_user_details", "get_order_details",
                                        "get_order_details", "cancel_order", "cancel_order",     NULL};
    assert_int_equal(traces_of(text, &traces, &report), OK);
    for (size_t i = 0; i < 8; i++) {
        const char *tool = traces.items[0].steps[i + 1].tool;
        if (tools[i])
            assert_string_equal(tool, tools[i]);
        else
            assert_null(tool);
    }
    traces_free(&traces);
}

static void display_records(void **state)
{
    (void)state;
    const char *text =
        "{\"messages_display\":\"user: a\\nassistant: b\"}\n{\"messages_display\":\"user: c\\nassistant: d\"}\n";
    assert_int_equal(traces_of(text, &traces, &report), OK);
    assert_int_equal(traces.count, 2);
    assert_string_not_equal(traces.items[0].task, traces.items[1].task);
    traces_free(&traces);
}

static void compressed(void **state)
{
    (void)state;
    SCOPED_BUF struct buf packed;
    struct why why = {0};
    buf_init(&packed);
    assert_int_equal(deflate_gzip(bytes_str(CHAT), &packed), OK);
    traces.count = 0;
    assert_int_equal(traces_read(buf_bytes(&packed), "f", traces_keep, &traces, &report, &why), OK);
    assert_int_equal(traces.count, 1);
    traces_free(&traces);
    packed.size -= 9; /* truncated */
    assert_int_equal(traces_read(buf_bytes(&packed), "f", traces_keep, &traces, &report, &why), ERR_INPUT);
    assert_int_equal(traces.count, 0);
}

static void damaged_and_foreign(void **state)
{
    (void)state;
    assert_int_equal(traces_of("\xEF\xBB\xBF" CHAT "\n{\"messages\": [\n{\"a\":1}\n" CHAT, &traces, &report), OK);
    assert_int_equal(report.traces, 2);
    assert_int_equal(report.skipped, 2); /* a broken line, a foreign record */
    traces_free(&traces);
    static const char *const foreign[] = {"",
                                          "plain prose about nothing",
                                          "{\"a\":1}",
                                          "[1,2,3]",
                                          "{\"messages\":[]}",
                                          "{",
                                          "user: alone",
                                          "{\"behavior_book\":5}",
                                          "{\"question\":\"q\",\"ground_truth\":\"g\"}",
                                          "\x01\x02\xff\xfe",
                                          "{\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}]}"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        assert_int_equal(traces_of(foreign[i], &traces, &report), ERR_INPUT);
        assert_int_equal(traces.count, 0);
    }
    struct why why = {0};
    assert_int_equal(traces_read(bytes_str("{\"a\":1}\n{\"b\"\n"), "f", traces_keep, &traces, &report, &why),
                     ERR_INPUT);
    assert_int_equal(why.at, 2);
}

static enum status read_and_drop(void *context, struct trace *trace)
{
    (void)context;
    (void)trace;
    return OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const char *const texts[] = {CHAT, "user: a\nassistant: b\ntool: Error: order not found\n",
                                 "{\"behavior_book\":{\"skill_a\":\"When to use: Now. Step-by-step: 1) Go.\"}}"};
    for (size_t t = 0; t < 3; t++) {
        enum status status = ERR_MEMORY;
        for (size_t n = 1; status != OK && n < 500; n++) {
            mem_fail_after(n);
            status = traces_read(bytes_str(texts[t]), "f", read_and_drop, NULL, &report, NULL);
            mem_fail_after(0);
            assert_true(status == OK || status == ERR_MEMORY);
        }
        assert_int_equal(status, OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openai_chat),         cmocka_unit_test(openai_bare_messages_and_parts),
        cmocka_unit_test(outcome_words),       cmocka_unit_test(claude_sessions),
        cmocka_unit_test(gsm_solutions),       cmocka_unit_test(fot_books),
        cmocka_unit_test(transcript_text),     cmocka_unit_test(nameless_results_are_named_by_shape),
        cmocka_unit_test(display_records),     cmocka_unit_test(compressed),
        cmocka_unit_test(damaged_and_foreign), cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
