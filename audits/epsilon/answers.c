/* The empirical ε of what a device answers and of the noise floor: many runs of the product's own mechanisms on the two
 * inputs that lie furthest apart, the likelihood ratio as score, and exact bounds on how often it is high. The control
 * is the same attack on the same code with its noise set to next to nothing. */
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/epsilon/bound.h"
#include "audits/epsilon/local.h"
#include "audits/trials.h"
#include "audits/world.h"
#include "base/hash.h"

#define BATCH 500 /* runs on either input, a trial */
#define BATCHES_QUICK 30
#define BATCHES_QUICK_SUMS 20
#define FULL_TIMES 20
#define BATCHES_CONTROL 4

#define LOCAL_CLAIM(id, surface_is, what, who, knowing)                                                                \
    {                                                                                                                  \
        .name = "epsilon." id, .surface = surface_is, .target = what, .threat = who, .knows = knowing,                 \
        .metric = "lower bound of epsilon at 97.5 %", .unit = "run", .baseline = "",                                   \
        .control = "the same attack finds an epsilon of at least 3 where the noise is off", .needed = 10000            \
    }
#define SERVER_KNOWS "the mechanism, and which two inputs there are"

static const struct audit_claim claims[LOCALS + 1] = {
    [LOCAL_ANSWER] = LOCAL_CLAIM("survey.answer", SURFACE_FEATURES, "a device's answer to the survey",
                                 THREAT_CURIOUS_SERVER, SERVER_KNOWS),
    [LOCAL_SUMS] = LOCAL_CLAIM("survey.sums", SURFACE_ANSWERS, "the server's sums over four devices' answers",
                               THREAT_COLLUDERS, "the sums, and the answers of the three others"),
    [LOCAL_VOTE] =
        LOCAL_CLAIM("floor.vote", SURFACE_FEATURES, "a vote at the noise floor", THREAT_CURIOUS_SERVER, SERVER_KNOWS),
    [LOCAL_CHOICE] = LOCAL_CLAIM("floor.choice", SURFACE_FEATURES, "a choice of 256 at the noise floor",
                                 THREAT_CURIOUS_SERVER, SERVER_KNOWS),
    [LOCAL_COUNT] =
        LOCAL_CLAIM("floor.count", SURFACE_FEATURES, "a count at the noise floor", THREAT_CURIOUS_SERVER, SERVER_KNOWS),
    [LOCAL_VECTOR] = LOCAL_CLAIM("floor.vector", SURFACE_FEATURES, "a vector of features at the noise floor",
                                 THREAT_CURIOUS_SERVER, SERVER_KNOWS),
};

/* --- runs --- */

static enum status run_batch(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct dp_stream *stream = NULL;
    TRY(dp_stream_new(random, &stream));
    enum status status = OK;
    for (size_t i = 0; i < 2 * BATCH && status == OK; i++)
        status = local_score(context, stream, i < BATCH, &out[i]);
    dp_stream_free(stream);
    return status;
}

struct runs {
    size_t each; /* on either input */
    double *in, *out;
};

static void runs_free(struct runs *runs)
{
    mem_free(runs->in);
    mem_free(runs->out);
}

static enum status sort_out(const double *scores, size_t batches, struct runs *runs)
{
    *runs = (struct runs){.each = batches * BATCH,
                          .in = mem_new(batches * BATCH, sizeof *runs->in),
                          .out = mem_new(batches * BATCH, sizeof *runs->out)};
    if (!runs->in || !runs->out)
        return ERR_MEMORY;
    for (size_t b = 0; b < batches; b++) {
        memcpy(&runs->in[b * BATCH], &scores[2 * b * BATCH], BATCH * sizeof *scores);
        memcpy(&runs->out[b * BATCH], &scores[(2 * b + 1) * BATCH], BATCH * sizeof *scores);
    }
    return OK;
}

