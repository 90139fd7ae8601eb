/* Reports. Hides lines and columns, the spelling of SARIF 2.1.0, and fingerprints that tell nothing of the value. */
#include "client/scrub_report.h"

#include <stdio.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/json_lex.h"
#include "client/print.h"

#define SARIF_SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* --- places --- */

struct place {
    size_t line, column;
};

/* Offsets must ascend: of one that lies before the place, the place is told. */
static struct place place_at(struct scrub_places *places, size_t offset)
{
    struct bytes recent = buf_bytes(&places->recent);
    for (; places->at < offset && places->at - places->base < recent.size; places->at++) {
        uint8_t byte = recent.data[places->at - places->base];
        if (byte == '\n') {
            places->line++;
            places->column = 1;
        } else {
            places->column += (byte & 0xc0) != 0x80;
        }
    }
    return (struct place){places->line, places->column};
}

static void places_forget(struct scrub_places *places)
{
    const size_t most = REDACT_STREAM_HELD + ((size_t)1 << 20);
    if (places->recent.size < most + ((size_t)1 << 20))
        return;
    size_t needless = places->recent.size - most;
    (void)place_at(places, places->base + needless);
    memmove(places->recent.data, places->recent.data + needless, most);
    places->recent.size = most;
    places->base += needless;
}

/* --- one find --- */

struct told {
    const struct redact_finding *finding;
    struct redact_rule rule;
    struct place start, end;
    struct bytes value;
    size_t ordinal; /* among the finds of its rule in this input */
};

static struct told told_of(struct scrub_report *report, const struct redact_finding *finding)
{
    struct told told = {.finding = finding};
    size_t from = finding->start - report->places.base;
    if (finding->rule != report->last) { /* mostly many of one rule follow each other */
        report->last = finding->rule;
        report->last_index = redact_rule_index(finding->rule);
    }
    size_t index = report->last_index;
    if (!redact_rule_at(index, &told.rule))
        told.rule =
            (struct redact_rule){finding->rule, finding->type, finding->score, "a pattern of the policy", "the policy"};
    told.start = place_at(&report->places, finding->start);
    if (finding->start >= report->places.base)
        told.value = bytes_part(buf_bytes(&report->places.recent), from, finding->end - finding->start);
    told.end = place_at(&report->places, finding->end);
    told.ordinal = ++report->ordinals[index];
    report->used[index] = true;
    return told;
}

static double two_digits(float score)
{
    return (double)(int)((double)score * 100 + 0.5) / 100;
}

/* A value in quotes on one line, whatever is in it; bytes that are no UTF-8 as U+FFFD. */
static void add_value(struct bytes value, struct buf *out)
{
    buf_add_byte(out, '"');
    if (bytes_is_utf8(value))
        json_escape(value, out);
    else
        buf_add_str(out, "\xef\xbf\xbd");
    buf_add_byte(out, '"');
}

/* Names of files may hold anything but a NUL: nothing of it may act on a terminal. */
static void add_name(const char *name, struct buf *out)
{
    for (; *name; name++)
        buf_add_byte(out, (uint8_t)*name < 0x20 || *name == 0x7f ? '?' : (uint8_t)*name);
}

static void text_line(const struct scrub_report *report, const struct told *told, struct buf *out)
{
    const struct redact_finding *finding = told->finding;
    add_name(report->name, out);
    buf_addf(out, ":%zu:%zu: %s %s", told->start.line, told->start.column, redact_type_name(finding->type),
             finding->rule);
    if (report->explain && finding->inner)
        buf_addf(out, " of %s", finding->inner);
    if (report->explain)
        buf_addf(out, " %s: score %.2f %s %.2f; by %s; %s", finding->withheld ? "withheld" : "flagged",
                 (double)finding->score, finding->withheld ? ">=" : "<", report->threshold, told->rule.evidence,
                 told->rule.source ? told->rule.source : "no source");
    if (report->values) {
        buf_add_byte(out, ' ');
        add_value(told->value, out);
    }
    buf_add_byte(out, '\n');
}

static void add_json(struct json *take_value, struct buf *out, enum status *status)
{
    if (*status == OK)
        *status = take_value ? json_canonical(take_value, out) : ERR_MEMORY;
    json_free(take_value);
}

