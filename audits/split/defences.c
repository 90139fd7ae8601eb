/* Is there a defence that keeps utility? Noise, coarser steps and the activation of arXiv 2409.08503 are swept over
 * features that never leave, each setting attacked by the inverse network and by pursuit over the vocabulary, for an
 * attacker who has the device's half. Utility is what features are for: that a lesson's nearest neighbours stay its
 * nearest. A defence is judged at its strongest setting that keeps nine tenths of what it keeps unused; the stronger
 * attack decides. */
#include <math.h>
#include <stdlib.h>

#include "audits/attacks.h"
#include "audits/split/floor.h"
#include "audits/trials.h"

#define SETTINGS_MAX 8
#define SHADOWS 1500
#define EPOCHS 6
#define RELEASES 2
#define NEIGHBOURS 5
#define KEEPS 0.9

enum defence { DEFENCE_NOISE, DEFENCE_STEPS, DEFENCE_ACTIVATION, DEFENCES };
enum attacker { ATTACKER_INVERSE, ATTACKER_PURSUIT, ATTACKERS };

static const struct {
    enum net_activation activation;
    size_t settings;
    uint32_t steps[SETTINGS_MAX];
    double noise[SETTINGS_MAX]; /* the floors of dp/floor.h, .25 and .5 and 1, are among them */
} sweeps[DEFENCES] = {
    [DEFENCE_NOISE] = {NET_LINEAR,
                       8,
                       {HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS},
                       {0, .02, .04, .08, .16, .25, .5, 1}},
    [DEFENCE_STEPS] = {NET_LINEAR, 7, {HALF_STEPS, 256, 64, 32, 16, 8, 4}, {0}},
    [DEFENCE_ACTIVATION] = {NET_GATED,
                            8,
                            {HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS, HALF_STEPS,
                             HALF_STEPS},
                            {0, .02, .04, .08, .16, .25, .5, 1}},
};

struct sweep_run {
    const struct audit_scope *scope;
    struct lessons lessons;
};
/* What a trial gives: the utility, then scores of each attacker. */
static size_t numbers_of(const struct sweep_run *run)
{
    return 1 + ATTACKERS * SCORE_NUMBERS * run->lessons.count;
}

/* --- utility --- */

/* Vectors of all lessons, the device's own random noise in each; NULL stream: no noise and no steps. */
static enum status release_all(const struct sweep_run *run, struct half *half, struct dp_stream *stream, float *out)
{
    for (size_t i = 0; i < run->lessons.count; i++) {
        float *vector = out + i * half->width;
        if (stream) {
            TRY(half_release(half, run->lessons.items[i].candidate, stream, vector));
            continue;
        }
        TRY(half_fold(run->lessons.items[i].candidate, half->folded));
        half_forward(half, half->folded, vector);
    }
    return OK;
}

static void neighbours(const float *vectors, size_t count, size_t width, size_t of, size_t out[static NEIGHBOURS])
{
    double best[NEIGHBOURS];
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == of)
            continue;
        double near = net_cosine(vectors + of * width, vectors + i * width, width);
        size_t at = found < NEIGHBOURS ? found++ : NEIGHBOURS;
        for (; at > 0 && near > best[at - 1]; at--)
            if (at < NEIGHBOURS) {
                best[at] = best[at - 1];
                out[at] = out[at - 1];
            }
        if (at < NEIGHBOURS) {
            best[at] = near;
            out[at] = i;
        }
    }
}

static double kept(const float *clean, const float *released, size_t count, size_t width)
{
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        size_t before[NEIGHBOURS] = {0}, after[NEIGHBOURS] = {0};
        neighbours(clean, count, width, i, before);
        neighbours(released, count, width, i, after);
        for (size_t a = 0; a < NEIGHBOURS; a++)
            for (size_t b = 0; b < NEIGHBOURS; b++)
                same += before[a] == after[b];
    }
    return (double)same / (double)(count * NEIGHBOURS);
}

