/* Ways to hide a value, one step each; an adversary puts several into one another. */
#pragma once

#include "audits/evasion/kinds.h"

#define FORM_STEPS 3 /* at most */
enum form_trait {
    FORM_BLOCK = 1,  /* of a whole message, as programs make it */
    FORM_BINARY = 2, /* no text: only inside of a block that is */
    FORM_INNER = 4,  /* of the value as it is read: no step may stand before */
    FORM_CUT = 8,    /* of a text that ends there: by itself alone */
    FORM_JOINS = 16, /* stands in quotes */
    FORM_WRAPS = 32, /* breaks a line where it is full */
    FORM_SPLITS = 64 /* cuts the value in pieces */
};
struct form {
    char letter; /* no two have the same */
    const char *name;
    bool listed; /* docs/redaction.md says that the scrubber looks inside */
    unsigned traits;
    unsigned only, none; /* kinds that must have one of these traits; with one of these nothing is promised */
    void (*hide)(struct bytes plain, struct buf *out);
};
extern const struct form forms[];
extern const size_t form_count, form_listed; /* the listed ones come first */

/* The published list of hidden forms, by name, with a letter for each step, innermost first. */
struct form_row {
    const char *name, *steps;
};
extern const struct form_row form_rows[];
extern const size_t form_row_count;

struct disguise {
    size_t count;
    size_t steps[FORM_STEPS]; /* numbers of forms, innermost first */
};
void disguise_of(const char *steps, struct disguise *out); /* a letter that no form has is a bug */
/* Whether a value of the kind can be hidden so, and still be read. */
bool disguise_suits(const struct disguise *disguise, const struct kind *kind);
/* Whether docs/redaction.md says that it is seen: listed steps, of which one at most cuts the value in pieces; a
 * wrapped line is hidden no further but in a code. */
bool disguise_is_promised(const struct disguise *disguise, const struct kind *kind);
enum forms_from { FORMS_PROMISED, FORMS_ALL };
/* One to FORM_STEPS steps for the kind. */
void disguise_draw(struct random random, enum forms_from from, const struct kind *kind, struct disguise *out);
/* The mutations of a search: a step exchanged, added, taken away, two exchanged for each other, or the outer steps
 * taken from `other`. */
void disguise_step(struct random random, enum forms_from from, const struct kind *kind, const struct disguise *other,
                   struct disguise *disguise);
MUST_USE enum status disguise_hide(const struct disguise *disguise, struct bytes plain, struct buf *out);
/* The kind's sentence with the hidden value in it; from a block on, the whole sentence is hidden. `hidden` is what
 * carries the value. */
MUST_USE enum status disguise_write(const struct disguise *disguise, const struct kind *kind, const char *value,
                                    struct buf *hidden, struct buf *text);
