/* What the log proves, what has to be believed, and how a reader checks the bundle without us. */
#include "audits/report/page_report.h"

#include "base/encode.h"

#define HEX_TEXT (2 * HASH_BYTES + 1)
#define EVENTS_SHOWN 500

/* --- keys --- */

static void keys_table(struct buf *page, const struct json *keys)
{
    char version[PAGE_NUMBER];
    buf_add_str(page, "<table>\n<caption>Keys of the server, as it states them</caption>\n<thead><tr>"
                      "<th scope=\"col\">Purpose</th><th scope=\"col\" class=\"n\">Version</th>"
                      "<th scope=\"col\">Created</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_count(keys); i++) {
        const struct json *key = json_at(keys, i);
        page_add(page, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td>%s</td></tr>\n",
                 json_string_text(json_get(key, "purpose")),
                 page_value(json_number_value(json_get(key, "version")), version),
                 json_string_text(json_get(key, "created")));
    }
    buf_add_str(page, "</tbody>\n</table>\n");
}

/* --- the log --- */

static void kinds_table(struct buf *page, const struct report *report)
{
    char count[PAGE_NUMBER];
    buf_add_str(page,
                "<table>\n<caption>Everything in the log, by kind</caption>\n<thead><tr><th scope=\"col\">Event</th>"
                "<th scope=\"col\" class=\"n\">Entries</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < LOGGED_KINDS; i++)
        page_add(page, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td></tr>\n", words_logged((enum log_kind)i),
                 page_count(report->facts.entries[i], count));
    buf_add_str(page, "</tbody>\n</table>\n");
}

/* Events that are shown one by one: those about keys, members and erasure. */
static bool is_event(const char *kind, enum log_kind *out)
{
    static const enum log_kind kinds[] = {LOGGED_POLICY,   LOGGED_SUSPENSION, LOGGED_RESUMPTION,
                                          LOGGED_ROTATION, LOGGED_ERASURE,    LOGGED_AUDIT};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        *out = kinds[i];
        if (kind && strcmp(kind, log_kind_name(kinds[i])) == 0)
            return true;
    }
    return false;
}

static void events_table(struct buf *page, const struct json *entries)
{
    size_t shown = 0;
    enum log_kind kind;
    char number[PAGE_NUMBER];
    for (size_t i = json_count(entries); i-- > 0 && shown < EVENTS_SHOWN;) {
        const struct json *entry = json_at(entries, i);
        if (!is_event(json_string_text(json_get(entry, "kind")), &kind))
            continue;
        if (shown++ == 0)
            buf_add_str(page,
                        "<table>\n<caption>Keys, members and erasure: the latest events first</caption>\n<thead><tr>"
                        "<th scope=\"col\">Event</th><th scope=\"col\">Month</th>"
                        "<th scope=\"col\" class=\"n\">Log entry</th></tr></thead>\n<tbody>\n");
        page_add(page, "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%s</td></tr>\n", words_logged(kind),
                 json_string_text(json_get(entry, "epoch")), page_count(i, number));
    }
    if (shown == 0)
        buf_add_str(page, "<p>The log holds no rotation, erasure, suspension, change of policy or audit.</p>\n");
    else
        buf_add_str(page, "</tbody>\n</table>\n");
    if (shown == EVENTS_SHOWN)
        buf_add_str(page, "<p>Earlier events are in the bundle.</p>\n");
}

void page_log(struct buf *page, const struct report *report)
{
    const struct json *document = report->evidence.document;
    buf_add_str(page,
                "<section aria-labelledby=\"log\">\n<h2 id=\"log\">Keys, erasures and the log</h2>\n"
                "<p>The log is append-only. Its entries hold no names and no exact times, only salted commitments "
                "and months. All of it is in the bundle, and was checked against its signed checkpoint for this "
                "page.</p>\n");
    events_table(page, json_get(json_get(document, "log"), "entries"));
    buf_add_str(page, "<div class=\"pair\">\n");
    kinds_table(page, report);
    keys_table(page, json_get(document, "keys"));
    buf_add_str(page, "</div>\n</section>\n");
}

/* --- trust --- */

static void budget(struct buf *page, const struct json *stated)
{
    page_add(page, "<h3>Privacy budget</h3>\n<p>Account: %s, unit: %s. Lifetime cap ε = %s; ",
             json_string_text(json_get(stated, "account")), json_string_text(json_get(stated, "unit")),
             json_string_text(json_get(stated, "lifetime_cap")));
    page_add(page, "the member who spent most has spent ε = %s in all, %s in this period. ",
             json_string_text(json_get(stated, "lifetime_spent_most")),
             json_string_text(json_get(stated, "period_spent_most")));
    buf_add_str(page, "Text that is released by threshold is not charged, because it claims no ε.</p>\n");
}

void page_trust(struct buf *page, const struct report *report)
{
    buf_add_str(page, "<section aria-labelledby=\"limits\">\n<h2 id=\"limits\">Trust and limits</h2>\n");
    buf_add_str(page, "<h3>What this does not promise</h3>\n");
    page_sentences(page, report->limits);
    buf_add_str(page, "<h3>What the server says must be believed</h3>\n");
    page_sentences(page, json_get(report->evidence.document, "trust"));
    budget(page, json_get(report->evidence.document, "budget"));
    buf_add_str(page, "</section>\n");
}

/* --- verifying --- */

static void hash_fact(struct buf *page, const char *name, const uint8_t hash[static HASH_BYTES])
{
    char text[HEX_TEXT];
    encode_hex_text(hash, HASH_BYTES, text);
    page_add(page, "<div><dt>%s</dt><dd><code>%s</code></dd></div>\n", name, text);
}

void page_verify(struct buf *page, const struct report *report)
{
    buf_add_str(page, "<section aria-labelledby=\"verify\">\n<h2 id=\"verify\">How to verify</h2>\n"
                      "<p>This page is a rendering; the evidence is the bundle it was made from. Ask for the file, and "
                      "check it on a machine of your own, without a network:</p>\n"
                      "<pre><code>chatham-audit verify --keys HASH evidence.json</code></pre>\n"
                      "<p>Then compare the first two values with those that you have from the federation by another "
                      "way, and the third with the SHA-256 of your file: HASH is what <code>chatham status</code> "
                      "prints at a member. Without that comparison the bundle only "
                      "proves that it belongs together.</p>\n<dl class=\"facts hashes\">\n");
    hash_fact(page, "Keys of the federation", report->keys_hash);
    hash_fact(page, "Evidence key", report->facts.federation.evidence_key);
    hash_fact(page, "SHA-256 of the bundle", report->bundle_hash);
    hash_fact(page, "Root of the log", report->facts.checkpoint.root);
    buf_add_str(page,
                "</dl>\n<p>Checked when this page was made: the bundle’s signature, every log entry against the "
                "signed checkpoint, and the library’s signature and its commitment in the log.</p>\n</section>\n");
}
