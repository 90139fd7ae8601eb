/* OpenAI chat: an object with "messages" (with "instruction", "reward", "task_id" beside it), or the bare array of
 * messages. */
#include "insight/read_inside.h"

static struct view messages_of(struct view record)
{
    struct view messages = record.kind == JSON_ARRAY_START ? record : view_get(record, "messages");
    return messages.kind == JSON_ARRAY_START ? messages : VIEW_NONE;
}

static bool fits(struct view record)
{
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view first = VIEW_NONE;
    view_walk_start(&walk, messages_of(record));
    return view_walk_next(&walk, &key, &first) && view_get(first, "role").kind == JSON_STRING;
}

/* One call: {"id","function":{"name","arguments"}}; arguments are a string of JSON, or JSON itself. */
static enum status read_call(struct trace *trace, struct call_names *names, struct view id, struct view function)
{
    SCOPED_BUF struct buf tool, arguments;
    buf_init(&tool);
    buf_init_secret(&arguments);
    struct view name = view_get(function, "name");
    if (name.kind != JSON_STRING)
        return OK;
    view_text(name, &tool);
    if (view_present(view_get(function, "arguments")))
        view_text(view_get(function, "arguments"), &arguments);
    TRY(buf_status(&tool));
    TRY(buf_status(&arguments));
    if (id.kind == JSON_STRING)
        TRY(call_names_add(names, id.raw, buf_bytes(&tool)));
    return trace_add_step(trace, STEP_CALL, buf_bytes(&tool), buf_bytes(&arguments), false);
}

static enum status read_calls(struct trace *trace, struct call_names *names, struct view message)
{
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view call = VIEW_NONE;
    view_walk_start(&walk, view_get(message, "tool_calls"));
    while (view_walk_next(&walk, &key, &call))
        TRY(read_call(trace, names, view_get(call, "id"), view_get(call, "function")));
    if (view_present(view_get(message, "function_call"))) /* the API's older form */
        TRY(read_call(trace, names, VIEW_NONE, view_get(message, "function_call")));
    return OK;
}

static enum status read_result(struct trace *trace, struct call_names *names, struct view message, struct bytes text)
{
    SCOPED_BUF struct buf tool;
    buf_init(&tool);
    if (view_get(message, "name").kind == JSON_STRING)
        view_text(view_get(message, "name"), &tool);
    else
        buf_add(&tool, call_names_find(names, view_get(message, "tool_call_id").raw));
    TRY(buf_status(&tool));
    bool failed = view_get(message, "is_error").kind == JSON_TRUE || result_reports_error(text);
    return trace_add_step(trace, STEP_RESULT, buf_bytes(&tool), text, failed);
}

static enum status read_message(struct trace *trace, struct call_names *names, struct view message)
{
    struct view role = view_get(message, "role");
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    read_content(view_get(message, "content"), &text);
    TRY(buf_status(&text));
    if (view_is(role, "tool") || view_is(role, "function"))
        return read_result(trace, names, message, buf_bytes(&text));
    if (view_is(role, "system") || view_is(role, "developer"))
        return trace->system ? OK : read_copy(buf_bytes(&text), &trace->system);
    if (view_is(role, "user"))
        return trace_add_step(trace, STEP_USER, BYTES_NONE, buf_bytes(&text), false);
    if (!view_is(role, "assistant"))
        return ERR_INPUT;
    SCOPED_BUF struct buf thought;
    buf_init_secret(&thought);
    read_content(view_get(message, "reasoning_content"), &thought);
    TRY(buf_status(&thought));
    if (thought.size > 0)
        TRY(trace_add_step(trace, STEP_THOUGHT, BYTES_NONE, buf_bytes(&thought), false));
    if (text.size > 0)
        TRY(trace_add_step(trace, STEP_ASSISTANT, BYTES_NONE, buf_bytes(&text), false));
    return read_calls(trace, names, message);
}

/* The instruction names the task wherever it stands; a task number only within its file; else the first words of the
 * user. */
static enum status read_task(struct read_state *state, struct view record, struct trace *trace)
{
    TRY(read_field(view_get(record, "instruction"), &trace->prompt));
    SCOPED_BUF struct buf task;
    buf_init_secret(&task);
    struct view number = view_get(record, "task_id");
    if (trace->prompt) {
        buf_add_str(&task, trace->prompt);
    } else if (view_present(number)) {
        buf_addf(&task, "%s:", state->scope);
        view_text(number, &task);
    } else {
        for (size_t i = 0; i < trace->step_count && task.size == 0; i++)
            if (trace->steps[i].role == STEP_USER)
                buf_add_str(&task, trace->steps[i].text);
    }
    TRY(buf_status(&task));
    return read_copy(buf_bytes(&task), &trace->task);
}

static enum status read_messages(struct read_state *state, struct view record, struct trace *trace,
                                 struct call_names *names)
{
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view message = VIEW_NONE;
    view_walk_start(&walk, messages_of(record));
    while (view_walk_next(&walk, &key, &message))
        TRY(read_message(trace, names, message));
    trace->outcome = read_outcome(record);
    return read_task(state, record, trace);
}

static enum status read(struct read_state *state, struct view record)
{
    struct trace trace;
    struct call_names names = {0};
    trace_init(&trace, TRACE_OPENAI);
    enum status status = read_messages(state, record, &trace, &names);
    call_names_free(&names);
    if (status == OK)
        return read_deliver(state, &trace);
    trace_free(&trace);
    return status;
}

const struct record_reader read_openai = {TRACE_OPENAI, fits, read};
