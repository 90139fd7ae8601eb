/* Approximate zero-concentrated differential privacy: the loss that the ledger adds up.
 *
 * A mechanism is δ-approximately ρ-zCDP if for neighbouring inputs there are events of probability at least 1 - δ on
 * which the outputs' Rényi divergence of every order α > 1 is at most ρ α, in both directions (Bun, Steinke 2016,
 * definition 8.1). Losses of one unit (trace or tenant) under one adjacency add up, of mechanisms chosen adaptively too
 * (lemma 8.2), and a fixed cap on the sum is a valid filter when the losses themselves are chosen adaptively
 * (Whitehouse, Ramdas, Rogers, Wu 2023). Unit and adjacency are the caller's.
 *
 * Every result is rounded up: what is written down is never less than what was spent. Sums saturate; a part that is
 * UINT64_MAX stands for no guarantee at all and fits under no cap. */
#pragma once

#include "dp/account.h"
#include "dp/bernoulli.h"

struct dp_zcdp {
    uint64_t rho;   /* ρ = rho / DP_RHO_ONE */
    uint64_t delta; /* δ = delta / DP_DELTA_ONE; 1 or more is no guarantee */
};

#define DP_RHO_ONE UINT64_C(1000000000)
#define DP_DELTA_ONE UINT64_C(1000000000000000000)

struct dp_zcdp dp_zcdp_add(struct dp_zcdp a, struct dp_zcdp b);
struct dp_zcdp dp_zcdp_times(struct dp_zcdp loss, uint64_t times);
/* Whether both parts are within the cap's. */
bool dp_zcdp_within(struct dp_zcdp loss, struct dp_zcdp cap);
/* Whether `charge` on top of `spent` stays within `cap`. A charge of nothing is none of a private mechanism: refused.
 */
bool dp_zcdp_allows(struct dp_zcdp spent, struct dp_zcdp charge, struct dp_zcdp cap);

/* ε-differential privacy: ρ = ε tanh(ε / 2) (at most ε² / 2 and ε), the least that holds for every such mechanism:
 * docs/decisions/0028. */
struct dp_zcdp dp_zcdp_of_pure(struct dp_epsilon epsilon);
/* (ε, δ)-differential privacy: the same ρ on an event of probability 1 - δ (Kairouz, Oh, Viswanath 2015). */
struct dp_zcdp dp_zcdp_of_approximate(struct dp_epsilon epsilon, uint64_t delta);
/* Gaussian noise, continuous or discrete, of standard deviation sigma (above 0) on each coordinate, for an L2
 * sensitivity: ρ = sensitivity² / (2 sigma²) (Bun, Steinke 2016, proposition 1.6; Canonne, Kamath, Steinke 2020,
 * theorem 4). The second takes the squares. */
struct dp_zcdp dp_zcdp_of_gaussian(uint64_t sensitivity, struct dp_ratio sigma);
struct dp_zcdp dp_zcdp_of_variance(uint64_t sensitivity_squared, struct dp_ratio variance);

/* The least ε that the loss is known to have at `delta` (in 1 / DP_DELTA_ONE): of the target, what the loss needs
 * itself is taken off (Bun, Steinke 2016, lemma 8.8), with the rest ρ is converted by Canonne, Kamath, Steinke 2020,
 * proposition 12 (Balle et al. 2020, theorem 21; Asoodeh et al. 2020). ERR_USAGE: delta not within (0, 1). ERR_POLICY:
 * the loss's own δ leaves nothing of it. ERR_TOO_LARGE, and *out the largest value: no such ε. */
MUST_USE enum status dp_zcdp_epsilon(struct dp_zcdp loss, uint64_t delta, struct dp_epsilon *out);
/* The other way: the greatest ρ whose dp_zcdp_epsilon at `delta` is at most epsilon, beside a δ of `own` (less than
 * delta) that the mechanisms need themselves. ERR_USAGE as above or for an ε of 0; ERR_POLICY if even the least ρ is
 * over it. */
MUST_USE enum status dp_zcdp_for(struct dp_epsilon epsilon, uint64_t delta, uint64_t own, struct dp_zcdp *out);

/* The least sigma, in 2^-20 of the sensitivity, whose dp_zcdp_of_gaussian is at most rho. ERR_USAGE: rho or sensitivity
 * 0; ERR_TOO_LARGE: it does not fit. *sigma is 0 / 1 then. */
MUST_USE enum status dp_zcdp_sigma(uint64_t rho, uint64_t sensitivity, struct dp_ratio *sigma);

/* "rho 0.125000000 delta 0.000001000000000000"; out: DP_ZCDP_TEXT chars. */
#define DP_ZCDP_TEXT 64
void dp_zcdp_text(struct dp_zcdp loss, char out[static DP_ZCDP_TEXT]);
/* A plain decimal of a person or a file, above 0: ρ with at most nine places, δ below 1 with at most 18, also as "1e-6"
 * (one to nine decimal digits, no point, an exponent of -1 to -18). ERR_INPUT. */
MUST_USE enum status dp_rho_parse(struct bytes text, uint64_t *out);
MUST_USE enum status dp_delta_parse(struct bytes text, uint64_t *out);
