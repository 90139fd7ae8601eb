/* Sha & Zhang's parameter extractor, on words: what kind of prompt is behind a text (direct, with a role, with
 * examples), and whether it is long. A trait of a prompt is guessed from the texts of other tenants that are nearest
 * by features, and whose prompts are known. */
#pragma once

#include "audits/overlap/ground.h"

enum prompt_type { PROMPT_DIRECT, PROMPT_ROLE, PROMPT_IN_CONTEXT, PROMPT_TYPES };
/* By its words: "you are", "act as" and the like make a role; two or more examples, or questions with answers, make a
 * context. */
enum prompt_type prompt_type_of(struct bytes prompt);

enum prompt_trait { TRAIT_TYPE, TRAIT_LENGTH, TRAITS };
/* Of each source: the trait's value, or SIZE_MAX for one without a prompt. TRAIT_LENGTH: whether it has more tokens
 * than the lower median. */
MUST_USE enum status traits_of(const struct ground *ground, enum prompt_trait trait, size_t *values);
/* The guess for a document's source by the five nearest documents of other tenants. False: there are none. */
bool trait_guess(const struct ground *ground, const struct documents *documents, size_t document, const size_t *values,
                 size_t *guess);
/* The value that most of the documents' sources have: the best guess without looking at a document. */
size_t trait_commonest(const struct documents *documents, const size_t *values);
