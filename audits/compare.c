/* Two runs side by side. Results are matched by name; what one run lacks is said. */
#include "audits/command.h"

#include <stdio.h>

#define RUN_MAX (16u << 20)

static enum status parse_run(struct bytes text, const char *which, struct json **out, struct why *why)
{
    struct why inner = {0};
    enum status status = json_parse(text, RUN_MAX, out, &inner);
    if (status == OK && (json_integer_value(json_get(*out, "v")) != 1 || !json_is_array(json_get(*out, "results"))))
        status = ERR_INPUT;
    return status == OK ? OK : why_set(why, status, "not the JSON of a run", which, inner.at);
}

static const struct json *result_named(const struct json *run, const char *name)
{
    const struct json *results = json_get(run, "results");
    for (size_t i = 0; i < json_count(results); i++)
        if (bytes_is(json_string_bytes(json_get(json_at(results, i), "name")), name))
            return json_at(results, i);
    return NULL;
}

static void describe(const struct json *result, char out[static 64])
{
    const char *verdict = json_string_text(json_get(result, "verdict"));
    const struct json *interval = json_get(result, "interval");
    if (!result)
        snprintf(out, 64, "not run");
    else if (!json_is_array(interval))
        snprintf(out, 64, "%s", verdict ? verdict : "?");
    else
        snprintf(out, 64, "%.4f [%.4f, %.4f] %s", json_number_value(json_get(result, "value")),
                 json_number_value(json_at(interval, 0)), json_number_value(json_at(interval, 1)),
                 verdict ? verdict : "?");
}

static void add_row(const char *name, const struct json *before, const struct json *after, struct buf *out)
{
    char left[64], right[64];
    describe(before, left);
    describe(after, right);
    buf_addf(out, "%-28s %-52s %s\n", name, left, right);
}

/* Rows of the first run, or of the second those that the first lacks. */
static void add_rows(const struct json *from, const struct json *other, bool first, struct buf *out)
{
    const struct json *results = json_get(from, "results");
    for (size_t i = 0; i < json_count(results); i++) {
        const struct json *result = json_at(results, i);
        const char *name = json_string_text(json_get(result, "name"));
        const struct json *match = name ? result_named(other, name) : NULL;
        if (name && first)
            add_row(name, result, match, out);
        else if (name && !match)
            add_row(name, NULL, result, out);
    }
}

enum status compare_runs(struct bytes before, struct bytes after, struct buf *out, struct why *why)
{
    SCOPED_JSON struct json *left = NULL;
    SCOPED_JSON struct json *right = NULL;
    TRY(parse_run(before, "BEFORE", &left, why));
    TRY(parse_run(after, "AFTER", &right, why));
    buf_addf(out, "%-28s %-52s %s\n", "attack", "before", "after");
    add_rows(left, right, true, out);
    add_rows(right, left, false, out);
    return buf_status(out);
}
