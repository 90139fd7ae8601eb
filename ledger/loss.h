/* A sum of losses of one unit, added up in two ways at once: as approximate zCDP, and, as long as every mechanism has
 * an ε of its own, by basic composition of these. Both hold, so the lower ε counts, and a cap on both is a filter of
 * (ε, δ): docs/decisions/0030. */
#pragma once

#include "dp/zcdp.h"

struct ledger_loss {
    struct dp_zcdp zcdp;
    struct dp_epsilon
        epsilon; /* each mechanism is (ε_i, δ_i)-private: the sum of the ε_i; zcdp.delta is that of the δ_i */
};
/* Of a sum in which some mechanism has no ε. Sums end here, at the largest number that a database holds. */
#define LEDGER_NO_EPSILON ((struct dp_epsilon){INT64_MAX})
#define LEDGER_MOST (UINT64_C(1) << 60) /* of a cap's and a charge's ρ, δ and ε, in their units */

struct ledger_loss ledger_loss_of_pure(struct dp_epsilon epsilon);
struct ledger_loss ledger_loss_of_approximate(struct dp_epsilon epsilon, uint64_t delta);
struct ledger_loss ledger_loss_of_zcdp(struct dp_zcdp loss);
struct ledger_loss ledger_loss_add(struct ledger_loss a, struct ledger_loss b);
/* What is left of a when b is taken away, not under 0; no ε where either has none. */
struct ledger_loss ledger_loss_less(struct ledger_loss a, struct ledger_loss b);
bool ledger_loss_is_nothing(struct ledger_loss loss);
/* Whether the sum is within the cap: its δ, and its ρ or its ε. */
bool ledger_loss_fits(struct ledger_loss sum, struct ledger_loss cap);

/* Its ε at a δ: the least that is known. ERR_POLICY: none is; ERR_USAGE: delta is not between 0 and 1. */
MUST_USE enum status ledger_loss_epsilon(struct ledger_loss loss, uint64_t delta, struct dp_epsilon *out);
/* The cap that a lifetime (ε, δ) stands for: a quarter of δ is for what mechanisms need themselves by either way of
 * adding up, half of it for the conversion of ρ. All 0, which allows nothing, for an ε of 0. ERR_USAGE. */
MUST_USE enum status ledger_cap_of(struct dp_epsilon epsilon, uint64_t delta, struct ledger_loss *out);
