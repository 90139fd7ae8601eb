/* Prompt stealing by choice: given what got out of a task, which of ten prompts is behind it? (After the retrieval of
 * Sha & Zhang 2024, arXiv 2402.12959, without a language model.) */
#pragma once

#include "audits/overlap/ground.h"

#define CHOICES 10

struct choices {
    size_t count;            /* CHOICES, or fewer where there are not as many other prompts */
    uint32_t items[CHOICES]; /* sources; the true one is the first */
};
/* The true source and the decoys that are hardest to tell from it: of like length (half to twice the tokens) first,
 * then those nearest in topic. None says the same, and none is a source of the document's. */
MUST_USE enum status choices_make(const struct ground *ground, const struct document *document, size_t own,
                                  struct choices *out);

enum choice_attack {
    CHOICE_RETRIEVAL, /* the nearest by features */
    CHOICE_SLOTS,     /* the one of which most is found of what sets it apart from the others: names, things, places */
    CHOICE_ATTACKS
};
/* How much of the guess is right: 1, 0, or a share where several are first alike. */
MUST_USE enum status choice_guess(const struct ground *ground, const struct document *document,
                                  const struct choices *choices, enum choice_attack attack, double *right);
/* The same of documents that have nothing to do with it: of other tenants' tasks, none of the ten among them; at most
 * CHOICE_STRANGERS, evenly drawn from `documents`. The decoys are the true prompt's neighbours and it stands in their
 * midst: such documents choose it more or less often than one in ten. One in ten where there are none. */
#define CHOICE_STRANGERS 16
MUST_USE enum status choice_chance(const struct ground *ground, const struct documents *documents,
                                   const struct choices *choices, enum choice_attack attack, double *chance);
