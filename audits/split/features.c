/* Inversion of features, were they sent: what the noise floor is worth. The device's half and what leaves of it are
 * put together in half.c, since Chatham sends no features; the first result says that, and those below measure the
 * least noise that any vector of features could have, against the same attack without noise. */
#include "audits/attacks.h"
#include "audits/split/inverse.h"
#include "audits/split/pursuit.h"
#include "audits/split/study.h"
#include "audits/trials.h"

#define EXCESS_LIMIT 0.05
#define SHADOWS_QUICK 1200
#define SHADOWS_FULL 4000
#define EPOCHS_QUICK 5
#define EPOCHS_FULL 12
#define RELEASES_QUICK 2
#define RELEASES_FULL 12
#define LABEL_RELEASES 4 /* times as many: one yes or no says less than a lesson's words */

enum features_case { CASE_INVERSE, CASE_OPTIMISE, CASE_LABEL, CASES };
enum setting { SETTING_FLOOR, SETTING_BARE, SETTINGS };

struct attack_features {
    const struct audit_scope *scope;
    struct lessons lessons;
};

/* --- one tenant, one attack, one setting --- */

struct bench {
    const struct attack_features *run;
    struct half half;
    struct shadows shadows;
    struct inverse inverse;
    struct pursuit pursuit;
};

static enum status guess_inverse(void *state, const float *released, size_t count, struct guess *out)
{
    struct bench *bench = state;
    inverse_guess(&bench->inverse, released, count, out);
    return OK;
}

static enum status guess_pursuit(void *state, const float *released, size_t count, struct guess *out)
{
    struct bench *bench = state;
    pursuit_guess(&bench->pursuit, &bench->half, released, count, out);
    return OK;
}

static enum status train(struct bench *bench, enum features_case which, struct random random)
{
    const struct shadows *shadows = &bench->shadows;
    size_t epochs = bench->run->scope->full ? EPOCHS_FULL : EPOCHS_QUICK;
    switch (which) {
    case CASE_INVERSE:
        return inverse_learn(&bench->half, shadows, shadows->words, shadows->vocabulary, epochs, random,
                             &bench->inverse);
    case CASE_LABEL:
        return inverse_learn(&bench->half, shadows, shadows->kinds, CANDIDATE_KINDS, epochs, random, &bench->inverse);
    case CASE_OPTIMISE:
        return pursuit_new(&bench->run->lessons, &bench->half, &bench->pursuit);
    case CASES:
        break;
    }
    return ERR_BUG;
}

static enum status attack_tenant(struct bench *bench, enum features_case which, size_t tenant, struct random random,
                                 struct score *scores)
{
    size_t releases = bench->run->scope->full ? RELEASES_FULL : RELEASES_QUICK;
    if (which == CASE_LABEL)
        releases *= LABEL_RELEASES;
    const struct guesser guesser = {.state = bench,
                                    .guess = which == CASE_OPTIMISE ? guess_pursuit : guess_inverse,
                                    .labels = which == CASE_LABEL,
                                    .places = bench->shadows.places};
    const struct study study = {.lessons = &bench->run->lessons,
                                .tenant = tenant,
                                .releases = releases,
                                .half = &bench->half,
                                .guesser = &guesser};
    TRY(train(bench, which, random));
    return study_run(&study, random, scores);
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct attack_features *run = context;
    struct bench bench = {.run = run};
    size_t tenant = trial % run->lessons.tenants, part = trial / run->lessons.tenants;
    enum features_case which = (enum features_case)(part / SETTINGS);
    const struct half_terms terms = {.kind = which == CASE_OPTIMISE ? HALF_RAW : HALF_LAYER,
                                     .activation = NET_LINEAR,
                                     .steps = HALF_STEPS,
                                     .noise = part % SETTINGS == SETTING_FLOOR ? half_noise_floor() : 0};
    size_t shadows = run->scope->full ? SHADOWS_FULL : SHADOWS_QUICK;
    enum status status = half_new(&terms, random, &bench.half);
    if (status == OK)
        status = shadows_new(&run->lessons, tenant, shadows, random, &bench.shadows);
    if (status == OK)
        status = attack_tenant(&bench, which, tenant, random, (struct score *)(void *)out);
    pursuit_free(&bench.pursuit);
    inverse_free(&bench.inverse);
    shadows_free(&bench.shadows);
    half_free(&bench.half);
    return status;
}

/* --- results --- */

#define FLOOR_CLAIM(id, what, knowing, of, is_expected)                                                                \
    {                                                                                                                  \
        .name = "split.floor." id, .surface = SURFACE_FEATURES,                                                        \
        .target = "features of lessons at the noise floor (none leave a device)", .threat = THREAT_CURIOUS_SERVER,     \
        .knows = knowing, .metric = what " of the lesson's own features less that of another task's", .unit = of,      \
        .baseline = "features of another task of the tenant", .control = "the same attack without noise",              \
        .needed = 40, .limit = EXCESS_LIMIT, .tolerated = EXCESS_LIMIT, .expected = is_expected                        \
    }
