/* The selection by itself, and the empirical ε of it by many runs: one target whose statement stands at the steepest
 * point, in or out, and exact bounds on how often it is released. */
#include "audits/epsilon/selection.h"

#include <math.h>

#include "audits/attacks.h"
#include "audits/epsilon/bound.h"
#include "audits/trials.h"
#include "audits/world.h"
#include "base/hash.h"

#define BATCH 250 /* runs on either input, a trial */
#define BATCHES_QUICK 8
#define BATCHES_FULL 240
#define BATCHES_CONTROL 2
#define GROUP 4 /* statements of a colluder: fine enough steps to the steepest point */

#define REFERENCE_EPSILON_MICRO 4000000
#define REFERENCE_DELTA_PICO 10000000 /* 1e-5 */
#define REFERENCE_STATEMENTS 32

void selection_policy(const struct audit_scope *scope, struct policy *out)
{
    world_policy(scope, out);
    if (out->mode != RELEASE_DP) {
        out->mode = RELEASE_DP;
        out->dp_epsilon_micro = REFERENCE_EPSILON_MICRO;
        out->dp_delta_pico = REFERENCE_DELTA_PICO;
        out->dp_statements = REFERENCE_STATEMENTS;
    }
    out->allow_text = true;
    out->allow_noised = false;
    out->cosigners = 0;
    out->max_candidates = CONTRIBUTION_CANDIDATES_MAX;
    out->max_record_bytes = 128 * 1024;
    out->budget_epsilon_micro = 1000000000; /* one world has one round */
    out->budget_delta_pico = 10000000000;
}

/* --- one release --- */

struct table { /* of a round */
    size_t count;
    struct candidate *candidates; /* borrowed parts */
    struct release_row *rows;
};

static void add_row(struct table *table, const struct candidate *candidate, size_t tenant)
{
    table->rows[table->count].tenant = (uint32_t)tenant;
    table->candidates[table->count++] = *candidate;
}

static void fill_table(const struct canaries *canaries, size_t colluders, const bool *in, struct table *table)
{
    size_t tenant = canaries->count;
    for (size_t i = 0; i < canaries->count; i++)
        if (in[i])
            add_row(table, &canaries->items[i], i);
    for (size_t group = 0; group < canaries->groups; group++)
        for (size_t c = 0; c < colluders; c++, tenant++)
            for (size_t i = 0; i < canaries->group; i++)
                add_row(table, &canaries->items[group * canaries->group + i], tenant);
}

static enum status draw(const struct table *table, const struct private_terms *terms, const struct policy *policy,
                        struct random random, struct library *library)
{
    const struct redactor *redactor = NULL;
    struct release_report report;
    struct dp_stream *stream = NULL;
    TRY(world_redactor(SCRUB_ON, &redactor, NULL));
    TRY(dp_stream_new(random, &stream));
    const struct release_input input = {.candidates = table->candidates,
                                        .rows = table->rows,
                                        .count = table->count,
                                        .policy = policy,
                                        .redactor = redactor};
    enum status status = release_private(&input, terms, stream, library, &report);
    dp_stream_free(stream);
    return status;
}

enum status selection_run(const struct canaries *canaries, const struct policy *policy, enum canary_place place,
                          enum selection_noise noise, const bool *in, struct random random, bool *released)
{
    size_t colluders = canaries_colluders(canaries, place);
    size_t rows = canaries->count * (1 + colluders);
    SCOPED_MEM struct candidate *candidates = mem_new(rows + 1, sizeof *candidates);
    SCOPED_MEM struct release_row *places = mem_new(rows + 1, sizeof *places);
    struct table table = {0, candidates, places};
    struct private_terms terms = canaries->terms;
    struct library library = {0};
    if (!candidates || !places)
        return ERR_MEMORY;
    fill_table(canaries, colluders, in, &table);
    if (noise == SELECTION_SILENT)
        terms.mechanism.variance = 1;
    enum status status = draw(&table, &terms, policy, random, &library);
    if (status == OK)
        canaries_released(canaries, &library, released);
    library_free(&library);
    return status;
}

