/* Transcripts: "user: ... / assistant: ... / tool: ..." as plain text, and JSONL records with it under
 * "messages_display".
 *
 * A line that starts with a role starts a step; others go on with it. Beyond the three: "system:", "thought:", "call:
 * NAME ARGUMENTS", "tool (NAME): ..." or "tool NAME: ..." for a named result, "outcome: success|failure", "task: ID". A
 * line of dashes or equals signs ends a transcript. */
#include <strings.h>

#include "insight/read_inside.h"

enum line_kind { LINE_MORE, LINE_STEP, LINE_CALL, LINE_TOOL, LINE_OUTCOME, LINE_TASK, LINE_END };

static const struct {
    const char *word;
    enum line_kind kind;
    enum step_role role;
} openings[] = {
    {"user", LINE_STEP, STEP_USER},           {"customer", LINE_STEP, STEP_USER},    {"human", LINE_STEP, STEP_USER},
    {"assistant", LINE_STEP, STEP_ASSISTANT}, {"agent", LINE_STEP, STEP_ASSISTANT},  {"system", LINE_STEP, STEP_SYSTEM},
    {"thought", LINE_STEP, STEP_THOUGHT},     {"thinking", LINE_STEP, STEP_THOUGHT}, {"call", LINE_CALL, STEP_CALL},
    {"tool_call", LINE_CALL, STEP_CALL},      {"tool", LINE_TOOL, STEP_RESULT},      {"result", LINE_TOOL, STEP_RESULT},
    {"outcome", LINE_OUTCOME, STEP_ROLES},    {"task", LINE_TASK, STEP_ROLES},
};

struct line {
    enum line_kind kind;
    enum step_role role;
    struct bytes tool, text;
};

static bool is_name_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '-' || byte == '.';
}

static struct bytes trim(struct bytes text)
{
    while (text.size > 0 && strchr(" \t\r", text.data[0]))
        text = bytes_part(text, 1, text.size);
    while (text.size > 0 && strchr(" \t\r\n", text.data[text.size - 1]))
        text.size--;
    return text;
}

static struct bytes take_name(struct bytes *text)
{
    size_t size = 0;
    while (size < text->size && is_name_byte(text->data[size]))
        size++;
    struct bytes name = bytes_part(*text, 0, size);
    *text = bytes_part(*text, size, text->size);
    return name;
}

static bool is_rule(struct bytes text)
{
    text = trim(text);
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != '-' && text.data[i] != '=')
            return false;
    return text.size >= 3;
}

static struct line line_of(struct bytes text)
{
    struct line more = {.kind = LINE_MORE, .text = text};
    if (is_rule(text))
        return (struct line){.kind = LINE_END};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        size_t size = strlen(openings[i].word);
        if (text.size <= size || strncasecmp((const char *)text.data, openings[i].word, size) != 0)
            continue;
        struct line line = {
            .kind = openings[i].kind, .role = openings[i].role, .text = bytes_part(text, size, text.size)};
        if (line.kind == LINE_TOOL && line.text.size > 1 && strchr(" ([", line.text.data[0])) {
            line.text = bytes_part(line.text, 1, line.text.size);
            if (line.text.size > 0 && line.text.data[0] == '(')
                line.text = bytes_part(line.text, 1, line.text.size);
            line.tool = take_name(&line.text);
            if (line.text.size > 0 && strchr(")]", line.text.data[0]))
                line.text = bytes_part(line.text, 1, line.text.size);
        }
        if (line.text.size == 0 || line.text.data[0] != ':')
            continue;
        line.text = trim(bytes_part(line.text, 1, line.text.size));
        if (line.kind == LINE_CALL) {
            line.tool = take_name(&line.text);
            line.text = trim(line.text);
        }
        return line;
    }
    return more;
}

static bool next_line(struct bytes text, size_t *at, struct bytes *out)
{
    if (*at >= text.size)
        return false;
    const uint8_t *end = memchr(text.data + *at, '\n', text.size - *at);
    size_t size = end ? (size_t)(end - text.data) - *at : text.size - *at;
    *out = bytes_part(text, *at, size);
    *at += size + 1;
    return true;
}

bool transcript_fits(struct bytes text)
{
    bool user = false, other = false;
    struct bytes line = BYTES_NONE;
    if (!bytes_is_utf8(text))
        return false;
    for (size_t at = 0, lines = 0; lines < 1000 && next_line(text, &at, &line); lines++) {
        struct line parsed = line_of(line);
        user = user || (parsed.kind == LINE_STEP && parsed.role == STEP_USER);
        other = other || (parsed.kind == LINE_STEP && parsed.role == STEP_ASSISTANT) || parsed.kind == LINE_TOOL;
    }
    return user && other;
}

