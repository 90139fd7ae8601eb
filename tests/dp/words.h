/* Words of a test's own in a stream: they are drawn before those of the stream itself. */
#pragma once

#include "dp/stream_inside.h"

static inline void stream_put(struct dp_stream *stream, const uint64_t *words, size_t count)
{
    INVARIANT(count * 8 <= DP_STREAM_BUFFER);
    stream->left = count * 8;
    for (size_t i = 0; i < count * 8; i++)
        stream->buffer[DP_STREAM_BUFFER - stream->left + i] = (uint8_t)(words[i / 8] >> (8 * (i % 8)));
}
