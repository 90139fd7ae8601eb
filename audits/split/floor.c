/* Hides the trials: one for each attack, setting and tenant. */
#include "audits/split/floor.h"

#include "audits/trials.h"

#define SHADOWS_QUICK 1200
#define SHADOWS_FULL 4000
#define EPOCHS_QUICK 5
#define EPOCHS_FULL 12

struct floor {
    const struct floor_table *table;
    const struct audit_scope *scope;
    struct lessons lessons;
};

size_t floor_epochs(const struct floor_bench *bench)
{
    return bench->scope->full ? EPOCHS_FULL : EPOCHS_QUICK;
}

enum status floor_guess_inverse(void *bench, const float *released, size_t count, struct guess *out)
{
    inverse_guess(&((struct floor_bench *)bench)->inverse, released, count, out);
    return OK;
}

/* --- a trial --- */

static enum status bench_new(const struct floor *floor, size_t trial, struct random random, struct floor_bench *out)
{
    size_t part = trial / floor->lessons.tenants, attack = part / FLOOR_SETTINGS;
    *out = (struct floor_bench){.scope = floor->scope,
                                .lessons = &floor->lessons,
                                .tenant = trial % floor->lessons.tenants,
                                .setting = (enum floor_setting)(part % FLOOR_SETTINGS)};
    const struct half_terms terms = {.kind = floor->table->attack[attack].kind,
                                     .activation = NET_LINEAR,
                                     .steps = HALF_STEPS,
                                     .noise = out->setting == FLOOR_NOISE ? half_noise_floor() : 0};
    size_t shadows = floor->scope->full ? SHADOWS_FULL : SHADOWS_QUICK;
    TRY(half_new(&terms, random, &out->half));
    TRY(half_new(&terms, random, &out->own));
    return shadows_new(&floor->lessons, out->tenant, shadows, random, &out->shadows);
}

static void bench_free(struct floor_bench *bench)
{
    unsplit_free(&bench->unsplit);
    pursuit_free(&bench->pursuit);
    inverse_free(&bench->inverse);
    shadows_free(&bench->shadows);
    half_free(&bench->own);
    half_free(&bench->half);
}

static enum status attack_tenant(const struct floor_attack *attack, struct floor_bench *bench, struct random random,
                                 struct score *scores)
{
    const struct guesser guesser = {
        .state = bench, .guess = attack->guess, .labels = attack->labels, .places = bench->shadows.places};
    const struct study study = {.lessons = bench->lessons,
                                .tenant = bench->tenant,
                                .releases = bench->scope->full ? attack->releases_full : attack->releases,
                                .half = &bench->half,
                                .guesser = &guesser};
    TRY(attack->train(bench, random));
    return study_run(&study, random, scores);
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct floor *floor = context;
    const struct floor_attack *attack = &floor->table->attack[trial / floor->lessons.tenants / FLOOR_SETTINGS];
    struct floor_bench bench;
    enum status status = bench_new(floor, trial, random, &bench);
    if (status == OK)
        status = attack_tenant(attack, &bench, random, (struct score *)(void *)out);
    bench_free(&bench);
    return status;
}

/* --- results --- */

/* Put together from the trials of its tenants. */
static void collect(const struct floor *floor, const double *numbers, size_t attack, enum floor_setting setting,
                    struct score *scores)
{
    const struct score *trials = (const struct score *)(const void *)numbers;
    size_t first = (attack * FLOOR_SETTINGS + setting) * floor->lessons.tenants;
    for (size_t i = 0; i < floor->lessons.count; i++)
        scores[i] = trials[(first + floor->lessons.items[i].tenant) * floor->lessons.count + i];
}

static enum status report(const struct floor *floor, const double *numbers, size_t number, struct audit_results *out)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, floor->scope->seed ^ 0xf10 ^ number);
    const struct floor_row *row = &floor->table->row[number];
    struct audit_result result = audit_result_start(row->claim);
    struct finding found, control;
    if (floor->table->attack[row->attack].labels && !study_has_kinds(&floor->lessons)) {
        result.note = STUDY_ONE_KIND;
        return audit_results_add(out, &result);
    }
    SCOPED_MEM struct score *scores = mem_new(floor->lessons.count, sizeof *scores);
    if (!scores)
        return ERR_MEMORY;
    collect(floor, numbers, row->attack, FLOOR_NOISE, scores);
    TRY(study_infer(&floor->lessons, scores, row->measure, random, &found));
    collect(floor, numbers, row->attack, FLOOR_BARE, scores);
    TRY(study_infer(&floor->lessons, scores, row->measure, random, &control));
    study_result(&found, &control, FLOOR_LIMIT, &result);
    result.note = row->note;
    return audit_results_add(out, &result);
}

static enum status run_trials(struct floor *floor, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {.name = floor->table->name,
                                  .count = floor->table->attacks * FLOOR_SETTINGS * floor->lessons.tenants,
                                  .numbers = SCORE_NUMBERS * floor->lessons.count,
                                  .parameters = lessons_parameters(&floor->lessons) + floor->scope->full,
                                  .run = run_trial,
                                  .context = floor};
    TRY(trials_run(floor->scope, &trials, &numbers, NULL));
    for (size_t row = 0; row < floor->table->rows; row++)
        TRY(report(floor, numbers, row, out));
    return OK;
}

enum status floor_run(const struct floor_table *table, const struct audit_scope *scope, struct audit_results *out,
                      struct why *why)
{
    struct floor floor = {.table = table, .scope = scope};
    TRY(lessons_open(scope, &floor.lessons, why));
    enum status status = study_room(&floor.lessons) > STUDY_ROOM
                             ? run_trials(&floor, out)
                             : audit_not_evaluated(out, table->claims, STUDY_TOO_ALIKE);
    lessons_close(&floor.lessons);
    return status;
}
