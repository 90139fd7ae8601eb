/* Noise of one law for many draws: the same exact laws as dp/laplace.h and dp/gaussian.h, many times as fast.
 *
 * A draw finds its magnitude where a uniform number falls in the law's distribution function. Of that number it draws
 * 64 bits, of the function it has a table with an error below one unit of them; where the bits lie within a unit of a
 * threshold, at most once in 2^46 draws, more bits of both are made until the place is certain. So the law is exact:
 * the table only ever decides what all further bits would decide alike. Thresholds are enclosures (dp/enclosure.h),
 * never floating point.
 *
 * Guarantee, unit and sensitivity: those of dp/laplace.h and dp/gaussian.h for the law. Not constant in time: see
 * dp/steady.h. A draw on a stream that is stuck at ones ends the process after DP_SAMPLER_WORDS words; it cannot turn
 * for ever. */
#pragma once

#include "dp/gaussian.h"
#include "dp/laplace.h"

/* What is prepared of one law. Immutable: threads share one, each with a stream of its own. */
struct dp_sampler;

/* Magnitudes in a table: Laplace of a scale up to some 1,200, Gaussian of a sigma up to some 6,400. Wider laws are
 * drawn by dp_laplace and dp_gaussian themselves. */
#define DP_SAMPLER_MAGNITUDES 65536
/* A draw that is undecided after so many words would come once in 2^360: the process ends. */
#define DP_SAMPLER_WORDS 8

/* ERR_USAGE: a parameter that is 0 or out of bounds (DP_RATE_MOST, DP_VARIANCE_MOST). ERR_MEMORY. *out is NULL then. */
MUST_USE enum status dp_sampler_geometric(struct dp_ratio rate, struct dp_sampler **out); /* as dp_geometric */
MUST_USE enum status dp_sampler_laplace(struct dp_ratio rate, struct dp_sampler **out);   /* as dp_laplace */
MUST_USE enum status dp_sampler_gaussian(struct dp_ratio variance, struct dp_sampler **out);
void dp_sampler_free(struct dp_sampler *sampler); /* takes NULL */

int64_t dp_sampler_draw(const struct dp_sampler *sampler, struct dp_stream *stream);
/* value + draw, held within int64 (a post-processing: it costs nothing). */
int64_t dp_sampler_add(const struct dp_sampler *sampler, struct dp_stream *stream, int64_t value);
