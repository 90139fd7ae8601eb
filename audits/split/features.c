/* Inversion of features, were they sent: what the noise floor is worth. Chatham sends none, which the first result
 * says; the device's half that is attacked is put together in half.c. */
#include "audits/attacks.h"
#include "audits/split/floor.h"

static enum status train_words(struct floor_bench *bench, struct random random)
{
    const struct shadows *shadows = &bench->shadows;
    return inverse_learn(&bench->half, shadows, shadows->words, shadows->vocabulary, floor_epochs(bench), random,
                         &bench->inverse);
}

static enum status train_kinds(struct floor_bench *bench, struct random random)
{
    return inverse_learn(&bench->half, &bench->shadows, bench->shadows.kinds, CANDIDATE_KINDS, floor_epochs(bench),
                         random, &bench->inverse);
}

static enum status list_atoms(struct floor_bench *bench, struct random random)
{
    (void)random;
    return pursuit_new(bench->lessons, &bench->half, &bench->pursuit);
}

static enum status guess_pursuit(void *state, const float *released, size_t count, struct guess *out)
{
    struct floor_bench *bench = state;
    pursuit_guess(&bench->pursuit, &bench->half, released, count, out);
    return OK;
}

enum { ATTACK_INVERSE, ATTACK_OPTIMISE, ATTACK_LABEL, ATTACKS };
static const struct floor_attack table[ATTACKS] = {
    [ATTACK_INVERSE] = {HALF_LAYER, false, 2, 12, train_words, floor_guess_inverse},
    [ATTACK_OPTIMISE] = {HALF_RAW, false, 2, 12, list_atoms, guess_pursuit},
    [ATTACK_LABEL] = {HALF_LAYER, true, 8, 48, train_kinds, floor_guess_inverse}, /* a yes or no says little */
};

#define KNOWS_TEXTS "how features are made, other tenants' lessons, a vocabulary with every word, how many it has"
#define KNOWS_HALF "the device's half, a vocabulary with every word, how many the lesson has"
#define BARE "the same attack without noise"

enum { CLAIM_NONE, CLAIM_INVERSE, CLAIM_INVERSE_ROUGE, CLAIM_OPTIMISE, CLAIM_OPTIMISE_ROUGE, CLAIM_LABEL, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_NONE] = {.name = "split.features",
                    .surface = SURFACE_FEATURES,
                    .target = "features that leave a device",
                    .threat = THREAT_CURIOUS_SERVER,
                    .knows = "everything that a device sends",
                    .metric = "words of a lesson recovered / words",
                    .unit = "lesson",
                    .baseline = "",
                    .control = "none: there is no such surface",
                    .limit = 0},
    [CLAIM_INVERSE] = FLOOR_CLAIM("inverse", "token accuracy", KNOWS_TEXTS, BARE, false),
    [CLAIM_INVERSE_ROUGE] = FLOOR_CLAIM("inverse.rouge", "ROUGE-L", KNOWS_TEXTS, BARE, false),
    [CLAIM_OPTIMISE] = FLOOR_CLAIM("optimise", "token accuracy", KNOWS_HALF, BARE, false),
    [CLAIM_OPTIMISE_ROUGE] = FLOOR_CLAIM("optimise.rouge", "ROUGE-L", KNOWS_HALF, BARE, false),
    [CLAIM_LABEL] = FLOOR_CLAIM("label", "right kinds", KNOWS_TEXTS, BARE, true),
};

static const struct floor_row rows[] = {
    {&claims[CLAIM_INVERSE], ATTACK_INVERSE, MEASURE_WORDS,
     "hypothetical: no features leave; a network that learned to turn them back into words"},
    {&claims[CLAIM_INVERSE_ROUGE], ATTACK_INVERSE, MEASURE_ORDER,
     "hypothetical: its words in the order in which they tend to stand"},
    {&claims[CLAIM_OPTIMISE], ATTACK_OPTIMISE, MEASURE_WORDS,
     "hypothetical: no features leave; the words whose features add up to what was seen"},
    {&claims[CLAIM_OPTIMISE_ROUGE], ATTACK_OPTIMISE, MEASURE_ORDER,
     "hypothetical: its words in the order in which they tend to stand"},
    {&claims[CLAIM_LABEL], ATTACK_LABEL, MEASURE_WORDS,
     "hypothetical: the floor is to hide words; that it hides which of a few kinds a lesson is of is not said"},
};

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    const struct floor_table floor = {"split.floor", ATTACKS, sizeof rows / sizeof *rows,
                                      table,         rows,    &claims[CLAIM_NONE + 1]};
    struct audit_result none = audit_result_start(&claims[CLAIM_NONE]);
    none.note =
        "not applicable: no features leave a device; a text contribution is words, a noised one a survey's answer";
    TRY(audit_results_add(out, &none));
    return floor_run(&floor, scope, out, why);
}

const struct attack attack_split_features = {
    .name = "split-features",
    .summary = "If features of lessons were sent at the noise floor, could words be read from them?",
    .paper = "arXiv 2409.08503; He, Zhang, Lee 2019",
    .family = FAMILY_SPLIT,
    .quick = true,
    .quick_seconds = 9,
    .full_seconds = 45,
    .claims = claims,
    .run = run,
};
