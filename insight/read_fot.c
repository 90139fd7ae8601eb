/* FoT's problem_*.json: {"problem", "problem_id", "behavior_book"} or the bare book. Only the skills and (locally) the
 * problem are read; a raw solution beside them is not looked at. Books come in three spellings: one string a skill with
 * its three parts labelled, an object of the three parts (also as a string that a Python program printed), and a pair
 * skill_name / skill_description. */
#include <strings.h>

#include "insight/read_inside.h"

static const char *const labels[3] = {"when to use", "step-by-step", "key insights"};

static bool names_skill(struct bytes key)
{
    return bytes_starts(key, "skill");
}

static bool is_book(struct view value)
{
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view member = VIEW_NONE;
    size_t members = 0;
    view_walk_start(&walk, value);
    while (value.kind == JSON_OBJECT_START && view_walk_next(&walk, &key, &member)) {
        if (!names_skill(key))
            return false;
        members++;
    }
    return members > 0;
}

static bool fits(struct view record)
{
    return view_get(record, "behavior_book").kind == JSON_OBJECT_START || is_book(record);
}

/* Offset of a label in any case, at or after `from`; SIZE_MAX if absent. */
static size_t find_label(struct bytes text, size_t from, const char *label)
{
    size_t size = strlen(label);
    for (size_t i = from; i + size <= text.size; i++)
        if (strncasecmp((const char *)text.data + i, label, size) == 0)
            return i;
    return SIZE_MAX;
}

static bool is_filler(struct bytes part)
{
    return part.size == 0 || (part.size == 3 && strncasecmp((const char *)part.data, "n/a", 3) == 0) ||
           (part.size == 4 && strncasecmp((const char *)part.data, "none", 4) == 0);
}

static struct bytes trim(struct bytes text, const char *what)
{
    while (text.size > 0 && strchr(what, text.data[0]))
        text = bytes_part(text, 1, text.size);
    while (text.size > 0 && strchr(what, text.data[text.size - 1]))
        text.size--;
    return text;
}

/* Cut a text at its labels into parts; an absent or filler part stays NULL. */
static enum status cut_parts(struct bytes text, char *parts[static 3])
{
    size_t start[4], after = 0;
    for (size_t i = 0; i < 3; i++) {
        start[i] = find_label(text, after, labels[i]);
        if (start[i] != SIZE_MAX)
            after = start[i] + strlen(labels[i]);
    }
    start[3] = text.size;
    for (size_t i = 0; i < 3; i++) {
        if (start[i] == SIZE_MAX)
            continue;
        size_t from = start[i] + strlen(labels[i]), to = text.size;
        for (size_t next = i + 1; next < 4 && to == text.size; next++)
            if (start[next] != SIZE_MAX)
                to = start[next];
        struct bytes part = trim(bytes_part(text, from, to - from), " \t\n:'\"{}[],.");
        if (!is_filler(part))
            TRY(read_copy(part, &parts[i]));
    }
    return OK;
}

static enum status read_parts(struct view value, char *parts[static 3])
{
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    if (value.kind != JSON_OBJECT_START) {
        view_text(value, &text);
    } else { /* spelled out once more in one string, so that one cutter serves */
        struct view_walk walk;
        struct bytes key = BYTES_NONE;
        struct view member = VIEW_NONE;
        view_walk_start(&walk, value);
        while (view_walk_next(&walk, &key, &member)) {
            buf_add(&text, key);
            buf_add_str(&text, ": ");
            read_content(member, &text);
            buf_add_byte(&text, '\n');
        }
    }
    TRY(buf_status(&text));
    return cut_parts(buf_bytes(&text), parts);
}

static enum status add_skill(struct trace *trace, struct bytes name, struct view value)
{
    char *parts[3] = {NULL};
    char *plain = mem_copy(name);
    enum status status = plain ? read_parts(value, parts) : ERR_MEMORY;
    if (status == OK && (parts[0] || parts[1] || parts[2]))
        status = trace_add_skill(trace, &(struct trace_skill){plain, parts[0], parts[1], parts[2]});
    mem_free(plain);
    for (size_t i = 0; i < 3; i++)
        mem_free(parts[i]);
    return status;
}

static enum status read_book(struct trace *trace, struct view book)
{
    struct view_walk walk;
    struct bytes key = BYTES_NONE, name = BYTES_NONE;
    struct view value = VIEW_NONE;
    view_walk_start(&walk, book);
    while (view_walk_next(&walk, &key, &value)) {
        if (bytes_is(key, "skill_name")) {
            name = value.kind == JSON_STRING ? value.raw : BYTES_NONE;
            continue;
        }
        TRY(add_skill(trace, bytes_is(key, "skill_description") && name.size > 0 ? name : key, value));
    }
    return OK;
}

static enum status read_all(struct read_state *state, struct view record, struct trace *trace)
{
    struct view book = view_get(record, "behavior_book");
    TRY(read_book(trace, book.kind == JSON_OBJECT_START ? book : record));
    TRY(read_field(view_get(record, "problem"), &trace->prompt));
    trace->outcome = read_outcome(record);
    if (trace->prompt)
        return read_copy(bytes_str(trace->prompt), &trace->task);
    return read_copy(bytes_str(state->scope), &trace->task);
}

static enum status read(struct read_state *state, struct view record)
{
    struct trace trace;
    trace_init(&trace, TRACE_FOT);
    enum status status = read_all(state, record, &trace);
    if (status == OK)
        return read_deliver(state, &trace);
    trace_free(&trace);
    return status;
}

const struct record_reader read_fot = {TRACE_FOT, fits, read};
