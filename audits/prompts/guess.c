/* Hides where the prompts are taken from. */
#include "audits/prompts/guess.h"

#include <math.h>

#include "audits/overlap/pairs.h"
#include "audits/prompts/gains.h"
#include "audits/prompts/made.h"

static enum status measure(const struct ground *ground, const struct documents *documents, enum prompt_trait trait,
                           struct random random, struct audit_result *result)
{
    SCOPED_MEM size_t *values = mem_new(ground->sources.count + 1, sizeof *values);
    struct gains gains = {0};
    if (!values)
        return ERR_MEMORY;
    TRY(traits_of(ground, trait, values));
    TRY(gains_new(documents->clusters, &gains));
    size_t commonest = trait_commonest(documents, values);
    for (size_t i = 0; i < documents->count; i++) {
        size_t cluster = documents->items[i].cluster, guess = 0;
        if (values[cluster] != SIZE_MAX && trait_guess(ground, documents, i, trait, values, &guess))
            gains_add(&gains, cluster, guess == values[cluster], commonest == values[cluster]);
    }
    enum status status = gains_infer(&gains, random, result);
    gains_free(&gains);
    return status;
}

bool guess_control(const struct audit_result *control, struct audit_result *result)
{
    bool tells = control->samples > 0 && control->low > result->limit;
    result->control = tells ? CONTROL_PASSED : CONTROL_UNDECIDED;
    result->control_value = control->samples > 0 ? control->value : NAN;
    return tells;
}

enum status guess_trait(const struct ground *ground, const struct documents *quotes, enum prompt_trait trait,
                        const struct audit_claim *claim, const char *note, struct random random,
                        struct audit_results *out)
{
    struct audit_result result = audit_result_start(claim), control = result;
    TRY(measure(ground, &ground->contributions, trait, random, &result));
    TRY(measure(ground, quotes, trait, random, &control));
    result.note = result.samples == 0 ? "too few contributions of such prompts" : note;
    if (result.samples > 0 && !guess_control(&control, &result))
        result.note = "on these traces the prompts themselves tell it no better than the commonest does";
    return audit_results_add(out, &result);
}

/* --- parameters --- */

static enum status have_enough(const struct ground *ground, enum prompt_trait trait, bool *out)
{
    SCOPED_MEM size_t *values = mem_new(ground->sources.count + 1, sizeof *values);
    *out = false;
    if (!values)
        return ERR_MEMORY;
    TRY(traits_of(ground, trait, values));
    *out = traits_are_enough(ground, values);
    return OK;
}

static enum status guess_made(const struct ground *ground, const struct audit_claim *claims, const bool *own,
                              struct random random, struct audit_results *out, struct why *why)
{
    struct audit_scope scope = {0};
    struct ground made;
    struct documents quotes = {0};
    TRY(made_prompts(ground->scope, &scope));
    enum status status = ground_open(&scope, out, &made, why);
    if (status != OK) {
        audit_scope_free(&scope);
        return status;
    }
    status = pairs_quote(&made, PAIR_RUNS, REFERENCE_PROMPT, &quotes);
    for (int trait = TRAIT_ROLE; trait <= TRAIT_EXAMPLES && status == OK; trait++)
        if (!own[trait - TRAIT_ROLE])
            status = guess_trait(&made, &quotes, (enum prompt_trait)trait, &claims[trait - TRAIT_ROLE],
                                 "on prompts made for it, run through the real client; the scope's own have too few",
                                 random, out);
    documents_free(&quotes);
    ground_close(&made);
    audit_scope_free(&scope);
    return status;
}

enum status guess_parameters(const struct ground *ground, const struct documents *quotes,
                             const struct audit_claim *claims, struct random random, struct audit_results *out,
                             struct why *why)
{
    bool own[2] = {false, false};
    for (int trait = TRAIT_ROLE; trait <= TRAIT_EXAMPLES; trait++) {
        TRY(have_enough(ground, (enum prompt_trait)trait, &own[trait - TRAIT_ROLE]));
        if (own[trait - TRAIT_ROLE])
            TRY(guess_trait(ground, quotes, (enum prompt_trait)trait, &claims[trait - TRAIT_ROLE],
                            "on the scope's own prompts, by the five nearest contributions of other tenants", random,
                            out));
    }
    return own[0] && own[1] ? OK : guess_made(ground, claims, own, random, out, why);
}
