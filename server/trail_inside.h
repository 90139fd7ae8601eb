/* Seen by trail*.c only: a row as it is hashed. */
#pragma once

#include "server/trail.h"

struct trail_row {
    int64_t number, at, count;
    struct bytes actor, device, tenant, act, outcome;
};
MUST_USE enum status trail_row_hash(const struct trail_row *row, const uint8_t before[static HASH_BYTES],
                                    uint8_t out[static HASH_BYTES]);
