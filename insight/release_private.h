/* Selection and the release gate of `dp` mode.
 *
 * What is released: statements (insight/statement.h) with a band of support, by a weighted Gaussian set union
 * (dp/weighted_union.h) over the tenants' bounded sets. All that comes after (the gate's text checks, merging
 * near-duplicates, links, ids, the order) sees released statements and their noisy sums alone.
 *
 * Guarantee: for one enrolled tenant whose candidates in the round are replaced by none, membership being public,
 * (ε, δ) of the policy, and private_terms.loss in approximate zCDP, which the ledger is charged with before. Each
 * round draws anew on all live candidates and is charged anew. */
#pragma once

#include "dp/stream.h"
#include "dp/weighted_union.h"
#include "insight/release.h"

struct private_terms {
    struct dp_epsilon epsilon; /* of a round, at delta */
    uint64_t delta;            /* in 1 / DP_DELTA_ONE */
    struct dp_union mechanism; /* half of delta is the threshold's, half the noise's */
};
/* Of a round of (ε, δ) in which so many statements of a tenant count. ERR_POLICY: it cannot be had (an ε too small for
 * the noise's range, no δ, no statements or too many). */
MUST_USE enum status private_terms_for(struct dp_epsilon epsilon, uint64_t delta, uint32_t statements,
                                       struct private_terms *out, struct why *why);
/* What a policy of mode `dp` promises for a round. As above; ERR_USAGE: another mode. */
MUST_USE enum status private_terms_of(const struct policy *policy, struct private_terms *out, struct why *why);
/* The least number of tenants at which a statement that all of them say is released with a probability of at least
 * per_cent (1..99), if each of them says `said` statements (1.. the policy's dp_statements). */
uint32_t private_least_support(const struct private_terms *terms, uint32_t said, unsigned per_cent);
/* ERR_POLICY if a statement that all tenants say, and nothing else, would be released with a probability of less than
 * one half: then nothing useful could come of the charge. why->at is the number of tenants from which it could. */
MUST_USE enum status private_check_tenants(const struct private_terms *terms, uint32_t tenants, struct why *why);

/* As release_select, without proposals. Randomness: of the noise from `stream` alone. */
MUST_USE enum status release_private(const struct release_input *input, const struct private_terms *terms,
                                     struct dp_stream *stream, struct library *library, struct release_report *report);
