/* Stability histogram: noisy counts of keys that nobody listed beforehand.
 *
 * Guarantee: (ε, δ)-differentially private for a unit whose keys are replaced by none, if it has at most
 * `contributions` keys and counts once for each: ε = rate contributions for Laplace noise, and in zCDP
 * dp_stability_loss for both. Keys that others have too are a noisy histogram; keys that only one unit has are each
 * released with probability at most δ / contributions, because their count is 1 and the threshold is 1 + the noise's
 * tail at that. Keys without a unit are never drawn for. The bound on contributions is the caller's to enforce
 * (dp/bounded.h).
 *
 * Where the count need not be released dp/partition.h keeps more; where units have many keys dp/weighted_union.h does.
 *
 * Source: Korolova, Kenthapadi, Mishra, Ntoulas 2009; Bun, Nissim, Stemmer 2016; Vadhan 2017, theorem 3.5. */
#pragma once

#include "dp/count_noise.h"

struct dp_stability_terms {
    struct dp_count_noise noise;
    uint64_t delta;         /* of the whole histogram, in 1 / DP_DELTA_ONE */
    uint32_t contributions; /* keys of one unit, at least 1 */
};

struct dp_stability {
    struct dp_stability_terms terms;
    int64_t threshold; /* the least noisy count that is released */
};

/* ERR_USAGE, and *why says which: noise that dp_count_noise_check refuses, no contributions, a δ of which a
 * contribution's share is 0 or that is 1 or more. *out is all 0 then. */
MUST_USE enum status dp_stability_for(struct dp_stability_terms terms, struct why *why, struct dp_stability *out);

/* Of one key that at least one unit has: whether it is released, and its noisy count if so (0 if not). A key that
 * nobody has is not. */
bool dp_stability_keeps(const struct dp_stability *histogram, struct dp_stream *stream, uint64_t count, int64_t *noisy);

struct dp_zcdp dp_stability_loss(const struct dp_stability *histogram);