#define KNOWS_TEXTS "how features are made, other tenants' lessons, a vocabulary with every word, how many it has"
#define KNOWS_HALF "the device's half, a vocabulary with every word, how many the lesson has"

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
                    .control = "",
                    .limit = 0},
    [CLAIM_INVERSE] = FLOOR_CLAIM("inverse", "token accuracy", KNOWS_TEXTS, "lesson", false),
    [CLAIM_INVERSE_ROUGE] = FLOOR_CLAIM("inverse.rouge", "ROUGE-L", KNOWS_TEXTS, "lesson", false),
    [CLAIM_OPTIMISE] = FLOOR_CLAIM("optimise", "token accuracy", KNOWS_HALF, "lesson", false),
    [CLAIM_OPTIMISE_ROUGE] = FLOOR_CLAIM("optimise.rouge", "ROUGE-L", KNOWS_HALF, "lesson", false),
    [CLAIM_LABEL] = FLOOR_CLAIM("label", "right kinds", KNOWS_TEXTS, "lesson", true),
};

static const struct {
    size_t claim;
    enum features_case which;
    enum measure measure;
    const char *note;
} rows[] = {
    {CLAIM_INVERSE, CASE_INVERSE, MEASURE_WORDS,
     "hypothetical: no features leave; a network that learned to turn them back into words"},
    {CLAIM_INVERSE_ROUGE, CASE_INVERSE, MEASURE_ORDER,
     "hypothetical: its words in the order in which they tend to stand"},
    {CLAIM_OPTIMISE, CASE_OPTIMISE, MEASURE_WORDS,
     "hypothetical: no features leave; the words whose features add up to what was seen"},
    {CLAIM_OPTIMISE_ROUGE, CASE_OPTIMISE, MEASURE_ORDER,
     "hypothetical: its words in the order in which they tend to stand"},
    {CLAIM_LABEL, CASE_LABEL, MEASURE_WORDS,
     "hypothetical: no features leave; the floor hides words, and is not said to hide which of a few kinds a lesson is "
     "of"},
};

/* Scores of a case and setting, put together from the trials of its tenants. */
static void collect(const struct attack_features *run, const double *numbers, enum features_case which,
                    enum setting setting, struct score *scores)
{
    const struct score *trials = (const struct score *)(const void *)numbers;
    size_t first = ((size_t)which * SETTINGS + setting) * run->lessons.tenants;
    for (size_t i = 0; i < run->lessons.count; i++)
        scores[i] = trials[(first + run->lessons.items[i].tenant) * run->lessons.count + i];
}

static enum status report(const struct attack_features *run, const double *numbers, size_t row,
                          struct audit_results *out)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, run->scope->seed ^ 0xf10 ^ row);
    struct audit_result result = audit_result_start(&claims[rows[row].claim]);
    struct finding found, control;
    SCOPED_MEM struct score *scores = mem_new(run->lessons.count, sizeof *scores);
    if (!scores)
        return ERR_MEMORY;
    collect(run, numbers, rows[row].which, SETTING_FLOOR, scores);
    TRY(study_infer(&run->lessons, scores, rows[row].measure, random, &found));
    collect(run, numbers, rows[row].which, SETTING_BARE, scores);
    TRY(study_infer(&run->lessons, scores, rows[row].measure, random, &control));
    result.kind = INTERVAL_RESAMPLED;
    result.samples = found.lessons;
    result.value = found.value;
    result.low = found.low;
    result.high = found.high;
    result.baseline = 0;
    result.p = found.p;
    result.control = control.low > EXCESS_LIMIT ? CONTROL_PASSED : CONTROL_FAILED;
    result.control_value = control.value;
    result.note = rows[row].note;
    return audit_results_add(out, &result);
}

static enum status run_trials(struct attack_features *run, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {.name = "split.floor",
                                  .count = CASES * SETTINGS * run->lessons.tenants,
                                  .numbers = SCORE_NUMBERS * run->lessons.count,
                                  .parameters = run->lessons.count * 1000003 + run->lessons.vocabulary,
                                  .run = run_trial,
                                  .context = run};
    TRY(trials_run(run->scope, &trials, &numbers, NULL));
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        TRY(report(run, numbers, row, out));
    return OK;
}

static enum status run_attack(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct attack_features run = {.scope = scope};
    struct audit_result none = audit_result_start(&claims[CLAIM_NONE]);
    none.note =
        "not applicable: no features leave a device; a text contribution is words, a noised one a survey's answer";
    TRY(audit_results_add(out, &none));
    TRY(lessons_open(scope, &run.lessons, why));
    enum status status = study_room(&run.lessons) > STUDY_ROOM ? run_trials(&run, out)
                                                               : audit_not_evaluated(out, claims + 1, STUDY_TOO_ALIKE);
    lessons_close(&run.lessons);
    return status;
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
    .run = run_attack,
};
