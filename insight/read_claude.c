/* Claude Code sessions: JSONL of {"type", "message", "sessionId", ...}. One trace a session; side chains belong to
 * theirs. */
#include "insight/read_inside.h"

struct read_session {
    char *id; /* raw */
    struct trace trace;
    struct call_names names;
};

static bool fits(struct view record)
{
    static const char *const types[] = {"user", "assistant", "system", "summary", "outcome", "file-history-snapshot"};
    struct view type = view_get(record, "type");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (view_is(type, types[i]))
            return view_present(view_get(record, "sessionId")) ||
                   view_get(record, "message").kind == JSON_OBJECT_START || view_is(type, "summary") ||
                   view_is(type, "outcome") || view_is(type, "file-history-snapshot");
    return false;
}

/* The session that a record names; a record without a name belongs to the last one. */
static enum status session_of(struct read_state *state, struct view id, struct read_session **out)
{
    struct bytes name = id.kind == JSON_STRING ? id.raw : BYTES_NONE;
    if (state->session_count > 0 && id.kind != JSON_STRING) {
        *out = &state->sessions[state->session_count - 1];
        return OK;
    }
    for (size_t i = state->session_count; i > 0; i--)
        if (bytes_is(name, state->sessions[i - 1].id)) {
            *out = &state->sessions[i - 1];
            return OK;
        }
    if (state->session_count == state->session_room) {
        size_t room = state->session_room ? state->session_room * 2 : 4;
        struct read_session *grown = mem_grow(state->sessions, state->session_room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        state->sessions = grown;
        state->session_room = room;
    }
    struct read_session *session = &state->sessions[state->session_count];
    *session = (struct read_session){.id = mem_copy(name)};
    if (!session->id)
        return ERR_MEMORY;
    trace_init(&session->trace, TRACE_CLAUDE);
    state->session_count++;
    *out = session;
    return OK;
}

static enum status add_text(struct trace *trace, enum step_role role, struct view text)
{
    SCOPED_BUF struct buf plain;
    buf_init_secret(&plain);
    read_content(text, &plain);
    TRY(buf_status(&plain));
    return plain.size > 0 ? trace_add_step(trace, role, BYTES_NONE, buf_bytes(&plain), false) : OK;
}

static enum status add_call(struct read_session *session, struct view block)
{
    SCOPED_BUF struct buf tool;
    buf_init(&tool);
    view_text(view_get(block, "name"), &tool);
    TRY(buf_status(&tool));
    TRY(call_names_add(&session->names, view_get(block, "id").raw, buf_bytes(&tool)));
    return trace_add_step(&session->trace, STEP_CALL, buf_bytes(&tool), view_get(block, "input").raw, false);
}

static enum status add_result(struct read_session *session, struct view block)
{
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    read_content(view_get(block, "content"), &text);
    TRY(buf_status(&text));
    bool failed = view_get(block, "is_error").kind == JSON_TRUE || result_reports_error(buf_bytes(&text));
    struct bytes tool = call_names_find(&session->names, view_get(block, "tool_use_id").raw);
    return trace_add_step(&session->trace, STEP_RESULT, tool, buf_bytes(&text), failed);
}

static enum status add_block(struct read_session *session, enum step_role speaker, struct view block)
{
    struct view type = view_get(block, "type");
    if (view_is(type, "text"))
        return add_text(&session->trace, speaker, view_get(block, "text"));
    if (view_is(type, "thinking"))
        return add_text(&session->trace, STEP_THOUGHT, view_get(block, "thinking"));
    if (view_is(type, "tool_use"))
        return view_get(block, "name").kind == JSON_STRING ? add_call(session, block) : OK;
    if (view_is(type, "tool_result"))
        return add_result(session, block);
    return OK; /* images and what may come */
}

static enum status read(struct read_state *state, struct view record)
{
    struct read_session *session = NULL;
    TRY(session_of(state, view_get(record, "sessionId"), &session));
    enum outcome outcome = read_outcome(record);
    if (outcome != OUTCOME_UNKNOWN)
        session->trace.outcome = outcome;
    struct view message = view_get(record, "message");
    struct view content = view_get(message, "content");
    bool user = view_is(view_get(message, "role"), "user");
    if (!view_present(content) || view_get(record, "isMeta").kind == JSON_TRUE)
        return OK;
    enum step_role speaker = user ? STEP_USER : STEP_ASSISTANT;
    if (content.kind != JSON_ARRAY_START)
        return add_text(&session->trace, speaker, content);
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view block = VIEW_NONE;
    view_walk_start(&walk, content);
    while (view_walk_next(&walk, &key, &block))
        TRY(add_block(session, speaker, block));
    return OK;
}

/* The first thing that the user said is the task and its prompt. */
static enum status name_task(struct trace *trace)
{
    for (size_t i = 0; i < trace->step_count; i++) {
        if (trace->steps[i].role != STEP_USER)
            continue;
        TRY(read_copy(bytes_str(trace->steps[i].text), &trace->prompt));
        return read_copy(bytes_str(trace->steps[i].text), &trace->task);
    }
    return read_copy(BYTES_NONE, &trace->task);
}

enum status read_claude_end(struct read_state *state)
{
    for (size_t i = 0; i < state->session_count; i++) {
        struct trace *trace = &state->sessions[i].trace;
        if (trace->step_count == 0)
            continue;
        TRY(name_task(trace));
        TRY(read_deliver(state, trace));
    }
    return OK;
}

void read_claude_free(struct read_state *state)
{
    for (size_t i = 0; i < state->session_count; i++) {
        mem_free(state->sessions[i].id);
        trace_free(&state->sessions[i].trace);
        call_names_free(&state->sessions[i].names);
    }
    mem_free(state->sessions);
    state->sessions = NULL;
    state->session_count = state->session_room = 0;
}

const struct record_reader read_claude = {TRACE_CLAUDE, fits, read};
