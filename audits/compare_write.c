/* A comparison as text and as JSON. */
#include "audits/compare.h"

#include <math.h>
#include <stdio.h>

#include "audits/run_words.h"

#define NAME_WIDTH 36 /* bytes of the columns of the text */
#define SIDE_WIDTH 46

void compared_text(const struct finding *finding, char out[static COMPARED_TEXT])
{
    char value[PAGE_NUMBER], low[PAGE_NUMBER], high[PAGE_NUMBER];
    if (!finding)
        snprintf(out, COMPARED_TEXT, "not run");
    else if (finding->samples == 0 || !isfinite(finding->value))
        snprintf(out, COMPARED_TEXT, "%s", verdict_name(finding->verdict));
    else if (finding->kind == INTERVAL_BOUND)
        snprintf(out, COMPARED_TEXT, "at least %s %s", page_value(finding->low, low), verdict_name(finding->verdict));
    else
        snprintf(out, COMPARED_TEXT, "%s [%s, %s] %s", page_value(finding->value, value), page_value(finding->low, low),
                 page_value(finding->high, high), verdict_name(finding->verdict));
}

/* As much of it as has room, in whole characters. */
static void cut_text(const char *text, char out[static COMPARED_TEXT])
{
    size_t size = strlen(text);
    if (size >= COMPARED_TEXT)
        for (size = COMPARED_TEXT - 1; size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80;)
            size--;
    snprintf(out, COMPARED_TEXT, "%.*s", (int)size, text);
}

void setting_text(const struct json *value, char out[static COMPARED_TEXT])
{
    const char *text = json_string_text(value);
    if (text)
        cut_text(text, out);
    else if (json_is_integer(value))
        snprintf(out, COMPARED_TEXT, "%lld", (long long)json_integer_value(value));
    else if (json_is_number(value))
        snprintf(out, COMPARED_TEXT, "%.6g", json_number_value(value));
    else if (!value || json_is_null(value))
        snprintf(out, COMPARED_TEXT, "not stated");
    else if (json_is_object(value) || json_is_array(value))
        snprintf(out, COMPARED_TEXT, "not a value");
    else
        snprintf(out, COMPARED_TEXT, "%s", json_is_true(value) ? "yes" : "no");
}

/* --- text --- */

/* A cell of a line, with the space behind it. Names and values are others': on a terminal they could act. */
static void add_cell(struct buf *out, const char *text, size_t width)
{
    size_t from = out->size;
    page_plain(out, bytes_str(text));
    while (out->size < from + width && !out->failed)
        buf_add_byte(out, ' ');
    buf_add_byte(out, ' ');
}

static void add_line(struct buf *out, const char *name, const char *before, const char *after)
{
    add_cell(out, name, NAME_WIDTH);
    add_cell(out, before, SIDE_WIDTH);
    page_plain(out, bytes_str(after));
    buf_add_byte(out, '\n');
}

static void settings_lines(const struct comparison *comparison, struct buf *out)
{
    for (size_t i = 0; i < json_count(comparison->settings); i++) {
        const struct json *row = json_at(comparison->settings, i);
        char before[COMPARED_TEXT], after[COMPARED_TEXT];
        setting_text(json_get(row, "before"), before);
        setting_text(json_get(row, "after"), after);
        add_line(out, json_string_text(json_get(row, "name")), before, after);
    }
    if (json_count(comparison->settings) == 0)
        buf_add_str(out, "made alike\n");
}

static void policy_line(const struct comparison *comparison, struct buf *out)
{
    if (comparison->laxer)
        buf_addf(out, "AFTER is laxer than BEFORE in %s\n", comparison->laxer);
    else
        buf_add_str(out, "AFTER lets nothing more leave or be released than BEFORE\n");
}

enum status compare_text(const struct comparison *comparison, struct buf *out)
{
    add_line(out, "", "before", "after");
    settings_lines(comparison, out);
    if (comparison->of_policies)
        policy_line(comparison, out);
    for (size_t i = 0; i < comparison->count; i++) {
        const struct compared *row = &comparison->rows[i];
        char before[COMPARED_TEXT], after[COMPARED_TEXT];
        compared_text(row->before, before);
        compared_text(row->after, after);
        add_cell(out, (row->before ? row->before : row->after)->name, NAME_WIDTH);
        add_cell(out, before, SIDE_WIDTH);
        add_cell(out, after, SIDE_WIDTH);
        buf_addf(out, "%s\n", change_name(row->change));
    }
    if (!comparison->of_policies)
        buf_addf(out, "leaks: %zu new, %zu gone, %zu no longer measured; passes: %zu new, %zu gone\n",
                 comparison->leaks_new, comparison->leaks_gone, comparison->leaks_unmeasured, comparison->passes_new,
                 comparison->passes_gone);
    return buf_status(out);
}

/* --- JSON --- */

static struct json *side_json(const struct finding *finding)
{
    if (!finding)
        return json_null();
    struct json *object = json_object(), *interval = json_array();
    json_push(interval, run_number(finding->low));
    json_push(interval, run_number(finding->high));
    json_set(object, "value", run_number(finding->value));
    json_set(object, "interval", interval);
    json_set(object, "samples", json_integer((int64_t)finding->samples));
    json_set(object, "limit", run_number(finding->limit));
    json_set(object, "verdict", json_text(verdict_name(finding->verdict)));
    return object;
}

static struct json *rows_json(const struct comparison *comparison)
{
    struct json *list = json_array();
    for (size_t i = 0; i < comparison->count; i++) {
        const struct compared *row = &comparison->rows[i];
        struct json *object = json_object();
        json_set(object, "name", json_text((row->before ? row->before : row->after)->name));
        json_set(object, "before", side_json(row->before));
        json_set(object, "after", side_json(row->after));
        json_set(object, "change", json_text(change_name(row->change)));
        json_push(list, object);
    }
    return list;
}

enum status compare_json(const struct comparison *comparison, struct buf *out)
{
    SCOPED_JSON struct json *object = json_object();
    json_set(object, "v", json_integer(1));
    json_set(object, "settings", json_share(comparison->settings));
    if (comparison->of_policies) {
        json_set(object, "laxer", comparison->laxer ? json_text(comparison->laxer) : json_null());
    } else {
        json_set(object, "leaks_new", json_integer((int64_t)comparison->leaks_new));
        json_set(object, "leaks_gone", json_integer((int64_t)comparison->leaks_gone));
        json_set(object, "leaks_unmeasured", json_integer((int64_t)comparison->leaks_unmeasured));
        json_set(object, "passes_new", json_integer((int64_t)comparison->passes_new));
        json_set(object, "passes_gone", json_integer((int64_t)comparison->passes_gone));
        json_set(object, "results", rows_json(comparison));
    }
    TRY(json_pretty(object, out));
    buf_add_byte(out, '\n');
    return buf_status(out);
}
