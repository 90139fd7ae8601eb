/* What the attacks on a federation's content share: texts of an adversary's choice, sending them as members do, and
 * looking for them in what is published.
 *
 * The adversary is some members who agree on what to send (colluders of audits/worlds.h). They write records by hand,
 * sealed and signed as honest ones are; they have read the last library. */
#pragma once

#include "audits/worlds.h"

struct poison_text {
    char when[SLOT_MAX + 1], act[SLOT_MAX + 1]; /* short enough for a slot */
};
/* Harmless advice that nobody else gives, drawn from words of the public vocabulary. */
void poison_advice(struct random random, struct poison_text *out);
/* A candidate that says it. */
MUST_USE enum status poison_candidate(const struct poison_text *text, struct candidate *out);

/* All tasks of all tenants of the scope. */
MUST_USE enum status poison_share_honest(struct worlds *worlds);
/* One contribution with this candidate, as if of a new task. *accepted (may be NULL): the server took it. */
MUST_USE enum status poison_send(struct worlds *worlds, size_t member, const struct candidate *candidate,
                                 struct random random, bool *accepted);

/* Whether a text stands in the library as a phrase, a slot or a step of an order: the same to whoever counts support
 * (phrase_key: spaces, capitals and punctuation may have been changed on the way), or letter by letter in a part of a
 * slot or step. */
bool poison_is_shown(const struct library *library, const char *text);
