/* Lower bounds as results. Hides how power is found: the least ε whose likely counts, a little unlucky, refute. */
#include "audits/epsilon/bound.h"

#include <math.h>

#define SPEAKS 2.5
#define STEPS 24
#define EPSILON_MORE 32 /* power is looked for up to so much over the stated ε */

static void fill(struct audit_result *result, struct stated stated, double bound, double p, double detects)
{
    result->limit = result->tolerated = stated.epsilon;
    result->kind = INTERVAL_BOUND;
    result->value = result->low = bound;
    result->p = p;
    result->detects = detects;
    bool speaks = bound > stated.epsilon || detects <= SPEAKS * stated.epsilon;
    result->high = speaks ? bound : INFINITY;
    if (!speaks)
        result->note = "too few samples: two and a half times the stated epsilon would not have been refuted with 80 %";
}

/* Counts of n runs, on the unlucky side. */
static size_t unlucky(double rate, size_t n, double sign)
{
    double hits = rate * (double)n + sign * BOUND_Z80 * sqrt(rate * (1 - rate) * (double)n);
    return (size_t)fmin(fmax(round(hits), 0), (double)n);
}

/* The least ε in (stated, stated + EPSILON_MORE) that shows; NAN: none. */
static double least_shown(bool shows(double, struct many_run, struct stated), struct many_run run, struct stated stated)
{
    double low = stated.epsilon, high = stated.epsilon + EPSILON_MORE;
    if (!shows(high, run, stated))
        return NAN;
    for (int step = 0; step < STEPS; step++) {
        double middle = (low + high) / 2;
        *(shows(middle, run, stated) ? &high : &low) = middle;
    }
    return high;
}

/* Of the event and its complement the one that tells more, as often on its own input, and on the other as seldom as ε
 * allows. */
static bool pure_shows(double epsilon, struct many_run run, struct stated stated)
{
    double in = (double)run.in_hits / (double)run.in, out = (double)run.out_hits / (double)run.out;
    if (in * (1 - in) > out * (1 - out)) /* ln(in / out) > ln((1 - out) / (1 - in)) */
        out = in * exp(-epsilon);
    else
        in = 1 - (1 - out) * exp(-epsilon);
    const struct many_run likely = {run.in, unlucky(in, run.in, -1), run.out, unlucky(out, run.out, 1)};
    return many_run_epsilon(likely, stated.delta, BOUND_ALPHA) > stated.epsilon;
}

/* A threshold halfway between the two means. */
static bool gaussian_shows(double epsilon, struct many_run run, struct stated stated)
{
    double in = stat_normal_upper(-gaussian_mu(epsilon, stated.delta) / 2);
    const struct many_run likely = {run.in, unlucky(in, run.in, -1), run.out, unlucky(1 - in, run.out, 1)};
    return many_run_epsilon_gaussian(likely, stated.delta, BOUND_ALPHA) > stated.epsilon;
}

void bound_pure(struct audit_result *result, struct many_run run, struct stated stated)
{
    result->samples = run.in + run.out;
    fill(result, stated, many_run_epsilon(run, stated.delta, BOUND_ALPHA),
         many_run_p(run, stated.epsilon, stated.delta), least_shown(pure_shows, run, stated));
}

void bound_gaussian(struct audit_result *result, struct many_run run, struct stated stated)
{
    result->samples = run.in + run.out;
    fill(result, stated, many_run_epsilon_gaussian(run, stated.delta, BOUND_ALPHA),
         many_run_p_gaussian(run, stated.epsilon, stated.delta), least_shown(gaussian_shows, run, stated));
}

void bound_one_run(struct audit_result *result, struct one_run run, struct stated stated, double detects)
{
    const struct trade_off hypothesis = trade_off_gaussian(gaussian_mu(stated.epsilon, stated.delta));
    result->samples = run.canaries;
    fill(result, stated, one_run_epsilon_gaussian(run, stated.delta, BOUND_ALPHA), one_run_p(run, &hypothesis),
         detects);
}

void bound_control(struct audit_result *result, double epsilon)
{
    result->control = epsilon >= CONTROL_EPSILON ? CONTROL_PASSED : CONTROL_FAILED;
    result->control_value = epsilon;
}
