/* Two runs side by side: what changed is said, what did not is not made into a change, and a run that lies is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "audits/compare.h"

static const struct audit_claim claims[] = {
    {.name = "one.x",
     .target = "<b>",
     .knows = "x",
     .metric = "hits",
     .unit = "x",
     .baseline = "",
     .control = "x",
     .limit = .5,
     .tolerated = .5},
    {.name = "two.x",
     .target = "x",
     .knows = "x",
     .metric = "hits",
     .unit = "x",
     .baseline = "",
     .control = "x",
     .limit = .5,
     .tolerated = .5},
    {.name = "three.x",
     .target = "x",
     .knows = "x",
     .metric = "hits",
     .unit = "x",
     .baseline = "",
     .control = "x",
     .limit = .5,
     .tolerated = .5},
};
#define CLAIMS (sizeof claims / sizeof *claims)

/* hits of 100 of each claim; -1: not run; 0: nothing was measured. */
static void run_of(const int hits[static CLAIMS], uint64_t seed, const struct policy *policy, struct buf *out)
{
    struct audit_results results = {0};
    struct audit_run run = {.suite = "quick", .seed = seed, .k = 2, .policy = policy, .tenants = 3};
    for (size_t i = 0; i < CLAIMS; i++) {
        struct audit_result result = audit_result_start(&claims[i]);
        if (hits[i] > 0)
            audit_result_count(&result, (size_t)hits[i], 100);
        result.control = hits[i] > 0 ? CONTROL_PASSED : CONTROL_NONE;
        if (hits[i] >= 0)
            assert_int_equal(audit_results_add(&results, &result), OK);
    }
    SCOPED_JSON struct json *json = audit_run_json(&run, &results);
    assert_int_equal(json_canonical(json, out), OK);
    audit_results_free(&results);
}

static struct json *compared(const int before[static CLAIMS], const int after[static CLAIMS])
{
    SCOPED_BUF struct buf left = {0}, right = {0}, text = {0};
    struct policy policy, stricter;
    struct json *json = NULL;
    policy_default(&policy);
    policy_default(&stricter);
    stricter.k++;
    run_of(before, 1, &policy, &left);
    run_of(after, 1, &stricter, &right);
    assert_int_equal(compare_files(buf_bytes(&left), buf_bytes(&right), COMPARE_JSON, &text, NULL), OK);
    assert_int_equal(json_parse(buf_bytes(&text), SIZE_MAX, &json, NULL), OK);
    return json;
}

static void expect_change(const struct json *json, size_t row, const char *name, const char *change)
{
    const struct json *result = json_at(json_get(json, "results"), row);
    assert_string_equal(json_string_text(json_get(result, "name")), name);
    assert_string_equal(json_string_text(json_get(result, "change")), change);
}

static void changes_are_where_intervals_do_not_meet(void **state)
{
    (void)state;
    SCOPED_JSON struct json *json = compared((const int[]){20, 70, 20}, (const int[]){70, 20, 24});
    expect_change(json, 0, "one.x", "higher");
    expect_change(json, 1, "two.x", "lower");
    expect_change(json, 2, "three.x", "no difference seen");
    assert_int_equal(json_integer_value(json_get(json, "leaks_new")), 1);
    assert_int_equal(json_integer_value(json_get(json, "leaks_gone")), 1);
    assert_int_equal(json_integer_value(json_get(json, "passes_gone")), 1);
    const struct json *settings = json_get(json, "settings");
    assert_int_equal(json_count(settings), 1); /* the runs are alike but for the policy's k */
    assert_string_equal(json_string_text(json_get(json_at(settings, 0), "name")), "policy.k");
}

static void what_one_run_lacks_is_said(void **state)
{
    (void)state;
    SCOPED_JSON struct json *json = compared((const int[]){20, -1, 0}, (const int[]){-1, 70, 20});
    expect_change(json, 0, "one.x", "not run after");
    expect_change(json, 1, "three.x", "not comparable");
    expect_change(json, 2, "two.x", "not run before");
    assert_int_equal(json_integer_value(json_get(json, "leaks_new")), 1);
}

