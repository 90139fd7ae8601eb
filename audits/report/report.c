/* The report as a whole: the order of the page, and the same content as JSON. */
#include "audits/report/report.h"

#include "audits/report/page_report.h"

#include <stdio.h>

/* --- the page --- */

static enum status render(const struct report *report, struct buf *html)
{
    char title[FEDERATION_NAME_MAX + 32];
    snprintf(title, sizeof title, "Evidence report: %s", report->facts.federation.name);
    page_start(html, title);
    page_head(html, report);
    buf_add_str(html, "<main>\n");
    page_outcome(html, report);
    page_scope(html, report);
    page_policy(html, report);
    page_scrubbed(html, report);
    page_collected(html, report);
    TRY(page_library(html, report));
    page_attacks(html, report);
    page_log(html, report);
    page_trust(html, report);
    page_verify(html, report);
    buf_add_str(html, "</main>\n<footer><p>Made by chatham-audit from a signed bundle. No script, nothing loaded from "
                      "elsewhere.</p></footer>\n");
    page_end(html);
    return buf_status(html);
}

enum status report_render(struct bytes evidence, struct bytes run, const struct scrubbed *scrubbed, struct buf *html,
                          struct why *why)
{
    struct report report;
    TRY(report_read(evidence, run, &report, why));
    if (scrubbed)
        report.scrubbed = *scrubbed;
    enum status status = render(&report, html);
    report_free(&report);
    return status;
}

/* --- JSON --- */

static void put_bundle(const struct report *report, struct json *object)
{
    struct json *bundle = json_object();
    json_set(bundle, "sha256", json_hex(bytes_of(report->bundle_hash, HASH_BYTES)));
    json_set(bundle, "keys", json_hex(bytes_of(report->keys_hash, HASH_BYTES)));
    json_set(bundle, "evidence_key", json_hex(bytes_of(report->facts.federation.evidence_key, SIGN_PUBLIC_BYTES)));
    json_set(bundle, "log_root", json_hex(bytes_of(report->facts.checkpoint.root, MERKLE_BYTES)));
    json_set(bundle, "log_size", json_integer((int64_t)report->facts.checkpoint.size));
    json_set(object, "bundle", bundle);
}

static struct json *insight_json(const struct library *library, size_t index)
{
    SCOPED_BUF struct buf text = {0};
    if (candidate_render(&library->insights[index].text, &text) != OK)
        return NULL;
    struct json *object = json_object();
    json_set(object, "id", json_hex(bytes_of(library->insights[index].id, INSIGHT_ID_BYTES)));
    json_set(object, "kind", json_text(candidate_kind_name(library->insights[index].text.kind)));
    json_set(object, "members_at_least", json_integer(words_support(library, index)));
    json_set(object, "text", json_string(buf_bytes(&text)));
    return object;
}

static void put_released(const struct report *report, struct json *object)
{
    const struct library *library = &report->facts.library;
    struct json *insights = json_array(), *released = json_object();
    for (size_t i = 0; i < library->insight_count; i++)
        json_push(insights, insight_json(library, i));
    json_set(released, "version", json_integer((int64_t)library->version)); /* 0: nothing was released */
    json_set(released, "insights", insights);
    json_set(object, "released", released);
}

static void put_audit(const struct report *report, struct json *object)
{
    static const char *const origins[] = {"none", "embedded", "given"};
    struct json *audit = json_object();
    json_set(audit, "origin", json_text(origins[report->origin]));
    json_set(audit, "outcome", json_text(words_outcome(report)));
    json_set(audit, "run", report->run ? json_share(report->run) : json_null());
    json_set(audit, "void", json_bool(report->is_void));
    for (size_t i = 0; i < VERDICTS; i++)
        json_set(audit, verdict_name((enum verdict)i), json_integer((int64_t)report->verdicts[i]));
    json_set(object, "audit", audit);
}

static void put_logged(const struct report *report, struct json *object)
{
    struct json *logged = json_object();
    for (size_t i = 0; i < LOGGED_KINDS; i++)
        json_set(logged, log_kind_name((enum log_kind)i), json_integer((int64_t)report->facts.entries[i]));
    json_set(object, "logged", logged);
}

static struct json *report_object(const struct report *report)
{
    static const char *const stated[] = {"budget", "counts", "events", "keys", "made", "period", "redaction", "trust"};
    const struct federation *federation = &report->facts.federation;
    struct json *object = json_object();
    json_set(object, "v", json_integer(1));
    json_set(object, "kind", json_text("chatham report"));
    json_set(object, "federation", json_hex(bytes_of(federation->id, FEDERATION_ID_BYTES)));
    json_set(object, "name", json_text(federation->name));
    json_set(object, "policy", policy_to_json(&federation->policy));
    json_set(object, "policy_words", json_share(report->policy_words));
    json_set(object, "limits", json_share(report->limits));
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++)
        json_set(object, stated[i], json_share(json_get(report->evidence.document, stated[i])));
    put_bundle(report, object);
    put_released(report, object);
    put_audit(report, object);
    put_logged(report, object);
    if (report->scrubbed.reports)
        json_set(object, "scrubbed", scrubbed_json(&report->scrubbed));
    return object;
}

enum status report_json(struct bytes evidence, struct bytes run, const struct scrubbed *scrubbed, struct buf *json,
                        struct why *why)
{
    struct report report;
    TRY(report_read(evidence, run, &report, why));
    if (scrubbed)
        report.scrubbed = *scrubbed;
    SCOPED_JSON struct json *object = report_object(&report);
    enum status status = json_canonical(object, json);
    report_free(&report);
    return status;
}
