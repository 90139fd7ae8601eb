/* Hashes: SHA-256 for what others check, keyed BLAKE2b for pseudonyms, a fast 64-bit mix for tables. */
#pragma once

#include "base/bytes.h"

#define HASH_BYTES 32

void hash_sha256(struct bytes data, uint8_t out[static HASH_BYTES]);
/* SHA-256 over several parts, as if they stood one after the other. */
void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[static HASH_BYTES]);
void hash_hmac_sha256(struct bytes key, struct bytes data, uint8_t out[static HASH_BYTES]);
/* Keyed BLAKE2b (RFC 7693), size 16..64, key 0..64 bytes. */
void hash_keyed(struct bytes key, struct bytes data, uint8_t *out, size_t size);
/* For hash tables and features only: deterministic everywhere, no security claim. Low bits are usable. */
uint64_t hash_mix64(struct bytes data, uint64_t seed);
