/* Prompt stealing without a language model: which of ten like prompts is behind a contribution or an insight, and of
 * what kind is it? Two ways to choose (audits/prompts/choice.h) and two traits (audits/prompts/traits.h). */
#include "audits/attacks.h"
#include "audits/overlap/pairs.h"
#include "audits/prompts/choice.h"
#include "audits/prompts/gains.h"
#include "audits/prompts/guess.h"

#define CHOSEN(id, where, what, who, of, stated)                                                                       \
    {                                                                                                                  \
        .name = "prompts." id, .surface = where, .target = what, .threat = who,                                        \
        .knows = "ten prompts, of like length and the nearest topics, one of which is behind it",                      \
        .metric = "the true prompt is chosen, above how often documents of other tasks choose it", .unit = of,         \
        .baseline = "documents of other tenants' tasks, put to the same ten", .control = "the prompts themselves",     \
        .limit = .10, .tolerated = .10, .expected = stated                                                             \
    }
#define TRAIT(id, what, stated)                                                                                        \
    {                                                                                                                  \
        .name = "prompts.contribution." id, .surface = SURFACE_CONTRIBUTIONS, .target = "contributions",               \
        .threat = THREAT_CURIOUS_SERVER, .knows = "other tenants' contributions and their prompts", .metric = what,    \
        .unit = "task", .baseline = "always the commonest", .control = "the prompts themselves", .limit = .10,         \
        .tolerated = .10, .expected = stated                                                                           \
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
    TRAIT("type", "the prompt's type (direct, role, examples) is guessed, above the commonest", false),
    TRAIT("length", "whether the prompt is long is guessed, above the commonest", false),
    TRAIT("role", "the role that the prompt gives is guessed, above the commonest", true),
    TRAIT("examples", "how many examples the prompt gives is guessed, above the commonest", false),
};

/* --- choosing --- */

static enum status guess_document(const struct ground *ground, const struct documents *documents,
                                  const struct document *document, enum choice_attack attack, struct gains *gains)
{
    for (size_t s = 0; s < ground->sources.count; s++) {
        struct choices choices;
        double right = 0, chance = 0;
        if (!document->own[s] || ground->references[REFERENCE_PROMPT][s].tokens == 0)
            continue;
        TRY(choices_make(ground, document, s, &choices));
        if (choices.count < CHOICES)
            continue;
        TRY(choice_guess(ground, document, &choices, attack, &right));
        TRY(choice_chance(ground, documents, &choices, attack, &chance));
        gains_add(gains, document->cluster, right, chance);
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
        status = guess_document(ground, documents, &documents->items[i], attack, &gains);
    if (status == OK)
        status = gains_infer(&gains, random, result);
    if (status == OK && result->samples > 0)
        result->p = gains_by_lot(&gains, result->baseline);
    gains_free(&gains);
    return status;
}

/* --- results --- */

static enum status run_choice(const struct ground *ground, const struct documents *quotes, size_t row,
                              struct random random, struct audit_results *out)
{
    static const char *const notes[CHOICE_ATTACKS] = {
        [CHOICE_RETRIEVAL] = "by the nearest features; the decoys are the hardest there are",
        [CHOICE_SLOTS] = "by the words that one of the ten prompts alone has",
    };
    struct audit_result result = audit_result_start(&claims[row]), control = result;
    enum choice_attack attack = (enum choice_attack)(row % CHOICE_ATTACKS);
    const struct documents *documents = row < CHOICE_ATTACKS ? &ground->contributions : &ground->insights;
    TRY(measure_choice(ground, documents, attack, random, &result));
    TRY(measure_choice(ground, quotes, attack, random, &control));
    result.note =
        result.samples == 0 ? "too few texts with a prompt of their own and nine others to choose from" : notes[attack];
    if (result.samples > 0 && !guess_control(&control, &result))
        result.note = "the prompts are too alike to be told apart even by themselves";
    return audit_results_add(out, &result);
}

static enum status run_traits(const struct ground *ground, const struct documents *quotes, struct random random,
                              struct audit_results *out, struct why *why)
{
    const struct audit_claim *first = &claims[SURFACES_CHOSEN * CHOICE_ATTACKS];
    for (int trait = TRAIT_TYPE; trait <= TRAIT_LENGTH; trait++)
        TRY(guess_trait(ground, quotes, (enum prompt_trait)trait, &first[trait],
                        "by the five nearest contributions of other tenants", random, out));
    return guess_parameters(ground, quotes, &first[TRAIT_ROLE], random, out, why);
}

static enum status run_rows(const struct ground *ground, struct random random, struct audit_results *out,
                            struct why *why)
{
    struct documents quotes = {0};
    enum status status = pairs_quote(ground, PAIR_RUNS, REFERENCE_PROMPT, &quotes);
    for (size_t row = 0; row < SURFACES_CHOSEN * CHOICE_ATTACKS && status == OK; row++) {
        audit_progress(ground->scope, "prompts", row, ROWS);
        status = run_choice(ground, &quotes, row, random, out);
    }
    if (status == OK)
        status = run_traits(ground, &quotes, random, out, why);
    documents_free(&quotes);
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct ground ground;
    TRY(ground_open(scope, out, &ground, why));
    enum status status = run_rows(&ground, random_seeded_start(&seeded, scope->seed ^ 0x9704), out, why);
    ground_close(&ground);
    return status;
}

const struct attack attack_prompts = {
    .name = "prompts",
    .summary = "Can the prompt behind a contribution or an insight be told from others like it?",
    .paper = "Sha & Zhang 2024 (arXiv 2402.12959), without a language model",
    .family = FAMILY_PROMPT,
    .quick = true,
    .quick_seconds = 2,
    .full_seconds = 4,
    .claims = claims,
    .run = run,
};
