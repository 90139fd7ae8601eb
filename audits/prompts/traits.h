/* Sha & Zhang's parameter extractor, on words: what kind of prompt is behind a text (direct, with a role, with
 * examples), whether it is long, of which role it speaks and how many examples it gives. A trait of a prompt is guessed
 * from the texts of other tenants that are nearest by features, and whose prompts are known. */
#pragma once

#include "audits/overlap/ground.h"

enum prompt_type { PROMPT_DIRECT, PROMPT_ROLE, PROMPT_IN_CONTEXT, PROMPT_TYPES };
/* By its words: "you are", "act as" and the like make a role; two or more examples, or questions with answers, make a
 * context. */
enum prompt_type prompt_type_of(struct bytes prompt);

/* The words behind the first "you are a" or "act as a", up to the end of the phrase; BYTES_NONE: there are none. */
struct bytes prompt_role_of(struct bytes prompt);
/* The examples that it gives: answers that stand there already. */
size_t prompt_examples_of(struct bytes prompt);

enum prompt_trait { TRAIT_TYPE, TRAIT_LENGTH, TRAIT_ROLE, TRAIT_EXAMPLES, TRAITS };
#define TRAIT_VALUES 16 /* at most, of any trait */
/* Of each source: the trait's value, or SIZE_MAX for one without a prompt, or that has no such trait. TRAIT_LENGTH:
 * whether it has more tokens than the lower median. TRAIT_ROLE: roles are numbered as they come, the last number is for
 * all others; TRAIT_EXAMPLES: how many, of prompts of this type. */
MUST_USE enum status traits_of(const struct ground *ground, enum prompt_trait trait, size_t *values);
/* Whether they can be guessed at: 20 sources that have the trait, and two values that each occur with two tenants. */
bool traits_are_enough(const struct ground *ground, const size_t *values);
/* The guess for a document's source by the five nearest documents of other tenants; for parameters, like sizes count as
 * near, too. False: there are none. */
bool trait_guess(const struct ground *ground, const struct documents *documents, size_t document,
                 enum prompt_trait trait, const size_t *values, size_t *guess);
/* The value that most of the documents' sources have: the best guess without looking at a document. */
size_t trait_commonest(const struct documents *documents, const size_t *values);
