/* Ways to hide a value, one step each; an adversary puts several into one another. */
#pragma once

#include "base/bytes.h"
#include "base/random.h"

#define FORM_STEPS 3 /* at most */
struct form {
    const char *name;
    bool listed; /* docs/redaction.md says that the scrubber looks inside */
    bool block;  /* of a whole message, as programs make it */
    void (*hide)(struct bytes plain, struct buf *out);
};
extern const struct form forms[];
extern const size_t form_count, form_listed; /* the listed ones come first */

struct disguise {
    size_t count;
    size_t steps[FORM_STEPS]; /* numbers of forms, innermost first */
};
/* One to FORM_STEPS of the first `from` forms. */
void disguise_draw(struct random random, size_t from, struct disguise *out);
/* A step exchanged, added or taken away. */
void disguise_step(struct random random, size_t from, struct disguise *disguise);
MUST_USE enum status disguise_hide(const struct disguise *disguise, struct bytes plain, struct buf *out);
bool disguise_is_block(const struct disguise *disguise);

enum hidden_kind { HIDDEN_EMAIL, HIDDEN_CARD, HIDDEN_TOKEN, HIDDEN_KEY, HIDDEN_KINDS };
#define HIDDEN_TEXT 64
/* A made-up value that the scrubber knows in plain: with its check digit, with a vendor's beginning. */
void hidden_value_draw(enum hidden_kind kind, struct random random, char out[static HIDDEN_TEXT]);
