/* The library, the log and tokens as pages: what an operator reads most. */
#include "protocol/library.h"
#include "server/pages.h"

#define RATE_UNKNOWN 255

static void add_insight(const struct json *value, size_t number, struct buf *out)
{
    struct insight insight = {0};
    if (insight_decode(value, &insight, NULL) != OK) {
        buf_addf(out, "%4zu. (not readable)\n", number);
        return;
    }
    buf_addf(out, "%4zu. [%s, %s tenants", number, candidate_kind_name(insight.text.kind),
             support_band_name(insight.support));
    if (insight.rate != RATE_UNKNOWN)
        buf_addf(out, ", %u of 10 runs succeeded", insight.rate);
    buf_add_str(out, "] ");
    if (candidate_render(&insight.text, out) != OK)
        buf_add_str(out, "(out of memory)");
    buf_add_str(out, "\n");
    insight_free(&insight);
}

void pages_library(const struct json *answer, struct buf *out)
{
    const struct json *insights = json_get(json_get(answer, "document"), "insights");
    const char *published = json_string_text(json_get(answer, "published"));
    buf_addf(out, "library version %lld, published %s, %zu insights\n",
             (long long)json_integer_value(json_get(answer, "version")), published ? published : "-",
             json_count(insights));
    for (size_t i = 0; i < json_count(insights); i++)
        add_insight(json_at(insights, i), i + 1, out);
}

/* A round's report: the counts, then what was (or in a preview: would be) released. */
void pages_round(const struct json *answer, struct buf *out)
{
    const struct json *insights = json_get(answer, "insights");
    const char *key = NULL;
    SCOPED_JSON struct json *counts = json_object();
    for (size_t i = 0; i < json_count(answer); i++) {
        const struct json *value = json_member(answer, i, &key);
        if (value != insights)
            json_set(counts, key, json_share(value));
    }
    pages_any(counts, out);
    for (size_t i = 0; i < json_count(insights); i++)
        add_insight(json_at(insights, i), i + 1, out);
}

static const char *text_of(const struct json *object, const char *key)
{
    const char *text = json_string_text(json_get(object, key));
    return text ? text : "-";
}

void pages_log(const struct json *answer, struct buf *out)
{
    const struct json *entries = json_get(answer, "entries");
    long long leaf = json_integer_value(json_get(answer, "from"));
    buf_addf(out, "%8s  %-8s %-13s %s\n", "leaf", "epoch", "kind", "commitment");
    for (size_t i = 0; i < json_count(entries); i++, leaf++) {
        const struct json *entry = json_at(entries, i);
        buf_addf(out, "%8lld  %-8s %-13s %s\n", leaf, text_of(entry, "epoch"), text_of(entry, "kind"),
                 text_of(entry, "commitment"));
    }
    buf_addf(out, "\n%s", text_of(answer, "checkpoint"));
}

void pages_tenants(const struct json *answer, struct buf *out)
{
    static const char *const keys[] = {"name", "state", "devices", "contributions", "created", "tenant"};
    pages_table(json_get(answer, "tenants"), keys, sizeof keys / sizeof *keys, 0, out);
}

void pages_token(const struct json *answer, struct buf *out)
{
    buf_addf(out,
             "tenant  %s\nname    %s\ntoken   %s\n\nThe token enrols one device, once, within 24 hours. Give it to "
             "nobody else.\n",
             text_of(answer, "tenant"), text_of(answer, "name"), text_of(answer, "token"));
}
