/* A stream of fixed seed for the samplers' tests; it is freed when its scope ends. */
#pragma once

#include <stdlib.h>

#include "dp/stream.h"

static inline struct dp_stream *seeded_stream(uint64_t seed)
{
    struct random_seeded seeded;
    struct dp_stream *stream;
    if (dp_stream_new(random_seeded_start(&seeded, seed), &stream) != OK)
        abort();
    return stream;
}

static inline void seeded_free(struct dp_stream **stream)
{
    dp_stream_free(*stream);
}
#define SEEDED __attribute__((cleanup(seeded_free)))
