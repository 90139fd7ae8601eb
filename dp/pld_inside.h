/* Privacy loss distributions from the inside: dp/pld.c and its tests.
 *
 * The privacy loss of an output y is log(P(y) / Q(y)), y drawn from P, the output's distribution for one of two
 * neighbouring inputs. A grid holds masses on the multiples of its width, and one at infinity. Rounded UP it dominates
 * the mechanism: its δ(ε) = infinite + sum of mass (1 - exp(ε - loss)) over losses above ε is at least the mechanism's
 * for each ε. For that each atom between two grid points is shared among them so that both P and Q keep their mass
 * ("connect the dots", Doroshenko, Ghazi, Kamath, Kumar, Manurangsi 2022), and every mass is rounded up. Rounded DOWN
 * atoms go to the point below: a lower bound. */
#pragma once

#include "dp/fft.h"
#include "dp/mechanism.h"

enum pld_rounding { PLD_UP, PLD_DOWN };
/* Whose outputs are P: those with the unit, or those without it. Only the sampled Gaussian tells them apart. */
enum pld_direction { PLD_REMOVE, PLD_ADD };

struct pld_grid {
    double width;
    enum pld_rounding rounding;
    int64_t low; /* mass[i] is at (low + i) * width */
    size_t count;
    double *mass;
    double infinite;
};

#define PLD_CELLS_MOST (UINT64_C(1) << 21)

/* An empty grid for losses from `from` to `to`. ERR_TOO_LARGE: more than PLD_CELLS_MOST; ERR_MEMORY. */
MUST_USE enum status pld_grid_init(struct pld_grid *grid, double width, enum pld_rounding rounding, double from,
                                   double to);
void pld_grid_free(struct pld_grid *grid);
/* A mass at the `offset` (0 to width) above point `index`, or at a loss. Losses within from..to of the grid. */
void pld_grid_add(struct pld_grid *grid, int64_t index, double offset, double mass);
void pld_grid_add_loss(struct pld_grid *grid, double loss, double mass);
void pld_grid_trim(struct pld_grid *grid); /* empty cells at the ends go */
double pld_grid_point(const struct pld_grid *grid, size_t i);
/* log of the sum of mass * exp(order * loss), good to 2^-36 of 1 + |order * loss|. */
double pld_grid_log_moment(const struct pld_grid *grid, double order);
double pld_grid_variance(const struct pld_grid *grid);

/* The grid of a mechanism that dp_mechanism_check passes; what is above a loss that P exceeds with probability `tail`
 * is counted as infinite (rounded UP). ERR_TOO_LARGE: too many cells for this width; ERR_MEMORY. */
MUST_USE enum status pld_grid_of(const struct dp_mechanism *mechanism, enum pld_direction direction,
                                 enum pld_rounding rounding, double width, double tail, struct pld_grid *out);
/* Roughly the standard deviation of one loss: for choosing a width. */
double pld_scale(const struct dp_mechanism *mechanism);

/* --- composition --- */

/* So many times this grid; all grids of a sum have one width and rounding. */
struct pld_term {
    struct pld_grid grid;
    uint64_t times;
};

/* ε at δ, or δ at ε, of all terms together, rounded as the grids are. *cells, where it isn't NULL: the size of the
 * transform. ERR_POLICY: the infinite mass alone is delta or more. ERR_TOO_LARGE: over DP_FFT_SIZE_MOST; ERR_MEMORY. */
MUST_USE enum status pld_epsilon_at(const struct pld_term *terms, size_t count, double delta, double *epsilon,
                                    size_t *cells);
MUST_USE enum status pld_delta_at(const struct pld_term *terms, size_t count, double epsilon, double *delta,
                                  size_t *cells);
