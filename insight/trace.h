/* A trace: the record of one agent run. It never leaves the device.
 *
 * Fields marked *local* serve outcome labels, task identity and the checks against prompts; no record has a field for
 * them. Readers (insight/reader.h) fill a trace with raw text; trace_scrub makes the scrubbed copy that extraction
 * works on. */
#pragma once

#include "base/bytes.h"
#include "protocol/candidate.h"
#include "redaction/redaction.h"

enum step_role {
    STEP_SYSTEM, /* local */
    STEP_USER,
    STEP_ASSISTANT, /* what the agent said */
    STEP_THOUGHT,   /* what it thought, where the format has it */
    STEP_CALL,      /* a tool call: tool and arguments */
    STEP_RESULT,    /* its result */
    STEP_ROLES
};
struct step {
    enum step_role role;
    char *tool;  /* owned; calls and results; NULL when the format does not say */
    char *text;  /* owned, UTF-8; for a call its arguments as they stand (JSON or a command line) */
    char *shape; /* owned or NULL: the kinds of its values in words of a public vocabulary (insight/trace_shape.h),
                    taken by trace_scrub before scrubbing: an id's kind outlives the id */
    bool failed; /* a result that reports an error */
};

/* Whether a tool's result reports an error, for formats that don't say (first line, or an "error" member). */
bool result_reports_error(struct bytes text);

enum trace_format { TRACE_FOT, TRACE_OPENAI, TRACE_TRANSCRIPT, TRACE_GSM, TRACE_CLAUDE, TRACE_FORMATS };
const char *trace_format_name(enum trace_format format);

struct trace_skill {                      /* FoT behaviour books: a named skill with its three parts */
    char *name, *when, *steps, *insights; /* owned; NULL when absent or filler such as "N/A" */
};

struct trace {
    enum trace_format format;
    enum outcome outcome;
    size_t step_count, step_room;
    struct step *steps;
    size_t skill_count, skill_room;
    struct trace_skill *skills;
    char *task;   /* local: what identifies the task (prompt, or its id with the file); equal for trials of one task */
    char *prompt; /* local: task prompt, problem or instruction; NULL */
    char *system; /* local: system prompt; NULL */
    bool scrubbed;
};
void trace_init(struct trace *trace, enum trace_format format);
void trace_free(struct trace *trace); /* what it owns; wipes text */
MUST_USE enum status trace_add_skill(struct trace *trace, const struct trace_skill *parts); /* copies the parts */
MUST_USE enum status trace_add_step(struct trace *trace, enum step_role role, struct bytes tool, struct bytes text,
                                    bool failed);
/* A scrubbed copy (its prompt, system and task stay raw: local). One session a trace. counts[type] += findings. */
MUST_USE enum status trace_scrub(const struct trace *trace, const struct redactor *redactor, struct trace *out,
                                 size_t counts[static REDACT_TYPES]);
