/* Matching two runs, and what differs in how they were made. */
#include "audits/compare.h"

const char *change_name(enum change change)
{
    static const char *const names[CHANGES] = {"no difference seen", "higher",        "lower",
                                               "not comparable",     "not run after", "not run before"};
    INVARIANT(change < CHANGES);
    return names[change];
}

/* --- results --- */

static const struct finding *finding_named(const struct report *run, const char *name)
{
    for (size_t i = 0; i < run->finding_count; i++)
        if (strcmp(run->findings[i].name, name) == 0)
            return &run->findings[i];
    return NULL;
}

static enum change change_of(const struct finding *before, const struct finding *after)
{
    if (!before || !after)
        return before ? CHANGE_GONE : CHANGE_NEW;
    if (!finding_is_measured(before) || !finding_is_measured(after) || strcmp(before->metric, after->metric) != 0 ||
        before->kind == INTERVAL_BOUND || after->kind == INTERVAL_BOUND) /* a bound says how much at least, not where */
        return CHANGE_UNKNOWN;
    if (after->low > before->high)
        return CHANGE_HIGHER;
    return after->high < before->low ? CHANGE_LOWER : CHANGE_NONE;
}

static bool has(const struct finding *finding, enum verdict verdict)
{
    return finding && finding->verdict == verdict;
}

static bool was_searched(const struct finding *finding)
{
    return finding && finding->verdict != VERDICT_NOT_EVALUATED;
}

static void add_row(struct comparison *comparison, const struct finding *before, const struct finding *after)
{
    comparison->rows[comparison->count++] = (struct compared){before, after, change_of(before, after)};
    comparison->leaks_new += has(after, VERDICT_LEAK) && !has(before, VERDICT_LEAK);
    comparison->leaks_gone += has(before, VERDICT_LEAK) && has(after, VERDICT_NO_LEAK_ABOVE);
    comparison->leaks_unmeasured += has(before, VERDICT_LEAK) && !was_searched(after);
    comparison->passes_new += has(after, VERDICT_NO_LEAK_ABOVE) && !has(before, VERDICT_NO_LEAK_ABOVE);
    comparison->passes_gone += has(before, VERDICT_NO_LEAK_ABOVE) && !has(after, VERDICT_NO_LEAK_ABOVE);
}

static enum status match(struct comparison *comparison)
{
    const struct report *before = &comparison->runs[0], *after = &comparison->runs[1];
    comparison->rows = mem_new(before->finding_count + after->finding_count + 1, sizeof *comparison->rows);
    if (!comparison->rows)
        return ERR_MEMORY;
    for (size_t i = 0; i < before->finding_count; i++)
        add_row(comparison, &before->findings[i], finding_named(after, before->findings[i].name));
    for (size_t i = 0; i < after->finding_count; i++)
        if (!finding_named(before, after->findings[i].name))
            add_row(comparison, NULL, &after->findings[i]);
    return OK;
}

/* --- settings --- */

static struct json *or_null(const struct json *value)
{
    return value ? json_share(value) : json_null();
}

static enum status is_same(const struct json *before, const struct json *after, bool *same)
{
    SCOPED_BUF struct buf left = {0}, right = {0};
    *same = before == after;
    if (!before || !after)
        return OK;
    TRY(json_canonical(before, &left));
    TRY(json_canonical(after, &right));
    *same = bytes_equal(buf_bytes(&left), buf_bytes(&right));
    return OK;
}

/* A row that is lost for want of memory shows when all are written (list_status). */
static enum status add_setting(struct json *list, const char *name, const struct json *before, const struct json *after)
{
    bool same = false;
    TRY(is_same(before, after, &same));
    if (same)
        return OK;
    struct json *row = json_object();
    json_set(row, "name", json_text(name));
    json_set(row, "before", or_null(before));
    json_set(row, "after", or_null(after));
    json_push(list, row);
    return OK;
}

static enum status add_member(struct json *list, const char *prefix, const char *key, const struct json *before,
                              const struct json *after)
{
    SCOPED_BUF struct buf name = {0};
    buf_add_str(&name, prefix);
    buf_add_str(&name, key);
    buf_text(&name);
    TRY(buf_status(&name));
    return add_setting(list, buf_text(&name), json_get(before, key), json_get(after, key));
}

