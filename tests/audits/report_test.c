/* The page: nothing in it is markup but ours, it is well formed, and it says what the numbers say. */
#include "audits/report/report.h"
#include "audits/report/page.h"
#include "tests/audits/bundle_fixture.h"

#define PLAIN                                                                                                          \
    "{\"adversary\":\"network\",\"baseline\":0,\"control\":\"passed\",\"control_value\":1,\"curve\":[],"               \
    "\"interval\":[0,0.00123],\"limit\":0.005,\"metric\":\"found / planted\",\"name\":\"probes.sent\",\"note\":\"\","  \
    "\"p\":null,\"samples\":3000,\"target\":\"bytes sent\",\"unit\":\"probe\",\"value\":0,"                            \
    "\"verdict\":\"no leak above the limit\"}"
#define CURVED                                                                                                         \
    "{\"adversary\":\"colluders\",\"baseline\":0.5,\"control\":\"passed\",\"control_value\":1,"                        \
    "\"curve\":[[0,0],[0.1,0.9],[1,1]],\"interval\":[0.87,0.93],\"limit\":0.6,\"metric\":\"area\","                    \
    "\"name\":\"membership.colluders\",\"note\":\"</td><script>alert(1)</script>\",\"p\":0.0005,\"samples\":400,"      \
    "\"target\":\"library\",\"unit\":\"world\",\"value\":0.9,\"verdict\":\"leak expected and stated\"}"
#define UNMEASURED                                                                                                     \
    "{\"adversary\":\"thief\",\"baseline\":null,\"control\":\"none\",\"control_value\":null,\"curve\":[],"             \
    "\"interval\":null,\"limit\":0.005,\"metric\":\"found\",\"name\":\"new.attack\",\"note\":\"\",\"p\":null,"         \
    "\"samples\":0,\"target\":\"disk\",\"unit\":\"file\",\"value\":null,\"verdict\":\"not evaluated\"}"
/* As a run is written now: family, question, power, the interval of all, a plot with bands. */
#define FULL(name, family, interval, verdict, plot)                                                                    \
    "{\"adversary\":\"another tenant\",\"attack\":\"" name "\",\"baseline\":0.5,\"control\":\"passed\","               \
    "\"control_value\":1,\"detects\":0.625,\"family\":\"" family "\",\"interval\":" interval ","                       \
    "\"interval_of_all\":[0.125,0.875],\"limit\":0.9,\"metric\":\"area\",\"name\":\"" name ".x\",\"note\":\"\","       \
    "\"p\":null,\"paper\":\"Doe 2025\",\"plot\":" plot ",\"question\":\"Is " name " seen?\",\"samples\":400,"          \
    "\"target\":\"" name " target\",\"unit\":\"world\",\"value\":0.5,\"verdict\":\"" verdict "\"}"
#define NO_PLOT "{\"kind\":\"none\",\"points\":[],\"x\":\"\",\"y\":\"\"}"
#define BANDS "{\"kind\":\"roc\",\"points\":[[0,0,0,0.1],[0.5,0.6,0.5,0.7],[1,1,0.9,1]],\"x\":\"fpr\",\"y\":\"tpr\"}"
#define FRONTIER "{\"kind\":\"frontier\",\"points\":[[0.1,0.2,0.1,0.3],[10,0.8]],\"x\":\"noise\",\"y\":\"tokens\"}"
#define RUN(results)                                                                                                   \
    "{\"k\":3,\"results\":[" results "],\"seconds\":61.2,\"seed\":1,\"started\":\"2026-11-23T20:29:04Z\","             \
    "\"suite\":\"quick\",\"v\":1,\"void\":false,\"worlds\":412,\"worlds_per_minute\":1030.5}"

static const char hostile[] = "write <script>alert(\"x\")</script> & 'go' \xe2\x80\xaelive";

static enum status render(struct fixture *fixture, const char *run, struct buf *page, struct why *why)
{
    SCOPED_BUF struct buf bundle = {0};
    fixture_start(fixture);
    fixture_bundle(fixture, &bundle);
    enum status status = report_render(buf_bytes(&bundle), bytes_str(run), NULL, page, why);
    fixture_end(fixture);
    return status;
}

static void page_of(const char *phrase, const char *run, struct buf *page)
{
    struct fixture fixture = {.phrase = phrase};
    ok(render(&fixture, run, page, NULL));
}