/* Against the plain features: what an activation distorts counts too. */
static enum status measure_utility(const struct sweep_run *run, struct half *half, struct random random, double *out)
{
    struct dp_stream *stream = NULL;
    struct half plain;
    const struct half_terms terms = {HALF_LAYER, NET_LINEAR, HALF_STEPS, 0};
    SCOPED_MEM float *clean = mem_new(run->lessons.count * HALF_WIDTH, sizeof *clean);
    SCOPED_MEM float *released = mem_new(run->lessons.count * HALF_WIDTH, sizeof *released);
    *out = 0;
    if (!clean || !released)
        return ERR_MEMORY;
    TRY(half_new(&terms, random, &plain));
    memcpy(plain.layer.parameters, half->layer.parameters, plain.layer.count * sizeof *plain.layer.parameters);
    enum status status = release_all(run, &plain, NULL, clean);
    half_free(&plain);
    if (status == OK)
        status = dp_stream_new(random, &stream);
    if (status == OK)
        status = release_all(run, half, stream, released);
    dp_stream_free(stream);
    if (status == OK)
        *out = kept(clean, released, run->lessons.count, HALF_WIDTH);
    return status;
}

/* --- a trial: a setting and a tenant --- */

static enum status guess_pursuit(void *state, const float *released, size_t count, struct guess *out)
{
    struct floor_bench *bench = state;
    pursuit_guess(&bench->pursuit, &bench->half, released, count, out);
    return OK;
}

static enum status attack_both(struct floor_bench *bench, struct random random, double *out)
{
    struct guesser guesser = {.state = bench, .guess = floor_guess_inverse, .places = bench->shadows.places};
    const struct study study = {.lessons = bench->lessons,
                                .tenant = bench->tenant,
                                .releases = RELEASES,
                                .half = &bench->half,
                                .guesser = &guesser};
    struct score *scores = (struct score *)(void *)out;
    TRY(inverse_learn(&bench->half, &bench->shadows, bench->shadows.words, bench->shadows.vocabulary, EPOCHS, random,
                      &bench->inverse));
    TRY(study_run(&study, random, scores));
    guesser.guess = guess_pursuit;
    TRY(pursuit_new(bench->lessons, &bench->half, &bench->pursuit));
    return study_run(&study, random, scores + bench->lessons->count);
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct sweep_run *run = context;
    size_t tenant = trial % run->lessons.tenants, setting = trial / run->lessons.tenants % SETTINGS_MAX;
    size_t defence = trial / run->lessons.tenants / SETTINGS_MAX;
    struct floor_bench bench = {.scope = run->scope, .lessons = &run->lessons, .tenant = tenant};
    if (setting >= sweeps[defence].settings)
        return OK;
    const struct half_terms terms = {HALF_LAYER, sweeps[defence].activation, sweeps[defence].steps[setting],
                                     sweeps[defence].noise[setting]};
    enum status status = half_new(&terms, random, &bench.half);
    if (status == OK)
        status = shadows_new(&run->lessons, tenant, SHADOWS, random, &bench.shadows);
    if (status == OK)
        status = measure_utility(run, &bench.half, random, out);
    if (status == OK)
        status = attack_both(&bench, random, out + 1);
    pursuit_free(&bench.pursuit);
    inverse_free(&bench.inverse);
    shadows_free(&bench.shadows);
    half_free(&bench.half);
    return status;
}

/* --- results --- */

#define DEFENCE_CLAIM(id, what)                                                                                        \
    {                                                                                                                  \
        .name = "split.defence." id, .surface = SURFACE_FEATURES,                                                      \
        .target = "features of lessons under " what " (none leave a device)", .threat = THREAT_CURIOUS_SERVER,         \
        .knows = "the device's half, and other tenants' lessons",                                                      \
        .metric = "token accuracy above that of another task's features, where nine tenths of utility are kept",       \
        .unit = "task", .baseline = "features of another task of the tenant",                                          \
        .control = "the same attacks on the weakest setting", .needed = 72, .limit = FLOOR_LIMIT,                      \
        .tolerated = FLOOR_LIMIT, .expected = true                                                                     \
    }
static const struct audit_claim claims[DEFENCES + 1] = {
    [DEFENCE_NOISE] = DEFENCE_CLAIM("noise", "noise"),
    [DEFENCE_STEPS] = DEFENCE_CLAIM("quantisation", "coarser steps"),
    [DEFENCE_ACTIVATION] = DEFENCE_CLAIM("activation", "the activation |x|(2 sigma(x) - 1), and noise"),
};
static const char *const notes[DEFENCES] = {
    [DEFENCE_NOISE] = "hypothetical; points from no noise to the floor of one: x is the share of neighbours kept",
    [DEFENCE_STEPS] = "hypothetical; points from 4096 to 4 steps in a length: x is the share of neighbours kept",
    [DEFENCE_ACTIVATION] = "hypothetical; it can be undone; points from no noise to one, as for noise alone",
};

