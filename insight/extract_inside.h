/* What the methods of the embedded extractor share: the traces as runs, numbered by task, and the way out for
 * candidates. */
#pragma once

#include "insight/check.h"
#include "insight/extract_run.h"

struct corpus {
    const struct trace *traces; /* scrubbed; borrowed */
    size_t count;
    struct run *runs; /* one a trace, in order; empty for formats without calls */
    size_t task_count;
    const char **tasks; /* identity of each task, sorted; borrowed */
    const struct extract_options *options;
    const struct check_index *check;
    struct candidate_list *out;
    struct extract_report *report;
};

/* Runs of one task, or of a pattern, by outcome. */
struct tally {
    uint32_t good, bad, unknown;
};
void tally_add(struct tally *tally, enum outcome outcome); /* mixed counts as unknown */
enum outcome tally_outcome(struct tally tally);

/* --- rendering (insight/render.c) --- */
MUST_USE enum status render_slot(char **slot, const char *text); /* cut to SLOT_MAX - 1; NULL stays NULL */
/* Finish a candidate of a task: tag, checks, list. A refused phrase is left out, or made general where there is a more
 * general one ("... fails" for "... fails with: ERROR"); a refused candidate is counted. Consumes *take in every case.
 */
MUST_USE enum status corpus_emit(struct corpus *corpus, struct candidate *take, size_t task);

/* --- the methods, one file each --- */
MUST_USE enum status learn_from_errors(struct corpus *corpus);    /* recoveries and pitfalls */
MUST_USE enum status learn_from_contrast(struct corpus *corpus);  /* preconditions and pitfalls across runs */
MUST_USE enum status learn_procedures(struct corpus *corpus);     /* orders of steps */
MUST_USE enum status learn_from_solutions(struct corpus *corpus); /* skeletons of worked solutions */
MUST_USE enum status learn_from_skills(struct corpus *corpus);    /* behaviour books */
