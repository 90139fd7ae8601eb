/* Hypotheses about a mechanism, as trade-off functions: how well two neighbouring inputs can be told apart at best.
 *
 * A test of "the unit is in" against "it is out" has a false-positive rate and a power. f(a) is the least rate of false
 * negatives at a false-positive rate a; a mechanism is f-DP if no test on its outputs is under f (Dong, Roth, Su 2022,
 * "Gaussian Differential Privacy"). Here f is symmetric: it holds for both directions of the adjacency.
 *
 * Known in closed form, from the same paper: one release with Gaussian or with Laplace noise, and an (ε, δ). Any other
 * schedule of dp/mechanism.h comes by its (ε, δ) pairs from dp/pld.h: f is then the largest function that all of them
 * allow, which is at or under the true one, so that whoever refutes it has refuted the schedule. */
#pragma once

#include "dp/mechanism.h"

enum trade_off_kind { TRADE_OFF_GAUSSIAN, TRADE_OFF_LAPLACE, TRADE_OFF_PAIRS };

#define TRADE_OFF_PAIRS_MOST 65
struct trade_off_pair {
    double epsilon, delta;
};
struct trade_off {
    enum trade_off_kind kind;
    double scale; /* Gaussian: sensitivity / sigma; Laplace: ε */
    size_t count;
    struct trade_off_pair pairs[TRADE_OFF_PAIRS_MOST]; /* of TRADE_OFF_PAIRS */
};

struct trade_off trade_off_gaussian(double mu);
struct trade_off trade_off_laplace(double epsilon);
/* One (ε, δ), and nothing more known. */
struct trade_off trade_off_of_pair(double epsilon, double delta);
/* Of a schedule; one release of Gaussian or Laplace noise or of a plain (ε, δ) in closed form. Errors as dp_pld_delta.
 */
MUST_USE enum status trade_off_of(const struct dp_step *steps, size_t count, struct trade_off *out);

/* The least false-positive rate at which a test can have this power (0..1): f's inverse at 1 - power. */
double trade_off_rate(const struct trade_off *hypothesis, double power);

/* The closed forms, of one release. ε at a δ in (0, 1), and the other way round: Balle, Wang 2018, theorem 8 for
 * Gaussian noise; for Laplace noise of rate `scale`, δ(ε) = 1 - exp((ε - scale) / 2). */
double gaussian_epsilon(double mu, double delta);
double gaussian_mu(double epsilon, double delta);
double laplace_epsilon(double scale, double delta);
