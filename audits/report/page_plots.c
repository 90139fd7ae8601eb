/* The figures of the attacks: ROC curves, and frontiers of leak against what a defence costs. */
#include "audits/report/page_report.h"

#include "audits/report/svg.h"

static bool has_plot(const struct finding *finding, enum plot_kind kind)
{
    return finding->plot == kind && json_count(finding->curve) >= 2;
}

static void figure(struct buf *page, size_t id, const struct finding *finding)
{
    char value[PAGE_NUMBER];
    const struct svg_plot plot = {finding->name, finding->x, finding->y, finding->curve, finding->limit};
    buf_add_str(page, "<figure>");
    if (finding->plot == PLOT_ROC)
        svg_roc(page, id, finding->name, finding->curve, finding->value);
    else
        svg_frontier(page, id, &plot);
    page_add(page, "<figcaption><code>%s</code> %s: %s</figcaption></figure>\n", finding->name, finding->metric,
             page_value(finding->value, value));
}

static void figures(struct buf *page, const struct report *report, enum plot_kind kind, const char *title,
                    const char *words)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        if (!has_plot(&report->findings[i], kind))
            continue;
        if (shown++ == 0)
            page_add(page, "<h3>%s</h3>\n<p>%s</p>\n<div class=\"plots\">\n", title, words);
        figure(page, report->finding_count + i, &report->findings[i]);
    }
    if (shown > 0)
        buf_add_str(page, "</div>\n");
}

void page_plots(struct buf *page, const struct report *report)
{
    figures(page, report, PLOT_ROC, "ROC curves",
            "The closer a curve is to the dotted diagonal, the closer the attack is to guessing. The band is where the "
            "curve lies with a certainty of 95 % at each point.");
    figures(
        page, report, PLOT_FRONTIER, "Frontiers",
        "How much leaks against how strong the defence is, or what it costs. A bar is the 95 % interval of its point.");
}