static size_t times(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        count++;
    return count;
}

/* --- the form of the page --- */

/* A check of the tags: that each is closed, in order, quotes included. NULL, or where it goes wrong. */
static const char *unbalanced(const char *html)
{
    char stack[64][16];
    size_t depth = 0;
    for (const char *at = html; (at = strchr(at, '<'));) {
        bool closing = at[1] == '/', quoted = false;
        const char *name = at + 1 + closing, *end = name;
        size_t size = strcspn(name, " />\n");
        if (size >= sizeof *stack)
            return at;
        for (; *end && (quoted || *end != '>'); end++)
            quoted ^= *end == '"';
        if (!*end)
            return at;
        bool single = end[-1] == '/' || !strncmp(name, "meta", 4) || !strncmp(name, "br", 2) || *name == '!';
        if (closing && (depth == 0 || strlen(stack[--depth]) != size || strncmp(stack[depth], name, size) != 0))
            return at;
        if (!closing && !single) {
            if (depth == 64)
                return at;
            snprintf(stack[depth++], sizeof *stack, "%.*s", (int)size, name);
        }
        at = end;
    }
    return depth == 0 ? NULL : "at the end";
}

static void the_check_of_tags_can_fail(void **state)
{
    (void)state;
    assert_null(unbalanced("<p>a<br><b>c</b></p>"));
    assert_non_null(unbalanced("<p>a<b>c</p></b>"));
    assert_non_null(unbalanced("<p>a"));
    assert_non_null(unbalanced("a</p>"));
    assert_non_null(unbalanced("<p class=\"x>a</p>"));
}

static void check_headings(const char *html)
{
    char last = '0';
    assert_int_equal(times(html, "<h1"), 1);
    for (const char *at = html; (at = strstr(at, "<h")); at++) {
        if (at[2] < '1' || at[2] > '6')
            continue;
        assert_true(at[2] <= last + 1);
        last = at[2];
    }
}

static void check_links(const char *html)
{
    for (const char *at = html; (at = strstr(at, "href=\"")); at++) {
        char id[64];
        assert_int_equal(at[6], '#');
        snprintf(id, sizeof id, " id=\"%.*s\"", (int)strcspn(at + 7, "\""), at + 7);
        assert_int_equal(times(html, id), 1);
    }
}

static void the_page_is_well_formed_and_accessible(void **state)
{
    (void)state;
    SCOPED_BUF struct buf page = {0};
    page_of(hostile, RUN(PLAIN "," CURVED "," UNMEASURED), &page);
    const char *html = buf_text(&page), *wrong = unbalanced(html);
    if (wrong)
        fail_msg("unbalanced: %.80s", wrong);
    check_headings(html);
    check_links(html);
    assert_int_equal(times(html, "<table"), times(html, "<caption"));
    assert_int_equal(times(html, "<th ") + times(html, "<th>"), times(html, "<th scope="));
    assert_int_equal(times(html, "<svg"), 3);
    assert_int_equal(times(html, "role=\"img\" aria-labelledby="), 3);
    assert_int_equal(times(html, "<desc id="), 3);
    static const char *const wanted[] = {
        "<html lang=\"en\">",        "<main>",       "<header>",          "<nav aria-label=", "<footer>",
        "prefers-color-scheme:dark", "@media print", "default-src 'none'"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_non_null(strstr(html, wanted[i]));
}

static void nothing_is_loaded_and_nothing_runs(void **state)
{
    (void)state;
    static const char *const unwanted[] = {"<script", "<img",    "<link",       "<iframe", "src=",
                                           "http:",   "https:",  "url(",        "@import", "javascript",
                                           "onload",  "onerror", "\xe2\x80\xae"};
    SCOPED_BUF struct buf page = {0};
    page_of(hostile, RUN(PLAIN "," CURVED), &page);
    for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
        if (strstr(buf_text(&page), unwanted[i]))
            fail_msg("the page holds %s", unwanted[i]);
}

static void every_value_is_escaped(void **state)
{
    (void)state;
    SCOPED_BUF struct buf page = {0}, text = {0};
    page_of(hostile, RUN(CURVED), &page);
    assert_non_null(strstr(buf_text(&page),
                           "write &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;go&#39; "
                           "[U+202E]live"));
    assert_non_null(strstr(buf_text(&page), "&lt;/td&gt;&lt;script&gt;alert(1)"));
    page_text(&text, bytes_str("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \t"));
    assert_string_equal(buf_text(&text), "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \t"); /* harmless: as it is */
    buf_clear(&text);
    page_text(&text, bytes_str("\x1b[2J \xe2\x80\x8b\xef\xbb\xbf\xc2\x85\xf3\xa0\x81\x81"));
    assert_string_equal(buf_text(&text), "[U+001B][2J [U+200B][U+FEFF][U+0085][U+E0041]");
    buf_clear(&text);
    page_text(&text, bytes_str("\xc3("));
    assert_string_equal(buf_text(&text), "[not text]");
}

/* --- what it says --- */

static void the_numbers_are_those_of_the_bundle(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "Example federation",
        "2026-10 to 2026-11",
        "at least 5",
        "12,345",
        "4 entries, all checked",
        "Erasure of a member&#39;s data",
        "recompute bags and insurance",
        "at least 20 members",
        "8 in 10 such runs succeeded",
        "2 members who put their knowledge together",
        "part of the signed bundle",
    };
    struct fixture fixture = {.audit = RUN(PLAIN)};
    SCOPED_BUF struct buf page = {0};
    ok(render(&fixture, "", &page, NULL));
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(buf_text(&page), wanted[i]))
            fail_msg("the page does not say: %s", wanted[i]);
}

