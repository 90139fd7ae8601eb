/* From scrubbed traces to candidates, by contrast.
 *
 * Within a task and then across tasks: what did runs that succeeded do that failed ones did not (order of steps, a call
 * absent before a failure, the shape of the argument that changed after an error)? What a failed run did is at most an
 * "avoid". Text is rendered from templates, slots and generalised phrases, never copied sentences.
 *
 * An extractor is an interface; the embedded default is deterministic ("contrast/1"). Output order is canonical: it
 * depends on the set of traces alone, not on their order. */
#pragma once

#include "insight/trace.h"

struct candidate_list {
    size_t count, room;
    struct candidate *items;
};
void candidate_list_free(struct candidate_list *list);
MUST_USE enum status candidate_list_add(struct candidate_list *list,
                                        struct candidate *take); /* zeroes *take on success */

enum drop_reason { DROP_PROMPT_OVERLAP, DROP_CASE_SPECIFIC, DROP_PERSONAL, DROP_EMPTY, DROP_REASONS };
const char *drop_reason_name(enum drop_reason reason);

struct extract_options {
    uint32_t overlap_tokens;         /* policy: longest run of content tokens shared with a prompt (3); over 7 is 7 */
    const struct redactor *redactor; /* last scan of rendered text */
    /* Keyed tag of a task's identity: the client's key; state is the caller's. */
    void (*tag)(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES]);
    void *tag_state;
};
struct extract_report {
    size_t traces, tasks, candidates;
    size_t generalised; /* phrases that a check made more general */
    size_t dropped[DROP_REASONS];
};
struct extractor {
    const char *name; /* goes into the contribution */
    enum status (*extract)(void *state, const struct trace *scrubbed, size_t count,
                           const struct extract_options *options, struct candidate_list *out,
                           struct extract_report *report);
    void *state;
};
struct extractor extractor_contrast(void);

/* The check of step 4 of the way of a trace: against the prompts (no shared run of more than overlap_tokens content
 * tokens that the built-in table of common phrases does not know) and against the trace (no case-specific n-gram). OK,
 * or ERR_POLICY with *reason. */
MUST_USE enum status candidate_check(const struct candidate *candidate, const struct trace *trace,
                                     const struct extract_options *options, enum drop_reason *reason);
