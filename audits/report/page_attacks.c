/* The attacks: what each asked, what came out, and how sure that is. The outcome of the whole stands first, so that a
 * void audit cannot be read past. */
#include "audits/report/page_report.h"

#include <math.h>

#include "audits/report/svg.h"

static const char *verdict_class(enum verdict verdict)
{
    static const char *const classes[VERDICTS] = {"bad", "good", "open", "known"};
    INVARIANT(verdict < VERDICTS);
    return classes[verdict];
}

static const char *control_words(enum control control)
{
    static const char *const words[CONTROLS] = {"None", "Passed", "Failed"};
    INVARIANT(control < CONTROLS);
    return words[control];
}

/* --- one row --- */

static void cell_target(struct buf *page, const struct finding *finding)
{
    page_add(page,
             "<th scope=\"row\" role=\"rowheader\"><span class=\"target\">%s</span>"
             "<span class=\"small\">adversary: %s</span><code>%s</code></th>\n",
             finding->target, finding->adversary, finding->name);
}

static void cell_answer(struct buf *page, const struct finding *finding)
{
    char number[PAGE_NUMBER];
    page_add(page, "<td role=\"cell\" data-label=\"Answer\"><strong class=\"verdict %s\">%s</strong>",
             verdict_class(finding->verdict), words_answer(finding->verdict));
    if (isfinite(finding->limit))
        page_add(page, "<span class=\"small\">limit %s</span>", page_value(finding->limit, number));
    if (finding->note[0])
        page_add(page, "<span class=\"small\">%s</span>", finding->note);
    buf_add_str(page, "</td>\n");
}

static void cell_measured(struct buf *page, const struct finding *finding, size_t id)
{
    char value[PAGE_NUMBER], low[PAGE_NUMBER], high[PAGE_NUMBER], samples[PAGE_NUMBER];
    buf_add_str(page, "<td role=\"cell\" data-label=\"Measured\">");
    if (finding->samples == 0 || !isfinite(finding->value)) {
        buf_add_str(page, "<span>nothing measured</span></td>\n");
        return;
    }
    page_add(page, "<span class=\"number\">%s</span>", page_value(finding->value, value));
    if (isfinite(finding->low) && isfinite(finding->high)) {
        page_add(page, " <span class=\"range\">(%s to %s)</span>", page_value(finding->low, low),
                 page_value(finding->high, high));
        svg_interval(page, id,
                     &(struct svg_interval){finding->name, finding->value, finding->low, finding->high,
                                            finding->baseline, finding->limit});
    }
    page_add(page, "<span class=\"small\">%s; n = %s (unit: %s)", finding->metric,
             page_count(finding->samples, samples), finding->unit);
    if (isfinite(finding->p))
        page_add(page, "; chance alone: p = %s", page_value(finding->p, value));
    buf_add_str(page, "</span></td>\n");
}

static void row(struct buf *page, const struct finding *finding, size_t id)
{
    char number[PAGE_NUMBER];
    buf_add_str(page, "<tr role=\"row\">\n");
    cell_target(page, finding);
    cell_answer(page, finding);
    cell_measured(page, finding, id);
    page_add(page, "<td role=\"cell\" data-label=\"Baseline\"><span>%s</span></td>\n",
             page_value(finding->baseline, number));
    page_add(page, "<td role=\"cell\" data-label=\"Control\"><span class=\"%s\">%s</span>",
             finding->control == CONTROL_FAILED ? "failed" : "plain", control_words(finding->control));
    if (isfinite(finding->control_value))
        page_add(page, "<span class=\"small\">measured %s</span>", page_value(finding->control_value, number));
    buf_add_str(page, "</td>\n</tr>\n");
}

/* --- table and curves --- */

/* Findings that ask the same stand below their question. */
static void question(struct buf *page, const char *words, const char *end_of_last)
{
    buf_add_str(page, end_of_last);
    page_add(page,
             "<tbody role=\"rowgroup\">\n<tr role=\"row\" class=\"ask\"><th scope=\"rowgroup\" role=\"rowheader\" "
             "colspan=\"5\">%s</th></tr>\n",
             words);
}

