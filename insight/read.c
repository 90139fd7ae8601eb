/* Hides what a file is: compressed or not, one JSON value, lines of them, or plain text; and which of the formats its
 * records are in. Formats are rows of a table; a record that fits none is counted and skipped. */
#include "base/hash.h"
#include "base/inflate.h"
#include "insight/read_inside.h"

static const struct record_reader *const record_readers[] = {&read_fot, &read_openai, &read_display, &read_gsm,
                                                             &read_claude};

enum status read_deliver(struct read_state *state, struct trace *trace)
{
    state->report->traces++;
    enum status status = state->visit(state->context, trace);
    trace_free(trace);
    return status;
}

/* ERR_INPUT when no reader knows the record. */
static enum status read_record(struct read_state *state, struct view record)
{
    for (size_t i = 0; i < sizeof record_readers / sizeof *record_readers; i++) {
        if (!record_readers[i]->fits(record))
            continue;
        if (state->report->traces == 0)
            state->report->format = record_readers[i]->format;
        return record_readers[i]->read(state, record);
    }
    return ERR_INPUT;
}

/* One record; what is not understood is counted. */
static enum status read_counted(struct read_state *state, struct view record)
{
    enum status status = read_record(state, record);
    if (status != ERR_INPUT && status != ERR_TOO_LARGE)
        return status;
    state->report->skipped++;
    return OK;
}

static enum status read_value(struct read_state *state, struct view value)
{
    if (value.kind != JSON_ARRAY_START || read_openai.fits(value))
        return read_counted(state, value);
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view item = VIEW_NONE;
    view_walk_start(&walk, value);
    while (view_walk_next(&walk, &key, &item))
        TRY(read_counted(state, item));
    return OK;
}

/* *damaged: number of the first line that is no JSON, 0 if none. */
static enum status read_lines(struct read_state *state, struct bytes text, size_t *damaged)
{
    size_t line = 0;
    for (size_t at = 0; at < text.size; line++) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = end ? (size_t)(end - text.data) - at : text.size - at;
        struct bytes one = bytes_part(text, at, size);
        at += size + 1;
        if (size == 0 || (size == 1 && one.data[0] == '\r'))
            continue;
        struct view record = VIEW_NONE;
        if (view_of(one, &record, NULL) == OK) {
            TRY(read_counted(state, record));
            continue;
        }
        state->report->skipped++;
        if (*damaged == 0)
            *damaged = line + 1;
    }
    return OK;
}

static bool looks_like_json(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!strchr(" \t\r\n", text.data[i]))
            return text.data[i] == '{' || text.data[i] == '[';
    return false;
}

static enum status read_text(struct read_state *state, struct bytes text, struct why *why)
{
    if (bytes_starts(text, "\xEF\xBB\xBF"))
        text = bytes_part(text, 3, text.size);
    size_t damaged = 0, at = 0;
    if (looks_like_json(text)) {
        struct view value = VIEW_NONE;
        if (view_of(text, &value, &at) == OK)
            TRY(read_value(state, value));
        else
            TRY(read_lines(state, text, &damaged));
        TRY(read_claude_end(state));
    } else if (transcript_fits(text)) {
        state->report->format = TRACE_TRANSCRIPT;
        TRY(transcript_read(state, text));
    }
    if (state->report->traces > 0)
        return OK;
    if (damaged > 0)
        return why_set(why, ERR_INPUT, "not JSON", "line of the trace file", damaged);
    return why_set(why, ERR_INPUT, "no known trace format", "trace file", 0);
}

enum status traces_read(struct bytes content, const char *task_scope, trace_visit visit, void *context,
                        struct read_report *report, struct why *why)
{
    *report = (struct read_report){0};
    if (content.size > TRACE_FILE_MAX)
        return why_set(why, ERR_TOO_LARGE, "over the size limit", "trace file", 0);
    struct read_state state = {
        .scope = task_scope ? task_scope : "", .visit = visit, .context = context, .report = report};
    SCOPED_BUF struct buf plain;
    buf_init_secret(&plain);
    if (inflate_is_gzip(content)) {
        enum status status = inflate_gzip(content, TRACE_FILE_MAX, &plain);
        if (status != OK)
            return why_set(why, status, "damaged or too large gzip", "trace file", 0);
        content = buf_bytes(&plain);
    }
    enum status status = read_text(&state, content, why);
    read_claude_free(&state);
    return status;
}

