/* The sections about the federation itself: scope, policy, what was collected and released. */
#include "audits/report/page_report.h"

#include <stdio.h>

#include "base/encode.h"

#define HEX_TEXT (2 * HASH_BYTES + 1)

static const char *hex(const uint8_t *data, size_t size, char out[static HEX_TEXT])
{
    encode_hex_text(data, size, out);
    return out;
}

static const char *stated(const struct report *report, const char *part, const char *key)
{
    return json_string_text(json_get(json_get(report->evidence.document, part), key));
}

static uint64_t counted(const struct json *object, const char *key)
{
    int64_t count = json_integer_value(json_get(object, key));
    return count > 0 ? (uint64_t)count : 0;
}

void page_sentences(struct buf *page, const struct json *list)
{
    buf_add_str(page, "<ul>\n");
    for (size_t i = 0; i < json_count(list); i++)
        page_add(page, "<li>%s</li>\n", json_string_text(json_at(list, i)));
    buf_add_str(page, "</ul>\n");
}

/* --- head and scope --- */

static void period(struct buf *page, const struct report *report)
{
    const char *from = stated(report, "period", "from"), *to = stated(report, "period", "to");
    page_add(page, "%s", from);
    if (from && to && strcmp(from, to) != 0)
        page_add(page, " to %s", to);
}

void page_head(struct buf *page, const struct report *report)
{
    page_add(page, "<header>\n<p class=\"kind\">Chatham evidence report</p>\n<h1>%s</h1>\n<p class=\"sub\">",
             report->facts.federation.name);
    period(page, report);
    page_add(page, ". Evidence made %s.</p>\n</header>\n",
             json_string_text(json_get(report->evidence.document, "made")));
    buf_add_str(page, "<nav aria-label=\"Contents\">\n<ol>\n"
                      "<li><a href=\"#scope\">Scope</a></li>\n<li><a href=\"#policy\">Policy</a></li>\n");
    if (report->scrubbed.reports)
        buf_add_str(page, "<li><a href=\"#scrubbed\">Replaced</a></li>\n");
    buf_add_str(page, "<li><a href=\"#collected\">Collected</a></li>\n<li><a href=\"#released\">Released</a></li>\n"
                      "<li><a href=\"#attacks\">Attacks</a></li>\n<li><a href=\"#log\">Keys and log</a></li>\n"
                      "<li><a href=\"#limits\">Trust and limits</a></li>\n"
                      "<li><a href=\"#verify\">How to verify</a></li>\n</ol>\n</nav>\n");
}

void page_scope(struct buf *page, const struct report *report)
{
    char id[HEX_TEXT], size[PAGE_NUMBER], tenants[PAGE_NUMBER];
    uint64_t least = counted(json_get(report->evidence.document, "counts"), "tenants_at_least");
    buf_add_str(page, "<section aria-labelledby=\"scope\">\n<h2 id=\"scope\">Scope and period</h2>\n"
                      "<p>This page reports what one federation collected from its members’ software agents, what it "
                      "released to them, and what attacks on it found. It names no member, and shows of their work "
                      "only what was released.</p>\n"
                      "<dl class=\"facts\">\n");
    page_add(page, "<div><dt>Federation</dt><dd>%s<br><code>%s</code></dd></div>\n", report->facts.federation.name,
             hex(report->facts.federation.id, FEDERATION_ID_BYTES, id));
    buf_add_str(page, "<div><dt>Period, in months</dt><dd>");
    period(page, report);
    buf_add_str(page, "</dd></div>\n");
    page_add(page, "<div><dt>Active members</dt><dd>%s%s</dd></div>\n", least ? "at least " : "fewer than ",
             page_count(least ? least : 2, tenants));
    page_add(page, "<div><dt>Log</dt><dd>%s entries, all checked for this page</dd></div>\n</dl>\n</section>\n",
             page_count(report->facts.checkpoint.size, size));
}

/* --- policy --- */

void page_policy(struct buf *page, const struct report *report)
{
    const struct policy *policy = &report->facts.federation.policy;
    char version[PAGE_NUMBER];
    page_add(page,
             "<section aria-labelledby=\"policy\">\n<h2 id=\"policy\">The policy, in words</h2>\n"
             "<p>Policy “%s”, version %s. Every member’s software holds what it sends to this policy.</p>\n",
             policy->name, page_count(policy->version, version));
    page_sentences(page, report->policy_words);
    buf_add_str(page, "</section>\n");
}

