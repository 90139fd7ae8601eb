/* Grids of each kind of noise: dp/pld_noise.c's parts. Empty grids are filled; to be freed on failure too. */
#pragma once

#include "dp/pld_inside.h"

#define PLD_BELOW 1e-20 /* losses whose mass is less are moved up to where this begins */

/* How far from its mean, in standard deviations, a Gaussian lies with probability at most `tail` / 2 (Chernoff). */
double pld_deviations(double tail);
double pld_gaussian_above(double z); /* P(a standard Gaussian > z) */
/* What is below the first loss, and what is above the last. */
void pld_add_tails(struct pld_grid *grid, double bottom, double below, double beyond);

/* mu = sensitivity / sigma; q: the part that is sampled, below 1 */
enum status pld_grid_gaussian(struct pld_grid *grid, double mu, enum pld_rounding rounding, double width, double tail);
enum status pld_grid_laplace(struct pld_grid *grid, double epsilon, enum pld_rounding rounding, double width);
enum status pld_grid_sampled(struct pld_grid *grid, double mu, double q, enum pld_direction direction,
                             enum pld_rounding rounding, double width, double tail);

/* Among `choices`, `sure` of it: with the rest of probability nothing is claimed. */
enum status pld_grid_response(struct pld_grid *grid, double epsilon, double choices, double sure,
                              enum pld_rounding rounding, double width);
enum status pld_grid_geometric(struct pld_grid *grid, double epsilon, uint64_t sensitivity, enum pld_rounding rounding,
                               double width);
enum status pld_grid_discrete(struct pld_grid *grid, double sigma, double sensitivity, enum pld_rounding rounding,
                              double width, double tail);
