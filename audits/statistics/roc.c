/* ROC curves and the area under them. Hides ranks: scores of both sides are sorted once, and ties share their middle
 * rank, from which the area and both parts of its variance follow. */
#include "audits/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"

struct score {
    double value;
    bool member;
};

/* Descending: the attacker names the highest scores first. */
static int by_score(const void *a, const void *b)
{
    double left = ((const struct score *)a)->value, right = ((const struct score *)b)->value;
    return (left < right) - (left > right);
}

static bool is_ranked(const double *scores, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(scores[i]))
            return false;
    return true;
}

/* What is no number has no rank, and equals not even itself. */
static enum status merge(const double *members, size_t m, const double *others, size_t n, struct score **out)
{
    struct score *scores = mem_new(m + n, sizeof *scores);
    *out = scores;
    if (!scores)
        return ERR_MEMORY;
    if (!is_ranked(members, m) || !is_ranked(others, n))
        return ERR_USAGE;
    for (size_t i = 0; i < m; i++)
        scores[i] = (struct score){members[i], true};
    for (size_t i = 0; i < n; i++)
        scores[m + i] = (struct score){others[i], false};
    qsort(scores, m + n, sizeof *scores, by_score);
    return OK;
}

/* One run of equal scores: how many of each side are in it. */
static size_t tied(const struct score *scores, size_t at, size_t count, size_t *members)
{
    size_t end = at;
    *members = 0;
    for (; end < count && scores[end].value == scores[at].value; end++)
        *members += scores[end].member;
    return end;
}

/* The two variances of DeLong: of each member's share of others below it, and of each other's share of members above.
 */
struct placement {
    double sum, squares;
};
static double variance(const struct placement *placement, size_t count)
{
    double n = (double)count;
    return count < 2 ? 0 : (placement->squares - placement->sum * placement->sum / n) / (n - 1);
}

static struct interval interval_of(double value, double spread, size_t m, size_t n)
{
    struct interval interval = {value - STAT_Z95 * spread, value + STAT_Z95 * spread};
    if (spread == 0) {
        size_t least = m < n ? m : n;
        interval.low = value - (1 - dp_proportion_lower(least, least, .025));
        interval.high = value + dp_proportion_upper(0, least, .025);
    }
    interval.low = interval.low < 0 ? 0 : interval.low;
    interval.high = interval.high > 1 ? 1 : interval.high;
    return interval;
}

enum status stat_auc(const double *members, size_t m, const double *others, size_t n, struct auc *out)
{
    SCOPED_MEM struct score *scores = NULL;
    struct placement of_members = {0}, of_others = {0};
    size_t members_before = 0, others_before = 0;
    *out = (struct auc){0};
    if (m == 0 || n == 0)
        return ERR_USAGE;
    TRY(merge(members, m, others, n, &scores));
    for (size_t at = 0, here = 0, end; at < m + n; at = end) {
        end = tied(scores, at, m + n, &here);
        size_t others_here = end - at - here;
        double below = ((double)(n - others_before) - (double)others_here / 2) / (double)n; /* others below a member */
        double above = ((double)members_before + (double)here / 2) / (double)m;             /* members above an other */
        of_members.sum += (double)here * below;
        of_members.squares += (double)here * below * below;
        of_others.sum += (double)others_here * above;
        of_others.squares += (double)others_here * above * above;
        members_before += here;
        others_before += others_here;
        if (others_before <= n / 100)
            out->tpr_at_1_percent = (double)members_before / (double)m;
    }
    out->value = of_members.sum / (double)m;
    double spread = sqrt(variance(&of_members, m) / (double)m + variance(&of_others, n) / (double)n);
    out->interval = interval_of(out->value, spread, m, n);
    return OK;
}

/* --- one point of the ROC --- */

#define TPR_ERROR (STAT_ONE_SIDE / 2)
#define TPR_MISSED .05 /* the runs in which a rate as large as what is named shows nothing */

/* P(Bin(n, rate) <= hits). */
static double at_most(size_t hits, size_t n, double rate)
{
    return hits >= n ? 1 : dp_proportion_beta((double)(n - hits), (double)hits + 1, 1 - rate);
}

