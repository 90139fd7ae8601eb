/* Prompt stealing without a language model: which of ten like prompts is behind a contribution or an insight, and of
 * what kind is it? Two ways to choose (audits/prompts/choice.h) and two traits (audits/prompts/traits.h). */
#include <math.h>

#include "audits/attacks.h"
#include "audits/overlap/pairs.h"
#include "audits/prompts/choice.h"
#include "audits/prompts/traits.h"
#include "audits/statistics/statistics.h"

#define ROUNDS 2000
#define CLUSTERS_LEAST 5

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

/* --- gains over chance, by cluster --- */

struct gains {
    size_t count;                  /* clusters */
    double *right, *chance, *gain; /* sums over a cluster's guesses, then means; gain = right - chance */
    double *guesses;
};

static enum status gains_new(size_t clusters, struct gains *out)
{
    *out = (struct gains){.count = clusters};
    out->right = mem_new(4 * clusters + 1, sizeof *out->right);
    if (!out->right)
        return ERR_MEMORY;
    out->chance = out->right + clusters;
    out->gain = out->chance + clusters;
    out->guesses = out->gain + clusters;
    return OK;
}

static void gains_free(struct gains *gains)
{
    mem_free(gains->right);
    *gains = (struct gains){0};
}

static void gains_add(struct gains *gains, size_t cluster, double right, double chance)
{
    gains->right[cluster] += right;
    gains->chance[cluster] += chance;
    gains->guesses[cluster]++;
}

/* A mean a cluster, those without a guess taken out. */
static void gains_close(struct gains *gains)
{
    size_t kept = 0;
    for (size_t i = 0; i < gains->count; i++) {
        double guesses = gains->guesses[i];
        if (guesses == 0)
            continue;
        gains->right[kept] = gains->right[i] / guesses;
        gains->chance[kept] = gains->chance[i] / guesses;
        gains->gain[kept] = gains->right[kept] - gains->chance[kept];
        gains->guesses[kept++] = 1;
    }
    gains->count = kept;
}

static double mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

static bool all_alike(const struct gains *gains)
{
    for (size_t i = 1; i < gains->count; i++)
        if (gains->gain[i] != gains->gain[0])
            return false;
    return true;
}

/* Where all guesses fare alike a bootstrap would be sure of itself: the bound is then the exact one on the share of
 * clusters that fare otherwise, which count at most wholly. */
static void bound_alike(const struct gains *gains, struct interval *interval)
{
    double others = dp_proportion_interval(0, gains->count).high, right = gains->right[0];
    interval->low = gains->gain[0] - others * right;
    interval->high = gains->gain[0] + others * (1 - right);
}

static enum status infer(struct gains *gains, struct random random, struct audit_result *result)
{
    struct interval interval;
    gains_close(gains);
    if (gains->count < CLUSTERS_LEAST)
        return OK;
    TRY(stat_cluster_bootstrap(gains->gain, gains->guesses, gains->count, ROUNDS, random, &interval));
    if (all_alike(gains))
        bound_alike(gains, &interval);
    result->samples = gains->count;
    result->kind = INTERVAL_RESAMPLED;
    result->value = mean(gains->gain, gains->count);
    result->low = interval.low;
    result->high = interval.high;
    result->baseline = mean(gains->chance, gains->count);
    return OK;
}

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
        status = infer(&gains, random, result);
    if (status == OK && result->samples > 0) /* chance is right one time in ten, whatever the cluster's size */
        result->p = stat_binomial_tail((size_t)ceil(mean(gains.right, gains.count) * (double)gains.count - 1e-9),
                                       gains.count, 1. / CHOICES);
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
    enum status status = infer(&gains, random, result);
    gains_free(&gains);
    return status;
}

/* --- results --- */

static void judge_control(const struct audit_result *control, struct audit_result *result)
{
    result->control = control->low > result->limit ? CONTROL_PASSED : CONTROL_FAILED;
    result->control_value = control->value;
}

static enum status run_choice(const struct ground *ground, const struct documents *quotes, size_t row,
                              struct random random, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[row]), control = result;
    enum choice_attack attack = (enum choice_attack)(row % CHOICE_ATTACKS);
    const struct documents *documents = row < CHOICE_ATTACKS ? &ground->contributions : &ground->insights;
    result.note = "too few texts with a prompt of their own and nine others to choose from";
    TRY(measure_choice(ground, documents, attack, random, &result));
    TRY(measure_choice(ground, quotes, attack, random, &control));
    if (result.samples > 0 && control.samples > 0) {
        judge_control(&control, &result);
        result.note = attack == CHOICE_SLOTS ? "by the words that one of the ten prompts alone has"
                                             : "by the nearest features; the decoys are the hardest there are";
    }
    return audit_results_add(out, &result);
}

/* Where not even the prompts themselves tell the trait there is nothing to find: that is no failure of the search. */
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
    .claims = claims,
    .run = run,
};
