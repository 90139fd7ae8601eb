/* Hides the memory of a trace (owned strings, wiped when given back) and the order of its scrubbing: one session for
 * the whole trace, so that a placeholder means the same value in every step. */
#include "insight/trace.h"

#include "base/secret.h"
#include "insight/trace_shape.h"

const char *trace_format_name(enum trace_format format)
{
    static const char *const names[TRACE_FORMATS] = {"fot", "openai", "transcript", "gsm", "claude"};
    INVARIANT(format < TRACE_FORMATS);
    return names[format];
}

void trace_init(struct trace *trace, enum trace_format format)
{
    *trace = (struct trace){.format = format, .outcome = OUTCOME_UNKNOWN};
}

static void text_free(char *text)
{
    if (text)
        secret_wipe(text, strlen(text));
    mem_free(text);
}

static void step_free(struct step *step)
{
    text_free(step->tool);
    text_free(step->text);
    text_free(step->shape);
}

static void skill_free(struct trace_skill *skill)
{
    text_free(skill->name);
    text_free(skill->when);
    text_free(skill->steps);
    text_free(skill->insights);
}

void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->step_count; i++)
        step_free(&trace->steps[i]);
    for (size_t i = 0; i < trace->skill_count; i++)
        skill_free(&trace->skills[i]);
    mem_free(trace->steps);
    mem_free(trace->skills);
    text_free(trace->task);
    text_free(trace->prompt);
    text_free(trace->system);
    *trace = (struct trace){0};
}

/* Room for one more item in a list that doubles. */
static enum status room_for_one(void **items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return OK;
    size_t wanted = *room ? *room * 2 : 8;
    void *grown = mem_grow(*items, *room, wanted, size);
    if (!grown)
        return ERR_MEMORY;
    *items = grown;
    *room = wanted;
    return OK;
}

enum status trace_add_step(struct trace *trace, enum step_role role, struct bytes tool, struct bytes text, bool failed)
{
    TRY(room_for_one((void **)&trace->steps, trace->step_count, &trace->step_room, sizeof *trace->steps));
    struct step step = {.role = role, .failed = failed, .text = mem_copy(text)};
    if (tool.size > 0)
        step.tool = mem_copy(tool);
    if (!step.text || (tool.size > 0 && !step.tool)) {
        step_free(&step);
        return ERR_MEMORY;
    }
    trace->steps[trace->step_count++] = step;
    return OK;
}

enum status trace_add_skill(struct trace *trace, const struct trace_skill *parts)
{
    TRY(room_for_one((void **)&trace->skills, trace->skill_count, &trace->skill_room, sizeof *trace->skills));
    const char *from[4] = {parts->name, parts->when, parts->steps, parts->insights};
    char *copy[4] = {NULL};
    bool complete = true;
    for (size_t i = 0; i < 4; i++)
        if (from[i])
            complete = (copy[i] = mem_copy(bytes_str(from[i]))) && complete;
    struct trace_skill skill = {copy[0], copy[1], copy[2], copy[3]};
    if (!complete) {
        skill_free(&skill);
        return ERR_MEMORY;
    }
    trace->skills[trace->skill_count++] = skill;
    return OK;
}

/* --- does a result report an error? --- */

static bool starts_folded(struct bytes text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (text.size < size)
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = text.data[i];
        if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != (uint8_t)prefix[i])
            return false;
    }
    return true;
}

static struct bytes skip_space(struct bytes text)
{
    size_t i = 0;
    while (i < text.size &&
           (text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\t' || text.data[i] == '\r'))
        i++;
    return bytes_part(text, i, text.size - i);
}

bool result_reports_error(struct bytes text)
{
    static const char *const openings[] = {"error:",  "error ",   "fatal:",  "exception",        "traceback (most",
                                           "failed:", "failure:", "denied:", "<tool_use_error>", "usage error"};
    static const char *const members[] = {
        "{\"error\":",   "{\"error\" :",   "{\"status\":\"error\"", "{\"status\": \"error\"",
        "{\"ok\":false", "{\"ok\": false", "{\"success\":false",    "{\"success\": false"};
    text = skip_space(text);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (starts_folded(text, openings[i]))
            return true;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (starts_folded(text, members[i]))
            return true;
    return starts_folded(text, "exit code ") && text.size > 10 && text.data[10] != '0';
}

/* --- scrubbing --- */

static enum status scrub_text(struct redact_session *session, const char *raw, struct buf *out)
{
    struct bytes text = bytes_str(raw);
    buf_clear(out);
    struct bytes start = skip_space(text);
    if (start.size > 0 && (start.data[0] == '{' || start.data[0] == '[')) {
        enum status status = redact_json(session, text, out, NULL);
        if (status != ERR_INPUT && status != ERR_TOO_LARGE)
            return status == OK ? buf_status(out) : status;
        buf_clear(out);
    }
    TRY(redact_text(session, text, out, NULL));
    return buf_status(out);
}

static enum status scrub_step(struct redact_session *session, const struct step *raw, struct trace *out)
{
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    TRY(scrub_text(session, raw->text, &text));
    TRY(trace_add_step(out, raw->role, bytes_str(raw->tool), buf_bytes(&text), raw->failed));
    return step_shape(raw, &out->steps[out->step_count - 1].shape);
}

static enum status scrub_skill(struct redact_session *session, const struct trace_skill *raw, struct trace *out)
{
    const char *const from[4] = {raw->name, raw->when, raw->steps, raw->insights};
    struct buf texts[4];
    for (size_t i = 0; i < 4; i++)
        buf_init_secret(&texts[i]);
    enum status status = OK;
    for (size_t i = 0; i < 4 && status == OK; i++)
        if (from[i])
            status = scrub_text(session, from[i], &texts[i]);
    if (status == OK) {
        struct trace_skill parts = {
            from[0] ? (char *)buf_text(&texts[0]) : NULL, from[1] ? (char *)buf_text(&texts[1]) : NULL,
            from[2] ? (char *)buf_text(&texts[2]) : NULL, from[3] ? (char *)buf_text(&texts[3]) : NULL};
        status = trace_add_skill(out, &parts);
    }
    for (size_t i = 0; i < 4; i++)
        buf_free(&texts[i]);
    return status;
}

static enum status copy_text(const char *from, char **out)
{
    *out = from ? mem_copy(bytes_str(from)) : NULL;
    return from && !*out ? ERR_MEMORY : OK;
}

static enum status scrub_into(struct redact_session *session, const struct trace *trace, struct trace *out)
{
    for (size_t i = 0; i < trace->step_count; i++)
        TRY(scrub_step(session, &trace->steps[i], out));
    for (size_t i = 0; i < trace->skill_count; i++)
        TRY(scrub_skill(session, &trace->skills[i], out));
    TRY(copy_text(trace->task, &out->task));
    TRY(copy_text(trace->prompt, &out->prompt));
    return copy_text(trace->system, &out->system);
}

enum status trace_scrub(const struct trace *trace, const struct redactor *redactor, struct trace *out,
                        size_t counts[static REDACT_TYPES])
{
    trace_init(out, trace->format);
    out->outcome = trace->outcome;
    struct redact_session *session = NULL;
    TRY(redact_session_new(redactor, &session));
    enum status status = scrub_into(session, trace, out);
    if (status == OK) {
        for (int type = 0; type < REDACT_TYPES; type++)
            counts[type] += redact_session_count(session, (enum redact_type)type);
        out->scrubbed = true;
    } else {
        trace_free(out);
    }
    redact_session_free(session);
    return status;
}
