/* A candidate: one proposed insight as a device renders it, and the unit that is grouped and counted.
 *
 * Its text is lists of *phrases*: short clauses ("ask the customer which card to use") rendered from templates and
 * slots. A phrase is the unit of support: in `threshold` mode a phrase is released only if k tenants proposed it, by
 * equality of phrase_key. Sentences are joined from phrases when shown; there is no other free text in the record. */
#pragma once

#include "base/bytes.h"
#include "base/json.h"

#define PHRASE_MAX 240 /* bytes of one phrase */
#define PHRASES_MAX 12 /* phrases in one list */
#define SLOT_MAX 120   /* bytes of one slot */
#define ORDER_MAX 16   /* steps in an order */
#define TASK_TAG_BYTES 16
#define CANDIDATE_ID_BYTES 16

enum candidate_kind {
    CANDIDATE_PROCEDURE,    /* an order of steps that runs which succeeded share */
    CANDIDATE_RECOVERY,     /* what to change after an error */
    CANDIDATE_PRECONDITION, /* a call or check to make before another */
    CANDIDATE_PITFALL,      /* what runs that failed did: always an "avoid" */
    CANDIDATE_SKELETON,     /* the form of a solution, without its numbers and names */
    CANDIDATE_SKILL,        /* a named skill from a behaviour book */
    CANDIDATE_KINDS
};
enum outcome { OUTCOME_SUCCESS, OUTCOME_FAILURE, OUTCOME_MIXED, OUTCOME_UNKNOWN, OUTCOMES };

struct phrases {
    size_t count;
    char *items[PHRASES_MAX]; /* owned, UTF-8, one line each */
};

struct candidate {
    enum candidate_kind kind;
    enum outcome outcome;
    struct phrases when;  /* when it applies */
    struct phrases act;   /* "do": what to do, in order */
    struct phrases avoid; /* what not to do */
    struct phrases why;   /* the reason */
    /* Slots: the structure behind the text, for grouping. Owned; NULL when absent. */
    char *tool;         /* tool or method it is about */
    char *error;        /* normalised error */
    char *precondition; /* call or check that came before */
    char *argument;     /* argument whose shape changed */
    size_t order_count;
    char *order[ORDER_MAX];       /* steps in order, for procedures and skeletons */
    uint8_t task[TASK_TAG_BYTES]; /* keyed tag of the task it comes from: equal tasks of one tenant give equal tags */
    uint32_t runs_for, runs_against; /* runs with the pattern that succeeded / failed (unknown outcomes in neither) */
};

void candidate_free(struct candidate *candidate); /* what it owns, and zeroes it; not the struct itself */
MUST_USE enum status candidate_copy(const struct candidate *from, struct candidate *out);
const char *candidate_kind_name(enum candidate_kind kind); /* "recovery" */
const char *outcome_name(enum outcome outcome);

/* Append a phrase (copied; trimmed; a run of spaces, tabs and line breaks becomes one space). ERR_TOO_LARGE over
 * PHRASE_MAX or PHRASES_MAX, ERR_INPUT if empty, not UTF-8 or holding control characters. */
MUST_USE enum status phrases_add(struct phrases *phrases, const char *phrase);
void phrases_free(struct phrases *phrases);
/* The identity of a phrase for counting support: letters folded (ASCII, Latin-1, Greek, Cyrillic), the punctuation of
 * sentences (.,;:!?'"`()[]{}) taken for spaces, surplus spaces dropped, then SHA-256 cut to 16 bytes. Signs that carry
 * meaning (+ - = < / % _ ...) stay. Only the first PHRASE_MAX bytes count. */
void phrase_key(const char *phrase, uint8_t out[static 16]);

/* JSON object and back, strictly: {"act":[..],"argument"?,"avoid":[..],"error"?,"kind","order":[..],"outcome",
 * "precondition"?,"runs":[for,against],"task":hex,"tool"?,"when":[..],"why":[..]}. Slots and steps of an order are
 * lines of 1 to SLOT_MAX bytes; the decoder takes only phrases that phrases_add would leave as they are. */
struct json *candidate_encode(const struct candidate *candidate); /* NULL: out of memory */
MUST_USE enum status candidate_decode(const struct json *value, struct candidate *out, struct why *why);
/* One readable paragraph: "When W, A; then B. Avoid C because D." */
MUST_USE enum status candidate_render(const struct candidate *candidate, struct buf *out);