static enum status run_batches(const struct audit_scope *scope, struct local *local, const char *name, size_t batches,
                               struct runs *runs)
{
    const uint64_t parameters[] = {local->kind, local->epsilon.micro, local->terms.rate.numerator};
    const struct trials trials = {.name = name,
                                  .count = batches,
                                  .numbers = 2 * BATCH,
                                  .parameters = hash_mix64(bytes_of(parameters, sizeof parameters), 1),
                                  .place = TRIAL_IN_WORKER,
                                  .run = run_batch,
                                  .context = local};
    double *scores = NULL;
    *runs = (struct runs){0};
    TRY(trials_run(scope, &trials, &scores, NULL));
    enum status status = sort_out(scores, batches, runs);
    mem_free(scores);
    return status;
}

/* --- bounds --- */

/* A Gaussian's threshold is known beforehand; of the others' one half of the runs finds it. */
static enum status count_hits(const struct local *local, const struct runs *runs, struct random random,
                              struct many_run *out)
{
    const struct many_scores scores = {runs->in, runs->out, runs->each, runs->each};
    double unused;
    *out = (struct many_run){.in = runs->each, .out = runs->each};
    if (local->kind != LOCAL_VECTOR)
        return many_run_bound(&scores, MANY_SPLIT, local->delta, BOUND_ALPHA, random, &unused, out);
    for (size_t i = 0; i < runs->each; i++) {
        out->in_hits += runs->in[i] >= 0;
        out->out_hits += runs->out[i] >= 0;
    }
    return OK;
}

static enum status attack(const struct audit_scope *scope, struct local *local, const char *name, size_t batches,
                          struct many_run *out)
{
    struct random_seeded seeded;
    struct runs runs;
    enum status status = run_batches(scope, local, name, batches, &runs);
    if (status == OK)
        status = count_hits(local, &runs, random_seeded_start(&seeded, scope->seed ^ (uint64_t)local->kind), out);
    runs_free(&runs);
    return status;
}

static enum status run_control(const struct audit_scope *scope, enum local_kind kind, const struct policy *policy,
                               struct audit_result *result)
{
    char name[64];
    struct local local;
    struct many_run run;
    snprintf(name, sizeof name, "%s.control", result->claim->name);
    TRY(local_open(kind, policy, LOCAL_NOISE_OFF, &local, NULL));
    TRY(attack(scope, &local, name, BATCHES_CONTROL, &run));
    bound_control(result, many_run_epsilon(run, local.delta, BOUND_ALPHA));
    return OK;
}

static size_t batches_of(const struct audit_scope *scope, enum local_kind kind)
{
    size_t batches = kind == LOCAL_SUMS ? BATCHES_QUICK_SUMS : BATCHES_QUICK;
    return scope->full ? batches * FULL_TIMES : batches;
}

static enum status run_kind(const struct audit_scope *scope, enum local_kind kind, const struct policy *policy,
                            struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[kind]);
    struct local local;
    struct many_run run;
    enum status status = local_open(kind, policy, LOCAL_NOISE_STATED, &local, NULL);
    if (status == ERR_POLICY) {
        result.note = "not applicable: the policy takes no noised answers";
        return audit_results_add(out, &result);
    }
    TRY(status);
    TRY(attack(scope, &local, result.claim->name, batches_of(scope, kind), &run));
    const struct stated stated = {(double)local.epsilon.micro / DP_EPSILON_ONE, local.delta};
    if (kind == LOCAL_VECTOR)
        bound_gaussian(&result, run, stated);
    else
        bound_pure(&result, run, stated);
    TRY(run_control(scope, kind, policy, &result));
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    (void)why;
    struct policy policy;
    world_policy(scope, &policy);
    for (int kind = 0; kind < LOCALS; kind++)
        TRY(run_kind(scope, (enum local_kind)kind, &policy, out));
    return OK;
}

const struct attack attack_epsilon_answers = {
    .name = "epsilon-answers",
    .summary = "Do a device's noisy answers keep the epsilon that is stated, and does the noise floor?",
    .paper = "Jagielski, Ullman, Oprea 2020 (arXiv 2006.07709)",
    .family = FAMILY_EPSILON,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 14,
    .claims = claims,
    .run = run,
};
