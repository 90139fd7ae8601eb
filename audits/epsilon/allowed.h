/* What a round of mode `dp` allows whoever tells federations apart, in the metrics of the attacks.
 *
 * The mechanism is Gaussian (insight/release_private.h), so that its bound is the Gaussian trade-off which has just the
 * stated (ε, δ): a shift by mu standard deviations (Dong, Roth, Su 2022, "Gaussian Differential Privacy", corollary 1),
 * and δ for statements of one tenant alone. It is far under what (ε, δ) by itself would allow. Tenants act on a round's
 * sums by what they add, which is never less than nothing:
 *   the same way   g tenants more or less: at most g mu (theorem 4: group privacy)
 *   apart          one tenant comes and another goes, or says one thing for another: at most sqrt(2) mu
 *   rounds         each drawn anew: sqrt(rounds) times as much (corollary 2: composition) */
#pragma once

#include "insight/release_private.h"

struct allowed {
    double shift, delta;
};
struct allowed allowed_same(const struct private_terms *terms, size_t tenants, size_t rounds);
struct allowed allowed_apart(const struct private_terms *terms, size_t rounds);

double allowed_rate(struct allowed allowed, double rate); /* the largest true-positive rate at a false-positive rate */
double allowed_choice(struct allowed allowed);            /* right ones of a balanced choice of two */
double allowed_area(struct allowed allowed);              /* the largest area under a ROC */
/* The largest risk (audits/statistics/risk.h) where the same attack succeeds on the held-out at a rate. */
double allowed_risk(struct allowed allowed, double held_out);
/* That a statement which those tenants alone say is released: one alone has δ, each other one a shift more. */
double allowed_alone(const struct private_terms *terms, size_t tenants);
