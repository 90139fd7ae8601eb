/* A compiled policy, inside. */
#pragma once

#include "redaction/detect.h"
#include "redaction/custom.h"
#include "redaction/policy.h"

struct redactor {
    struct redact_policy policy;
    struct custom *custom; /* its patterns; NULL: none */
    struct detector *detector;
    struct names *names;
    struct keys *keys;
    struct tagger *tagger;               /* NULL: the policy does without */
    struct redact_pseudonyms pseudonyms; /* make NULL: none */
    bool surrogates;                     /* some operator makes them */
    uint64_t types;                      /* bit per type that is looked for */
};

/* Detect in a normalised text, learn, resolve: sorted, not overlapping. Finds under both of the policy's thresholds, of
 * unwanted rules and of allowed values are gone; those under the threshold are flagged: they are not operated on. */
MUST_USE enum status redact_find(struct redact_session *session, struct bytes text, struct finds *out);
/* Its parts, for views of the text too. All rows, telling keys and names over scan->text; with scan->want the rows
 * alone.
 */
MUST_USE enum status redact_look(const struct redactor *redactor, struct scan *scan);
/* Drop what the policy lets pass and what an earlier pass wrote; mark what it only wants to hear of. */
void redact_sift(const struct redactor *redactor, struct bytes text, struct finds *finds);
MUST_USE enum status redact_learn(struct redact_session *session, struct bytes text, const struct finds *finds);
/* Sort and merge what overlaps: the union goes under the type of the strongest. A flagged find gives way to a withheld
 * one. */
void finds_resolve(struct finds *finds);
/* A part of a longer text that is looked at with what stands around it. */
#define WINDOW_CONTEXT ((size_t)4 << 10)  /* what a match may look back on */
#define WINDOW_OVERLAP ((size_t)64 << 10) /* what a match may span */
struct window {
    struct bytes text; /* the part that is looked at */
    size_t base;       /* its offset in the input */
    size_t from, to;   /* findings that start here count; offsets in text */
};
/* The window of about `size` bytes that begins at `at`; the last one goes to the end. */
struct window window_at(struct bytes text, size_t at, size_t size);
/* Detect in one window and, if out is not NULL, write it scrubbed. *next is where the next window begins, an offset in
 * the input. */
MUST_USE enum status window_run(struct redact_session *session, const struct window *window, struct buf *out,
                                struct redact_findings *found, size_t *next);
MUST_USE enum status findings_add(struct redact_findings *findings, struct redact_finding finding);

/* One find that is to be replaced. */
struct operand {
    const struct find *find; /* in text */
    struct bytes text;       /* normalised, all around it */
    struct bytes raw;        /* what stood there in the input */
};
static inline struct bytes operand_value(const struct operand *operand)
{
    return bytes_part(operand->text, operand->find->start, operand->find->end - operand->find->start);
}
/* Whether an operator needs a callback that was not given. */
bool operate_lacks(unsigned how, const struct redact_pseudonyms *given);
/* Append what stands in its place. */
MUST_USE enum status operate(struct redact_session *session, const struct operand *operand, struct buf *out);
/* --- operators: each appends, or returns false and leaves the value to the placeholder --- */
/* A coarser value that a second pass leaves alone or makes again. */
bool generalise(enum redact_type type, struct bytes value, struct buf *out);
/* The date, `days` later, as it was written. */
bool date_shift(struct bytes value, int64_t days, struct buf *out);
/* Its year. */
bool date_year(struct bytes value, int *year);
