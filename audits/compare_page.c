/* A comparison as a page, in the style of the report. */
#include "audits/compare.h"

#include <math.h>

#include "audits/report/svg.h"

static void setting_rows(struct buf *page, const struct json *settings)
{
    for (size_t i = 0; i < json_count(settings); i++) {
        const struct json *row = json_at(settings, i);
        char before[COMPARED_TEXT], after[COMPARED_TEXT];
        setting_text(json_get(row, "before"), before);
        setting_text(json_get(row, "after"), after);
        page_add(page, "<tr><th scope=\"row\"><code>%s</code></th><td>%s</td><td>%s</td></tr>\n",
                 json_string_text(json_get(row, "name")), before, after);
    }
}

static void settings(struct buf *page, const struct comparison *comparison)
{
    buf_add_str(page, "<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">What was done differently</h2>\n");
    if (json_count(comparison->settings) == 0) {
        buf_add_str(page, "<p>Nothing: suite, seed, number of traces and policy are the same.</p>\n</section>\n");
        return;
    }
    buf_add_str(page, "<table>\n<caption>Settings that differ</caption>\n<thead><tr><th scope=\"col\">Setting</th><th "
                      "scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead>\n<tbody>\n");
    setting_rows(page, comparison->settings);
    buf_add_str(page, "</tbody>\n</table>\n</section>\n");
}

static void side(struct buf *page, const char *label, const struct finding *finding, size_t id)
{
    char value[PAGE_NUMBER], low[PAGE_NUMBER], high[PAGE_NUMBER];
    page_add(page, "<td role=\"cell\" data-label=\"%s\">", label);
    if (!finding) {
        buf_add_str(page, "<span>not run</span></td>\n");
        return;
    }
    page_add(page, "<strong class=\"verdict %s\">%s</strong>", verdict_class(finding->verdict),
             words_answer(finding->verdict));
    bool is_bound = finding->kind == INTERVAL_BOUND;
    if (finding->samples > 0 && is_bound)
        page_add(page, "<span class=\"range\">at least %s</span>", page_value(finding->low, low));
    if (finding->samples > 0 && !is_bound && isfinite(finding->value))
        page_add(page, "<span class=\"number\">%s</span> <span class=\"range\">(%s to %s)</span>",
                 page_value(finding->value, value), page_value(finding->low, low), page_value(finding->high, high));
    if (finding->samples > 0 && !is_bound && isfinite(finding->value) && isfinite(finding->low) &&
        isfinite(finding->high))
        svg_interval(page, id,
                     &(struct svg_interval){finding->name, finding->value, finding->low, finding->high,
                                            finding->baseline, finding->limit});
    buf_add_str(page, "</td>\n");
}

static void result_row(struct buf *page, const struct compared *row, size_t id)
{
    const struct finding *known = row->after ? row->after : row->before;
    page_add(page,
             "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><span class=\"target\">%s</span><span "
             "class=\"small\">%s</span><code>%s</code></th>\n",
             known->target, known->metric, known->name);
    side(page, "Before", row->before, 2 * id);
    side(page, "After", row->after, 2 * id + 1);
    page_add(page, "<td role=\"cell\" data-label=\"Change\">%s</td></tr>\n", change_name(row->change));
}

static void results(struct buf *page, const struct comparison *comparison)
{
    buf_add_str(
        page,
        "<section aria-labelledby=\"results\">\n<h2 id=\"results\">Results</h2>\n<p>A value is called higher or "
        "lower where the two 95 % intervals do not meet. No difference seen does not mean that there is "
        "none.</p>\n<table class=\"attacks compared\" role=\"table\">\n<caption>Every result of either "
        "run</caption>\n<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" "
        "role=\"columnheader\">Attack on</th><th scope=\"col\" role=\"columnheader\">Before</th><th scope=\"col\" "
        "role=\"columnheader\">After</th><th scope=\"col\" role=\"columnheader\">Change</th></tr></thead>\n<tbody "
        "role=\"rowgroup\">\n");
    for (size_t i = 0; i < comparison->count; i++)
        result_row(page, &comparison->rows[i], i);
    buf_add_str(page, "</tbody>\n</table>\n</section>\n");
}

static const char *class_of(const struct comparison *comparison)
{
    if (comparison->of_policies)
        return comparison->laxer ? "bad" : "good";
    if (comparison->leaks_new > 0 || comparison->runs[1].is_void)
        return "bad";
    return comparison->leaks_gone > 0 && comparison->leaks_unmeasured == 0 ? "good" : "open";
}

static void outcome(struct buf *page, const struct comparison *comparison)
{
    page_add(page,
             "<section class=\"outcome %s\" aria-labelledby=\"outcome\">\n<h2 id=\"outcome\">In a sentence</h2>\n",
             class_of(comparison));
    if (!comparison->of_policies)
        page_add(page, "<p>Leaks: %zu new, %zu gone, %zu no longer measured. Passes: %zu new, %zu gone.</p>\n",
                 comparison->leaks_new, comparison->leaks_gone, comparison->leaks_unmeasured, comparison->passes_new,
                 comparison->passes_gone);
    else if (comparison->laxer)
        page_add(page, "<p>The second policy is laxer than the first in <code>%s</code>.</p>\n", comparison->laxer);
    else
        buf_add_str(page, "<p>The second policy lets nothing more leave or be released than the first.</p>\n");
    for (size_t i = 0; i < 2; i++)
        if (comparison->runs[i].is_void)
            page_add(page, "<p>The %s run is void: a positive control failed.</p>\n", i == 0 ? "first" : "second");
    buf_add_str(page, "</section>\n");
}

enum status compare_html(const struct comparison *comparison, struct buf *out)
{
    page_start(out, comparison->of_policies ? "Two policies" : "Two audits");
    page_add(out, "<header>\n<p class=\"kind\">Chatham comparison</p>\n<h1>%s</h1>\n</header>\n<main>\n",
             comparison->of_policies ? "Two policies side by side" : "Two audits side by side");
    outcome(out, comparison);
    settings(out, comparison);
    if (!comparison->of_policies)
        results(out, comparison);
    buf_add_str(out,
                "</main>\n<footer><p>Made by chatham-audit. No script, nothing loaded from elsewhere.</p></footer>\n");
    page_end(out);
    return buf_status(out);
}
