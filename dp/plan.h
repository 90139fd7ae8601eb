/* Plans: what ε a schedule has at a δ, and the noise that a target needs. Whatever ε comes out is an upper bound.
 *
 * A schedule whose mechanisms and number of rounds are fixed before the first release is accounted for as a whole; one
 * in which later mechanisms depend on earlier releases only by a filter's sum, in zCDP (dp/zcdp.h). `delta` is that of
 * the whole, in 1 / DP_DELTA_ONE, and the mechanisms' own are taken off it. */
#pragma once

#include "dp/mechanism.h"

enum dp_schedule {
    DP_SCHEDULE_FIXED,    /* every mechanism is known beforehand: the least of dp/pld.h, dp/rdp.h and zCDP */
    DP_SCHEDULE_ADAPTIVE, /* as the ledger charges: a sum of zCDP */
};

/* ε after `rounds` times the steps of one round. ERR_USAGE, ERR_TOO_LARGE: a step, delta or rounds out of bounds;
 * ERR_POLICY: the mechanisms' own δ leaves nothing of delta. */
MUST_USE enum status dp_plan_epsilon(enum dp_schedule schedule, const struct dp_step *steps, size_t count,
                                     uint64_t rounds, uint64_t delta, struct dp_epsilon *out, struct why *why);

/* The least noise with which `rounds` times the mechanism stay within the target: the least sigma on a grid of 2^-20
 * (of the sensitivity), or the greatest ε of one use in millionths. *out is the mechanism with that figure set, and
 * dp_plan_epsilon of it is at most `target`. ERR_POLICY: no noise within the mechanism's bounds is enough; otherwise as
 * dp_plan_epsilon. */
MUST_USE enum status dp_plan_noise(enum dp_schedule schedule, const struct dp_mechanism *mechanism, uint64_t rounds,
                                   struct dp_epsilon target, uint64_t delta, struct dp_mechanism *out, struct why *why);

/* The most rounds, up to DP_MECHANISM_TIMES_MOST, that stay within the target; 0 if not even one does. */
MUST_USE enum status dp_plan_rounds(enum dp_schedule schedule, const struct dp_step *steps, size_t count,
                                    struct dp_epsilon target, uint64_t delta, uint64_t *out, struct why *why);
