/* Arithmetic of pure ε, in millionths, rounded so that what is written down is never less than what was spent.
 *
 * Basic composition: mechanisms that are ε1- and ε2-differentially private for one unit are together (ε1 + ε2)-private
 * for it, adaptively chosen ones too (Dwork, McSherry, Nissim, Smith 2006; Dwork, Roth 2014, theorem 3.14). The unit
 * (trace or tenant) and the adjacency are the caller's and must be the same for all that is added. */
#pragma once

#include "base/bytes.h"

struct dp_epsilon {
    uint64_t micro; /* ε = micro / 1,000,000 */
};

#define DP_EPSILON_ONE 1000000

/* numerator / denominator, rounded up. ERR_USAGE if the denominator is 0, ERR_TOO_LARGE if it does not fit. */
MUST_USE enum status dp_epsilon_of(uint64_t numerator, uint64_t denominator, struct dp_epsilon *out);
/* A plain decimal of a person or a file: "0.5", "2"; at most six places, no sign or exponent, above 0. ERR_INPUT. */
MUST_USE enum status dp_epsilon_parse(struct bytes text, struct dp_epsilon *out);
/* "0.500000"; out: DP_EPSILON_TEXT chars. */
#define DP_EPSILON_TEXT 24
void dp_epsilon_text(struct dp_epsilon epsilon, char out[static DP_EPSILON_TEXT]);

/* Sum and multiple; ERR_TOO_LARGE, and *out the largest value, when it does not fit. */
MUST_USE enum status dp_epsilon_add(struct dp_epsilon a, struct dp_epsilon b, struct dp_epsilon *out);
MUST_USE enum status dp_epsilon_times(struct dp_epsilon epsilon, uint64_t times, struct dp_epsilon *out);
/* Under 0, 0 or above 0, as memcmp. */
int dp_epsilon_compare(struct dp_epsilon a, struct dp_epsilon b);

/* Whether `charge` on top of `spent` stays within `cap`. A charge of 0 is none of a private mechanism: refused. */
bool dp_account_allows(struct dp_epsilon spent, struct dp_epsilon charge, struct dp_epsilon cap);
/* What is left of cap, 0 when overspent. */
struct dp_epsilon dp_account_left(struct dp_epsilon spent, struct dp_epsilon cap);
