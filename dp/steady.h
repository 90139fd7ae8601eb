/* Noise whose drawing shows nothing of what was drawn: the same bytes of the stream, the same instructions, the same
 * addresses, whatever the value. An option where somebody may see the time of a draw; slower by its whole table.
 *
 * Law: that of dp/laplace.h or dp/gaussian.h but for a total variation distance of at most 2^-113 (one number of 127
 * bits is compared with all thresholds, each known within 2^-126; DP_STEADY_MAGNITUDES of them, and a tail of 2^-126).
 * A mechanism that is (epsilon, delta)-private with the exact law is (epsilon, delta + (1 + exp(epsilon)) 2^-113) with
 * this one: a pure guarantee becomes an approximate one, and 1e-25 covers a draw at an epsilon of 20 or less. No value
 * lies outside the table's magnitudes. */
#pragma once

#include "dp/gaussian.h"
#include "dp/laplace.h"

struct dp_steady;

/* Magnitudes in a table: Laplace of a scale up to some 42, Gaussian of a sigma up to some 290. */
#define DP_STEADY_MAGNITUDES 4096
/* What each draw takes of the stream. */
#define DP_STEADY_BYTES 16

/* ERR_USAGE: a parameter that is 0 or out of bounds; ERR_TOO_LARGE: a law too wide for the table; ERR_MEMORY. *out is
 * NULL then. */
MUST_USE enum status dp_steady_geometric(struct dp_ratio rate, struct dp_steady **out);
MUST_USE enum status dp_steady_laplace(struct dp_ratio rate, struct dp_steady **out);
MUST_USE enum status dp_steady_gaussian(struct dp_ratio variance, struct dp_steady **out);
void dp_steady_free(struct dp_steady *steady); /* takes NULL */

int64_t dp_steady_draw(const struct dp_steady *steady, struct dp_stream *stream);