/* Members that differ, of either object. */
static enum status add_members(struct json *list, const char *prefix, const struct json *before,
                               const struct json *after)
{
    const struct json *sides[] = {before, after};
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < json_count(sides[side]) && json_is_object(sides[side]); i++) {
            const char *key = NULL;
            json_member(sides[side], i, &key);
            if (side == 0 || !json_get(before, key))
                TRY(add_member(list, prefix, key, before, after));
        }
    return OK;
}

static enum status add_settings(struct json *list, const struct json *before, const struct json *after)
{
    static const char *const run_keys[] = {"suite", "seed", "k", "void"};
    static const char *const scope_keys[] = {"tenants", "files", "probes"};
    const struct json *scopes[] = {json_get(before, "scope"), json_get(after, "scope")};
    for (size_t i = 0; i < sizeof run_keys / sizeof *run_keys; i++)
        TRY(add_member(list, "", run_keys[i], before, after));
    for (size_t i = 0; i < sizeof scope_keys / sizeof *scope_keys; i++)
        TRY(add_member(list, "", scope_keys[i], scopes[0], scopes[1]));
    return add_members(list, "policy.", json_get(scopes[0], "policy"), json_get(scopes[1], "policy"));
}

/* ERR_MEMORY also of a row that was lost. */
static enum status list_status(const struct json *list)
{
    SCOPED_BUF struct buf text = {0};
    return json_canonical(list, &text);
}

/* --- two files --- */

static const char *const sides[] = {"BEFORE", "AFTER"};

static enum status read_run(struct bytes text, size_t side, struct comparison *out, struct why *why)
{
    struct why inner = {0};
    enum status status = text.size > 0 ? report_read_run(text, &out->runs[side], &inner) : ERR_INPUT;
    return status == OK ? OK : why_set(why, status, inner.what ? inner.what : "not a run", sides[side], inner.at);
}

static void comparison_free(struct comparison *comparison)
{
    report_free(&comparison->runs[0]);
    report_free(&comparison->runs[1]);
    mem_free(comparison->rows);
    json_free(comparison->settings);
}

static enum status write_as(const struct comparison *comparison, enum compare_form form, struct buf *out)
{
    switch (form) {
    case COMPARE_TEXT:
        return compare_text(comparison, out);
    case COMPARE_JSON:
        return compare_json(comparison, out);
    case COMPARE_HTML:
        return compare_html(comparison, out);
    }
    return ERR_USAGE;
}

static enum status compare_runs(struct bytes before, struct bytes after, struct comparison *out, struct why *why)
{
    TRY(read_run(before, 0, out, why));
    TRY(read_run(after, 1, out, why));
    TRY(match(out));
    out->settings = json_array();
    TRY(add_settings(out->settings, out->runs[0].run, out->runs[1].run));
    return list_status(out->settings);
}

/* Policies alone: what differs, and nothing that was measured. */
static enum status compare_policies(const struct policy *before, const struct policy *after, struct comparison *out)
{
    SCOPED_JSON struct json *left = policy_to_json(before);
    SCOPED_JSON struct json *right = policy_to_json(after);
    struct why why = {0};
    out->of_policies = true;
    out->laxer = policy_as_strict(before, after, &why) == OK ? NULL : why.where;
    out->settings = json_array();
    if (!left || !right)
        return ERR_MEMORY;
    TRY(add_members(out->settings, "policy.", left, right));
    return list_status(out->settings);
}

/* As `run --policy` takes it. */
static enum status read_policy(struct bytes text, struct policy *out)
{
    SCOPED_BUF struct buf canonical = {0};
    TRY(json_canonicalise(text, &canonical, NULL));
    return policy_decode(buf_bytes(&canonical), out, NULL);
}

enum status compare_files(struct bytes before, struct bytes after, enum compare_form form, struct buf *out,
                          struct why *why)
{
    struct comparison comparison = {0};
    struct policy policies[2];
    bool are_policies = read_policy(before, &policies[0]) == OK && read_policy(after, &policies[1]) == OK;
    enum status status = are_policies ? compare_policies(&policies[0], &policies[1], &comparison)
                                      : compare_runs(before, after, &comparison, why);
    if (status == OK)
        status = write_as(&comparison, form, out);
    comparison_free(&comparison);
    return status;
}