static void expect_said(struct buf *text, const char *wanted)
{
    if (!strstr(buf_text(text), wanted))
        fail_msg("not said: %s", wanted);
}

static void text_and_page_say_the_same(void **state)
{
    (void)state;
    SCOPED_BUF struct buf left = {0}, right = {0}, text = {0}, page = {0};
    run_of((const int[]){20, 70, -1}, 1, NULL, &left);
    run_of((const int[]){70, 20, 20}, 2, NULL, &right);
    assert_int_equal(compare_files(buf_bytes(&left), buf_bytes(&right), COMPARE_TEXT, &text, NULL), OK);
    expect_said(&text, "seed                                 1                                              2");
    expect_said(&text, "0.7 [0.6, 0.788] leak found");
    expect_said(&text, "leaks: 1 new, 1 gone, 0 no longer measured; passes: 2 new, 1 gone");
    assert_int_equal(compare_files(buf_bytes(&left), buf_bytes(&right), COMPARE_HTML, &page, NULL), OK);
    expect_said(&page, "<p>Leaks: 1 new, 1 gone, 0 no longer measured. Passes: 2 new, 1 gone.</p>");
    expect_said(&page, "<section class=\"outcome bad\"");
    expect_said(&page, "&lt;b&gt;"); /* a target is text */
    expect_said(&page, "<td role=\"cell\" data-label=\"Before\"><span>not run</span>");
    expect_said(&page, "<code>seed</code></th><td>1</td><td>2</td>");
}

/* A leak that was looked for no more, or without an outcome, is not gone, and such a comparison is not called good. */
static void a_leak_that_was_not_looked_for_is_not_gone(void **state)
{
    (void)state;
    SCOPED_BUF struct buf left = {0}, right = {0}, page = {0};
    SCOPED_JSON struct json *json = compared((const int[]){70, 70, 70}, (const int[]){-1, 0, 20});
    assert_int_equal(json_integer_value(json_get(json, "leaks_gone")), 1);
    assert_int_equal(json_integer_value(json_get(json, "leaks_unmeasured")), 2);
    run_of((const int[]){70, 70, 70}, 1, NULL, &left);
    run_of((const int[]){-1, 0, 20}, 1, NULL, &right);
    assert_int_equal(compare_files(buf_bytes(&left), buf_bytes(&right), COMPARE_HTML, &page, NULL), OK);
    expect_said(&page, "<p>Leaks: 0 new, 1 gone, 2 no longer measured. Passes: 1 new, 0 gone.</p>");
    expect_said(&page, "<section class=\"outcome open\"");
    buf_clear(&right);
    buf_clear(&page);
    run_of((const int[]){20, 20, 20}, 1, NULL, &right);
    assert_int_equal(compare_files(buf_bytes(&left), buf_bytes(&right), COMPARE_HTML, &page, NULL), OK);
    expect_said(&page, "<section class=\"outcome good\"");
}

/* The text with its first `from` replaced. */
static void replaced(struct buf *text, const char *from, const char *to, struct buf *out)
{
    const char *at = strstr(buf_text(text), from);
    assert_non_null(at);
    buf_add(out, bytes_of(text->data, (size_t)(at - buf_text(text))));
    buf_add_str(out, to);
    buf_add_str(out, at + strlen(from));
}

/* Names and settings of a foreign run do not act on a terminal, and a long one is shown whole. */
static void what_is_foreign_is_shown_as_text(void **state)
{
    (void)state;
    struct policy policy;
    SCOPED_BUF struct buf run = {0}, renamed = {0}, member = {0}, foreign = {0}, text = {0}, name = {0};
    policy_default(&policy);
    run_of((const int[]){20, -1, -1}, 1, &policy, &run);
    replaced(&run, "one.x", "one\\u001b]0;x\\u0007\\u009b", &renamed);
    buf_add_str(&name, "x");
    for (int i = 0; i < 100; i++)
        buf_add_str(&name, "\xc3\xa9");
    buf_addf(&member, "\"policy\":{\"%s\":\"a\\u001b[2J\\nb\",", buf_text(&name));
    replaced(&renamed, "\"policy\":{", buf_text(&member), &foreign);
    assert_int_equal(compare_files(buf_bytes(&run), buf_bytes(&foreign), COMPARE_TEXT, &text, NULL), OK);
    for (size_t i = 0; i < text.size; i++)
        assert_true(text.data[i] >= 0x20 || text.data[i] == '\n');
    expect_said(&text, "one[U+001B]]0;x[U+0007][U+009B]");
    buf_clear(&member);
    buf_addf(&member, "policy.%s not stated", buf_text(&name));
    expect_said(&text, buf_text(&member));
    expect_said(&text, "a[U+001B][2J[U+000A]b\n");
}

