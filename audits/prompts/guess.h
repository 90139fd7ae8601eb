/* Guessing at a trait of prompts, measured over a ground's documents; and the parameters of prompts, on the scope's own
 * where they have them, else on made ones (audits/prompts/made.h). */
#pragma once

#include "audits/overlap/ground.h"
#include "audits/prompts/traits.h"

/* The trait's row of a ground: contributions against always guessing the commonest; where not even `quotes` (the
 * prompts themselves) tell it, it is not evaluated. `note` is of what was measured. */
MUST_USE enum status guess_trait(const struct ground *ground, const struct documents *quotes, enum prompt_trait trait,
                                 const struct audit_claim *claim, const char *note, struct random random,
                                 struct audit_results *out);
/* The parameters: one claim for each of TRAIT_ROLE and TRAIT_EXAMPLES, in this order. */
MUST_USE enum status guess_parameters(const struct ground *ground, const struct documents *quotes,
                                      const struct audit_claim *claims, struct random random, struct audit_results *out,
                                      struct why *why);