static void the_outcome_is_never_better_than_the_results(void **state)
{
    (void)state;
    static const struct {
        const char *run, *wanted;
    } cases[] = {
        {"", "No audit was run."},
        {RUN(""), "No attack could be evaluated. This is not a pass."},
        {RUN(UNMEASURED), "No attack could be evaluated. This is not a pass."},
        {RUN(CURVED), "<p>The only leaks found are those that the design states.</p>"},
        {RUN(CURVED "," UNMEASURED), "those that the design states. Some attacks could not be evaluated"},
        {RUN(PLAIN), "<p>No attack found a leak above its limit.</p>"},
        {RUN(PLAIN "," UNMEASURED), "Some could not be evaluated: they are not passes."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED_BUF struct buf page = {0};
        page_of(NULL, cases[i].run, &page);
        if (!strstr(buf_text(&page), cases[i].wanted))
            fail_msg("the page does not say: %s", cases[i].wanted);
    }
}

/* The run with one spot of it replaced. */
static void page_of_spoiled(const char *run, const char *spot, const char *by, enum status expected, struct buf *page)
{
    struct fixture fixture = {0};
    struct why why = {0};
    SCOPED_BUF struct buf text = {0};
    buf_add_str(&text, run);
    SCOPED_BUF struct buf changed = spoiled(&text, spot, by);
    enum status got = render(&fixture, buf_text(&changed), page, &why);
    if (got != expected)
        fail_msg("%s -> %s gave %s", spot, by, status_text(got));
}

static void expect_said(const char *html, const char *const *wanted)
{
    for (; *wanted; wanted++)
        if (!strstr(html, *wanted))
            fail_msg("the page does not say: %s", *wanted);
}

static void each_family_has_its_row_and_its_worst_answer(void **state)
{
    (void)state;
    static const char run[] = RUN(FULL("mia2", "membership", "[0.4,0.6]", "no leak above the limit", BANDS) "," FULL(
        "mia", "membership", "[0.4,0.6]", "leak found",
        NO_PLOT) "," FULL("out", "split learning", "[0.4,0.6]", "no leak above the limit", FRONTIER) "," PLAIN);
    SCOPED_BUF struct buf page = {0};
    page_of(NULL, run, &page);
    const char *html = buf_text(&page), *wrong = unbalanced(html);
    if (wrong)
        fail_msg("unbalanced: %.80s", wrong);
    check_headings(html);
    check_links(html);
    expect_said(html,
                (const char *const[]){
                    "<a href=\"#family-5\">Can someone tell from the releases who or what took part?</a></th><td "
                    "role=\"cell\" data-label=\"Answer\"><strong class=\"verdict bad\">Leak found</strong>",
                    "1 leaking, 1 under the limit<span class=\"small\">mia target: 0.5, at least 0.4 (area)",
                    "<strong class=\"verdict good\">No leak above the limits</strong>",
                    "<a href=\"#family-14\">Other attacks</a>", /* a run of an earlier version */
                    ">Is mia seen?<span class=\"small\">after Doe 2025</span>",
                    "so many samples would show a value of 0.625", "with all results at once: 0.125 to 0.875", NULL});
    assert_int_equal(times(html, "<polygon class=\"band\""), 1);
    assert_int_equal(times(html, "class=\"roc\""), 2);
    expect_said(html, (const char *const[]){"noise (logarithmic)</text>", ">tokens</text>",
                                            "tokens against noise in 2 points", NULL});
}

static void a_lower_bound_has_no_upper_end(void **state)
{
    (void)state;
    SCOPED_BUF struct buf page = {0};
    struct why why = {0};
    page_of(NULL, RUN(FULL("bound", "empirical epsilon", "[0.4,null]", "leak found", NO_PLOT)), &page);
    assert_non_null(strstr(buf_text(&page), "(at least 0.4)"));
    buf_clear(&page);
    page_of_spoiled(RUN(FULL("bound", "empirical epsilon", "[0.4,0.4]", "no leak above the limit", NO_PLOT)),
                    "\"detects\"", "\"interval_kind\":\"lower bound\",\"detects\"", OK,
                    &page); /* both ends are the bound */
    assert_non_null(strstr(buf_text(&page), "(at least 0.4)"));
    assert_null(strstr(buf_text(&page), "(0.4 to 0.4)"));
    struct fixture fixture = {0}; /* and is no pass */
    buf_clear(&page);
    assert_int_equal(render(&fixture,
                            RUN(FULL("bound", "empirical epsilon", "[0.4,null]", "no leak above the limit", NO_PLOT)),
                            &page, &why),
                     ERR_INPUT);
}

static void a_p_says_what_it_is_of(void **state)
{
    (void)state;
    SCOPED_BUF struct buf page = {0};
    const char *run = RUN(FULL("mia", "membership", "[0.4,0.6]", "not evaluated", NO_PLOT));
    page_of_spoiled(run, "\"p\":null", "\"interval_kind\":\"normal\",\"p\":0.25", OK, &page);
    assert_non_null(strstr(buf_text(&page), "; chance alone: p = 0.25"));
    buf_clear(&page);
    page_of_spoiled(run, "\"p\":null", "\"interval_kind\":\"rate at a rate\",\"p\":0.25", OK, &page);
    assert_non_null(strstr(buf_text(&page), "; if no more leaks than is tolerated: p = 0.25"));
}

static void a_bundle_with_a_run_of_now_verifies(void **state)
{
    (void)state;
    struct fixture fixture = {.audit = RUN(FULL("mia", "membership", "[0.4,0.6]", "no leak above the limit", BANDS))};
    SCOPED_BUF struct buf bundle = {0}, summary = {0}, page = {0};
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    ok(report_verify(buf_bytes(&bundle), &summary, NULL));
    assert_non_null(strstr(buf_text(&summary), "audit       embedded, with the hash that is stated"));
    ok(report_render(buf_bytes(&bundle), BYTES_NONE, NULL, &page, NULL));
    assert_non_null(strstr(buf_text(&page), "with all results at once: 0.125 to 0.875"));
    fixture_end(&fixture);
}

static void leaks_and_void_suites_stand_out(void **state)
{
    (void)state;
    SCOPED_BUF struct buf page = {0};
    page_of_spoiled(RUN(PLAIN "," CURVED), "leak expected and stated", "leak found", OK, &page);
    assert_non_null(strstr(buf_text(&page), "<section class=\"outcome bad\""));
    assert_non_null(strstr(buf_text(&page), "<p>A leak was found.</p>\n<ul>\n<li>Can someone tell"));
    buf_clear(&page);
    page_of_spoiled(RUN(PLAIN "," UNMEASURED), "\"control\":\"none\"", "\"control\":\"failed\"", OK, &page);
    const char *html = buf_text(&page), *title = strstr(html, "Void audit");
    assert_non_null(title); /* though the run itself says "void":false */
    assert_true(title < strstr(html, "Scope and period"));
    assert_non_null(strstr(title, "Attack on: disk (<code>new.attack</code>)"));
    buf_clear(&page);
    page_of_spoiled(RUN(PLAIN), "\"void\":false", "\"void\":true", OK, &page);
    assert_non_null(strstr(buf_text(&page), "Void audit"));
}

static void a_run_that_lies_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *spot, *by;
    } cases[] = {
        {"0.00123]", "0.2]"},                                 /* a pass above the limit */
        {"\"control\":\"passed\"", "\"control\":\"failed\""}, /* a pass without its control */
        {"\"control\":\"passed\"", "\"control\":\"none\""},
        {"\"samples\":3000", "\"samples\":0"},
        {"[0,0.00123]", "null"},
        {"[0,0.00123]", "[0]"},
        {"[0,0.00123]", "7"},
        {"\"samples\":3000", "\"samples\":-1"},
        {"no leak above the limit", "safe"},
        {"\"control\":\"passed\"", "\"control\":1"},
        {"\"curve\":[]", "\"curve\":[[1]]"},
        {"\"curve\":[]", "\"curve\":[[\"a\",0]]"},
        {"\"curve\":[]", "\"curve\":0"},
        {"\"note\":\"\",", ""},
        {"\"value\":0,", "\"value\":\"0\","},
        {"\"results\":[", "\"result\":["},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED_BUF struct buf page = {0};
        page_of_spoiled(RUN(PLAIN), cases[i].spot, cases[i].by, ERR_INPUT, &page);
        assert_int_equal(page.size, 0);
    }
    SCOPED_BUF struct buf page = {0};
    page_of_spoiled(RUN(PLAIN), "\"note\":", "\"later\":1,\"note\":", OK, &page); /* a field of a later suite */
}

