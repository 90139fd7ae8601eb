/* Partition selection: which keys may be named at all, where the set of keys is not public.
 *
 * Guarantee: for one key, whether it is kept is (ε, δ)-differentially private for a unit whose presence changes the
 * key's count of supporters by at most one; a unit that supports up to c keys spends c times both (dp_partition_loss).
 * Keys without a supporter are never kept, so only keys that occur need be asked. Of all mechanisms with this guarantee
 * it keeps each count with the largest chance.
 * Pre-threshold: counts under `least` are never kept, those above are asked as if they were least - 1 lower.
 *
 * The chances are a table of integers in 2^-64, each made from the one before by the inequalities of (ε, δ) themselves,
 * rounded down: the guarantee holds for the table as it stands, not for a real number near it.
 *
 * Source: Desfontaines, Voss, Gipson, Mandayam, "Differentially private partition selection" (2020), theorem 1 and
 * section 3 (truncated geometric noise). */
#pragma once

#include "dp/account.h"
#include "dp/stream.h"
#include "dp/zcdp.h"

#define DP_PARTITION_SUPPORT_MOST 65536          /* terms under which nothing is sure below it are refused */
#define DP_PARTITION_EPSILON_MOST (32 * 1000000) /* in millionths */

struct dp_partition_terms {
    struct dp_epsilon epsilon; /* a key */
    uint64_t delta;            /* a key, in 1 / DP_DELTA_ONE: above 0, at most one half */
    uint64_t least;            /* pre-threshold: supporters under which nothing is kept, at least 1 */
};

/* ERR_USAGE, and *why says which: ε 0 or above 32, δ 0 or above one half, `least` 0 or above
 * DP_PARTITION_SUPPORT_MOST. */
MUST_USE enum status dp_partition_check(struct dp_partition_terms terms, struct why *why);

struct dp_partition;

/* As dp_partition_check; ERR_TOO_LARGE: even DP_PARTITION_SUPPORT_MOST supporters would not be kept for sure.
 * ERR_MEMORY. *out is NULL then. */
MUST_USE enum status dp_partition_new(struct dp_partition_terms terms, struct why *why, struct dp_partition **out);
void dp_partition_free(struct dp_partition *partition); /* takes NULL */

/* Released: one bit a key. One word of the stream, whatever the count. */
bool dp_partition_keeps(const struct dp_partition *partition, struct dp_stream *stream, uint64_t supporters);

/* The chance that a key of so many supporters is kept: public, a function of the terms alone. */
double dp_partition_chance(const struct dp_partition *partition, uint64_t supporters);
/* The least number of supporters that is kept with at least this chance, which is above 0 and at most 1: {1, 2} for one
 * half, {1, 1} for certainty. With a chance next to 0 it is the least that could be kept at all. */
uint64_t dp_partition_support(const struct dp_partition *partition, struct dp_ratio chance);

/* Of a unit that supports at most `keys` keys. */
struct dp_zcdp dp_partition_loss(struct dp_partition_terms terms, uint64_t keys);
