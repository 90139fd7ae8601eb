/* The stream's state, for dp/stream.c and for tests that put words of their own into the buffer. */
#pragma once

#include "dp/stream.h"

struct dp_stream {
    uint8_t key[RANDOM_KEY_BYTES];    /* of the next refill */
    uint8_t buffer[DP_STREAM_BUFFER]; /* the last `left` bytes are still to be drawn, the others are zero */
    size_t left;
    uint64_t alive; /* ALIVE, or 0 in a child that the kernel wiped it for */
};
