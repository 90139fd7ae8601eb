/* Rényi divergences. Hides the margins: of each result 2^-40 of the largest term in it is added, where a term is good
 * to a few 2^-52, and 2^-46 for what lgamma gives. */
#include "dp/rdp.h"

#include <math.h>

#define MARGIN 0x1p-40

/* By quarters to 10, by one to 64, then by a fifth or so to 1024: beyond that only an ε under a hundredth gains. */
double dp_rdp_order(size_t i)
{
    static const double beyond[] = {72, 80, 96, 112, 128, 160, 192, 256, 320, 384, 512, 768, 1024};
    if (i < 36)
        return 1.25 + 0.25 * (double)i;
    return i < 90 ? (double)(i - 25) : beyond[i - 90];
}

static double epsilon_of(const struct dp_mechanism *mechanism)
{
    return (double)mechanism->epsilon.micro / DP_EPSILON_ONE;
}

/* --- divergences of order a > 1 --- */

static double gaussian(const struct dp_mechanism *m, double a)
{
    double ratio = (double)m->sensitivity * (double)m->sigma.denominator / (double)m->sigma.numerator;
    return a * ratio * ratio / 2 * (1 + MARGIN);
}

/* Randomised response among k: log(q (e^(a ε) + e^((1 - a) ε) + k - 2)) / (a - 1) with q = 1 / (e^ε + k - 1). At most a
 * ε tanh(ε / 2), which is exact where ε is small and the logarithms cancel, and ε. */
static double response(double epsilon, double choices, double a)
{
    double answers = log1p(exp((1 - 2 * a) * epsilon) + (choices - 2) * exp(-a * epsilon));
    double all = log1p((choices - 1) * exp(-epsilon));
    double exact = ((a - 1) * epsilon + answers - all + (a * epsilon + answers + all) * MARGIN) / (a - 1);
    return fmin(fmin(exact, a * epsilon * tanh(epsilon / 2) * (1 + MARGIN)), epsilon);
}

/* log(a / (2a - 1) e^((a - 1) ε) + (a - 1) / (2a - 1) e^(-a ε)) / (a - 1), of which the first term is the larger. */
static double laplace(const struct dp_mechanism *m, double a)
{
    double epsilon = epsilon_of(m), rest = log1p((a - 1) / a * exp((1 - 2 * a) * epsilon)), part = log(a / (2 * a - 1));
    double exact = ((a - 1) * epsilon + part + rest + (a * epsilon + rest - part) * MARGIN) / (a - 1);
    double rho = (double)dp_mechanism_zcdp(m).rho / (double)DP_RHO_ONE;
    return fmin(fmin(exact, a * rho * (1 + MARGIN)), epsilon);
}

/* log of sum over k of C(a, k) (1 - q)^(a - k) q^k e^(k (k - 1) / (2 sigma²)), a an integer, over a - 1. */
static double sampled(const struct dp_mechanism *m, double order)
{
    double a = ceil(order), q = (double)m->sampled.numerator / (double)m->sampled.denominator;
    double ratio = gaussian(m, 1); /* 1 / (2 sigma²) */
    double log_q = log(q), log_rest = log1p(-q), most = 0, sum = 0, terms[1025];
    if (m->sampled.numerator == m->sampled.denominator)
        return gaussian(m, order);
    size_t count = (size_t)a + 1;
    for (size_t i = 0; i < count; i++) {
        double k = (double)i;
        double choose = lgamma(a + 1) - lgamma(k + 1) - lgamma(a - k + 1);
        terms[i] = choose + (a - k) * log_rest + k * log_q + k * (k - 1) * ratio;
        most = fmax(most, terms[i]);
    }
    for (size_t i = 0; i < count; i++)
        sum += exp(terms[i] - most);
    double doubt = (most + 2 * lgamma(a + 1) - a * (log_q + log_rest)) * 0x1p-46;
    return fmin((most + log(sum) + doubt) / (a - 1), gaussian(m, order));
}

static double divergence(const struct dp_mechanism *m, double a)
{
    switch (m->noise) {
    case DP_NOISE_PURE:
    case DP_NOISE_APPROXIMATE:
    case DP_NOISE_GEOMETRIC:
        return response(epsilon_of(m), 2, a);
    case DP_NOISE_RESPONSE:
        return response(epsilon_of(m), (double)m->choices, a);
    case DP_NOISE_LAPLACE:
        return laplace(m, a);
    case DP_NOISE_GAUSSIAN:
    case DP_NOISE_DISCRETE_GAUSSIAN:
        return gaussian(m, a);
    case DP_NOISE_SAMPLED_GAUSSIAN:
        return sampled(m, a);
    }
    return INFINITY;
}

void dp_rdp_of(const struct dp_mechanism *mechanism, struct dp_rdp *out)
{
    *out = (struct dp_rdp){.delta = 0};
    for (size_t i = 0; i < DP_RDP_ORDERS; i++)
        out->divergence[i] = divergence(mechanism, dp_rdp_order(i));
    if (mechanism->noise == DP_NOISE_APPROXIMATE)
        out->delta = (double)mechanism->delta / (double)DP_DELTA_ONE * (1 + MARGIN);
}

void dp_rdp_add(struct dp_rdp *sum, const struct dp_rdp *one, uint64_t times)
{
    double n = (double)times * (1 + 0x1p-50);
    for (size_t i = 0; i < DP_RDP_ORDERS; i++)
        sum->divergence[i] = (sum->divergence[i] + n * one->divergence[i]) * (1 + 0x1p-50);
    sum->delta = (sum->delta + n * one->delta) * (1 + 0x1p-50);
}

enum status dp_rdp_epsilon(const struct dp_rdp *loss, uint64_t delta, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    if (delta == 0 || delta >= DP_DELTA_ONE)
        return ERR_USAGE;
    double left = ((double)delta / (double)DP_DELTA_ONE - loss->delta) * (1 - MARGIN), best = INFINITY;
    if (!(left > 0))
        return ERR_POLICY;
    for (size_t i = 0; i < DP_RDP_ORDERS; i++) {
        double a = dp_rdp_order(i), d = loss->divergence[i], target = -log(left) / (a - 1);
        double order = log(a) / (a - 1), rest = -log1p(-1 / a);
        best = fmin(best, d + target - order - rest + (d + target + order + rest) * MARGIN);
    }
    double micro = ceil(fmax(best, 0) * DP_EPSILON_ONE * (1 + MARGIN));
    if (!(micro < 0x1p63))
        return ERR_TOO_LARGE;
    out->micro = (uint64_t)micro;
    return OK;
}

enum status dp_rdp_steps_epsilon(const struct dp_step *steps, size_t count, uint64_t delta, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    TRY(dp_steps_check(steps, count, NULL));
    struct dp_rdp sum = {.delta = 0}, one;
    for (size_t i = 0; i < count; i++) {
        dp_rdp_of(&steps[i].mechanism, &one);
        dp_rdp_add(&sum, &one, steps[i].times);
    }
    return dp_rdp_epsilon(&sum, delta, out);
}
