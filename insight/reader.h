/* Readers of agents' trace formats, one file a format (insight/read_*.c), found by content, not by name.
 *   FoT problem_*.json (envelope {"problem","behavior_book"} and a bare book), OpenAI chat JSON/JSONL ("messages", with
 *   "instruction" and "reward" local), transcripts ("user: / assistant: / tool:" text, and JSONL with
 * messages_display), GSM8K model solutions JSONL (one trace a model's solution), Claude Code session JSONL. gzip of any
 * is taken. */
#pragma once

#include "insight/trace.h"

#define TRACE_FILE_MAX (256u * 1024 * 1024)

/* Called once a trace; the callee may keep it by copying the struct and zeroing *trace (it is freed otherwise). */
typedef enum status (*trace_visit)(void *context, struct trace *trace);
struct read_report {
    size_t traces;
    size_t skipped; /* records in the file that were not understood */
    enum trace_format format;
};
/* Read all traces of a file's content. `task_scope`: mixed into task identities where the format has only a number
 * (the file's name without its folder). ERR_INPUT: no format fits, or damaged (with the line in why). */
MUST_USE enum status traces_read(struct bytes content, const char *task_scope, trace_visit visit, void *context,
                                 struct read_report *report, struct why *why);