static struct json *json_plain(const char *text)
{
    struct json *made = json_text(text);
    return made ? made : json_text("?"); /* a file's name need not be UTF-8 */
}

static struct json *json_line(const struct scrub_report *report, const struct told *told)
{
    const struct redact_finding *finding = told->finding;
    struct json *row = json_object();
    json_set(row, "file", json_plain(report->name));
    json_set(row, "line", json_integer((int64_t)told->start.line));
    json_set(row, "column", json_integer((int64_t)told->start.column));
    json_set(row, "start", json_integer((int64_t)finding->start));
    json_set(row, "end", json_integer((int64_t)finding->end));
    json_set(row, "type", json_text(redact_type_name(finding->type)));
    json_set(row, "rule", json_text(finding->rule));
    json_set(row, "score", json_real(two_digits(finding->score)));
    json_set(row, "withheld", json_bool(finding->withheld));
    if (report->explain) {
        json_set(row, "threshold", json_real(report->threshold));
        json_set(row, "evidence", json_text(told->rule.evidence));
        json_set(row, "inner", finding->inner ? json_text(finding->inner) : json_null());
        json_set(row, "source", told->rule.source ? json_text(told->rule.source) : json_null());
    }
    if (report->values)
        json_set(row, "value", bytes_is_utf8(told->value) ? json_string(told->value) : json_null());
    return row;
}

/* --- SARIF --- */

/* Percent-encoded but for what RFC 3986 lets stand in a path. */
static struct json *json_uri(const char *path)
{
    struct buf uri SCOPED_BUF = {0};
    for (; *path; path++) {
        uint8_t c = (uint8_t)*path;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("/-._~", c);
        if (plain)
            buf_add_byte(&uri, c);
        else
            buf_addf(&uri, "%%%02X", c);
    }
    return json_string(buf_bytes(&uri));
}

/* The n-th find of its rule in its file: stays the same while lines move, and says nothing of the value. */
static struct json *fingerprint(const struct scrub_report *report, const struct told *told)
{
    uint8_t hash[HASH_BYTES];
    struct buf place SCOPED_BUF = {0};
    buf_add_lp(&place, bytes_str(report->name));
    buf_add_lp(&place, bytes_str(told->finding->rule));
    buf_add_u64(&place, told->ordinal);
    hash_sha256(buf_bytes(&place), hash);
    struct json *prints = json_object();
    json_set(prints, "chatham/v1", json_hex(bytes_of(hash, 16)));
    return prints;
}

static struct json *sarif_region(const struct told *told)
{
    struct json *region = json_object();
    json_set(region, "startLine", json_integer((int64_t)told->start.line));
    json_set(region, "startColumn", json_integer((int64_t)told->start.column));
    json_set(region, "endLine", json_integer((int64_t)told->end.line));
    json_set(region, "endColumn", json_integer((int64_t)told->end.column));
    return region;
}

static struct json *sarif_locations(const struct scrub_report *report, const struct told *told)
{
    struct json *artifact = json_object(), *physical = json_object(), *location = json_object(), *all = json_array();
    json_set(artifact, "uri", json_uri(report->name));
    json_set(physical, "artifactLocation", artifact);
    json_set(physical, "region", sarif_region(told));
    json_set(location, "physicalLocation", physical);
    json_push(all, location);
    return all;
}

static struct json *sarif_message(const struct scrub_report *report, const struct told *told)
{
    struct buf text SCOPED_BUF = {0};
    buf_addf(&text, "%s by %s, score %.2f", redact_type_name(told->finding->type), told->rule.evidence,
             (double)told->finding->score);
    if (report->values) {
        buf_add_str(&text, ": ");
        add_value(told->value, &text);
    }
    struct json *message = json_object();
    json_set(message, "text", json_string(buf_bytes(&text)));
    return message;
}

static struct json *sarif_result(const struct scrub_report *report, const struct told *told)
{
    struct json *result = json_object();
    json_set(result, "ruleId", json_text(told->rule.name));
    json_set(result, "level", json_text(told->finding->withheld ? "error" : "note"));
    json_set(result, "message", sarif_message(report, told));
    json_set(result, "locations", sarif_locations(report, told));
    json_set(result, "partialFingerprints", fingerprint(report, told));
    return result;
}