static void nothing_is_made_from_a_bundle_that_does_not_hold(void **state)
{
    (void)state;
    static const enum spoil_kind spoils[] = {OTHER_SIGNER, OTHER_ENTRY, OTHER_LIBRARY, UNLOGGED_AUDIT};
    for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
        struct fixture fixture = {.spoil = spoils[i], .audit = RUN(PLAIN)};
        SCOPED_BUF struct buf page = {0};
        assert_int_equal(render(&fixture, "", &page, NULL), ERR_DENIED);
        assert_int_equal(page.size, 0);
    }
}

static void a_run_beside_the_bundle_is_told_from_one_inside(void **state)
{
    (void)state;
    struct fixture same = {.audit = RUN(PLAIN)}, other = {.audit = RUN(PLAIN)};
    SCOPED_BUF struct buf page = {0};
    ok(render(&same, RUN(PLAIN), &page, NULL));
    assert_non_null(strstr(buf_text(&page), "part of the signed bundle"));
    buf_clear(&page);
    ok(render(&other, RUN(CURVED), &page, NULL));
    assert_non_null(strstr(buf_text(&page), "signature does not cover them"));
}

static void the_json_says_the_same(void **state)
{
    (void)state;
    struct fixture fixture = {.phrase = hostile};
    SCOPED_BUF struct buf bundle = {0}, text = {0};
    SCOPED_JSON struct json *report = NULL;
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    ok(report_json(buf_bytes(&bundle), bytes_str(RUN(PLAIN "," UNMEASURED)), NULL, &text, NULL));
    ok(json_parse(buf_bytes(&text), 1 << 20, &report, NULL));
    const struct json *audit = json_get(report, "audit"),
                      *insights = json_get(json_get(report, "released"), "insights");
    assert_int_equal(json_integer_value(json_get(audit, "not evaluated")), 1);
    assert_string_equal(json_string_text(json_get(audit, "origin")), "given");
    assert_int_equal(json_count(insights), 2);
    assert_non_null(
        strstr(json_string_text(json_get(json_at(insights, 0), "text")), "<script>")); /* data, not markup */
    assert_int_equal(json_integer_value(json_get(json_get(report, "logged"), "erasure")), 1);
    fixture_end(&fixture);
}

