/* Randomness, injected. Production draws from libsodium's generator; tests and replays from a seeded ChaCha20 stream.
 * Keys and nonces always come from random_system(); a seeded source serves simulation, ids in replays and dp tests. */
#pragma once

#include "base/bytes.h"

struct random {
    void (*fill)(void *state, uint8_t *out, size_t size);
    void *state;
};

struct random random_system(void);

struct random_seeded {
    uint8_t key[32];
    uint64_t block;
    uint8_t spare[64];
    size_t left;
};
/* A deterministic stream (ChaCha20, RFC 8439) of the seed: the same seed gives the same bytes on every machine. */
struct random random_seeded_start(struct random_seeded *state, uint64_t seed);

static inline void random_fill(struct random source, uint8_t *out, size_t size)
{
    source.fill(source.state, out, size);
}
uint64_t random_u64(struct random source);
uint64_t random_below(struct random source, uint64_t bound); /* uniform in [0, bound), no modulo bias; bound > 0 */
double random_unit(struct random source);                    /* [0, 1) with 53 bits: for simulation, never for noise */

/* size bytes of the ChaCha20 stream of a key that is used for nothing else, from its beginning; out may hold the key.
 */
#define RANDOM_KEY_BYTES 32
void random_keyed(const uint8_t key[static RANDOM_KEY_BYTES], uint8_t *out, size_t size);