static void table(struct buf *page, const struct report *report)
{
    buf_add_str(
        page,
        "<table class=\"attacks\" role=\"table\">\n"
        "<caption>Every attack that was run, with its 95 % interval</caption>\n"
        "<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">Attack on</th>"
        "<th scope=\"col\" role=\"columnheader\">Answer</th><th scope=\"col\" role=\"columnheader\">Measured</th>"
        "<th scope=\"col\" role=\"columnheader\">Baseline</th><th scope=\"col\" role=\"columnheader\">Control</th>"
        "</tr></thead>\n");
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct finding *finding = &report->findings[i];
        if (i == 0 || strcmp(words_question(finding), words_question(finding - 1)) != 0)
            question(page, words_question(finding), i == 0 ? "" : "</tbody>\n");
        row(page, finding, i);
    }
    buf_add_str(page, report->finding_count > 0 ? "</tbody>\n</table>\n" : "</table>\n");
}

static void legend(struct buf *page)
{
    buf_add_str(
        page,
        "<h3>How to read the table</h3>\n<dl class=\"terms\">\n"
        "<div><dt>Measured</dt><dd>The dot is the measured value, the line its 95 % interval. A dotted tick is the "
        "baseline, a solid tick the limit.</dd></div>\n"
        "<div><dt>Baseline</dt><dd>The same measurement where nothing can leak. A value close to it is what chance "
        "gives.</dd></div>\n"
        "<div><dt>Control</dt><dd>The same attack where there is a leak on purpose. It must succeed; if it does "
        "not, the attack is blind and its result is void.</dd></div>\n"
        "<div><dt>No leak above the limit</dt><dd>The whole interval lies at or below the limit and the control "
        "passed.</dd></div>\n"
        "<div><dt>Not evaluated</dt><dd>Too few samples, an interval that reaches over the limit, or no passed "
        "control. It is not a pass.</dd></div>\n"
        "<div><dt>Leaks, as stated</dt><dd>The attack succeeds, and the design says that it does.</dd></div>\n"
        "</dl>\n");
}

static void curves(struct buf *page, const struct report *report)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct finding *finding = &report->findings[i];
        char value[PAGE_NUMBER];
        if (finding->plot != PLOT_ROC || json_count(finding->curve) < 2)
            continue;
        if (shown++ == 0)
            buf_add_str(page, "<h3>ROC curves</h3>\n<p>The closer a curve is to the dotted diagonal, the closer the "
                              "attack is to guessing.</p>\n<div class=\"plots\">\n");
        buf_add_str(page, "<figure>");
        svg_roc(page, report->finding_count + i, finding->name, finding->curve, finding->value);
        page_add(page, "<figcaption><code>%s</code> %s: %s</figcaption></figure>\n", finding->name, finding->metric,
                 page_value(finding->value, value));
    }
    if (shown > 0)
        buf_add_str(page, "</div>\n");
}

/* --- the section --- */

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

static void about(struct buf *page, const struct report *report)
{
    char seed[PAGE_NUMBER], worlds[PAGE_NUMBER], seconds[PAGE_NUMBER];
    const struct json *run = report->run;
    page_add(page,
             "<p>Suite <code>%s</code>, started %s, %s seconds, seed %s, k = %s; %s whole federations simulated. ",
             json_string_text(json_get(run, "suite")), json_string_text(json_get(run, "started")),
             page_value(json_number_value(json_get(run, "seconds")), seconds),
             page_count((uint64_t)json_integer_value(json_get(run, "seed")), seed),
             page_value(json_number_value(json_get(run, "k")), (char[PAGE_NUMBER]){0}),
             page_count((uint64_t)json_integer_value(json_get(run, "worlds")), worlds));
    page_add(page, "%s</p>\n", words_origin(report->origin));
}

void page_attacks(struct buf *page, const struct report *report)
{
    buf_add_str(page, "<section aria-labelledby=\"attacks\">\n<h2 id=\"attacks\">What attacks found</h2>\n");
    if (report->run) {
        about(page, report);
        table(page, report);
        legend(page);
        curves(page, report);
    } else {
        page_add(page, "<p>%s</p>\n", words_outcome(report));
    }
    buf_add_str(page, "</section>\n");
}
