/* Rényi differential privacy on a fixed grid of orders (Mironov 2017): a bound on the divergence of each, in both
 * directions.
 *
 * Divergences of one unit under one adjacency add up, also of mechanisms chosen adaptively. Every result is rounded up.
 */
#pragma once

#include "dp/mechanism.h"

#define DP_RDP_ORDERS 103

struct dp_rdp {
    double divergence[DP_RDP_ORDERS]; /* of order dp_rdp_order(i); INFINITY: no bound */
    double delta;                     /* outside an event of this probability nothing is claimed */
};

double dp_rdp_order(size_t i); /* from 1.25 to 1024, growing */

/* The loss of one that dp_mechanism_check passes. Pure: that of randomised response, which is worst of all; Laplace and
 * Gaussian: Mironov 2017, propositions 6 and 7; discrete Gaussian: as Gaussian (Canonne, Kamath, Steinke 2020, theorem
 * 4); sampled Gaussian: Mironov, Talwar, Zhang 2019, section 3.3, at the next integer order, as divergences grow with
 * the order. */
void dp_rdp_of(const struct dp_mechanism *mechanism, struct dp_rdp *out);
/* sum += times * one */
void dp_rdp_add(struct dp_rdp *sum, const struct dp_rdp *one, uint64_t times);

/* The least ε at `delta` (in 1 / DP_DELTA_ONE) by any order of the grid: Canonne, Kamath, Steinke 2020, proposition 12
 * (Balle et al. 2020, theorem 21). ERR_USAGE: delta not within (0, 1); ERR_POLICY: the loss's own δ leaves nothing of
 * it; ERR_TOO_LARGE: no such ε. *out is the largest value then. */
MUST_USE enum status dp_rdp_epsilon(const struct dp_rdp *loss, uint64_t delta, struct dp_epsilon *out);
/* Of a schedule; as dp_steps_check and dp_rdp_epsilon. */
MUST_USE enum status dp_rdp_steps_epsilon(const struct dp_step *steps, size_t count, uint64_t delta,
                                          struct dp_epsilon *out);
