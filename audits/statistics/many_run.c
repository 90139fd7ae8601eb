/* Many-run bounds. Hides how thresholds are tried and how scores are split. */
#include "audits/statistics/many_run.h"

#include <math.h>
#include <stdlib.h>

#include "audits/statistics/trade_off.h"

#define HALVINGS 60
#define SEARCHED 256 /* thresholds that a split looks at */

/* --- one event --- */

static double of_bounds(double least, double most, double delta)
{
    return least > delta ? log((least - delta) / most) : 0;
}

double many_run_epsilon(struct many_run run, double delta, double alpha)
{
    double least = dp_proportion_lower(run.in_hits, run.in, alpha / 2);
    double most = dp_proportion_upper(run.out_hits, run.out, alpha / 2);
    return fmax(fmax(of_bounds(least, most, delta), of_bounds(1 - most, 1 - least, delta)), 0);
}

double many_run_epsilon_gaussian(struct many_run run, double delta, double alpha)
{
    double least = dp_proportion_lower(run.in_hits, run.in, alpha / 2);
    double most = dp_proportion_upper(run.out_hits, run.out, alpha / 2);
    return least > most ? gaussian_epsilon(stat_normal_quantile(least) - stat_normal_quantile(most), delta) : 0;
}

static double least_alpha(double bound(struct many_run, double, double), struct many_run run, double epsilon,
                          double delta)
{
    double low = -700, high = 0; /* log alpha */
    if (bound(run, delta, 1) <= epsilon)
        return 1;
    for (int step = 0; step < HALVINGS; step++) {
        double middle = (low + high) / 2;
        *(bound(run, delta, exp(middle)) > epsilon ? &high : &low) = middle;
    }
    return exp(high);
}

double many_run_p(struct many_run run, double epsilon, double delta)
{
    return least_alpha(many_run_epsilon, run, epsilon, delta);
}

double many_run_p_gaussian(struct many_run run, double epsilon, double delta)
{
    return least_alpha(many_run_epsilon_gaussian, run, epsilon, delta);
}

/* --- many thresholds --- */

struct side { /* sorted scores, borrowed */
    const double *scores;
    size_t count;
};

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static size_t at_or_over(struct side side, double threshold)
{
    size_t low = 0, high = side.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (side.scores[middle] < threshold)
            low = middle + 1;
        else
            high = middle;
    }
    return side.count - low;
}

static struct many_run count_at(struct side in, struct side out, double threshold)
{
    return (struct many_run){in.count, at_or_over(in, threshold), out.count, at_or_over(out, threshold)};
}

/* Quantiles of either side in turn, both ends the finer: tails tell most. */
static double threshold_of(struct side in, struct side out, size_t number, size_t of)
{
    struct side from = number % 2 ? in : out;
    size_t step = number / 2;
    double place = (2 * (double)step + 1) / (double)of;
    double bent = place < .5 ? 2 * place * place : 1 - 2 * (1 - place) * (1 - place);
    return from.scores[(size_t)(bent * (double)from.count)];
}

/* A rough bound for choosing: two and a half standard errors off each chance. */
static double promise(struct many_run run, double delta)
{
    const double off = 2.5;
    double n = (double)run.in, others = (double)run.out, p = (double)run.in_hits / n, q = (double)run.out_hits / others;
    double least = p - off * sqrt(p * (1 - p) / n) - 1 / n, most = q + off * sqrt(q * (1 - q) / others) + 4 / others;
    double rest = 1 - q - off * sqrt(q * (1 - q) / others) - 1 / others;
    double lost = 1 - p + off * sqrt(p * (1 - p) / n) + 4 / n;
    return fmax(of_bounds(least, most, delta), of_bounds(rest, lost, delta));
}

static double best_threshold(struct side in, struct side out, double delta)
{
    double best = -INFINITY, found = in.scores[0];
    for (size_t i = 0; i < SEARCHED; i++) {
        double threshold = threshold_of(in, out, i, SEARCHED), now = promise(count_at(in, out, threshold), delta);
        if (now > best) {
            best = now;
            found = threshold;
        }
    }
    return found;
}

static double bonferroni(struct side in, struct side out, double delta, double alpha, struct many_run *best)
{
    double found = -1;
    for (size_t i = 0; i < MANY_THRESHOLDS; i++) {
        struct many_run run = count_at(in, out, threshold_of(in, out, i, MANY_THRESHOLDS));
        double now = many_run_epsilon(run, delta, alpha / MANY_THRESHOLDS);
        if (now > found) {
            found = now;
            *best = run;
        }
    }
    return found;
}

/* --- splits --- */

static void shuffle(double *scores, size_t count, struct random random)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random_below(random, i);
        double kept = scores[i - 1];
        scores[i - 1] = scores[other];
        scores[other] = kept;
    }
}

static void halve(double *scores, size_t count, struct random random, struct side halves[static 2])
{
    size_t first = count / 2;
    shuffle(scores, count, random);
    qsort(scores, first, sizeof *scores, ascending);
    qsort(scores + first, count - first, sizeof *scores, ascending);
    halves[0] = (struct side){scores, first};
    halves[1] = (struct side){scores + first, count - first};
}

struct pools { /* the scores once more, to be shuffled */
    double *in, *out;
    size_t in_count, out_count;
};

static double split(struct pools *pools, double delta, double alpha, struct random random, struct many_run *best)
{
    struct side in[2], out[2];
    halve(pools->in, pools->in_count, random, in);
    halve(pools->out, pools->out_count, random, out);
    *best = count_at(in[1], out[1], best_threshold(in[0], out[0], delta));
    return many_run_epsilon(*best, delta, alpha);
}

static double multi_split(struct pools *pools, double delta, double alpha, struct random random)
{
    double bounds[MANY_SPLITS];
    struct many_run unused;
    for (size_t i = 0; i < MANY_SPLITS; i++)
        bounds[i] = split(pools, delta, alpha / 2, random, &unused);
    qsort(bounds, MANY_SPLITS, sizeof *bounds, ascending);
    return bounds[MANY_SPLITS / 2];
}

static double bound(struct pools *pools, enum many_threshold how, double delta, double alpha, struct random random,
                    struct many_run *best)
{
    switch (how) {
    case MANY_BONFERRONI:
        qsort(pools->in, pools->in_count, sizeof *pools->in, ascending);
        qsort(pools->out, pools->out_count, sizeof *pools->out, ascending);
        return bonferroni((struct side){pools->in, pools->in_count}, (struct side){pools->out, pools->out_count}, delta,
                          alpha, best);
    case MANY_SPLIT:
        return split(pools, delta, alpha, random, best);
    case MANY_MULTI_SPLIT:
        break;
    }
    return multi_split(pools, delta, alpha, random);
}

enum status many_run_bound(const struct many_scores *scores, enum many_threshold how, double delta, double alpha,
                           struct random random, double *epsilon, struct many_run *best)
{
    struct many_run found = {0};
    *epsilon = 0;
    if (best)
        *best = found;
    if (scores->in_count < 2 || scores->out_count < 2)
        return ERR_USAGE;
    SCOPED_MEM double *in = mem_new(scores->in_count, sizeof *in);
    SCOPED_MEM double *out = mem_new(scores->out_count, sizeof *out);
    if (!in || !out)
        return ERR_MEMORY;
    memcpy(in, scores->in, scores->in_count * sizeof *in);
    memcpy(out, scores->out, scores->out_count * sizeof *out);
    struct pools pools = {in, out, scores->in_count, scores->out_count};
    *epsilon = bound(&pools, how, delta, alpha, random, &found);
    if (best)
        *best = found;
    return OK;
}
