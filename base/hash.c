/* Hashes over libsodium, and a small mixing function for tables. */
#include "base/hash.h"

#include <sodium.h>

void hash_sha256(struct bytes data, uint8_t out[static HASH_BYTES])
{
    crypto_hash_sha256(out, data.data, data.size);
}

void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[static HASH_BYTES])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        crypto_hash_sha256_update(&state, parts[i].data, parts[i].size);
    crypto_hash_sha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

void hash_hmac_sha256(struct bytes key, struct bytes data, uint8_t out[static HASH_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data, key.size);
    crypto_auth_hmacsha256_update(&state, data.data, data.size);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

void hash_keyed(struct bytes key, struct bytes data, uint8_t *out, size_t size)
{
    INVARIANT(size >= crypto_generichash_BYTES_MIN && size <= crypto_generichash_BYTES_MAX);
    INVARIANT(key.size <= crypto_generichash_KEYBYTES_MAX);
    INVARIANT(crypto_generichash(out, size, data.data, data.size, key.data, key.size) == 0);
}

static uint64_t scramble(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    return x;
}

uint64_t hash_mix64(struct bytes data, uint64_t seed)
{
    uint64_t state = scramble(seed ^ data.size * 0x9e3779b97f4a7c15u);
    size_t i = 0;
    for (; i + 8 <= data.size; i += 8) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8; k++)
            word |= (uint64_t)data.data[i + k] << (8 * k);
        state = scramble(state ^ word);
    }
    uint64_t tail = 0;
    for (size_t k = 0; i + k < data.size; k++)
        tail |= (uint64_t)data.data[i + k] << (8 * k);
    return scramble(state ^ tail ^ 0x8000000000000000u);
}
