/* The empirical ε of a round in mode `dp`: the whole server, from sealed contributions to the published library.
 *
 * One world is one run with over two hundred canaries: every target's coin decides whether it says its canary; the
 * colluders, who are the same in all worlds, hold each canary somewhat under the threshold; of what the library shows,
 * the adversary says that its target is in. Worlds are independent, so that all their canaries count as those of one
 * run. How many guesses there are is fixed before, as their statistics want it: as many as half of the stated noise
 * would release, which is what the attack is to find. Where more come out the last are left alone; where fewer do, the
 * first of those that did not are said to be out.
 *
 * Two controls: the same selection, called by itself with all but no noise, guessed in the same way; and one more
 * world, in which enough targets say the same canary that the server surely releases it. */
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
#define FOUND_TIMES 2
#define SURE_LEAST .9
#define SPEAKS_LEAST .8 /* of the guesses: by half of the noise so many come out, within some deviations */

static const struct audit_claim claims[] = {
    {.name = "epsilon.release",
     .surface = SURFACE_LIBRARY,
     .target = "a library of mode dp",
     .threat = THREAT_COLLUDERS,
     .knows = "the library, and what all tenants but the target contributed",
     .metric = "lower bound of epsilon at 97.5 %",
     .unit = "canary",
     .baseline = "",
     .control = "the same guesses find an epsilon of at least 3 where the selection has no noise, and the server "
                "releases what enough targets say",
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

/* --- a control: enough targets say the same --- */

enum { SURE_SAID, SURE_RELEASED, SURE_NUMBERS };

static enum status run_sure(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct crowd *crowd = context;
    SCOPED_MEM double *shown = mem_new(crowd->canaries.count + 1, sizeof *shown);
    size_t said = 0;
    if (!shown)
        return ERR_MEMORY;
    TRY(worlds_begin(&crowd->worlds, random));
    TRY(crowd_say_surely(crowd, &said));
    TRY(crowd_round(crowd, shown));
    out[SURE_SAID] = (double)said;
    out[SURE_RELEASED] = 0;
    for (size_t i = 0; i < said; i++)
        out[SURE_RELEASED] += shown[i] > 0;
    return OK;
}

/* --- the other control: the selection by itself. Without noise a canary of the tail would never be released: here all
 * stand at the steepest point. --- */

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

static struct one_run guess(const double *outcomes, size_t canaries, size_t guesses)
{
    struct one_run run = {.canaries = canaries};
    for (int released = 1; released >= 0; released--)
        for (size_t i = 0; i < canaries && run.guesses < guesses; i++) {
            if ((outcomes[2 * i + 1] > 0) != released)
                continue;
            run.guesses++;
            run.correct += (outcomes[2 * i] > 0) == released;
        }
    return run;
}

/* What so many guesses would show, somewhat unluckily, of noise with a deviation of 1 / `times`. */
static struct one_run likely(const struct canaries *canaries, size_t count, size_t guesses, double times)
{
    double in = canaries_chance(canaries, true, times), out = canaries_chance(canaries, false, times);
    double said_in = fmin(canaries_expected(canaries, count, times), (double)guesses),
           said_out = (double)guesses - said_in;
    double of_in = in + out > 0 ? in / (in + out) : 0, of_out = in + out < 2 ? (1 - out) / (2 - in - out) : 0;
    double less = BOUND_Z80 * sqrt(said_in * of_in * (1 - of_in) + said_out * of_out * (1 - of_out));
    double right = floor(said_in * of_in + said_out * of_out - less);
    return (struct one_run){count, guesses, (size_t)fmin(fmax(right, 0), (double)guesses)};
}

/* The least ε that would be refuted: of the noise whose likely outcome refutes what is stated. NAN: none. Where there
 * is much too little noise less is released, and less is shown again: no bisection. */
static double power_of(const struct canaries *canaries, struct one_run run, struct stated stated)
{
    const struct trade_off hypothesis = trade_off_gaussian(gaussian_mu(stated.epsilon, stated.delta));
    double mu = DP_UNION_ONE / sqrt((double)canaries->terms.mechanism.variance);
    for (int step = 1; step <= POWER_STEPS; step++) {
        double times = 1 + (POWER_MOST - 1) * (double)step / POWER_STEPS;
        if (one_run_p(likely(canaries, run.canaries, run.guesses, times), &hypothesis) <= BOUND_ALPHA)
            return gaussian_epsilon(mu * times, stated.delta);
    }
    return NAN;
}

static size_t count_released(const double *outcomes, size_t canaries)
{
    size_t released = 0;
    for (size_t i = 0; i < canaries; i++)
        released += outcomes[2 * i + 1] > 0;
    return released;
}

/* A server that releases less than even half of the noise would leaves nothing to guess from: that is no pass. What was
 * found by it all the same stays found. */
static void doubt(size_t released, size_t guesses, const double *sure, struct audit_result *result)
{
    if (sure[SURE_RELEASED] < SURE_LEAST * sure[SURE_SAID]) {
        result->control = CONTROL_FAILED;
        result->note = "what enough targets said that it is surely released was not";
    }
    bool speaks = sure[SURE_SAID] > 0 && (double)released >= SPEAKS_LEAST * (double)guesses;
    if (speaks || result->control != CONTROL_PASSED)
        return;
    result->control = CONTROL_UNDECIDED;
    result->note = "fewer canaries came out than there are guesses to make: the server releases less than it would by "
                   "half of the stated noise";
}

static enum status report(const struct crowd *crowd, const double *outcomes, size_t worlds, const double *silent,
                          const double *sure, struct audit_results *out)
{
    const struct canaries *canaries = &crowd->canaries;
    const struct private_terms *terms = &canaries->terms;
    const struct stated stated = {(double)terms->epsilon.micro / DP_EPSILON_ONE,
                                  (double)terms->delta / (double)DP_DELTA_ONE};
    struct audit_result result = audit_result_start(claims);
    size_t all = worlds * canaries->count;
    struct one_run found = guess(outcomes, all, (size_t)round(canaries_expected(canaries, all, FOUND_TIMES)));
    struct one_run control = guess(silent, canaries->count, canaries->count / 2);
    bound_one_run(&result, found, stated, power_of(canaries, found, stated));
    bound_control(&result, one_run_epsilon_gaussian(control, stated.delta, BOUND_ALPHA));
    doubt(count_released(outcomes, all), found.guesses, sure, &result);
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
    struct trials control = trials;
    struct random_seeded seeded;
    SCOPED_MEM double *outcomes = NULL, *sure = NULL;
    SCOPED_MEM double *silent = mem_new(numbers, sizeof *silent);
    if (!silent)
        return ERR_MEMORY;
    control.name = "epsilon.release.control";
    control.count = 1;
    control.numbers = SURE_NUMBERS;
    control.run = run_sure;
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    TRY(trials_run_worlds(scope, &control, out, &sure));
    TRY(run_silent(crowd, random_seeded_start(&seeded, scope->seed ^ 0xe1), silent));
    return report(crowd, outcomes, worlds, silent, sure, out);
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
