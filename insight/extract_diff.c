/* Hides how two calls are compared: leaf by leaf along equal paths, by the kinds of values that were noted before
 * scrubbing. Values themselves never get into a change. */
#include <stdio.h>
#include <stdlib.h>

#include "insight/extract_run.h"
#include "insight/read_leaves.h"
#include "insight/trace_shape.h"

struct side {
    struct leaf *leaves;
    size_t count;
    const char *shape;
};

static enum status side_open(const struct attempt *attempt, struct side *out)
{
    *out = (struct side){0};
    struct view json = VIEW_NONE;
    if (!attempt->call || view_of(bytes_str(attempt->call->text), &json, NULL) != OK)
        return OK;
    out->leaves = mem_new(LEAVES_MAX, sizeof *out->leaves);
    if (!out->leaves)
        return ERR_MEMORY;
    out->count = json_leaves(json, out->leaves, LEAVES_MAX);
    out->shape = attempt->call->shape;
    return OK;
}

static size_t count_path(const struct side *side, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < side->count; i++)
        count += strcmp(side->leaves[i].path, path) == 0;
    return count;
}

/* Index of the n-th leaf at path. */
static size_t find_path(const struct side *side, const char *path, size_t n)
{
    for (size_t i = 0; i < side->count; i++)
        if (strcmp(side->leaves[i].path, path) == 0 && n-- == 0)
            return i;
    return SIZE_MAX;
}

