/* The empirical ε of a round in mode `dp`: the whole server, from sealed contributions to the published library.
 *
 * One world is one run with over two hundred canaries: every target's coin decides whether it says its canary; the
 * colluders, who are the same in all worlds, hold each canary somewhat under the threshold; of what the library shows,
 * the adversary says that its target is in. Worlds are independent, so that all their canaries count as those of one
 * run. The control is the same selection, called by itself with all but no noise, guessed in the same way. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/epsilon/bound.h"
#include "audits/epsilon/crowd.h"
#include "audits/epsilon/selection.h"

#define TARGETS_LEAST 200 /* of a world */
#define STATEMENTS 32     /* of a colluder, if the policy counts so many: a contribution well within its bytes */
#define WORLDS_QUICK 21
#define WORLDS_FULL 160
#define POWER_STEPS 30 /* to a tenth of what the noise is too little by */
#define POWER_MOST 4

static const struct audit_claim claims[] = {
    {.name = "epsilon.release",
     .surface = SURFACE_LIBRARY,
     .target = "a library of mode dp",
     .threat = THREAT_COLLUDERS,
     .knows = "the library, and what all tenants but the target contributed",
     .metric = "lower bound of epsilon at 97.5 %",
     .unit = "canary",
     .baseline = "",
     .control = "the same guesses find an epsilon of at least 3 where the selection has no noise",
     .needed = 5000},
    {0},
};

/* --- a world --- */

static enum status look(const struct canaries *canaries, const struct library *library, double *out)
{
    SCOPED_MEM bool *released = mem_new(canaries->count + 1, sizeof *released);
    if (!released)
        return ERR_MEMORY;
    canaries_released(canaries, library, released);
    for (size_t i = 0; i < canaries->count; i++)
        out[2 * i + 1] = released[i];
    return OK;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct crowd *crowd = context;
    struct library library = {0};
    TRY(worlds_begin(&crowd->worlds, random));
    for (size_t i = 0; i < crowd->canaries.count; i++) {
        out[2 * i] = (double)random_below(random, 2);
        if (out[2 * i] > 0)
            TRY(crowd_say(crowd, i, crowd_member(crowd, i)));
    }
    enum status status = worlds_round(&crowd->worlds, &library);
    if (status == OK)
        status = look(&crowd->canaries, &library, out);
    library_free(&library);
    return status;
}

/* --- the control: the selection by itself. Without noise a canary of the tail would never be released: here all stand
 * at the steepest point. --- */

/* As run_world. */
static enum status run_silent(const struct crowd *crowd, struct random random, double *out)
{
    size_t count = crowd->canaries.count;
    SCOPED_MEM bool *in = mem_new(count + 1, sizeof *in);
    SCOPED_MEM bool *released = mem_new(count + 1, sizeof *released);
    if (!in || !released)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        in[i] = random_below(random, 2);
    TRY(selection_run(&crowd->canaries, &crowd->policy, CANARY_STEEPEST, SELECTION_SILENT, in, random, released));
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = in[i];
        out[2 * i + 1] = released[i];
    }
    return OK;
}

/* --- guesses --- */

static struct one_run guess(const double *outcomes, size_t canaries)
{
    struct one_run run = {.canaries = canaries};
    for (size_t i = 0; i < canaries; i++) {
        bool in = outcomes[2 * i] > 0, released = outcomes[2 * i + 1] > 0;
        run.guesses += released;
        run.correct += released && in;
    }
    return run;
}

/* What so many canaries would show, somewhat unluckily, of noise with a deviation of 1 / `times`. */
static struct one_run likely(const struct canaries *canaries, size_t count, double times)
{
    double right = (double)count / 2 * canaries_chance(canaries, true, times);
    double wrong = (double)count / 2 * canaries_chance(canaries, false, times), all = right + wrong;
    double less = all > 0 ? BOUND_Z80 * sqrt(right * wrong / all) : 0;
    return (struct one_run){count, (size_t)floor(all), (size_t)fmin(fmax(floor(right - less), 0), floor(all))};
}

/* The least ε that would be refuted: of the noise whose likely outcome refutes what is stated. NAN: none. Where there
 * is much too little noise less is released, and less is shown again: no bisection. */
static double power_of(const struct canaries *canaries, size_t count, struct stated stated)
{
    const struct trade_off hypothesis = trade_off_gaussian(gaussian_mu(stated.epsilon, stated.delta));
    double mu = DP_UNION_ONE / sqrt((double)canaries->terms.mechanism.variance);
    for (int step = 1; step <= POWER_STEPS; step++) {
        double times = 1 + (POWER_MOST - 1) * (double)step / POWER_STEPS;
        if (one_run_p(likely(canaries, count, times), &hypothesis) <= BOUND_ALPHA)
            return gaussian_epsilon(mu * times, stated.delta);
    }
    return NAN;
}

static enum status report(const struct crowd *crowd, const double *outcomes, size_t worlds, const double *silent,
                          struct audit_results *out)
{
    const struct canaries *canaries = &crowd->canaries;
    const struct private_terms *terms = &canaries->terms;
    const struct stated stated = {(double)terms->epsilon.micro / DP_EPSILON_ONE,
                                  (double)terms->delta / (double)DP_DELTA_ONE};
    struct audit_result result = audit_result_start(claims);
    struct one_run found = guess(outcomes, worlds * canaries->count), control = guess(silent, canaries->count);
    bound_one_run(&result, found, stated, power_of(canaries, found.canaries, stated));
    bound_control(&result, one_run_epsilon_gaussian(control, stated.delta, BOUND_ALPHA));
    return audit_results_add(out, &result);
}

/* --- the run --- */

static enum status run_all(struct crowd *crowd, const struct audit_scope *scope, struct audit_results *out)
{
    size_t numbers = 2 * crowd->canaries.count, worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    const struct trials trials = {.name = "epsilon.release",
                                  .count = worlds,
                                  .numbers = numbers,
                                  .parameters = worlds_parameters(&crowd->worlds, crowd->canaries.count),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = crowd};
    struct random_seeded seeded;
    double *outcomes = NULL;
    SCOPED_MEM double *silent = mem_new(numbers, sizeof *silent);
    if (!silent)
        return ERR_MEMORY;
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    enum status status = run_silent(crowd, random_seeded_start(&seeded, scope->seed ^ 0xe1), silent);
    if (status == OK)
        status = report(crowd, outcomes, worlds, silent, out);
    mem_free(outcomes);
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    static const struct crowd_plan plan = {
        .place = CANARY_TAIL, .group = STATEMENTS, .least = TARGETS_LEAST, .targets = 1};
    struct random_seeded seeded;
    struct crowd crowd;
    enum status status = crowd_open(scope, &plan, random_seeded_start(&seeded, scope->seed ^ 0xe0), &crowd, why);
    if (status != OK)
        return crowd_refused(status, claims, out);
    status = run_all(&crowd, scope, out);
    crowd_close(&crowd);
    return crowd_refused(status, claims, out);
}

const struct attack attack_epsilon_release = {
    .name = "epsilon-release",
    .summary = "Does a library of mode dp keep the epsilon that its policy states?",
    .paper = "Steinke, Nasr, Jagielski 2023 (arXiv 2305.08846); Mahloujifar, Melis, Chaudhuri 2024 (arXiv 2410.22235)",
    .family = FAMILY_EPSILON,
    .quick = true,
    .quick_seconds = 7,
    .full_seconds = 60,
    .claims = claims,
    .run = run,
};
