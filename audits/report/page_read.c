/* Reading what the report is made from. Nothing is taken from a bundle that does not verify, nor from a run that says
 * "no leak" where its own numbers do not; fields that a later suite adds are passed over. */
#include "audits/report/page_report.h"

#include <math.h>
#include <stdlib.h>

#include "audits/run_words.h"

static enum status wrong(struct why *why, const char *what, size_t at)
{
    return why_set(why, ERR_INPUT, what, "audit results", at);
}

/* --- one result --- */

static bool read_text(const struct json *object, const char *key, const char **out)
{
    *out = json_string_text(json_get(object, key));
    return *out != NULL;
}

static bool read_number(const struct json *value, double *out)
{
    *out = json_is_number(value) ? json_number_value(value) : NAN;
    return json_is_number(value) || json_is_null(value);
}

/* An end that is null is none: a lower bound has no upper end. */
static bool read_end(const struct json *value, double open, double *out)
{
    bool holds = read_number(value, out);
    *out = isnan(*out) ? open : *out;
    return holds;
}

static bool read_texts(const struct json *object, struct finding *out)
{
    return read_text(object, "name", &out->name) && read_text(object, "target", &out->target) &&
           read_text(object, "adversary", &out->adversary) && read_text(object, "metric", &out->metric) &&
           read_text(object, "unit", &out->unit) && read_text(object, "note", &out->note);
}

/* What a run of an earlier version does not say. */
static void read_later_texts(const struct json *object, struct finding *out)
{
    enum interval_kind kind = run_interval_kind(json_get(object, "interval_kind"));
    if (!read_text(object, "question", &out->question))
        out->question = "";
    if (!read_text(object, "paper", &out->paper))
        out->paper = "";
    out->family = run_family(json_get(object, "family"));
    out->kind = kind == INTERVAL_KINDS ? INTERVAL_NONE : kind;
}

static void read_later_numbers(const struct json *object, struct finding *out)
{
    const struct json *all = json_get(object, "interval_of_all");
    if (!read_number(json_get(object, "detects"), &out->detects))
        out->detects = NAN;
    if (!read_number(json_at(all, 0), &out->all_low) || !read_number(json_at(all, 1), &out->all_high))
        out->all_low = out->all_high = NAN;
}

static bool read_numbers(const struct json *object, struct finding *out)
{
    const struct json *samples = json_get(object, "samples"), *interval = json_get(object, "interval");
    if (!json_is_integer(samples) || json_integer_value(samples) < 0)
        return false;
    out->samples = (uint64_t)json_integer_value(samples);
    out->low = out->high = NAN;
    if (!json_is_null(interval) && json_count(interval) != 2)
        return false;
    if (json_is_array(interval) &&
        !(read_end(json_at(interval, 0), -INFINITY, &out->low) && read_end(json_at(interval, 1), INFINITY, &out->high)))
        return false;
    return read_number(json_get(object, "value"), &out->value) &&
           read_number(json_get(object, "baseline"), &out->baseline) && read_number(json_get(object, "p"), &out->p) &&
           read_number(json_get(object, "limit"), &out->limit) &&
           read_number(json_get(object, "control_value"), &out->control_value);
}

static bool point_holds(const struct json *point)
{
    size_t numbers = json_count(point);
    for (size_t i = 0; i < numbers; i++)
        if (!json_is_number(json_at(point, i)))
            return false;
    return numbers == 2 || numbers == 4;
}

static bool curve_holds(const struct json *curve)
{
    if (!json_is_array(curve))
        return false;
    for (size_t i = 0; i < json_count(curve); i++)
        if (!point_holds(json_at(curve, i)))
            return false;
    return true;
}

/* A run of an earlier version has a bare ROC curve instead. */
static bool read_plot(const struct json *object, struct finding *out)
{
    const struct json *plot = json_get(object, "plot");
    out->x = out->y = "";
    out->curve = json_get(plot ? plot : object, plot ? "points" : "curve");
    out->plot = plot ? run_plot_kind(json_get(plot, "kind")) : PLOT_ROC;
    bool holds = !plot || (read_text(plot, "x", &out->x) && read_text(plot, "y", &out->y));
    return holds && out->plot != PLOT_KINDS && curve_holds(out->curve);
}

bool finding_is_measured(const struct finding *finding)
{
    return finding->samples > 0 && isfinite(finding->value) && finding->low <= finding->high;
}