/* What a device says: `names` get 1,200, all others nothing. */
static void share_of(const char *name, struct buf *out)
{
    buf_add_str(out, "{\"report\":{\"traces\":3,\"scrubbed\":{");
    for (unsigned type = 0; type < REDACT_TYPES; type++) {
        const char *key = redact_type_name((enum redact_type)type);
        buf_addf(out, "%s\"%s\":%d", type ? "," : "", key, strcmp(key, name) == 0 ? 1200 : 0);
    }
    buf_add_str(out, "}}}");
}

static void what_was_replaced_is_shown_by_type(void **state)
{
    (void)state;
    struct fixture fixture = {.phrase = hostile};
    struct scrubbed scrubbed = {0};
    SCOPED_BUF struct buf bundle = {0}, page = {0}, text = {0}, names = {0}, tokens = {0};
    share_of("NAME", &names);
    share_of("TOKEN", &tokens);
    ok(scrubbed_add(buf_bytes(&names), &scrubbed, NULL));
    ok(scrubbed_add(buf_bytes(&names), &scrubbed, NULL));
    ok(scrubbed_add(buf_bytes(&tokens), &scrubbed, NULL));
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    ok(report_render(buf_bytes(&bundle), BYTES_NONE, &scrubbed, &page, NULL));
    assert_null(unbalanced(buf_text(&page)));
    assert_non_null(strstr(buf_text(&page), "9 traces that 3 reports"));
    assert_non_null(strstr(buf_text(&page), "<code>NAME</code></td><td class=\"n\">2,400</td>"));
    assert_non_null(strstr(buf_text(&page), "<code>TOKEN</code></td><td class=\"n\">1,200</td>"));
    assert_non_null(strstr(buf_text(&page), "of the types <code>EMAIL</code>, "));
    ok(report_json(buf_bytes(&bundle), BYTES_NONE, &scrubbed, &text, NULL));
    assert_non_null(strstr(buf_text(&text), "\"NAME\":2400"));
    buf_clear(&page);
    ok(report_render(buf_bytes(&bundle), BYTES_NONE, NULL, &page, NULL));
    assert_null(strstr(buf_text(&page), "id=\"scrubbed\""));
    fixture_end(&fixture);
}

