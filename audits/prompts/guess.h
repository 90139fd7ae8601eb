/* Guessing at a trait of prompts, measured over a ground's documents; and the parameters of prompts, on the scope's own
 * where they have them, else on made ones (audits/prompts/made.h). */
#pragma once

#include "audits/overlap/ground.h"
#include "audits/prompts/traits.h"

/* The control of a guess, by the same of the prompts themselves. Where not even they tell what is asked there is
 * nothing to find, which is no failure of the search: undecided, and false. */
bool guess_control(const struct audit_result *control, struct audit_result *result);
/* The trait's row of a ground: contributions against always guessing the commonest; control: `quotes`, the prompts
 * themselves. `note` is of what was measured. */
MUST_USE enum status guess_trait(const struct ground *ground, const struct documents *quotes, enum prompt_trait trait,
                                 const struct audit_claim *claim, const char *note, struct random random,
                                 struct audit_results *out);
/* The parameters: one claim for each of TRAIT_ROLE and TRAIT_EXAMPLES, in this order. */
MUST_USE enum status guess_parameters(const struct ground *ground, const struct documents *quotes,
                                      const struct audit_claim *claims, struct random random, struct audit_results *out,
                                      struct why *why);
