/* Discrete noise: an atom for each output that has a loss of its own. */
#include "dp/pld_noise.h"

#include <math.h>

/* ε with probability e^ε / (e^ε + k - 1), -ε with the least, nothing otherwise; `sure` of it, the rest shows all. */
enum status pld_grid_response(struct pld_grid *grid, double epsilon, double choices, double sure,
                              enum pld_rounding rounding, double width)
{
    TRY(pld_grid_init(grid, width, rounding, -epsilon, epsilon));
    double lie = exp(-epsilon) / (1 + (choices - 1) * exp(-epsilon));
    pld_grid_add_loss(grid, epsilon, sure / (1 + (choices - 1) * exp(-epsilon)));
    pld_grid_add_loss(grid, -epsilon, sure * lie);
    if (choices > 2)
        pld_grid_add_loss(grid, 0, sure * lie * (choices - 2));
    return OK;
}

enum status pld_grid_geometric(struct pld_grid *grid, double epsilon, uint64_t sensitivity, enum pld_rounding rounding,
                               double width)
{
    double rate = epsilon / (double)sensitivity, r = exp(-rate);
    TRY(pld_grid_init(grid, width, rounding, -epsilon, epsilon));
    pld_grid_add_loss(grid, epsilon, 1 / (1 + r));
    pld_grid_add_loss(grid, -epsilon, exp(-epsilon) / (1 + r));
    for (uint64_t x = 1; x < sensitivity; x++)
        pld_grid_add_loss(grid, epsilon - 2 * rate * (double)x, -expm1(-rate) / (1 + r) * exp(-rate * (double)x));
    return OK;
}

/* The tail of the discrete Gaussian is at most that of the continuous one (Canonne, Kamath, Steinke 2020, proposition
 * 25). */
enum status pld_grid_discrete(struct pld_grid *grid, double sigma, double sensitivity, enum pld_rounding rounding,
                              double width, double tail)
{
    double mu = sensitivity / sigma, up = ceil(pld_deviations(tail) * sigma) + 1,
           down = ceil(pld_deviations(PLD_BELOW) * sigma) + 1;
    double scale = sensitivity / (sigma * sigma), sum = 0;
    TRY(pld_grid_init(grid, width, rounding, mu * mu / 2 - down * scale, mu * mu / 2 + up * scale));
    for (int64_t x = (int64_t)fmax(up, down); x >= 1; x--) /* from the least up */
        sum += 2 * exp(-(double)x * (double)x / (2 * sigma * sigma));
    sum += 1;
    for (int64_t x = -(int64_t)up; x <= (int64_t)down; x++)
        pld_grid_add_loss(grid, mu * mu / 2 - (double)x * scale,
                          exp(-(double)x * (double)x / (2 * sigma * sigma)) / sum);
    pld_add_tails(grid, mu * mu / 2 - down * scale, pld_gaussian_above(down / sigma), pld_gaussian_above(up / sigma));
    return OK;
}
