/* What of one unit is counted: at most so many different keys, whatever it sent.
 *
 * Guarantee: the choice depends on the unit's id and its own keys alone, so that a unit's presence changes nobody
 * else's contribution, and whatever is counted of it afterwards has at most `most` keys, each once. Of more keys those
 * count whose hash with the unit's id is least: the same ones each time, others for other units, none favoured over all
 * units. Nothing about the choice needs to be secret. */
#pragma once

#include "base/bytes.h"

#define DP_BOUNDED_MOST 1024

/* The keys chosen, all different, into out (room for `most`, at most DP_BOUNDED_MOST); returns how many. Repeats among
 * `keys` are allowed. */
size_t dp_bounded_keys(uint64_t unit, const uint32_t *keys, size_t count, size_t most, uint32_t *out);
