/* Partition selection that also releases the count: symmetric geometric noise, truncated, and a threshold at its width.
 *
 * Guarantee: keeping a key and its noisy count together are (ε, δ)-differentially private for a unit whose presence
 * changes the key's count by at most one; a unit that supports up to c keys spends c times both. Keys without a
 * supporter are never released. Where ε and δ fit a whole width it keeps as often as dp/partition.h, else a little
 * less. Why: the noise is exp(-ε|x|) on [-width, width], so that shifting it by one multiplies each mass by at most
 * e^ε, but for the outermost, which is at most δ (proved in integers when the terms are taken).
 *
 * Source: Desfontaines, Voss, Gipson, Mandayam 2020, definition 5 and theorem 3. */
#pragma once

#include "dp/partition.h"

struct dp_partition_count {
    struct dp_partition_terms terms;
    uint64_t width; /* of the noise; a noisy count of width or less (above least - 1) is not released */
};

/* As dp_partition_new; ERR_TOO_LARGE: the width would be over DP_PARTITION_SUPPORT_MOST. */
MUST_USE enum status dp_partition_count_for(struct dp_partition_terms terms, struct why *why,
                                            struct dp_partition_count *out);

/* Whether the key is released, and its noisy count if so (0 if not): above width + least - 1, unbiased but for the
 * threshold, off by at most width. */
bool dp_partition_count_keeps(const struct dp_partition_count *count, struct dp_stream *stream, uint64_t supporters,
                              uint64_t *noisy);

/* As dp_partition_chance and dp_partition_support. */
double dp_partition_count_chance(const struct dp_partition_count *count, uint64_t supporters);
uint64_t dp_partition_count_support(const struct dp_partition_count *count, double chance);
