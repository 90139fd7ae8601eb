/* The noise floor: under which noise-to-signal ratio nothing leaves a device, whatever a configuration, a flag or a
 * server asks for.
 *
 * The ratio is the standard deviation of the noise over what one unit can change the value by, in thousandths: for a
 * clipped vector that of a coordinate's noise over the L2 bound; for an answer by a local response that of one answer,
 * debiased, over 1, as the binary response of the same ε has it: 1 / (2 sinh(ε / 2)). A federation's policy may raise
 * the floor of a kind, never lower it: what holds is the higher of the two.
 *
 * Why a floor: a privacy parameter that is set by whom it protects against protects nobody; in split learning features
 * under a certain noise could be turned back into their inputs, above it not (arXiv 2409.08503). The figures of the
 * table are ours: docs/decisions/0029. */
#pragma once

#include "dp/account.h"
#include "dp/bernoulli.h"

enum dp_feature {
    DP_FEATURE_VOTE,   /* a yes or no, by a response */
    DP_FEATURE_CHOICE, /* one of a public codebook's entries, by a response */
    DP_FEATURE_COUNT,  /* a bounded number of occurrences */
    DP_FEATURE_VECTOR, /* clipped, quantised features */
};
#define DP_FEATURES 4

struct dp_floor {
    uint32_t least[DP_FEATURES]; /* in thousandths, at most DP_FLOOR_MOST */
};
#define DP_FLOOR_MOST 1000000

/* The floor that is built in. */
struct dp_floor dp_floor_builtin(void);
/* Kind by kind the higher of both. */
struct dp_floor dp_floor_higher(struct dp_floor a, struct dp_floor b);

/* "vote", as a policy writes it; never NULL. */
const char *dp_feature_name(enum dp_feature feature);
/* ERR_NOT_FOUND: no such kind. */
MUST_USE enum status dp_feature_named(struct bytes name, enum dp_feature *out);

/* Whether noise of this variance against a sensitivity (squared) is on or above the floor: the built-in one and the
 * policy's. Exact. ERR_POLICY, and *why says of which kind; ERR_USAGE: a variance with a denominator of 0, a
 * sensitivity of 0, an unknown kind, a policy's floor above DP_FLOOR_MOST. */
MUST_USE enum status dp_floor_check(const struct dp_floor *policy, enum dp_feature feature, struct dp_ratio variance,
                                    uint64_t sensitivity_squared, struct why *why);
/* The same of an answer by a response of this ε. ERR_USAGE: an ε of 0. */
MUST_USE enum status dp_floor_check_epsilon(const struct dp_floor *policy, enum dp_feature feature,
                                            struct dp_epsilon epsilon, struct why *why);
/* The largest ε that a response of this kind may have: for messages and defaults. */
struct dp_epsilon dp_floor_epsilon(const struct dp_floor *policy, enum dp_feature feature);