static struct json *sarif_text(const char *text)
{
    struct json *object = json_object();
    json_set(object, "text", json_text(text));
    return object;
}

static struct json *sarif_rules(const struct scrub_report *report)
{
    struct json *rules = json_array();
    struct redact_rule rule;
    for (size_t i = 0; redact_rule_at(i, &rule); i++) {
        if (!report->used[i])
            continue;
        struct json *row = json_object(), *properties = json_object();
        json_set(row, "id", json_text(rule.name));
        json_set(row, "shortDescription", sarif_text(redact_type_name(rule.type)));
        json_set(row, "fullDescription", sarif_text(rule.source ? rule.source : rule.evidence));
        json_set(properties, "evidence", json_text(rule.evidence));
        json_set(properties, "security-severity", json_text(redact_type_is_secret(rule.type) ? "8.0" : "5.0"));
        json_set(row, "properties", properties);
        json_push(rules, row);
    }
    return rules;
}

static struct json *sarif_tool(const struct scrub_report *report)
{
    struct json *driver = json_object(), *tool = json_object();
    json_set(driver, "name", json_text("chatham"));
    json_set(driver, "rules", sarif_rules(report));
    json_set(tool, "driver", driver);
    return tool;
}

/* --- the whole --- */

static enum status print(const struct buf *out)
{
    TRY(buf_status(out));
    return print_bytes(buf_bytes(out));
}

enum status scrub_report_begin(struct scrub_report *report, const struct redactor *redactor)
{
    double flag;
    struct redact_rule rule;
    buf_init_secret(&report->places.recent);
    redactor_thresholds(redactor, &report->threshold, &flag);
    while (redact_rule_at(report->rules, &rule))
        report->rules++;
    report->ordinals = mem_new(report->rules + 1, sizeof *report->ordinals); /* the last: rules that nobody knows */
    report->used = mem_new(report->rules + 1, sizeof *report->used);
    if (!report->ordinals || !report->used)
        return ERR_MEMORY;
    if (report->format == FORMAT_SARIF)
        printf("{\"$schema\":\"" SARIF_SCHEMA
               "\",\"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    return OK;
}

void scrub_report_free(struct scrub_report *report)
{
    buf_free(&report->places.recent);
    mem_free(report->ordinals);
    mem_free(report->used);
}

void scrub_report_input(struct scrub_report *report, const char *name)
{
    report->name = name;
    memset(report->ordinals, 0, (report->rules + 1) * sizeof *report->ordinals);
    buf_clear(&report->places.recent);
    report->places.base = report->places.at = 0;
    report->places.line = report->places.column = 1;
}

enum status scrub_report_add(struct scrub_report *report, struct bytes input)
{
    buf_add(&report->places.recent, input);
    return buf_status(&report->places.recent);
}

static enum status tell(struct scrub_report *report, const struct redact_finding *finding)
{
    SCOPED_BUF struct buf line = {.secret = true};
    enum status status = OK;
    struct told told = told_of(report, finding);
    switch (report->format) {
    case FORMAT_TEXT:
        text_line(report, &told, &line);
        break;
    case FORMAT_JSON:
        add_json(json_line(report, &told), &line, &status);
        buf_add_byte(&line, '\n');
        break;
    case FORMAT_SARIF:
        buf_add_str(&line, report->told ? ",\n" : "\n");
        add_json(sarif_result(report, &told), &line, &status);
        break;
    }
    TRY(status);
    report->told++;
    return print(&line);
}

enum status scrub_report_tell(struct scrub_report *report, const struct redact_findings *found)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].withheld || report->explain || report->format != FORMAT_TEXT)
            TRY(tell(report, &found->items[i]));
    places_forget(&report->places);
    return OK;
}

enum status scrub_report_end(struct scrub_report *report)
{
    SCOPED_BUF struct buf end = {0};
    enum status status = OK;
    if (report->format != FORMAT_SARIF)
        return OK;
    buf_add_str(&end, "],\n\"tool\":");
    add_json(sarif_tool(report), &end, &status);
    buf_add_str(&end, "}]}\n");
    TRY(status);
    return print(&end);
}