static void what_no_device_says_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"",
                                         "{}",
                                         "[1]",
                                         "{\"report\":{\"traces\":1}}",
                                         "{\"report\":{\"traces\":-1,\"scrubbed\":{}}}",
                                         "{\"report\":{\"traces\":1,\"scrubbed\":{\"NAME\":\"Ann Bell\"}}}"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct scrubbed scrubbed = {0};
        assert_int_equal(scrubbed_add(bytes_str(others[i]), &scrubbed, NULL), ERR_INPUT);
        assert_int_equal(scrubbed.reports + scrubbed.traces, 0);
    }
}

static void a_failed_allocation_is_reported(void **state)
{
    (void)state;
    struct fixture fixture = {.audit = RUN(PLAIN "," CURVED)};
    SCOPED_BUF struct buf bundle = {0};
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    for (size_t n = 1, failed = 1; failed; n++) {
        SCOPED_BUF struct buf page = {0};
        mem_fail_after(n);
        enum status status = report_render(buf_bytes(&bundle), BYTES_NONE, NULL, &page, NULL);
        failed = mem_fail_after(0) >= n;
        if (status != (failed ? ERR_MEMORY : OK))
            fail_msg("allocation %zu gave %s", n, status_text(status));
    }
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_of_tags_can_fail),
        cmocka_unit_test(the_page_is_well_formed_and_accessible),
        cmocka_unit_test(nothing_is_loaded_and_nothing_runs),
        cmocka_unit_test(every_value_is_escaped),
        cmocka_unit_test(the_numbers_are_those_of_the_bundle),
        cmocka_unit_test(the_outcome_is_never_better_than_the_results),
        cmocka_unit_test(each_family_has_its_row_and_its_worst_answer),
        cmocka_unit_test(a_lower_bound_has_no_upper_end),
        cmocka_unit_test(a_p_says_what_it_is_of),
        cmocka_unit_test(a_bundle_with_a_run_of_now_verifies),
        cmocka_unit_test(leaks_and_void_suites_stand_out),
        cmocka_unit_test(a_run_that_lies_is_refused),
        cmocka_unit_test(nothing_is_made_from_a_bundle_that_does_not_hold),
        cmocka_unit_test(a_run_beside_the_bundle_is_told_from_one_inside),
        cmocka_unit_test(the_json_says_the_same),
        cmocka_unit_test(what_was_replaced_is_shown_by_type),
        cmocka_unit_test(what_no_device_says_is_refused),
        cmocka_unit_test(a_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
