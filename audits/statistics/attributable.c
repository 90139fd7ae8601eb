/* Hides the hypergeometric sums. */
#include "audits/statistics/attributable.h"

#include <math.h>

#define SIDE .025

static double log_choose(size_t n, size_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

/* P(X = x): of `in` drawn from `all`, x among the `hits`. */
static double mass(size_t x, size_t hits, size_t in, size_t all)
{
    if (x > hits || x > in || in - x > all - hits)
        return 0;
    return exp(log_choose(hits, x) + log_choose(all - hits, in - x) - log_choose(all, in));
}

static double at_least(size_t x, size_t hits, size_t in, size_t all)
{
    double sum = 0;
    for (; x <= hits && x <= in; x++)
        sum += mass(x, hits, in, all);
    return fmin(1, sum);
}

static double at_most(size_t x, size_t hits, size_t in, size_t all)
{
    double sum = 0;
    for (size_t i = 0; i <= x; i++)
        sum += mass(i, hits, in, all);
    return fmin(1, sum);
}

double stat_attributable_p(size_t in_hits, size_t in, size_t out_hits, size_t out, size_t effect)
{
    return effect > in_hits ? 1 : at_least(in_hits - effect, in_hits - effect + out_hits, in, in + out);
}

struct attributable stat_attributable(size_t in_hits, size_t in, size_t out_hits, size_t out)
{
    struct attributable found = {0, in_hits};
    while (found.low < in_hits && stat_attributable_p(in_hits, in, out_hits, out, found.low) <= SIDE)
        found.low++;
    while (found.high > found.low &&
           at_most(in_hits - found.high, in_hits - found.high + out_hits, in, in + out) <= SIDE)
        found.high--;
    return found;
}
