/* Privacy loss distributions: the tightest ε of a schedule that is fixed before its first release.
 *
 * The privacy loss of a mechanism is put on a grid so that the grid's mechanism is at least as revealing for every ε
 * (Doroshenko, Ghazi, Kamath, Kumar, Manurangsi 2022), the distribution of the sum is got by a Fourier transform
 * (Koskela, Jälkö, Honkela 2020; Gopi, Lee, Wutschitz 2021), tilted towards the ε that is asked for, and all that
 * rounding, cut tails and the transform may be off is bounded and added. The grid is halved until that gains less than
 * two thousandths.
 *
 * Guarantee: what comes out is an upper bound of the schedule's ε, of δ for pld_delta, for both directions of the
 * adjacency. Not for mechanisms that are chosen after earlier releases: those are dp/zcdp.h's. */
#pragma once

#include "dp/mechanism.h"

/* `delta` in 1 / DP_DELTA_ONE. ERR_USAGE: delta not within (0, 1), or a step that dp_steps_check refuses; ERR_POLICY:
 * the mechanisms' own δ leaves nothing of it; ERR_TOO_LARGE: no grid within bounds holds the schedule (of steps whose
 * losses differ by a factor of more than a hundred thousand); ERR_MEMORY. *out is the largest value then. */
MUST_USE enum status dp_pld_epsilon(const struct dp_step *steps, size_t count, uint64_t delta, struct dp_epsilon *out);
/* δ at an ε (0 too), rounded up, at most DP_DELTA_ONE. */
MUST_USE enum status dp_pld_delta(const struct dp_step *steps, size_t count, struct dp_epsilon epsilon, uint64_t *out);