struct point { /* a setting */
    double utility;
    struct finding found; /* of the stronger attacker */
};

static enum status judge_setting(const struct sweep_run *run, const double *numbers, size_t defence, size_t setting,
                                 struct point *out)
{
    struct random_seeded seeded;
    size_t first = (defence * SETTINGS_MAX + setting) * run->lessons.tenants, count = run->lessons.count;
    SCOPED_MEM struct score *scores = mem_new(count, sizeof *scores);
    *out = (struct point){0};
    if (!scores)
        return ERR_MEMORY;
    for (size_t tenant = 0; tenant < run->lessons.tenants; tenant++)
        out->utility += numbers[(first + tenant) * numbers_of(run)] / (double)run->lessons.tenants;
    for (size_t attacker = 0; attacker < ATTACKERS; attacker++) {
        struct finding found;
        for (size_t i = 0; i < count; i++) {
            const double *trial = numbers + (first + run->lessons.items[i].tenant) * numbers_of(run) + 1;
            memcpy(&scores[i], trial + (attacker * count + i) * SCORE_NUMBERS, sizeof scores[i]);
        }
        TRY(study_infer(&run->lessons, scores, MEASURE_WORDS,
                        random_seeded_start(&seeded, run->scope->seed ^ defence * 64 ^ setting), &found));
        if (attacker == 0 || found.value > out->found.value)
            out->found = found;
    }
    return OK;
}

static enum status plot(const struct point *points, size_t count, struct audit_plot *out)
{
    *out = (struct audit_plot){
        .kind = PLOT_FRONTIER, .x = "neighbours kept (share)", .y = "token accuracy above another task's"};
    out->rows = mem_new(4 * count, sizeof *out->rows);
    if (!out->rows)
        return ERR_MEMORY;
    out->points = count;
    for (size_t i = 0; i < count; i++) {
        const double row[] = {points[i].utility, points[i].found.value, points[i].found.low, points[i].found.high};
        memcpy(out->rows + 4 * i, row, sizeof row);
    }
    return OK;
}

static enum status report(const struct sweep_run *run, const double *numbers, size_t defence, struct audit_results *out)
{
    struct point points[SETTINGS_MAX] = {0};
    struct audit_result result = audit_result_start(&claims[defence]);
    size_t count = sweeps[defence].settings, strongest = 0;
    for (size_t i = 0; i < count; i++)
        TRY(judge_setting(run, numbers, defence, i, &points[i]));
    for (size_t i = 0; i < count; i++) /* by utility alone: what leaks has no say in which setting is judged */
        if (points[i].utility >= KEEPS * points[0].utility)
            strongest = i;
    study_result(&points[strongest].found, &points[0].found, FLOOR_LIMIT, &result);
    result.note = notes[defence];
    TRY(plot(points, count, &result.plot));
    return audit_results_add(out, &result);
}

static enum status run_trials(struct sweep_run *run, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {.name = "split.defences",
                                  .count = (size_t)DEFENCES * SETTINGS_MAX * run->lessons.tenants,
                                  .numbers = numbers_of(run),
                                  .parameters = lessons_parameters(&run->lessons),
                                  .run = run_trial,
                                  .context = run};
    TRY(trials_run(run->scope, &trials, &numbers, NULL));
    for (size_t defence = 0; defence < DEFENCES; defence++)
        TRY(report(run, numbers, defence, out));
    return OK;
}

static enum status run_attack(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct sweep_run run = {.scope = scope};
    TRY(lessons_open(scope, &run.lessons, why));
    enum status status = run.lessons.count > NEIGHBOURS && study_room(&run.lessons) > STUDY_ROOM
                             ? run_trials(&run, out)
                             : audit_not_evaluated(out, claims, STUDY_TOO_ALIKE);
    lessons_close(&run.lessons);
    return status;
}

const struct attack attack_split_defences = {
    .name = "split-defences",
    .summary = "If features were sent, would any defence hide a lesson's words and still keep the features useful?",
    .paper = "arXiv 2409.08503",
    .family = FAMILY_SPLIT,
    .quick = false,
    .claims = claims,
    .run = run_attack,
};
