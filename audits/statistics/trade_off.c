/* Trade-off functions. Hides the closed forms and how pairs are got of a schedule. */
#include "audits/statistics/trade_off.h"

#include <math.h>

#include "audits/statistics/statistics.h"
#include "dp/pld.h"

#define MU_MOST 64
#define STEPS 100
#define DELTA_LEAST (DP_DELTA_ONE / 1000000000000u) /* pairs go down to a δ of 1e-12 */

/* --- what is known in closed form --- */

struct trade_off trade_off_gaussian(double mu)
{
    return (struct trade_off){.kind = TRADE_OFF_GAUSSIAN, .scale = mu};
}

struct trade_off trade_off_laplace(double epsilon)
{
    return (struct trade_off){.kind = TRADE_OFF_LAPLACE, .scale = epsilon};
}

struct trade_off trade_off_of_pair(double epsilon, double delta)
{
    return (struct trade_off){.kind = TRADE_OFF_PAIRS, .count = 1, .pairs = {{epsilon, delta}}};
}

/* The product of exp(ε) and a tail is taken before either leaves the range of a double. */
static double gaussian_delta(double mu, double epsilon)
{
    double tail = stat_normal_upper(mu / 2 + epsilon / mu);
    double scaled = tail > 0 ? exp(epsilon + log(tail)) : 0;
    return stat_normal_upper(epsilon / mu - mu / 2) - scaled;
}

double gaussian_epsilon(double mu, double delta)
{
    double low = 0, high = 1;
    if (!(mu > 0) || gaussian_delta(mu, 0) <= delta)
        return 0;
    while (gaussian_delta(mu, high) > delta)
        high *= 2;
    for (int step = 0; step < STEPS; step++) {
        double middle = (low + high) / 2;
        *(gaussian_delta(mu, middle) > delta ? &low : &high) = middle;
    }
    return low;
}

double gaussian_mu(double epsilon, double delta)
{
    double low = 0, high = MU_MOST;
    for (int step = 0; step < STEPS; step++) {
        double middle = (low + high) / 2;
        *(gaussian_delta(middle, epsilon) < delta ? &low : &high) = middle;
    }
    return low;
}

double laplace_epsilon(double scale, double delta)
{
    return fmax(scale + 2 * log1p(-delta), 0);
}

/* --- any schedule --- */

static double real(struct dp_epsilon epsilon)
{
    return (double)epsilon.micro / DP_EPSILON_ONE;
}

/* Whether one release of the mechanism is known in closed form, and then which. */
static bool is_closed(const struct dp_mechanism *mechanism, struct trade_off *out)
{
    switch (mechanism->noise) {
    case DP_NOISE_PURE:
        *out = trade_off_of_pair(real(mechanism->epsilon), 0);
        return true;
    case DP_NOISE_APPROXIMATE:
        *out = trade_off_of_pair(real(mechanism->epsilon), (double)mechanism->delta / (double)DP_DELTA_ONE);
        return true;
    case DP_NOISE_LAPLACE:
        *out = trade_off_laplace(real(mechanism->epsilon));
        return true;
    case DP_NOISE_GAUSSIAN:
        *out = trade_off_gaussian((double)mechanism->sensitivity * (double)mechanism->sigma.denominator /
                                  (double)mechanism->sigma.numerator);
        return true;
    case DP_NOISE_RESPONSE:
    case DP_NOISE_GEOMETRIC:
    case DP_NOISE_DISCRETE_GAUSSIAN:
    case DP_NOISE_SAMPLED_GAUSSIAN:
        break;
    }
    return false;
}

static enum status collect_pairs(const struct dp_step *steps, size_t count, struct trade_off *out)
{
    struct dp_epsilon most;
    TRY(dp_pld_epsilon(steps, count, DELTA_LEAST, &most));
    for (size_t i = 0; i < TRADE_OFF_PAIRS_MOST; i++) {
        struct dp_epsilon epsilon = {most.micro / (TRADE_OFF_PAIRS_MOST - 1) * i};
        uint64_t delta;
        TRY(dp_pld_delta(steps, count, epsilon, &delta));
        out->pairs[i] = (struct trade_off_pair){real(epsilon), (double)delta / (double)DP_DELTA_ONE};
        out->count++;
    }
    return OK;
}

enum status trade_off_of(const struct dp_step *steps, size_t count, struct trade_off *out)
{
    *out = (struct trade_off){.kind = TRADE_OFF_PAIRS};
    TRY(dp_steps_check(steps, count, NULL));
    if (count == 1 && steps[0].times == 1 && is_closed(&steps[0].mechanism, out))
        return OK;
    enum status status = collect_pairs(steps, count, out);
    if (status != OK)
        *out = (struct trade_off){.kind = TRADE_OFF_PAIRS};
    return status;
}

/* --- f, at a false-negative rate --- */

static double laplace_at(double epsilon, double miss)
{
    if (miss >= .5)
        return exp(-epsilon) * (1 - miss);
    if (miss >= exp(-epsilon) / 2)
        return exp(-epsilon) / (4 * miss);
    return 1 - exp(epsilon) * miss;
}

static double pairs_at(const struct trade_off *hypothesis, double miss)
{
    double least = 0;
    for (size_t i = 0; i < hypothesis->count; i++) {
        double epsilon = hypothesis->pairs[i].epsilon, rest = 1 - hypothesis->pairs[i].delta;
        double steep = rest - exp(epsilon) * miss, flat = exp(-epsilon) * (rest - miss);
        least = fmax(least, fmax(steep, flat));
    }
    return least;
}

double trade_off_rate(const struct trade_off *hypothesis, double power)
{
    if (power <= 0)
        return 0;
    switch (hypothesis->kind) {
    case TRADE_OFF_GAUSSIAN:
        if (power >= 1)
            return 1;
        return stat_normal_upper(hypothesis->scale - stat_normal_quantile(power));
    case TRADE_OFF_LAPLACE:
        return laplace_at(hypothesis->scale, fmax(1 - power, 0));
    case TRADE_OFF_PAIRS:
        break;
    }
    return pairs_at(hypothesis, fmax(1 - power, 0));
}
