/* Uniform words. Hides the refills, the erasure of keys and what a child does. */
#include "dp/stream_inside.h"

#include <endian.h>

#include "base/secret.h"

#define ALIVE UINT64_C(0x616c697665212121)

static bool is_stuck(const uint8_t key[static RANDOM_KEY_BYTES])
{
    return memcmp(key, key + 1, RANDOM_KEY_BYTES - 1) == 0;
}

enum status dp_stream_new(struct random seed, struct dp_stream **out)
{
    *out = NULL;
    struct secret memory;
    TRY(secret_unforked_new(&memory, sizeof(struct dp_stream)));
    struct dp_stream *stream = (void *)memory.data;
    random_fill(seed, stream->key, sizeof stream->key);
    if (is_stuck(stream->key)) {
        secret_unforked_free(&memory);
        return ERR_UNAVAILABLE;
    }
    stream->alive = ALIVE;
    *out = stream;
    return OK;
}

void dp_stream_free(struct dp_stream *stream)
{
    struct secret memory = {(void *)stream, sizeof *stream};
    secret_unforked_free(&memory);
}

/* The next key and the buffer are one run of the stream. */
static void refill(struct dp_stream *stream)
{
    if (stream->alive != ALIVE)
        random_fill(random_system(), stream->key, sizeof stream->key);
    uint8_t next[RANDOM_KEY_BYTES + DP_STREAM_BUFFER];
    random_keyed(stream->key, next, sizeof next);
    memcpy(stream->key, next, RANDOM_KEY_BYTES);
    memcpy(stream->buffer, next + RANDOM_KEY_BYTES, DP_STREAM_BUFFER);
    secret_wipe(next, sizeof next);
    stream->left = DP_STREAM_BUFFER;
    stream->alive = ALIVE;
}

uint64_t dp_stream_u64(struct dp_stream *stream)
{
    if (stream->left == 0)
        refill(stream);
    uint8_t *at = stream->buffer + DP_STREAM_BUFFER - stream->left;
    uint64_t word;
    memcpy(&word, at, sizeof word);
    memset(at, 0, sizeof word);
    stream->left -= sizeof word;
    return le64toh(word); /* the same number on every machine */
}

/* Lemire 2019: the high half of word * bound; words whose low half is under 2^64 mod bound would come once too often.
 */
uint64_t dp_stream_below(struct dp_stream *stream, uint64_t bound)
{
    INVARIANT(bound > 0);
    for (int tries = 0; tries < DP_TRIES_MOST; tries++) {
        unsigned __int128 product = (unsigned __int128)dp_stream_u64(stream) * bound;
        uint64_t low = (uint64_t)product;
        if (low >= bound || low >= -bound % bound)
            return (uint64_t)(product >> 64);
    }
    dp_stream_broken();
}

void dp_stream_broken(void)
{
    invariant_failed("the stream is random", __FILE__, __LINE__);
}
