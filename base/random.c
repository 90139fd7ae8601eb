/* System and seeded randomness. Hides which generator is behind them. */
#include "base/random.h"

#include <sodium.h>

#include "base/secret.h"

static void system_fill(void *state, uint8_t *out, size_t size)
{
    (void)state;
    randombytes_buf(out, size);
}

struct random random_system(void)
{
    INVARIANT(sodium_init() >= 0);
    return (struct random){system_fill, NULL};
}

static void next_block(struct random_seeded *seeded)
{
    static const uint8_t zeros[64];
    static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    crypto_stream_chacha20_xor_ic(seeded->spare, zeros, sizeof zeros, nonce, seeded->block++, seeded->key);
    seeded->left = sizeof seeded->spare;
}

static void seeded_fill(void *state, uint8_t *out, size_t size)
{
    struct random_seeded *seeded = state;
    while (size) {
        if (seeded->left == 0)
            next_block(seeded);
        size_t part = size < seeded->left ? size : seeded->left;
        memcpy(out, seeded->spare + sizeof seeded->spare - seeded->left, part);
        seeded->left -= part;
        out += part;
        size -= part;
    }
}

struct random random_seeded_start(struct random_seeded *state, uint64_t seed)
{
    uint8_t label[16] = "chatham!";
    for (size_t i = 0; i < 8; i++)
        label[8 + i] = (uint8_t)(seed >> (8 * i));
    *state = (struct random_seeded){0};
    crypto_hash_sha256(state->key, label, sizeof label);
    return (struct random){seeded_fill, state};
}

uint64_t random_u64(struct random source)
{
    uint8_t raw[8];
    random_fill(source, raw, sizeof raw);
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof raw; i++)
        value = value << 8 | raw[i];
    return value;
}

uint64_t random_below(struct random source, uint64_t bound)
{
    INVARIANT(bound > 0);
    uint64_t least = -bound % bound; /* 2^64 mod bound: what would be drawn once too often */
    for (;;) {
        uint64_t value = random_u64(source);
        if (value >= least)
            return value % bound;
    }
}

double random_unit(struct random source)
{
    return (double)(random_u64(source) >> 11) * 0x1p-53;
}

void random_keyed(const uint8_t key[static RANDOM_KEY_BYTES], uint8_t *out, size_t size)
{
    static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    uint8_t own[RANDOM_KEY_BYTES] WIPED_32;
    memcpy(own, key, sizeof own);
    crypto_stream_chacha20(out, size, nonce, own);
}