/* --- collected --- */

static void fact_count(struct buf *page, const char *name, uint64_t count)
{
    char number[PAGE_NUMBER];
    page_add(page, "<div><dt>%s</dt><dd class=\"big\">%s</dd></div>\n", name, page_count(count, number));
}

void page_collected(struct buf *page, const struct report *report)
{
    const struct json *counts = json_get(report->evidence.document, "counts"), *epochs = json_get(counts, "epochs");
    char a[PAGE_NUMBER], b[PAGE_NUMBER];
    buf_add_str(page, "<section aria-labelledby=\"collected\">\n<h2 id=\"collected\">What was collected</h2>\n"
                      "<dl class=\"facts\">\n");
    const uint64_t *entries = report->facts.entries;
    fact_count(page, "Receipts of contributions and withdrawals in the log",
               entries[LOGGED_INTAKE] + entries[LOGGED_CONTRIBUTION] + entries[LOGGED_WITHDRAWAL]);
    fact_count(page, "Rounds of aggregation", counted(counts, "rounds"));
    fact_count(page, "Releases in the log", entries[LOGGED_RELEASE]);
    buf_add_str(page, "</dl>\n");
    if (json_count(epochs) > 0)
        buf_add_str(page,
                    "<table>\n<caption>Received, by month</caption>\n<thead><tr><th scope=\"col\">Month</th>"
                    "<th scope=\"col\" class=\"n\">Contributions</th><th scope=\"col\" class=\"n\">Withdrawals</th>"
                    "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_count(epochs); i++) {
        const struct json *epoch = json_at(epochs, i);
        page_add(page, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
                 json_string_text(json_get(epoch, "epoch")), page_count(counted(epoch, "contributions"), a),
                 page_count(counted(epoch, "withdrawals"), b));
    }
    buf_add_str(page, json_count(epochs) > 0 ? "</tbody>\n</table>\n</section>\n" : "</section>\n");
}

/* --- released --- */

static void slot(struct buf *page, const char *name, const char *value)
{
    if (value)
        page_add(page, "<li>%s: %s</li>", name, value);
}

static enum status insight_item(struct buf *page, const struct library *library, size_t index)
{
    const struct insight *insight = &library->insights[index];
    char number[PAGE_NUMBER], id[HEX_TEXT];
    SCOPED_BUF struct buf text = {0};
    TRY(candidate_render(&insight->text, &text));
    TRY(buf_status(&text));
    buf_add_str(page, "<li class=\"insight\"><p>");
    page_text(page, buf_bytes(&text));
    page_add(page, "</p>\n<ul class=\"meta\"><li class=\"sort\">%s</li><li>at least %s members</li>",
             candidate_kind_name(insight->text.kind), page_count(words_support(library, index), number));
    if (insight->rate != INSIGHT_RATE_UNKNOWN)
        page_add(page, "<li>%s in 10 such runs succeeded</li>", page_count(insight->rate, number));
    slot(page, "tool", insight->text.tool);
    slot(page, "error", insight->text.error);
    slot(page, "before it", insight->text.precondition);
    slot(page, "argument", insight->text.argument);
    page_add(page, "<li><code>%s</code></li></ul></li>\n", hex(insight->id, INSIGHT_ID_BYTES, id));
    return OK;
}

enum status page_library(struct buf *page, const struct report *report)
{
    const struct library *library = &report->facts.library;
    char version[PAGE_NUMBER], count[PAGE_NUMBER], retracted[PAGE_NUMBER];
    buf_add_str(page, "<section aria-labelledby=\"released\">\n<h2 id=\"released\">What was released</h2>\n");
    if (!report->facts.has_library) {
        buf_add_str(page, "<p>Nothing has been released.</p>\n</section>\n");
        return OK;
    }
    page_add(page, "<p>The library in force is version %s, of %s. Insights: %s; retracted: %s. ",
             page_count(library->version, version), library->epoch, page_count(library->insight_count, count),
             page_count(library->retraction_count, retracted));
    buf_add_str(page, "This is all of it, word for word; how many members support an insight is given as a band, never "
                      "exactly.</p>\n<ol class=\"insights\">\n");
    for (size_t i = 0; i < library->insight_count; i++)
        TRY(insight_item(page, library, i));
    buf_add_str(page, "</ol>\n</section>\n");
    return OK;
}
