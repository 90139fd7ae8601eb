/* A trace seen as a run of attempts: each tool call with what came of it. */
#pragma once

#include "insight/phrases.h"
#include "insight/trace.h"

struct attempt {
    char action[TOOL_MAX];
    const struct step *call;   /* NULL where the format keeps results only */
    const struct step *result; /* NULL if none came */
    size_t first, last;        /* steps of call and result */
    bool failed;
    char error[SLOT_MAX]; /* normalised; "" when nothing can be said of it */
};
struct run {
    const struct trace *trace; /* borrowed */
    size_t task;               /* number of its task, see extract_inside.h */
    size_t count;
    struct attempt *attempts; /* owned */
};
MUST_USE enum status run_of_trace(const struct trace *trace, struct run *out);
void run_free(struct run *run);
/* Whether somebody spoke in this role strictly between two steps; its last step there, or NULL. */
const struct step *run_spoken(const struct run *run, enum step_role role, size_t after, size_t before);

/* --- what differs between two attempts at the same action --- */
enum change_kind {
    CHANGE_KIND,    /* from one kind of thing to another: certificate → gift card */
    CHANGE_MARKED,  /* an id gained a leading letter or sign */
    CHANGE_ANOTHER, /* another thing of the same kind */
    CHANGE_ADDED,   /* an argument that wasn't given before */
    CHANGE_REMOVED,
    CHANGE_LONGER, /* more items in a list */
    CHANGE_SHORTER,
    CHANGE_RAISED, /* a number */
    CHANGE_LOWERED,
    CHANGE_LATER, /* a date */
    CHANGE_EARLIER,
    CHANGE_CHOICE, /* a word or a yes/no */
    CHANGE_TEXT,
    CHANGE_OPTION_ADDED, /* of a command line */
    CHANGE_OPTION_REMOVED,
};
struct change {
    enum change_kind kind;
    char argument[SLOT_MAX];           /* in words */
    char from[SLOT_MAX], to[SLOT_MAX]; /* kinds */
};
#define CHANGES_MAX 8
/* The changes from one attempt's arguments to the next's, most telling first; 0 also when either has no arguments. */
MUST_USE enum status attempt_changes(const struct attempt *from, const struct attempt *to,
                                     struct change out[static CHANGES_MAX], size_t *count);
bool attempt_repeats(const struct attempt *a, const struct attempt *b); /* the same action with the same arguments */
/* "use a gift card instead of a certificate" / "using ..."; false when a change can't be told. */
bool change_phrase(const struct change *change, bool doing, char out[static PHRASE_MAX]);
/* Names of the call's counted and chosen top-level arguments, without those in changes: "total baggages, nonfree
 * baggages and insurance". */
bool attempt_quantities(const struct attempt *attempt, const struct change *changes, size_t count,
                        char out[static SLOT_MAX]);
