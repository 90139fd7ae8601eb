/* Which grid is a mechanism's. */
#include "dp/pld_noise.h"

#include <math.h>

#define MARGIN 0x1p-40

double pld_deviations(double tail)
{
    return sqrt(-2 * log(tail));
}

double pld_gaussian_above(double z)
{
    return 0.5 * erfc(z * M_SQRT1_2);
}

void pld_add_tails(struct pld_grid *grid, double bottom, double below, double beyond)
{
    if (grid->rounding == PLD_DOWN)
        return;
    pld_grid_add_loss(grid, bottom, below);
    grid->infinite += beyond * (1 + MARGIN);
}

static double real_ratio(struct dp_ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

static double epsilon_of(const struct dp_mechanism *mechanism)
{
    return (double)mechanism->epsilon.micro / DP_EPSILON_ONE;
}

static double sigma_of(const struct dp_mechanism *mechanism) /* in units of the sensitivity */
{
    return real_ratio(mechanism->sigma) / (double)mechanism->sensitivity;
}

static enum status grid_of(const struct dp_mechanism *m, enum pld_direction direction, enum pld_rounding rounding,
                           double width, double tail, struct pld_grid *out)
{
    switch (m->noise) {
    case DP_NOISE_PURE:
        return pld_grid_response(out, epsilon_of(m), 2, 1, rounding, width);
    case DP_NOISE_APPROXIMATE: {
        double delta = (double)m->delta / (double)DP_DELTA_ONE;
        TRY(pld_grid_response(out, epsilon_of(m), 2, 1 - delta, rounding, width));
        out->infinite += delta * (rounding == PLD_UP ? 1 + MARGIN : 1 - MARGIN);
        return OK;
    }
    case DP_NOISE_RESPONSE:
        return pld_grid_response(out, epsilon_of(m), (double)m->choices, 1, rounding, width);
    case DP_NOISE_LAPLACE:
        return pld_grid_laplace(out, epsilon_of(m), rounding, width);
    case DP_NOISE_GEOMETRIC:
        return pld_grid_geometric(out, epsilon_of(m), m->sensitivity, rounding, width);
    case DP_NOISE_GAUSSIAN:
        return pld_grid_gaussian(out, 1 / sigma_of(m), rounding, width, tail);
    case DP_NOISE_DISCRETE_GAUSSIAN:
        return pld_grid_discrete(out, real_ratio(m->sigma), (double)m->sensitivity, rounding, width, tail);
    case DP_NOISE_SAMPLED_GAUSSIAN:
        if (m->sampled.numerator == m->sampled.denominator)
            return pld_grid_gaussian(out, 1 / sigma_of(m), rounding, width, tail);
        return pld_grid_sampled(out, 1 / sigma_of(m), real_ratio(m->sampled), direction, rounding, width, tail);
    }
    return ERR_USAGE;
}

enum status pld_grid_of(const struct dp_mechanism *mechanism, enum pld_direction direction, enum pld_rounding rounding,
                        double width, double tail, struct pld_grid *out)
{
    *out = (struct pld_grid){0};
    enum status status = grid_of(mechanism, direction, rounding, width, tail, out);
    if (status == OK)
        pld_grid_trim(out);
    else
        pld_grid_free(out);
    return status;
}

double pld_scale(const struct dp_mechanism *mechanism)
{
    switch (mechanism->noise) {
    case DP_NOISE_PURE:
    case DP_NOISE_APPROXIMATE:
    case DP_NOISE_RESPONSE:
    case DP_NOISE_LAPLACE:
    case DP_NOISE_GEOMETRIC:
        return epsilon_of(mechanism);
    case DP_NOISE_GAUSSIAN:
    case DP_NOISE_DISCRETE_GAUSSIAN:
        return 1 / sigma_of(mechanism);
    case DP_NOISE_SAMPLED_GAUSSIAN:
        return real_ratio(mechanism->sampled) / sigma_of(mechanism);
    }
    return 1;
}