/* --- many --- */

static const struct audit_claim claims[] = {
    {.name = "epsilon.selection",
     .surface = SURFACE_LIBRARY,
     .target = "the selection of a library of mode dp",
     .threat = THREAT_COLLUDERS,
     .knows = "whether a statement was released, and what all tenants but the target contributed",
     .metric = "lower bound of epsilon at 97.5 %",
     .unit = "run",
     .baseline = "",
     .control = "the same attack finds an epsilon of at least 3 where the selection has no noise",
     .needed = 2000},
    {0},
};

struct selection_attack {
    struct policy policy;
    struct canaries canaries;
    enum selection_noise noise;
};

/* Out: how often the first canary was released with its target in, and without. */
static enum status run_batch(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    const struct selection_attack *attack = context;
    bool in[GROUP] = {false}, released[GROUP];
    out[0] = out[1] = 0;
    for (size_t i = 0; i < 2 * BATCH; i++) {
        in[0] = i % 2;
        TRY(selection_run(&attack->canaries, &attack->policy, CANARY_STEEPEST, attack->noise, in, random, released));
        out[!in[0]] += released[0];
    }
    return OK;
}

static enum status count_runs(const struct audit_scope *scope, struct selection_attack *attack, const char *name,
                              size_t batches, struct many_run *out)
{
    const struct dp_union *mechanism = &attack->canaries.terms.mechanism;
    const uint64_t parameters[] = {mechanism->variance, (uint64_t)mechanism->threshold, mechanism->keys};
    const struct trials trials = {.name = name,
                                  .count = batches,
                                  .numbers = 2,
                                  .parameters = hash_mix64(bytes_of(parameters, sizeof parameters), 1),
                                  .place = TRIAL_IN_WORKER,
                                  .run = run_batch,
                                  .context = attack};
    double *hits = NULL;
    *out = (struct many_run){.in = batches * BATCH, .out = batches * BATCH};
    TRY(trials_run(scope, &trials, &hits, NULL));
    for (size_t i = 0; i < batches; i++) {
        out->in_hits += (size_t)hits[2 * i];
        out->out_hits += (size_t)hits[2 * i + 1];
    }
    mem_free(hits);
    return OK;
}

static enum status measure(const struct audit_scope *scope, struct selection_attack *attack, struct audit_results *out)
{
    const struct private_terms *terms = &attack->canaries.terms;
    const struct stated stated = {(double)terms->epsilon.micro / DP_EPSILON_ONE,
                                  (double)terms->delta / (double)DP_DELTA_ONE};
    struct audit_result result = audit_result_start(claims);
    struct many_run run;
    TRY(count_runs(scope, attack, "epsilon.selection", scope->full ? BATCHES_FULL : BATCHES_QUICK, &run));
    bound_gaussian(&result, run, stated);
    attack->noise = SELECTION_SILENT;
    TRY(count_runs(scope, attack, "epsilon.selection.control", BATCHES_CONTROL, &run));
    bound_control(&result, many_run_epsilon(run, stated.delta, BOUND_ALPHA));
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct selection_attack attack = {.noise = SELECTION_STATED};
    struct private_terms terms;
    const struct redactor *redactor = NULL;
    selection_policy(scope, &attack.policy);
    TRY(private_terms_of(&attack.policy, &terms, why));
    TRY(world_redactor(SCRUB_ON, &redactor, why));
    TRY(canaries_new(&terms, CANARY_STEEPEST, GROUP, 1, redactor, random_seeded_start(&seeded, scope->seed ^ 0xe2),
                     &attack.canaries));
    enum status status = measure(scope, &attack, out);
    canaries_free(&attack.canaries);
    return status;
}

const struct attack attack_selection = {
    .name = "epsilon-selection",
    .summary = "Does the selection of mode dp draw the noise that its epsilon takes?",
    .paper = "Nasr and others 2023 (arXiv 2302.07956)",
    .family = FAMILY_EPSILON,
    .quick = true,
    .claims = claims,
    .run = run,
};