static bool is_plain_kind(struct bytes shape)
{
    static const char *const plain[] = {
        "text", "word",   "number", "choice",        "date",        "time",          "id",           "empty", "email",
        "link", "digits", "code",   "marked digits", "marked code", "absolute path", "relative path"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (bytes_is(shape, plain[i]))
            return true;
    return shape.size == 0;
}

static bool side_has_kind(const struct side *side, const char *path, struct bytes kind)
{
    for (size_t i = 0; i < side->count; i++)
        if (strcmp(side->leaves[i].path, path) == 0 && bytes_equal(shape_line(side->shape, i), kind))
            return true;
    return false;
}

/* A named kind at path that `side` has and `other` hasn't; BYTES_NONE if none. */
static struct bytes own_kind(const struct side *side, const struct side *other, const char *path)
{
    for (size_t i = 0; i < side->count; i++) {
        struct bytes kind = shape_line(side->shape, i);
        if (strcmp(side->leaves[i].path, path) == 0 && !is_plain_kind(kind) && !side_has_kind(other, path, kind))
            return kind;
    }
    return BYTES_NONE;
}

struct changes {
    struct change *items;
    size_t count;
};

static void add_change(struct changes *changes, enum change_kind kind, const char *path, struct bytes from,
                       struct bytes to)
{
    struct change change = {.kind = kind};
    argument_words(path, change.argument);
    snprintf(change.from, sizeof change.from, "%.*s", (int)from.size, (const char *)from.data);
    snprintf(change.to, sizeof change.to, "%.*s", (int)to.size, (const char *)to.data);
    for (size_t i = 0; i < changes->count; i++)
        if (changes->items[i].kind == kind && strcmp(changes->items[i].argument, change.argument) == 0)
            return;
    if (changes->count < CHANGES_MAX && (change.argument[0] || kind >= CHANGE_OPTION_ADDED))
        changes->items[changes->count++] = change;
}

/* The list that a path is in: "flights[].date" → "flights"; the path itself if none. */
static void list_of_path(const char *path, char out[static LEAF_PATH_MAX])
{
    const char *list = strstr(path, "[]");
    snprintf(out, LEAF_PATH_MAX, "%.*s", (int)(list ? (size_t)(list - path) : strlen(path)), path);
}

static bool lost_mark(struct bytes from, struct bytes to)
{
    return (bytes_is(from, "digits") &&
            (bytes_is(to, "code") || bytes_is(to, "marked digits") || bytes_is(to, "marked code"))) ||
           (bytes_is(from, "code") && bytes_is(to, "marked code"));
}

static void compare_values(struct changes *changes, const char *path, const struct side *a, size_t i,
                           const struct side *b, size_t k)
{
    struct view before = a->leaves[i].value, after = b->leaves[k].value;
    struct bytes from = shape_line(a->shape, i), to = shape_line(b->shape, k);
    char list[LEAF_PATH_MAX];
    list_of_path(path, list);
    if (bytes_equal(before.raw, after.raw) && before.kind == after.kind)
        return;
    if (before.kind == JSON_NUMBER && after.kind == JSON_NUMBER)
        add_change(changes, view_number(before, 0) < view_number(after, 0) ? CHANGE_RAISED : CHANGE_LOWERED, path, from,
                   to);
    else if (lost_mark(from, to))
        add_change(changes, CHANGE_MARKED, path, from, to);
    else if (bytes_equal(from, to) && bytes_is(from, "date"))
        add_change(changes,
                   memcmp(before.raw.data, after.raw.data,
                          before.raw.size < after.raw.size ? before.raw.size : after.raw.size) < 0
                       ? CHANGE_LATER
                       : CHANGE_EARLIER,
                   list, from, to);
    else if (bytes_is(from, "choice") || bytes_is(from, "word"))
        add_change(changes, CHANGE_CHOICE, path, from, to);
    else if (bytes_is(from, "text"))
        add_change(changes, CHANGE_TEXT, path, from, to);
    else if (!is_plain_kind(from) && bytes_equal(from, to))
        add_change(changes, CHANGE_ANOTHER, path, from, to);
    else
        add_change(changes, CHANGE_ANOTHER, list, BYTES_NONE, BYTES_NONE);
}

static void compare_path(struct changes *changes, const char *path, const struct side *a, const struct side *b)
{
    size_t before = count_path(a, path), after = count_path(b, path);
    char list[LEAF_PATH_MAX];
    list_of_path(path, list);
    if (before == 0 || after == 0) {
        add_change(changes, before == 0 ? CHANGE_ADDED : CHANGE_REMOVED, list, BYTES_NONE, BYTES_NONE);
        return;
    }
    struct bytes left = own_kind(a, b, path), come = own_kind(b, a, path);
    if (left.size > 0 && come.size > 0)
        add_change(changes, CHANGE_KIND, path, left, come);
    if (before != after) {
        add_change(changes, before < after ? CHANGE_LONGER : CHANGE_SHORTER, list, BYTES_NONE, BYTES_NONE);
        return;
    }
    for (size_t n = 0; n < before && !(left.size > 0 && come.size > 0); n++)
        compare_values(changes, path, a, find_path(a, path, n), b, find_path(b, path, n));
}

static void compare_commands(struct changes *changes, const struct attempt *a, const struct attempt *b)
{
    char before[16][OPTION_MAX], after[16][OPTION_MAX];
    size_t n = command_options(a->call->text, before, 16), m = command_options(b->call->text, after, 16);
    for (size_t i = 0; i < m; i++) {
        bool had = false;
        for (size_t k = 0; k < n; k++)
            had = had || strcmp(before[k], after[i]) == 0;
        if (!had)
            add_change(changes, CHANGE_OPTION_ADDED, "", BYTES_NONE, bytes_str(after[i]));
    }
    for (size_t i = 0; i < n; i++) {
        bool kept = false;
        for (size_t k = 0; k < m; k++)
            kept = kept || strcmp(before[i], after[k]) == 0;
        if (!kept)
            add_change(changes, CHANGE_OPTION_REMOVED, "", bytes_str(before[i]), BYTES_NONE);
    }
}

static int by_kind(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return strcmp(a->argument, b->argument);
}

enum status attempt_changes(const struct attempt *from, const struct attempt *to, struct change out[static CHANGES_MAX],
                            size_t *count)
{
    struct changes changes = {out, 0};
    *count = 0;
    if (!from->call || !to->call)
        return OK;
    if (action_is_shell(from->action)) {
        compare_commands(&changes, from, to);
        *count = changes.count;
        return OK;
    }
    struct side a = {0}, b = {0};
    enum status status = side_open(from, &a);
    if (status == OK)
        status = side_open(to, &b);
    if (status == OK && a.leaves && b.leaves) {
        for (size_t i = 0; i < a.count; i++)
            if (find_path(&a, a.leaves[i].path, 0) == i)
                compare_path(&changes, a.leaves[i].path, &a, &b);
        for (size_t i = 0; i < b.count; i++)
            if (find_path(&a, b.leaves[i].path, 0) == SIZE_MAX && find_path(&b, b.leaves[i].path, 0) == i)
                compare_path(&changes, b.leaves[i].path, &a, &b);
        qsort(out, changes.count, sizeof *out, by_kind);
        *count = changes.count;
    }
    mem_free(a.leaves);
    mem_free(b.leaves);
    return status;
}

/* Equal but for white space and the order in which JSON is spelled: compared leaf by leaf. */
bool attempt_repeats(const struct attempt *a, const struct attempt *b)
{
    if (!a->call || !b->call || strcmp(a->action, b->action) != 0)
        return false;
    if (strcmp(a->call->text, b->call->text) == 0)
        return true;
    struct change changes[CHANGES_MAX];
    size_t count = 0;
    struct view json = VIEW_NONE;
    bool structured = !action_is_shell(a->action) && view_of(bytes_str(a->call->text), &json, NULL) == OK;
    return structured && attempt_changes(a, b, changes, &count) == OK && count == 0;
}

static const char *article(const char *noun)
{
    return strchr("aeiou", noun[0]) ? "an" : "a";
}

static bool is_plural(const char *noun)
{
    size_t size = strlen(noun);
    return size > 1 && noun[size - 1] == 's' && noun[size - 2] != 's';
}

bool change_phrase(const struct change *change, bool doing, char out[static PHRASE_MAX])
{
    const char *name = change->argument, *from = change->from, *to = change->to;
    int size = 0;
    switch (change->kind) {
    case CHANGE_KIND:
        size = snprintf(out, PHRASE_MAX, "%s %s %s instead of %s %s", doing ? "using" : "use", article(to), to,
                        article(from), from);
        break;
    case CHANGE_MARKED:
        size = snprintf(out, PHRASE_MAX, "%s whether the %s lacks its leading character", doing ? "checking" : "check",
                        name);
        break;
    case CHANGE_ANOTHER:
        if (*to)
            size = snprintf(out, PHRASE_MAX, "%s another %s", doing ? "trying" : "try", to);
        else
            size = snprintf(out, PHRASE_MAX, "%s %s %s", doing ? "choosing" : "choose",
                            is_plural(name) ? "other" : "another", name);
        break;
    case CHANGE_ADDED:
        size = snprintf(out, PHRASE_MAX, "%s the %s", doing ? "giving" : "give", name);
        break;
    case CHANGE_REMOVED:
        size = snprintf(out, PHRASE_MAX, "%s out the %s", doing ? "leaving" : "leave", name);
        break;
    case CHANGE_LONGER:
        size = snprintf(out, PHRASE_MAX, "%s more %s", doing ? "giving" : "give", name);
        break;
    case CHANGE_SHORTER:
        size = snprintf(out, PHRASE_MAX, "%s fewer %s", doing ? "sending" : "send", name);
        break;
    case CHANGE_RAISED:
    case CHANGE_LOWERED:
        size = snprintf(out, PHRASE_MAX, "%s the %s",
                        change->kind == CHANGE_RAISED ? doing ? "raising" : "raise"
                        : doing                       ? "lowering"
                                                      : "lower",
                        name);
        break;
    case CHANGE_LATER:
    case CHANGE_EARLIER:
        size = snprintf(out, PHRASE_MAX, "%s %s %s", doing ? "taking" : "take",
                        change->kind == CHANGE_LATER ? "later" : "earlier", name);
        break;
    case CHANGE_CHOICE:
        size = snprintf(out, PHRASE_MAX, "%s the %s", doing ? "changing" : "change", name);
        break;
    case CHANGE_TEXT:
        size = snprintf(out, PHRASE_MAX, "%s the %s", doing ? "rewriting" : "rewrite", name);
        break;
    case CHANGE_OPTION_ADDED:
        size = snprintf(out, PHRASE_MAX, "%s %s", doing ? "adding" : "add", to);
        break;
    case CHANGE_OPTION_REMOVED:
        size = snprintf(out, PHRASE_MAX, "%s out %s", doing ? "leaving" : "leave", from);
        break;
    }
    return size > 0 && size < PHRASE_MAX;
}

bool attempt_quantities(const struct attempt *attempt, const struct change *changes, size_t count,
                        char out[static SLOT_MAX])
{
    struct side side = {0};
    char names[3][SLOT_MAX];
    size_t found = 0;
    if (side_open(attempt, &side) != OK)
        return false;
    for (size_t i = 0; i < side.count && found < 3; i++) {
        struct bytes shape = shape_line(side.shape, i);
        bool counted = (bytes_is(shape, "number") || bytes_is(shape, "choice")) && !strpbrk(side.leaves[i].path, ".[");
        if (!counted)
            continue;
        argument_words(side.leaves[i].path, names[found]);
        bool changed = strlen(names[found]) > 30;
        for (size_t k = 0; k < count; k++)
            changed = changed || strcmp(changes[k].argument, names[found]) == 0;
        found += !changed;
    }
    mem_free(side.leaves);
    if (found == 0)
        return false;
    snprintf(out, SLOT_MAX, "%.30s%s%.30s%s%.30s", names[0],
             found == 3   ? ", "
             : found == 2 ? " and "
                          : "",
             found > 1 ? names[1] : "", found == 3 ? " and " : "", found == 3 ? names[2] : "");
    return true;
}