/* --- helpers that the readers share --- */

enum status read_copy(struct bytes text, char **field)
{
    char *copy = mem_copy(text);
    if (!copy)
        return ERR_MEMORY;
    mem_free(*field);
    *field = copy;
    return OK;
}

enum status read_field(struct view value, char **field)
{
    if (!view_present(value))
        return OK;
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    view_text(value, &text);
    TRY(buf_status(&text));
    return read_copy(buf_bytes(&text), field);
}

void read_content(struct view content, struct buf *out)
{
    if (content.kind != JSON_ARRAY_START) {
        if (view_present(content))
            view_text(content, out);
        return;
    }
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view part = VIEW_NONE;
    view_walk_start(&walk, content);
    while (view_walk_next(&walk, &key, &part)) {
        struct view text = part.kind == JSON_STRING ? part : view_get(part, "text");
        if (text.kind != JSON_STRING)
            continue;
        if (out->size > 0)
            buf_add_byte(out, '\n');
        view_text(text, out);
    }
}

enum outcome outcome_of_word(struct bytes word)
{
    static const struct {
        const char *word;
        enum outcome outcome;
    } words[] = {{"success", OUTCOME_SUCCESS},    {"succeeded", OUTCOME_SUCCESS}, {"pass", OUTCOME_SUCCESS},
                 {"passed", OUTCOME_SUCCESS},     {"resolved", OUTCOME_SUCCESS},  {"true", OUTCOME_SUCCESS},
                 {"failure", OUTCOME_FAILURE},    {"failed", OUTCOME_FAILURE},    {"fail", OUTCOME_FAILURE},
                 {"unresolved", OUTCOME_FAILURE}, {"false", OUTCOME_FAILURE},     {"mixed", OUTCOME_MIXED},
                 {"partial", OUTCOME_MIXED}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bytes_is(word, words[i].word))
            return words[i].outcome;
    return OUTCOME_UNKNOWN;
}

enum outcome read_outcome(struct view record)
{
    struct view reward = view_get(record, "reward");
    if (reward.kind == JSON_NUMBER) {
        double value = view_number(reward, 0);
        return value >= 1 ? OUTCOME_SUCCESS : value <= 0 ? OUTCOME_FAILURE : OUTCOME_MIXED;
    }
    static const char *const keys[] = {"outcome", "success", "is_correct", "result_status"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct view value = view_get(record, keys[i]);
        if (value.kind == JSON_TRUE || value.kind == JSON_FALSE)
            return value.kind == JSON_TRUE ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
        if (value.kind == JSON_STRING && outcome_of_word(value.raw) != OUTCOME_UNKNOWN)
            return outcome_of_word(value.raw);
    }
    return OUTCOME_UNKNOWN;
}

enum status call_names_add(struct call_names *names, struct bytes id, struct bytes tool)
{
    if (names->count == names->room) {
        size_t room = names->room ? names->room * 2 : 16;
        struct call_name *grown = mem_grow(names->items, names->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        names->items = grown;
        names->room = room;
    }
    char *copy = mem_copy(tool);
    if (!copy)
        return ERR_MEMORY;
    names->items[names->count++] = (struct call_name){hash_mix64(id, 0), copy};
    return OK;
}

struct bytes call_names_find(const struct call_names *names, struct bytes id)
{
    uint64_t hash = hash_mix64(id, 0);
    for (size_t i = names->count; i > 0; i--) /* results follow their calls closely */
        if (names->items[i - 1].id == hash)
            return bytes_str(names->items[i - 1].tool);
    return BYTES_NONE;
}

void call_names_free(struct call_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->items[i].tool);
    mem_free(names->items);
    *names = (struct call_names){0};
}
