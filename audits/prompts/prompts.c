/* Prompt stealing without a language model: which of ten like prompts is behind a contribution or an insight, and of
 * what kind is it? Two ways to choose (audits/prompts/choice.h) and two traits (audits/prompts/traits.h). */
#include "audits/attacks.h"
#include "audits/overlap/pairs.h"
#include "audits/prompts/choice.h"
#include "audits/prompts/gains.h"
#include "audits/prompts/traits.h"

#define CHOSEN(id, where, what, who, of, stated)                                                                       \
    {                                                                                                                  \
        .name = "prompts." id, .surface = where, .target = what, .threat = who,                                        \
        .knows = "ten prompts, of like length and the nearest topics, one of which is behind it",                      \
        .metric = "the true prompt is chosen, above one in ten", .unit = of, .baseline = "one in ten",                 \
        .control = "the prompts themselves", .limit = .10, .tolerated = .10, .expected = stated                        \
    }
#define TRAIT(id, what)                                                                                                \
    {                                                                                                                  \
        .name = "prompts.contribution." id, .surface = SURFACE_CONTRIBUTIONS, .target = "contributions",               \
        .threat = THREAT_CURIOUS_SERVER, .knows = "other tenants' contributions and their prompts", .metric = what,    \
        .unit = "task", .baseline = "always the commonest", .control = "the prompts themselves", .limit = .10,         \
        .tolerated = .10                                                                                               \
    }
/* That a server which opens contributions learns what their tasks were about is stated (SECURITY.md): expected. */
#define SENT(id) CHOSEN("contribution." id, SURFACE_CONTRIBUTIONS, "contributions", THREAT_CURIOUS_SERVER, "task", true)
#define RELEASED(id)                                                                                                   \
    CHOSEN("release." id, SURFACE_LIBRARY, "insights of the published library", THREAT_TENANT, "insight", false)
enum { SURFACES_CHOSEN = 2, ROWS = SURFACES_CHOSEN * CHOICE_ATTACKS + TRAITS };
static const struct audit_claim claims[ROWS + 1] = {
    SENT("retrieval"),
    SENT("slots"),
    RELEASED("retrieval"),
    RELEASED("slots"),
    TRAIT("type", "the prompt's type (direct, role, examples) is guessed, above the commonest"),
    TRAIT("length", "whether the prompt is long is guessed, above the commonest"),
};

/* --- choosing --- */

static enum status guess_document(const struct ground *ground, const struct document *document,
                                  enum choice_attack attack, struct gains *gains)
{
    for (size_t s = 0; s < ground->sources.count; s++) {
        struct choices choices;
        double right = 0;
        if (!document->own[s] || ground->references[REFERENCE_PROMPT][s].tokens == 0)
            continue;
        TRY(choices_make(ground, document, s, &choices));
        if (choices.count < CHOICES)
            continue;
        TRY(choice_guess(ground, document, &choices, attack, &right));
        gains_add(gains, document->cluster, right, 1. / CHOICES);
    }
    return OK;
}

static enum status measure_choice(const struct ground *ground, const struct documents *documents,
                                  enum choice_attack attack, struct random random, struct audit_result *result)
{
    struct gains gains;
    TRY(gains_new(documents->clusters, &gains));
    enum status status = OK;
    for (size_t i = 0; i < documents->count && status == OK; i++)
        status = guess_document(ground, &documents->items[i], attack, &gains);
    if (status == OK)
        status = gains_infer(&gains, random, result);
    if (status == OK && result->samples > 0)
        result->p = gains_by_lot(&gains, 1. / CHOICES);
    gains_free(&gains);
    return status;
}

/* --- traits --- */

static enum status measure_trait(const struct ground *ground, const struct documents *documents,
                                 enum prompt_trait trait, struct random random, struct audit_result *result)
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
        if (values[cluster] != SIZE_MAX && trait_guess(ground, documents, i, values, &guess))
            gains_add(&gains, cluster, guess == values[cluster], commonest == values[cluster]);
    }
    enum status status = gains_infer(&gains, random, result);
    gains_free(&gains);
    return status;
}

/* --- results --- */

/* Where not even the prompts themselves tell what is asked there is nothing to find, which is no failure of the search:
 * that is not evaluated, and the suite stands. */
static void judge_control(const struct audit_result *control, struct audit_result *result)
{
    result->control = control->low > result->limit ? CONTROL_PASSED : CONTROL_FAILED;
    result->control_value = control->value;
}

static enum status run_choice(const struct ground *ground, const struct documents *quotes, size_t row,
                              struct random random, struct audit_results *out)
{
    static const char *const notes[CHOICE_ATTACKS] = {
        [CHOICE_RETRIEVAL] = "by the nearest features; the decoys are the hardest there are",
        [CHOICE_SLOTS] = "by the words that one of the ten prompts alone has",
    };
    struct audit_result result = audit_result_start(&claims[row]), control = result, nothing = result;
    enum choice_attack attack = (enum choice_attack)(row % CHOICE_ATTACKS);
    const struct documents *documents = row < CHOICE_ATTACKS ? &ground->contributions : &ground->insights;
    TRY(measure_choice(ground, documents, attack, random, &result));
    TRY(measure_choice(ground, quotes, attack, random, &control));
    nothing.note = result.samples == 0 ? "too few texts with a prompt of their own and nine others to choose from"
                                       : "the prompts are too alike to be told apart even by themselves";
    if (result.samples == 0 || control.samples == 0 || control.low <= result.limit)
        return audit_results_add(out, &nothing);
    judge_control(&control, &result);
    result.note = notes[attack];
    return audit_results_add(out, &result);
}

static enum status run_trait(const struct ground *ground, const struct documents *quotes, enum prompt_trait trait,
                             struct random random, struct audit_results *out)
{
    const struct audit_claim *claim = &claims[SURFACES_CHOSEN * CHOICE_ATTACKS + (int)trait];
    struct audit_result result = audit_result_start(claim), control = result, nothing = result;
    TRY(measure_trait(ground, &ground->contributions, trait, random, &result));
    TRY(measure_trait(ground, quotes, trait, random, &control));
    nothing.note = "on these traces the prompts themselves tell it no better than the commonest does";
    result.note = "by the five nearest contributions of other tenants";
    if (control.samples == 0 || control.low <= result.limit)
        return audit_results_add(out, &nothing);
    judge_control(&control, &result);
    return audit_results_add(out, &result);
}

static enum status run_rows(const struct ground *ground, struct random random, struct audit_results *out)
{
    struct documents quotes = {0};
    enum status status = pairs_quote(ground, PAIR_RUNS, REFERENCE_PROMPT, &quotes);
    for (size_t row = 0; row < ROWS && status == OK; row++) {
        size_t trait = row - SURFACES_CHOSEN * CHOICE_ATTACKS;
        audit_progress(ground->scope, "prompts", row, ROWS);
        status = row < SURFACES_CHOSEN * CHOICE_ATTACKS
                     ? run_choice(ground, &quotes, row, random, out)
                     : run_trait(ground, &quotes, (enum prompt_trait)trait, random, out);
    }
    documents_free(&quotes);
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct ground ground;
    TRY(ground_open(scope, out, &ground, why));
    enum status status = run_rows(&ground, random_seeded_start(&seeded, scope->seed ^ 0x9704), out);
    ground_close(&ground);
    return status;
}

const struct attack attack_prompts = {
    .name = "prompts",
    .summary = "Can the prompt behind a contribution or an insight be told from others like it?",
    .paper = "Sha & Zhang 2024 (arXiv 2402.12959), without a language model",
    .family = FAMILY_PROMPT,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run,
};
