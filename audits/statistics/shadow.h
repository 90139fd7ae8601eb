/* Scores of membership from shadow worlds. For a target and a signal, shadow worlds with the target and without it say
 * how the signal is distributed on both sides; a score says how much more likely a new value is with than without.
 *
 * LiRA: Carlini et al. 2022 (arXiv 2112.03570), online form, section IV. RMIA: Zarifzadeh et al. 2024 (arXiv
 * 2312.03262), equation 3. BaVarIA: Brännvall 2026 (arXiv 2603.11799): normal-inverse-gamma priors, Student's t as the
 * predictive; the weights of the prior are ours and stand below. Pure arithmetic. */
#pragma once

#include "base/status.h"

#include <stddef.h>

/* Of the values of one side, as they come; sums are about the first of them, so that a level far from 0 costs nothing.
 */
struct shadow_moments {
    size_t count;
    double first, sum, squares;
};
static inline void shadow_add(struct shadow_moments *moments, double value)
{
    if (moments->count++ == 0)
        moments->first = value;
    double apart = value - moments->first;
    moments->sum += apart;
    moments->squares += apart * apart;
}
double shadow_mean(const struct shadow_moments *moments);   /* 0 where there is none */
double shadow_spread(const struct shadow_moments *moments); /* sum of squares about the mean */

/* Of one target and one signal. */
struct shadow {
    struct shadow_moments sides[2]; /* without, with */
};
/* What all targets of a signal share, for targets with few shadow worlds. */
struct shadow_pool {
    struct {
        double mean, variance; /* grand mean; variance within targets */
    } sides[2];
};
void shadow_pool(const struct shadow *shadows, size_t count, struct shadow_pool *out);

#define SHADOW_OWN_LEAST 64        /* LiRA: shadow worlds a side from which a target's own variance is used */
#define SHADOW_VARIANCE_LEAST 1e-6 /* signals are at most a few units wide: keeps a side that never varies finite */
#define SHADOW_PRIOR_WEIGHT 1.0    /* BaVarIA: the prior's mean counts as so many worlds */
#define SHADOW_PRIOR_SHAPE 2.0     /* and its variance as twice so many */

/* log N(x; with) - log N(x; without). 0 when a side of the target was never seen. */
double shadow_lira(const struct shadow *shadow, const struct shadow_pool *pool, double x);
/* log t(x; with) - log t(x; without), of the posterior predictives. */
double shadow_bavaria(const struct shadow *shadow, const struct shadow_pool *pool, double x);
/* Share of the other targets z with (p(x) / mean p(x)) / (p(z) / mean p(z)) > 1, plus half of those with equality,
 * where p are the targets' signals in this world and means are over both sides of the shadow worlds. */
double shadow_rmia(const struct shadow *shadows, const double *signals, size_t stride, size_t count, size_t target);
/* log density at x of Student's t with `freedom` degrees, location and scale. */
double shadow_log_t(double x, double freedom, double location, double scale);
