/* The statistics of the audits, beside dp/proportion.h: ROC and AUC with DeLong's variance, sign-flip
 * permutation and bootstrap over clusters. Randomness is injected, so that a run repeats from its seed. */
#pragma once

#include "audits/audit.h"
#include "dp/proportion.h"

#define STAT_ONE_SIDE .025         /* a 95 % interval has this much on each side */
#define STAT_Z95 1.959963984540054 /* normal quantile of .975 */
#define STAT_Z80 0.8416212335729143

double stat_normal_upper(double z);              /* P(Z > z) */
double stat_normal_quantile(double probability); /* z with P(Z <= z) = probability; infinite at 0 and 1 */
/* P(Bin(n, rate) >= hits). */
double stat_binomial_tail(size_t hits, size_t n, double rate);

struct auc {
    double value;
    struct interval interval; /* 95 %, DeLong, DeLong & Clarke-Pearson 1988, clipped to [0, 1] */
    double tpr_at_1_percent;  /* true-positive rate at a false-positive rate of at most 1 % */
};
/* Area under the ROC of scores of members against non-members, by midranks (Sun & Xu 2014). Where all scores of a side
 * agree the variance would be zero: the interval then comes from the exact bound on the smaller side. ERR_USAGE, here
 * and of all below that take scores: a side is empty, or a score is no number. */
MUST_USE enum status stat_auc(const double *members, size_t member_count, const double *others, size_t other_count,
                              struct auc *out);
/* True-positive rate at a false-positive rate of `rate`. The interval (95 %) holds for both at once: its lower end is a
 * bound on the share of members above a threshold at which, by an exact bound, no more than `rate` of the others are;
 * its upper end likewise with at least `rate` of them. Each of the four bounds errs with .0125 (Clopper & Pearson
 * 1934), and thresholds are chosen by the others' scores alone. */
struct tpr {
    double value; /* at the last corner of the ROC that is not beyond `rate` */
    struct interval interval;
    double p;       /* one-sided, of "it is no more than `tolerated`": twice the larger chance of the two bounds, at the
                       threshold that makes it least. At most .025 where the interval lies above `tolerated` */
    double detects; /* power: that rate at the threshold which the interval's lower end goes by puts that end above
                       `tolerated` in 95 % of runs; NAN: none does */
};
MUST_USE enum status stat_tpr_at(const double *members, size_t member_count, const double *others, size_t other_count,
                                 double rate, double tolerated, struct tpr *out);
/* What (epsilon, delta) allows whoever tells two neighbouring worlds apart (Kairouz, Oh & Viswanath 2015, theorem 2.1;
 * Dong, Roth & Su 2022, equation 5): the largest area under a ROC, 1 - (1 - delta)^2 / (1 + e^epsilon), and the largest
 * true-positive rate at a false-positive rate. */
double stat_private_auc(double epsilon, double delta);
double stat_private_tpr(double epsilon, double delta, double rate);
/* The ROC's corners, from (0, 0) to (1, 1), thinned to at most `most` points, as a plot in *out; the band of a point is
 * the exact interval of its true-positive rate. */
MUST_USE enum status stat_roc(const double *members, size_t member_count, const double *others, size_t other_count,
                              size_t most, struct audit_plot *out);

/* One-sided p value that the mean of the clusters' differences is above 0 by chance: signs flipped at random; the
 * observed arrangement counts as one (Phipson & Smyth 2010). */
double stat_sign_flip(const double *differences, size_t clusters, size_t rounds, struct random random);
/* 95 % percentile interval of sum(values) / sum(weights), clusters drawn with replacement. ERR_MEMORY. */
MUST_USE enum status stat_cluster_bootstrap(const double *values, const double *weights, size_t clusters, size_t rounds,
                                            struct random random, struct interval *out);
/* The same for a verdict, where value / weight lies in [-1, 1]: above 0 something shows. A bootstrap draws only what
 * was seen. Where fewer than STAT_SHOWING_LEAST clusters show anything the upper end is at least the exact one on the
 * share that does, each counting wholly; and under STAT_CLUSTERS_LEAST clusters at least the exact one on what none of
 * them shows, which is .17 and more. */
#define STAT_SHOWING_LEAST 5
#define STAT_CLUSTERS_LEAST 20
MUST_USE enum status stat_cluster_interval(const double *values, const double *weights, size_t clusters, size_t rounds,
                                           struct random random, struct interval *out);