/* The fewest hits whose lower bound lies above `tolerated`; n + 1: not even n. */
static size_t fewest_over(size_t n, double tolerated)
{
    size_t below = 0, enough = n + 1;
    while (enough - below > 1) {
        size_t middle = below + (enough - below) / 2;
        *(stat_binomial_tail(middle, n, tolerated) < TPR_ERROR ? &enough : &below) = middle;
    }
    return enough;
}

static double tpr_detects(size_t m, size_t n, double rate, double tolerated)
{
    size_t fewest = fewest_over(m, tolerated);
    bool is_any_threshold = at_most(0, n, rate) <= TPR_ERROR;
    return is_any_threshold && fewest <= m ? dp_proportion_upper(fewest - 1, m, TPR_MISSED) : NAN;
}

enum status stat_tpr_at(const double *members, size_t m, const double *others, size_t n, double rate, double tolerated,
                        struct tpr *out)
{
    SCOPED_MEM struct score *scores = NULL;
    size_t members_before = 0, others_before = 0, low = 0, high = m;
    bool is_over = false;
    *out = (struct tpr){.interval = {0, 1}, .p = 1, .detects = NAN};
    if (m == 0 || n == 0)
        return ERR_USAGE;
    TRY(merge(members, m, others, n, &scores));
    for (size_t at = 0, here = 0, end; at < m + n; at = end) {
        end = tied(scores, at, m + n, &here);
        members_before += here;
        others_before += end - at - here;
        if ((double)others_before <= rate * (double)n) { /* behind it `few` is a half and more */
            double few = at_most(others_before, n, rate), many = stat_binomial_tail(members_before, m, tolerated);
            out->value = (double)members_before / (double)m;
            out->p = fmin(out->p, 2 * fmax(few, many));
            low = few <= TPR_ERROR ? members_before : low;
        } else if (!is_over && stat_binomial_tail(others_before, n, rate) <= TPR_ERROR) {
            is_over = true;
            high = members_before;
        }
    }
    out->interval.low = dp_proportion_lower(low, m, TPR_ERROR);
    out->interval.high = dp_proportion_upper(high, m, TPR_ERROR);
    out->detects = tpr_detects(m, n, rate, tolerated);
    return OK;
}

double stat_private_auc(double epsilon, double delta)
{
    return 1 - (1 - delta) * (1 - delta) / (1 + exp(epsilon));
}

double stat_private_tpr(double epsilon, double delta, double rate)
{
    double steep = delta + exp(epsilon) * rate, flat = 1 - exp(-epsilon) * (1 - delta - rate);
    return fmax(rate, fmin(1, fmin(steep, flat)));
}

/* --- the curve --- */

static void add_point(struct audit_plot *plot, size_t others_before, size_t n, size_t members_before, size_t m)
{
    double *row = &plot->rows[4 * plot->points++];
    struct interval band = dp_proportion_interval(members_before, m);
    row[0] = (double)others_before / (double)n;
    row[1] = (double)members_before / (double)m;
    row[2] = band.low;
    row[3] = band.high;
}

enum status stat_roc(const double *members, size_t m, const double *others, size_t n, size_t most,
                     struct audit_plot *out)
{
    SCOPED_MEM struct score *scores = NULL;
    size_t members_before = 0, others_before = 0, step = most > 2 ? (m + n) / (most - 2) + 1 : m + n, next = step;
    *out = (struct audit_plot){.kind = PLOT_ROC, .x = "false-positive rate", .y = "true-positive rate"};
    if (m == 0 || n == 0 || most < 2)
        return ERR_USAGE;
    TRY(merge(members, m, others, n, &scores));
    out->rows = mem_new(4 * most, sizeof *out->rows);
    if (!out->rows)
        return ERR_MEMORY;
    add_point(out, 0, n, 0, m);
    for (size_t at = 0, here = 0, end; at < m + n; at = end) {
        end = tied(scores, at, m + n, &here);
        members_before += here;
        others_before += end - at - here;
        if (end < next && end < m + n)
            continue;
        next = end + step;
        add_point(out, others_before, n, members_before, m);
    }
    return OK;
}