struct builder {
    struct read_state *state;
    struct trace trace;
    struct line open; /* the step whose text is being gathered */
    bool is_open;
    struct buf text;
    size_t number; /* of the transcript in its file */
};

/* "assistant: None" stands where the model called a tool whose name was not kept. */
static enum status close_step(struct builder *builder)
{
    if (!builder->is_open)
        return OK;
    builder->is_open = false;
    TRY(buf_status(&builder->text));
    struct bytes text = trim(buf_bytes(&builder->text));
    enum step_role role = builder->open.role;
    if (role == STEP_ASSISTANT && (text.size == 0 || bytes_is(text, "None")))
        return OK;
    if (role == STEP_SYSTEM)
        return read_copy(text, &builder->trace.system);
    bool failed = role == STEP_RESULT && result_reports_error(text);
    struct bytes tool = builder->open.tool;
    if (role == STEP_RESULT && tool.size == 0 && builder->trace.step_count > 0) {
        const struct step *last = &builder->trace.steps[builder->trace.step_count - 1];
        if (last->role == STEP_CALL)
            tool = bytes_str(last->tool);
    }
    SCOPED_MEM char *name = mem_copy(tool); /* the list of steps may move */
    return name ? trace_add_step(&builder->trace, role, bytes_str(name), text, failed) : ERR_MEMORY;
}

static enum status close_trace(struct builder *builder)
{
    TRY(close_step(builder));
    struct trace *trace = &builder->trace;
    if (trace->step_count == 0)
        return OK;
    if (!trace->task) {
        SCOPED_BUF struct buf task;
        buf_init(&task);
        buf_addf(&task, "%s#%zu", builder->state->scope, builder->number);
        TRY(buf_status(&task));
        TRY(read_copy(buf_bytes(&task), &trace->task));
    }
    TRY(infer_tools(trace));
    TRY(read_deliver(builder->state, trace));
    trace_init(trace, TRACE_TRANSCRIPT);
    builder->number++;
    return OK;
}

static enum status take_line(struct builder *builder, struct bytes text)
{
    struct line line = line_of(text);
    switch (line.kind) {
    case LINE_MORE:
        if (builder->is_open) {
            buf_add_byte(&builder->text, '\n');
            buf_add(&builder->text, text);
        }
        return OK;
    case LINE_END: /* a rule inside of what someone said is no end: the next line then has no role */
        return close_trace(builder);
    case LINE_OUTCOME:
        builder->trace.outcome = outcome_of_word(line.text);
        return close_step(builder);
    case LINE_TASK:
        TRY(close_step(builder));
        return read_copy(line.text, &builder->trace.task);
    case LINE_STEP:
    case LINE_CALL:
    case LINE_TOOL:
        TRY(close_step(builder));
        builder->open = line;
        builder->is_open = true;
        buf_clear(&builder->text);
        buf_add(&builder->text, line.text);
        return OK;
    }
    return ERR_BUG;
}

/* Whether a rule ends a transcript: what follows (but for blank lines) starts with a role. */
static bool ends_here(struct bytes text, size_t at)
{
    struct bytes line = BYTES_NONE;
    while (next_line(text, &at, &line))
        if (trim(line).size > 0)
            return line_of(line).kind != LINE_MORE;
    return true;
}

static enum status build(struct builder *builder, struct bytes text)
{
    struct bytes line = BYTES_NONE;
    for (size_t at = 0; next_line(text, &at, &line);)
        if (!is_rule(line) || ends_here(text, at))
            TRY(take_line(builder, line));
    return close_trace(builder);
}

static enum status read_numbered(struct read_state *state, struct bytes text, size_t number, enum outcome outcome,
                                 struct view task)
{
    struct builder builder = {.state = state, .number = number};
    trace_init(&builder.trace, TRACE_TRANSCRIPT);
    builder.trace.outcome = outcome;
    buf_init_secret(&builder.text);
    enum status status = read_field(task, &builder.trace.task);
    if (status == OK)
        status = build(&builder, text);
    buf_free(&builder.text);
    trace_free(&builder.trace);
    return status;
}

enum status transcript_read(struct read_state *state, struct bytes text)
{
    return read_numbered(state, text, 0, OUTCOME_UNKNOWN, VIEW_NONE);
}

static bool fits(struct view record)
{
    return view_get(record, "messages_display").kind == JSON_STRING;
}

static enum status read(struct read_state *state, struct view record)
{
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    view_text(view_get(record, "messages_display"), &text);
    TRY(buf_status(&text));
    return read_numbered(state, buf_bytes(&text), state->report->traces, read_outcome(record),
                         view_get(record, "task_id"));
}

const struct record_reader read_display = {TRACE_TRANSCRIPT, fits, read};