/* What a verdict needs, from the numbers beside it (verdict_of in audits/audit.h). */
static bool verdict_follows(const struct finding *finding)
{
    switch (finding->verdict) {
    case VERDICT_NO_LEAK_ABOVE:
        return finding_is_measured(finding) && finding->control == CONTROL_PASSED && finding->high <= finding->limit;
    case VERDICT_LEAK:
    case VERDICT_EXPECTED:
        return finding_is_measured(finding);
    case VERDICT_NOT_EVALUATED:
    case VERDICTS:
        return true;
    }
    return false;
}

static enum status finding_read(const struct json *object, size_t index, struct finding *out, struct why *why)
{
    out->control = run_control(json_get(object, "control"));
    out->verdict = run_verdict(json_get(object, "verdict"));
    if (!read_texts(object, out) || !read_numbers(object, out) || !read_plot(object, out) || out->control == CONTROLS ||
        out->verdict == VERDICTS)
        return wrong(why, "a result is not as chatham-audit writes it", index);
    read_later_texts(object, out);
    read_later_numbers(object, out);
    return verdict_follows(out) ? OK : wrong(why, "a verdict does not follow from its numbers", index);
}

/* --- the run --- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of two results of one name a reader would see one, and the other would count. */
static enum status names_differ(const struct report *report, struct why *why)
{
    SCOPED_MEM const char **names = mem_new(report->finding_count, sizeof *names);
    if (!names)
        return ERR_MEMORY;
    for (size_t i = 0; i < report->finding_count; i++)
        names[i] = report->findings[i].name;
    qsort(names, report->finding_count, sizeof *names, by_text);
    for (size_t i = 1; i < report->finding_count; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return wrong(why, "two results of one name", 0);
    return OK;
}

static enum status findings_read(struct report *report, struct why *why)
{
    const struct json *results = json_get(report->run, "results");
    if (!json_is_array(results))
        return wrong(why, "not a run of chatham-audit", 0);
    report->is_void = json_is_true(json_get(report->run, "void"));
    report->finding_count = json_count(results);
    if (report->finding_count == 0)
        return OK;
    report->findings = mem_new(report->finding_count, sizeof *report->findings);
    if (!report->findings)
        return ERR_MEMORY;
    for (size_t i = 0; i < report->finding_count; i++) {
        struct finding *finding = &report->findings[i];
        TRY(finding_read(json_at(results, i), i, finding, why));
        report->verdicts[finding->verdict]++;
        report->is_void |= finding->control == CONTROL_FAILED;
    }
    return names_differ(report, why);
}

enum status report_read_run(struct bytes run, struct report *report, struct why *why)
{
    const struct json *embedded = json_get(json_get(report->evidence.document, "audit"), "results");
    uint8_t given[HASH_BYTES], kept[HASH_BYTES];
    if (run.size == 0 && !embedded)
        return OK;
    report->origin = run.size == 0 ? RUN_EMBEDDED : RUN_GIVEN;
    if (run.size == 0)
        report->run = json_share(embedded);
    else
        TRY(json_parse(run, REPORT_RUN_MAX, &report->run, why));
    if (!report->run)
        return ERR_MEMORY;
    if (run.size > 0 && embedded) {
        TRY(evidence_audit_hash(report->run, given));
        TRY(evidence_audit_hash(embedded, kept));
        report->origin = memcmp(given, kept, HASH_BYTES) == 0 ? RUN_EMBEDDED : RUN_GIVEN;
    }
    return findings_read(report, why);
}

/* --- the whole --- */

/* Sentences that were lost for want of memory are seen here, not on the page. */
static enum status words_read(struct report *report)
{
    const struct policy *policy = &report->facts.federation.policy;
    SCOPED_BUF struct buf text = {0};
    report->policy_words = words_policy(policy);
    report->limits = words_limits(policy);
    if (!report->policy_words || !report->limits)
        return ERR_MEMORY;
    TRY(json_canonical(report->policy_words, &text));
    return json_canonical(report->limits, &text);
}

static enum status read_all(struct bytes evidence, struct bytes run, struct report *out, struct why *why)
{
    TRY(evidence_decode(evidence, &out->evidence, why));
    TRY(report_check(&out->evidence, NULL, &out->facts, why));
    TRY(federation_keys_hash(&out->facts.federation, out->keys_hash));
    hash_sha256(evidence, out->bundle_hash);
    TRY(words_read(out));
    return report_read_run(run, out, why);
}

enum status report_read(struct bytes evidence, struct bytes run, struct report *out, struct why *why)
{
    *out = (struct report){0};
    enum status status = read_all(evidence, run, out, why);
    if (status != OK)
        report_free(out);
    return status;
}

void report_free(struct report *report)
{
    json_free(report->policy_words);
    json_free(report->limits);
    json_free(report->run);
    mem_free(report->findings);
    evidence_facts_free(&report->facts);
    evidence_free(&report->evidence);
    *report = (struct report){0};
}
