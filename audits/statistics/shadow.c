/* Likelihood ratios from shadow worlds. Hides where a target's own variance is taken and where the pool's. */
#include "audits/statistics/shadow.h"

#include <math.h>

#define LOG_2PI 1.8378770664093453
#define RMIA_OFFSET 0.01 /* ratios of signals that can be 0 */

double shadow_mean(const struct shadow_moments *moments)
{
    return moments->count ? moments->first + moments->sum / (double)moments->count : 0;
}

double shadow_spread(const struct shadow_moments *moments)
{
    if (moments->count == 0)
        return 0;
    double spread = moments->squares - moments->sum * moments->sum / (double)moments->count;
    return spread > 0 ? spread : 0; /* rounding of values that are all alike */
}

static double at_least(double variance)
{
    return variance > SHADOW_VARIANCE_LEAST ? variance : SHADOW_VARIANCE_LEAST;
}

void shadow_pool(const struct shadow *shadows, size_t count, struct shadow_pool *out)
{
    *out = (struct shadow_pool){0};
    for (int side = 0; side < 2; side++) {
        double sum = 0, squares = 0, freedom = 0;
        size_t all = 0;
        for (size_t i = 0; i < count; i++) {
            const struct shadow_moments *moments = &shadows[i].sides[side];
            sum += shadow_mean(moments) * (double)moments->count;
            all += moments->count;
            squares += shadow_spread(moments);
            freedom += moments->count > 1 ? (double)moments->count - 1 : 0;
        }
        out->sides[side].mean = all ? sum / (double)all : 0;
        out->sides[side].variance = at_least(freedom > 0 ? squares / freedom : 0);
    }
}

/* --- LiRA --- */

static double log_normal(double x, double mean, double variance)
{
    return -.5 * (LOG_2PI + log(variance) + (x - mean) * (x - mean) / variance);
}

static double own_variance(const struct shadow_moments *moments, double pooled)
{
    return moments->count < SHADOW_OWN_LEAST ? pooled : at_least(shadow_spread(moments) / (double)(moments->count - 1));
}

double shadow_lira(const struct shadow *shadow, const struct shadow_pool *pool, double x)
{
    double logs[2];
    for (int side = 0; side < 2; side++) {
        const struct shadow_moments *moments = &shadow->sides[side];
        if (moments->count == 0)
            return 0;
        logs[side] = log_normal(x, shadow_mean(moments), own_variance(moments, pool->sides[side].variance));
    }
    return logs[1] - logs[0];
}

/* --- BaVarIA --- */

double shadow_log_t(double x, double freedom, double location, double scale)
{
    double z = (x - location) / scale;
    return lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - .5 * log(freedom * M_PI) - log(scale) -
           (freedom + 1) / 2 * log1p(z * z / freedom);
}

/* The normal-inverse-gamma posterior's predictive: Student's t (Murphy 2007, equations 86 to 89 and 110). The prior has
 * the pool's mean, and the pool's variance as the mean of its variance. */
static double log_predictive(const struct shadow_moments *moments, double mean, double variance, double x)
{
    double n = (double)moments->count, own = shadow_mean(moments), apart = own - mean;
    double weight = SHADOW_PRIOR_WEIGHT + n, shape = SHADOW_PRIOR_SHAPE + n / 2;
    double location = (SHADOW_PRIOR_WEIGHT * mean + n * own) / weight;
    double rate = (SHADOW_PRIOR_SHAPE - 1) * variance + shadow_spread(moments) / 2 +
                  SHADOW_PRIOR_WEIGHT * n * apart * apart / (2 * weight);
    return shadow_log_t(x, 2 * shape, location, sqrt(rate * (weight + 1) / (shape * weight)));
}

double shadow_bavaria(const struct shadow *shadow, const struct shadow_pool *pool, double x)
{
    double logs[2];
    for (int side = 0; side < 2; side++)
        logs[side] = log_predictive(&shadow->sides[side], pool->sides[side].mean, pool->sides[side].variance, x);
    return logs[1] - logs[0];
}

/* --- RMIA --- */

static double ratio_of(const struct shadow *shadow, double signal)
{
    double mean = (shadow_mean(&shadow->sides[0]) + shadow_mean(&shadow->sides[1])) / 2;
    return (signal + RMIA_OFFSET) / (mean + RMIA_OFFSET);
}

double shadow_rmia(const struct shadow *shadows, const double *signals, size_t stride, size_t count, size_t target)
{
    double mine = ratio_of(&shadows[target], signals[target * stride]), above = 0;
    for (size_t z = 0; z < count; z++) {
        double other = ratio_of(&shadows[z], signals[z * stride]);
        if (z != target)
            above += mine > other ? 1 : mine == other ? .5 : 0;
    }
    return count > 1 ? above / (double)(count - 1) : 0;
}
