/* The adversary that hides values from the scrubber: one try, and what is measured with many. */
#pragma once

#include "audits/audit.h"
#include "audits/evasion/forms.h"

struct hideout { /* a disguise that left a value of this kind whole */
    size_t kind;
    struct disguise disguise;
};
struct evasion {
    const struct audit_scope *scope;
    struct random random;
    const struct redactor *redactor, *off;
    size_t found, learned;    /* disguises; the first of them, which searches cross with */
    struct hideout *hideouts; /* owned */
};

/* The share of a value's bytes that stands in the text in one run, wherever that begins. A part of it under six bytes
 * (NEEDLE_LEAST) counts for nothing: such parts occur by chance. */
double evasion_share_left(struct bytes value, struct bytes text);
/* The share that is left of a value, as it was hidden or as it reads (not for what is too short to be found by more
 * than chance). */
MUST_USE enum status evasion_try(const struct redactor *redactor, const struct disguise *disguise,
                                 const struct kind *kind, const char *value, double *left);

/* Values of all kinds in disguises by lot: from the published list, or one to three promised steps in one another.
 * A value counts as left if half of it is. Baseline: the same values as they are. */
enum evasion_draw { EVASION_ROWS, EVASION_NESTED };
MUST_USE enum status evasion_listed(struct evasion *run, enum evasion_draw draw, size_t count,
                                    struct audit_result *result);
/* The same of the one kind (the one row of the list) that fares worst in `look` draws of each, on `count` fresh values;
 * the note names it. */
enum evasion_worst { EVASION_KIND, EVASION_ROW };
MUST_USE enum status evasion_worst(struct evasion *run, enum evasion_worst which, size_t look, size_t count,
                                   struct audit_results *texts, struct audit_result *result);
/* For how many of `count` values a search over disguises finds one that leaves them whole; after it has
 * learned on as many others. What was found is kept in run->hideouts. */
MUST_USE enum status evasion_climb(struct evasion *run, enum forms_from from, size_t count,
                                   struct audit_result *result);
/* How many of `count` values in such disguises, written wherever an agent reads or writes, leave the device under the
 * scope's policy. Nothing is measured where the client makes a lesson of fewer than nine in ten runs. */
MUST_USE enum status evasion_sent(struct evasion *run, size_t count, struct audit_result *result, struct why *why);
