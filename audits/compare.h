/* Two runs side by side, or two policies. Results are matched by name; two values differ where their intervals do not
 * meet. A run is read as the report reads it: one that claims a pass that its numbers do not give is refused. */
#pragma once

#include "audits/report/page_report.h"

enum compare_form { COMPARE_TEXT, COMPARE_JSON, COMPARE_HTML };
/* Runs, or policy files as a person writes them; both of one kind. ERR_INPUT names which is not. */
MUST_USE enum status compare_files(struct bytes before, struct bytes after, enum compare_form form, struct buf *out,
                                   struct why *why);

/* --- internal to compare*.c --- */
enum change { CHANGE_NONE, CHANGE_HIGHER, CHANGE_LOWER, CHANGE_UNKNOWN, CHANGE_GONE, CHANGE_NEW, CHANGES };
const char *change_name(enum change change); /* "no difference seen" */
struct compared {
    const struct finding *before, *after; /* NULL: not run */
    enum change change;
};
struct comparison {
    struct report runs[2]; /* only what report_read_run fills */
    size_t count;
    struct compared *rows; /* owned: those of the first run, then what only the second has */
    struct json *settings; /* owned: [{"name","before","after"},..] of all that differs: suite, seed, k, void, numbers
                              of traces, policy */
    /* A leak is gone only where the same search found none; unmeasured: where it was not run, or not evaluated. */
    size_t leaks_new, leaks_gone, leaks_unmeasured, passes_new, passes_gone;
    bool of_policies;  /* of two policies alone: there are no rows */
    const char *laxer; /* a field by which the second policy lets more leave or be released; NULL: none */
};
MUST_USE enum status compare_text(const struct comparison *comparison, struct buf *out);
MUST_USE enum status compare_json(const struct comparison *comparison, struct buf *out);
MUST_USE enum status compare_html(const struct comparison *comparison, struct buf *out);
/* "0.0312 [0.01, 0.05] no leak above the limit"; "not run". */
#define COMPARED_TEXT 128
void compared_text(const struct finding *finding, char out[static COMPARED_TEXT]);
/* A setting's value in words. */
void setting_text(const struct json *value, char out[static COMPARED_TEXT]);
