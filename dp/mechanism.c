/* Kinds of noise as a table: the name of each, and which figures it has. */
#include "dp/mechanism.h"

#include <math.h>

enum figure { EPSILON = 1, DELTA = 2, CHOICES = 4, SENSITIVITY = 8, SIGMA = 16, SAMPLED = 32, SUPPORT = 64 };

static const struct {
    const char *name;
    unsigned figures;
} noises[DP_NOISES] = {
    [DP_NOISE_PURE] = {"pure", EPSILON},
    [DP_NOISE_APPROXIMATE] = {"approximate", EPSILON | DELTA},
    [DP_NOISE_RESPONSE] = {"response", EPSILON | CHOICES},
    [DP_NOISE_LAPLACE] = {"laplace", EPSILON},
    [DP_NOISE_GEOMETRIC] = {"geometric", EPSILON | SENSITIVITY | SUPPORT},
    [DP_NOISE_GAUSSIAN] = {"gaussian", SENSITIVITY | SIGMA},
    [DP_NOISE_DISCRETE_GAUSSIAN] = {"discrete-gaussian", SENSITIVITY | SIGMA | SUPPORT},
    [DP_NOISE_SAMPLED_GAUSSIAN] = {"sampled-gaussian", SENSITIVITY | SIGMA | SAMPLED},
};

const char *dp_noise_name(enum dp_noise noise)
{
    return noise < DP_NOISES ? noises[noise].name : "unknown";
}

enum status dp_noise_named(struct bytes name, enum dp_noise *out)
{
    *out = DP_NOISE_PURE;
    for (enum dp_noise noise = 0; noise < DP_NOISES; noise++)
        if (bytes_is(name, noises[noise].name)) {
            *out = noise;
            return OK;
        }
    return ERR_NOT_FOUND;
}

static enum status check_epsilon(struct dp_epsilon epsilon, struct why *why)
{
    if (epsilon.micro == 0)
        return why_set(why, ERR_USAGE, "epsilon is not above 0", "mechanism", 0);
    if (epsilon.micro > DP_MECHANISM_EPSILON_MOST)
        return why_set(why, ERR_TOO_LARGE, "epsilon is above 100", "mechanism", 0);
    return OK;
}

static bool is_probability(struct dp_ratio ratio)
{
    return ratio.numerator > 0 && ratio.numerator <= ratio.denominator;
}

static enum status check_sigma(uint64_t sensitivity, struct dp_ratio sigma, struct why *why)
{
    if (sigma.numerator == 0 || sigma.denominator == 0)
        return why_set(why, ERR_USAGE, "sigma is not above 0", "mechanism", 0);
    unsigned __int128 above = (unsigned __int128)sensitivity * sigma.denominator;
    if (above > (unsigned __int128)sigma.numerator * DP_MECHANISM_RATIO_MOST)
        return why_set(why, ERR_TOO_LARGE, "sigma is below a hundredth of the sensitivity", "mechanism", 0);
    if (above < sigma.numerator / DP_MECHANISM_INVERSE_MOST)
        return why_set(why, ERR_TOO_LARGE, "sigma is above 1e9 times the sensitivity", "mechanism", 0);
    return OK;
}

static bool is_enumerable(const struct dp_mechanism *mechanism, unsigned figures)
{
    return mechanism->sensitivity <= DP_MECHANISM_SUPPORT_MOST &&
           (!(figures & SIGMA) ||
            mechanism->sigma.numerator / mechanism->sigma.denominator < DP_MECHANISM_SUPPORT_MOST);
}

enum status dp_mechanism_check(const struct dp_mechanism *mechanism, struct why *why)
{
    if (mechanism->noise >= DP_NOISES)
        return why_set(why, ERR_USAGE, "unknown kind of noise", "mechanism", 0);
    unsigned figures = noises[mechanism->noise].figures;
    if (figures & EPSILON)
        TRY(check_epsilon(mechanism->epsilon, why));
    if ((figures & DELTA) && mechanism->delta >= DP_DELTA_ONE)
        return why_set(why, ERR_USAGE, "delta is not below 1", "mechanism", 0);
    if ((figures & CHOICES) && mechanism->choices < 2)
        return why_set(why, ERR_USAGE, "fewer than two answers", "mechanism", 0);
    if ((figures & SENSITIVITY) && mechanism->sensitivity == 0)
        return why_set(why, ERR_USAGE, "sensitivity is not above 0", "mechanism", 0);
    if (figures & SIGMA)
        TRY(check_sigma(mechanism->sensitivity, mechanism->sigma, why));
    if ((figures & SAMPLED) && !is_probability(mechanism->sampled))
        return why_set(why, ERR_USAGE, "the part that is sampled is not above 0 and at most 1", "mechanism", 0);
    if ((figures & SUPPORT) && !is_enumerable(mechanism, figures))
        return why_set(why, ERR_TOO_LARGE, "sensitivity or sigma is above 2^20", "mechanism", 0);
    return OK;
}

enum status dp_steps_check(const struct dp_step *steps, size_t count, struct why *why)
{
    if (count == 0)
        return why_set(why, ERR_USAGE, "no mechanism", "schedule", 0);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].times == 0)
            return why_set(why, ERR_USAGE, "a mechanism is used 0 times", "schedule", i);
        if (steps[i].times > DP_MECHANISM_TIMES_MOST)
            return why_set(why, ERR_TOO_LARGE, "a mechanism is used too often", "schedule", i);
        TRY(dp_mechanism_check(&steps[i].mechanism, why));
    }
    return OK;
}

/* Both terms are good to a few 2^-52 of x, and what is left where they cancel is smaller: the margin is one of x. */
static struct dp_zcdp laplace_zcdp(struct dp_epsilon epsilon)
{
    struct dp_zcdp pure = dp_zcdp_of_pure(epsilon);
    double x = (double)epsilon.micro / DP_EPSILON_ONE;
    double rho = ceil((expm1(-x) + x + x * 0x1p-48) * (double)DP_RHO_ONE);
    return (struct dp_zcdp){rho < (double)pure.rho ? (uint64_t)rho : pure.rho, 0};
}

struct dp_zcdp dp_mechanism_zcdp(const struct dp_mechanism *mechanism)
{
    switch (mechanism->noise) {
    case DP_NOISE_PURE:
    case DP_NOISE_RESPONSE:
    case DP_NOISE_GEOMETRIC:
        return dp_zcdp_of_pure(mechanism->epsilon);
    case DP_NOISE_APPROXIMATE:
        return dp_zcdp_of_approximate(mechanism->epsilon, mechanism->delta);
    case DP_NOISE_LAPLACE:
        return laplace_zcdp(mechanism->epsilon);
    case DP_NOISE_GAUSSIAN:
    case DP_NOISE_DISCRETE_GAUSSIAN:
    case DP_NOISE_SAMPLED_GAUSSIAN:
        return dp_zcdp_of_gaussian(mechanism->sensitivity, mechanism->sigma);
    }
    return (struct dp_zcdp){UINT64_MAX, UINT64_MAX};
}

struct dp_zcdp dp_steps_zcdp(const struct dp_step *steps, size_t count)
{
    struct dp_zcdp sum = {0};
    for (size_t i = 0; i < count; i++)
        sum = dp_zcdp_add(sum, dp_zcdp_times(dp_mechanism_zcdp(&steps[i].mechanism), steps[i].times));
    return sum;
}
