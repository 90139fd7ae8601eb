/* The attacks, a row a result: what was asked, what came out, and how sure that is. */
#include "audits/report/page_report.h"

#include <math.h>

#include "audits/report/svg.h"

const struct finding *finding_of(const struct report *report, enum audit_family family, size_t *at)
{
    while (*at < report->finding_count) {
        const struct finding *finding = &report->findings[(*at)++];
        if (finding->family == family)
            return finding;
    }
    return NULL;
}

const char *verdict_class(enum verdict verdict)
{
    static const char *const classes[VERDICTS] = {"bad", "good", "open", "known"};
    INVARIANT(verdict < VERDICTS);
    return classes[verdict];
}

static const char *control_words(enum control control)
{
    static const char *const words[CONTROLS] = {"None", "Passed", "Failed", "Undecided"};
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

/* What so many samples can show, and the interval that holds for all results at once. */
static void cell_certainty(struct buf *page, const struct finding *finding)
{
    char low[PAGE_NUMBER], high[PAGE_NUMBER];
    if (isfinite(finding->detects))
        page_add(page, "<span class=\"small\">so many samples would show a value of %s</span>",
                 page_value(finding->detects, low));
    bool is_wider = finding->all_low < finding->low || finding->all_high > finding->high;
    if (is_wider && isfinite(finding->all_low) && isfinite(finding->all_high))
        page_add(page, "<span class=\"small\">with all results at once: %s to %s</span>",
                 page_value(finding->all_low, low), page_value(finding->all_high, high));
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
    bool is_bound = finding->kind == INTERVAL_BOUND || !isfinite(finding->high);
    if (isfinite(finding->low) && is_bound)
        page_add(page, " <span class=\"range\">(at least %s)</span>", page_value(finding->low, low));
    if (isfinite(finding->low) && !is_bound) {
        page_add(page, " <span class=\"range\">(%s to %s)</span>", page_value(finding->low, low),
                 page_value(finding->high, high));
        svg_interval(page, id,
                     &(struct svg_interval){finding->name, finding->value, finding->low, finding->high,
                                            finding->baseline, finding->limit});
    }
    page_add(page, "<span class=\"small\">%s; n = %s (unit: %s)", finding->metric,
             page_count(finding->samples, samples), finding->unit);
    bool is_own = finding->kind == INTERVAL_BOUND || finding->kind == INTERVAL_RATE; /* the attack's own test */
    if (isfinite(finding->p))
        page_add(page, "; %s: p = %s", is_own ? "if no more leaks than is tolerated" : "chance alone",
                 page_value(finding->p, value));
    buf_add_str(page, "</span>");
    cell_certainty(page, finding);
    buf_add_str(page, "</td>\n");
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

/* --- the table --- */

/* Findings that ask the same stand below their question, and say where the attack is from. */
static void question(struct buf *page, const struct finding *finding)
{
    page_add(page,
             "<tbody role=\"rowgroup\">\n<tr role=\"row\" class=\"ask\"><th scope=\"rowgroup\" role=\"rowheader\" "
             "colspan=\"5\">%s",
             words_question(finding));
    if (finding->paper[0])
        page_add(page, "<span class=\"small\">after %s</span>", finding->paper);
    buf_add_str(page, "</th></tr>\n");
}

static void family_table(struct buf *page, const struct report *report, enum audit_family family)
{
    const struct finding *last = NULL, *finding = NULL;
    size_t at = 0;
    while ((finding = finding_of(report, family, &at))) {
        if (!last)
            page_add(page,
                     "<h4 id=\"family-%zu\">%s</h4>\n<table class=\"attacks\" role=\"table\">\n"
                     "<caption>%s</caption>\n"
                     "<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">Attack on</th>"
                     "<th scope=\"col\" role=\"columnheader\">Answer</th><th scope=\"col\" "
                     "role=\"columnheader\">Measured</th>"
                     "<th scope=\"col\" role=\"columnheader\">Baseline</th><th scope=\"col\" "
                     "role=\"columnheader\">Control</th>"
                     "</tr></thead>\n",
                     (size_t)family, family < FAMILIES ? audit_family_name(family) : "others", words_family(family));
        if (!last || strcmp(words_question(finding), words_question(last)) != 0) {
            buf_add_str(page, last ? "</tbody>\n" : "");
            question(page, finding);
        }
        row(page, finding, (size_t)(finding - report->findings));
        last = finding;
    }
    if (last)
        buf_add_str(page, "</tbody>\n</table>\n");
}

static void legend(struct buf *page)
{
    buf_add_str(
        page,
        "<h3>How to read the tables</h3>\n<dl class=\"terms\">\n"
        "<div><dt>Measured</dt><dd>The dot is the measured value, the line its 95 % interval. A dotted tick is the "
        "baseline, a solid tick the limit.</dd></div>\n"
        "<div><dt>Baseline</dt><dd>The same measurement where nothing can leak. A value close to it is what chance "
        "gives.</dd></div>\n"
        "<div><dt>Control</dt><dd>The same attack where there is a leak on purpose. It must succeed; if it does "
        "not, the attack is blind and its result is void. Undecided: too little was there to tell.</dd></div>\n"
        "<div><dt>So many samples would show</dt><dd>The smallest leak that a measurement of this size finds. A "
        "smaller "
        "one can be there.</dd></div>\n"
        "<div><dt>With all results at once</dt><dd>Of many intervals at 95 %, one in twenty misses. These wider ones "
        "all "
        "hold together with that certainty. A leak must hold after the same correction, else it is not "
        "evaluated.</dd></div>\n"
        "<div><dt>No leak above the limit</dt><dd>The whole interval lies at or below the limit and the control "
        "passed.</dd></div>\n"
        "<div><dt>Not evaluated</dt><dd>Too few samples, an interval that reaches over the limit, or no passed "
        "control. It is not a pass.</dd></div>\n"
        "<div><dt>Leaks, as stated</dt><dd>The attack succeeds, and the design says that it does.</dd></div>\n"
        "</dl>\n");
}

void page_findings(struct buf *page, const struct report *report)
{
    buf_add_str(page, "<h3>Every attack that was run, with its 95 % interval</h3>\n");
    for (unsigned family = 0; family <= FAMILIES; family++)
        family_table(page, report, (enum audit_family)family);
    legend(page);
}
