/* The section of the attacks. The outcome of the whole stands first on the page, so that a void audit cannot be read
 * past. */
#include "audits/report/page_report.h"

static const char *outcome_class(const struct report *report)
{
    if (report->is_void || report->verdicts[VERDICT_LEAK] > 0)
        return "bad";
    if (report->verdicts[VERDICT_NOT_EVALUATED] > 0)
        return "open";
    if (report->verdicts[VERDICT_EXPECTED] > 0)
        return "known";
    return report->verdicts[VERDICT_NO_LEAK_ABOVE] > 0 ? "good" : "open";
}

/* What the sentence is about: the leaks, or the controls that failed. */
static void culprits(struct buf *page, const struct report *report)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct finding *finding = &report->findings[i];
        if (report->is_void ? finding->control != CONTROL_FAILED : finding->verdict != VERDICT_LEAK)
            continue;
        if (shown++ == 0)
            buf_add_str(page, "<ul>\n");
        page_add(page, "<li>%s Attack on: %s (<code>%s</code>).</li>\n", words_question(finding), finding->target,
                 finding->name);
    }
    if (shown > 0)
        buf_add_str(page, "</ul>\n");
}

void page_outcome(struct buf *page, const struct report *report)
{
    page_add(page,
             "<section class=\"outcome %s\" aria-labelledby=\"outcome\">\n<h2 id=\"outcome\">%s</h2>\n<p>%s</p>\n",
             outcome_class(report), report->is_void ? "Void audit" : "The audit in a sentence", words_outcome(report));
    culprits(page, report);
    if (report->run)
        page_add(page,
                 "<ul class=\"tally\"><li><b>%zu</b> no leak above the limit</li><li><b>%zu</b> leak found</li>"
                 "<li><b>%zu</b> leak expected and stated</li><li><b>%zu</b> not evaluated</li></ul>\n",
                 report->verdicts[VERDICT_NO_LEAK_ABOVE], report->verdicts[VERDICT_LEAK],
                 report->verdicts[VERDICT_EXPECTED], report->verdicts[VERDICT_NOT_EVALUATED]);
    buf_add_str(page, "</section>\n");
}

static size_t count_of(const struct json *object, const char *key)
{
    int64_t count = json_integer_value(json_get(object, key));
    return count > 0 ? (size_t)count : 0;
}

#define RATE_MAX 1e12

/* How much was done, and how fast; what a run of an earlier version does not say is left out. */
static void about_speed(struct buf *page, const struct json *run)
{
    static const struct {
        const char *count, *rate, *words;
    } rows[] = {{"worlds", "worlds_per_minute", "whole federations simulated"},
                {"clients", "clients_per_minute", "client halves prepared"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char count[PAGE_NUMBER], rate[PAGE_NUMBER];
        const struct json *per_minute = json_get(run, rows[i].rate);
        double value = json_number_value(per_minute);
        if (json_is_number(per_minute) && value >= 0 && value < RATE_MAX)
            page_add(page, "%s %s, %s a minute. ", page_count(count_of(run, rows[i].count), count), rows[i].words,
                     page_count((uint64_t)value, rate));
    }
}

static void about(struct buf *page, const struct report *report)
{
    char seed[PAGE_NUMBER], seconds[PAGE_NUMBER];
    const struct json *run = report->run, *scope = json_get(run, "scope");
    page_add(page, "<p>Suite <code>%s</code>, started %s, %s seconds, seed %s, k = %s. ",
             json_string_text(json_get(run, "suite")), json_string_text(json_get(run, "started")),
             page_value(json_number_value(json_get(run, "seconds")), seconds), page_count(count_of(run, "seed"), seed),
             page_value(json_number_value(json_get(run, "k")), (char[PAGE_NUMBER]){0}));
    if (scope)
        page_add(page, "Traces of %zu tenants in %zu files, with %zu values that must not leave. ",
                 count_of(scope, "tenants"), count_of(scope, "files"), count_of(scope, "probes"));
    about_speed(page, run);
    page_add(page, "%s</p>\n", words_origin(report->origin));
}

void page_attacks(struct buf *page, const struct report *report)
{
    buf_add_str(page, "<section aria-labelledby=\"attacks\">\n<h2 id=\"attacks\">What attacks found</h2>\n");
    if (report->run) {
        about(page, report);
        page_families(page, report);
        page_findings(page, report);
        page_plots(page, report);
    } else {
        page_add(page, "<p>%s</p>\n", words_outcome(report));
    }
    buf_add_str(page, "</section>\n");
}
