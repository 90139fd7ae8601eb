/* What --check and --explain tell of finds: for people, for programs, as SARIF. Never a value, unless it is asked for.
 */
#pragma once

#include "redaction/redaction.h"

enum scrub_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF };

/* Where offsets of a stream stand in lines: keeps as much of the input as the scrubber may hold back. */
struct scrub_places {
    struct buf recent;
    size_t base;         /* offset of `recent` in the input */
    size_t at;           /* the place: an offset, */
    size_t line, column; /* and its line and column, from 1, in code points */
};

struct scrub_report {
    enum scrub_format format;
    bool explain, values;
    double threshold;
    struct scrub_places places; /* of the input that is read */
    const char *name;           /* of that input */
    uint16_t *ordinals;         /* per rule: how many finds of it in this input */
    bool *used;                 /* per rule: whether any find was of it, in all inputs */
    size_t rules, told;
    const char *last; /* rule that was told last, */
    size_t last_index;
};
MUST_USE enum status scrub_report_begin(struct scrub_report *report, const struct redactor *redactor);
void scrub_report_input(struct scrub_report *report, const char *name);
MUST_USE enum status scrub_report_add(struct scrub_report *report, struct bytes input);
/* Finds in ascending order; then what can hold no more of them is forgotten. */
MUST_USE enum status scrub_report_tell(struct scrub_report *report, const struct redact_findings *found);
MUST_USE enum status scrub_report_end(struct scrub_report *report);
void scrub_report_free(struct scrub_report *report);
