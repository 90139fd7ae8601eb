/* Lower bounds of ε from many independent runs, some with a unit in and some with it out.
 *
 * An event of chance P with the unit in and Q with it out has P <= e^ε Q + δ for every (ε, δ) mechanism, and its
 * complement 1 - Q <= e^ε (1 - P) + δ. With a lower bound of P and an upper bound of Q, each exact and at alpha / 2
 * (Clopper, Pearson 1934), both hold at once with probability 1 - alpha, and the larger ε of the two is a lower bound
 * at that level (Jagielski, Ullman, Oprea 2020).
 *
 * The event is a score at or over a threshold. How the threshold is found must not cost the bound its level: */
#pragma once

#include "audits/statistics/statistics.h"

struct many_run {
    size_t in, in_hits, out, out_hits; /* runs with the unit in, and out, and those of them with the event */
};
/* 0 where nothing is shown. Both sides have runs. */
double many_run_epsilon(struct many_run run, double delta, double alpha);
/* The same where the mechanism is Gaussian: no test on it tells "in" from "out" better than a shift by mu standard
 * deviations does, so that with the same two bounds mu >= z(P) - z(Q), z the normal quantile (Nasr and others 2023),
 * and ε at delta is that mu's. Tight where the plain bound is not, since it need not look for what is rare. */
double many_run_epsilon_gaussian(struct many_run run, double delta, double alpha);
/* The least alpha at which the bound is over epsilon; 1 if none is. */
double many_run_p(struct many_run run, double epsilon, double delta);
double many_run_p_gaussian(struct many_run run, double epsilon, double delta);

struct many_scores { /* of independent runs; with the unit in they are the higher ones */
    const double *in, *out;
    size_t in_count, out_count;
};
enum many_threshold {
    MANY_BONFERRONI, /* the best of MANY_THRESHOLDS quantiles of all scores, each at its part of alpha */
    MANY_SPLIT,      /* found on one half of the scores, the bound is the other half's */
    MANY_MULTI_SPLIT /* the median of MANY_SPLITS random splits' bounds, each at alpha / 2: twice a median of p values
                        is a p value (Meinshausen, Meier, Bühlmann 2009) */
};
#define MANY_THRESHOLDS 32 /* a split looks at more of them: they cost it nothing */
#define MANY_SPLITS 11
/* random: of the splits. *best (may be NULL): the counts behind the bound, all zero for several splits. ERR_USAGE: a
 * side with fewer than two scores; ERR_MEMORY. */
MUST_USE enum status many_run_bound(const struct many_scores *scores, enum many_threshold how, double delta,
                                    double alpha, struct random random, double *epsilon, struct many_run *best);