static void what_is_no_run_is_refused(void **state)
{
    (void)state;
    SCOPED_BUF struct buf run = {0}, lie = {0}, two = {0}, twice = {0}, out = {0};
    run_of((const int[]){70, -1, -1}, 1, NULL, &run);
    const char *end = strstr(buf_text(&run), "leak found");
    buf_add(&lie, bytes_of(run.data, (size_t)(end - buf_text(&run))));
    buf_add_str(&lie, "no leak above the limit");
    buf_add_str(&lie, end + strlen("leak found"));
    run_of((const int[]){70, 20, -1}, 1, NULL, &two);
    replaced(&two, "two.x", "one.x", &twice);
    const struct bytes others[] = {BYTES_NONE, bytes_str("{}"), bytes_str("x"), buf_bytes(&lie), buf_bytes(&twice)};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct why before = {0}, after = {0};
        assert_int_equal(compare_files(others[i], buf_bytes(&run), COMPARE_TEXT, &out, &before), ERR_INPUT);
        assert_string_equal(before.where, "BEFORE");
        assert_int_equal(compare_files(buf_bytes(&run), others[i], COMPARE_TEXT, &out, &after), ERR_INPUT);
        assert_string_equal(after.where, "AFTER");
    }
}

static void policies_are_compared_by_themselves(void **state)
{
    (void)state;
    struct policy policy;
    SCOPED_BUF struct buf one = {0}, other = {0}, text = {0}, page = {0};
    policy_default(&policy);
    assert_int_equal(policy_encode(&policy, &one), OK);
    policy.k++;
    assert_int_equal(policy_encode(&policy, &other), OK);
    assert_int_equal(compare_files(buf_bytes(&one), buf_bytes(&other), COMPARE_TEXT, &text, NULL), OK);
    expect_said(&text, "policy.k");
    expect_said(&text, "AFTER lets nothing more leave or be released than BEFORE");
    buf_clear(&text);
    assert_int_equal(compare_files(buf_bytes(&other), buf_bytes(&one), COMPARE_TEXT, &text, NULL), OK);
    expect_said(&text, "AFTER is laxer than BEFORE in k");
    assert_int_equal(compare_files(buf_bytes(&other), buf_bytes(&one), COMPARE_HTML, &page, NULL), OK);
    expect_said(&page, "The second policy is laxer than the first in <code>k</code>");
    SCOPED_JSON struct json *json = NULL;
    SCOPED_BUF struct buf pretty = {0}, again = {0};
    assert_int_equal(json_parse(buf_bytes(&one), SIZE_MAX, &json, NULL), OK);
    assert_int_equal(json_pretty(json, &pretty), OK); /* as a person writes one */
    assert_int_equal(compare_files(buf_bytes(&pretty), buf_bytes(&other), COMPARE_TEXT, &again, NULL), OK);
    expect_said(&again, "AFTER lets nothing more leave or be released than BEFORE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_where_intervals_do_not_meet),
        cmocka_unit_test(what_one_run_lacks_is_said),
        cmocka_unit_test(text_and_page_say_the_same),
        cmocka_unit_test(a_leak_that_was_not_looked_for_is_not_gone),
        cmocka_unit_test(what_is_foreign_is_shown_as_text),
        cmocka_unit_test(what_is_no_run_is_refused),
        cmocka_unit_test(policies_are_compared_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
