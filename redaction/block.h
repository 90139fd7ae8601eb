/* Sixty-four bytes at a time, their classes as bits: for the walks that must see every byte of a text and stop at few.
 * SSE2, which every x86-64 has; elsewhere eight bytes at a time. */
#pragma once

#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

#ifdef __SSE2__
#include <emmintrin.h>

struct block {
    __m128i parts[4];
};

/* Bit n: byte n with the bits of `set` set is in low..high. */
static inline uint64_t block_range(const struct block *block, uint8_t set, uint8_t low, uint8_t high)
{
    uint64_t bits = 0;
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        __m128i above = _mm_sub_epi8(_mm_or_si128(block->parts[i], _mm_set1_epi8((char)set)), _mm_set1_epi8((char)low));
        __m128i within = _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(high - low))), above);
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(within) << 16 * i;
    }
    return bits;
}
#else
struct block {
    uint8_t parts[64];
};

static inline uint64_t block_range(const struct block *block, uint8_t set, uint8_t low, uint8_t high)
{
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)((uint8_t)((block->parts[i] | set) - low) <= high - low) << i;
    return bits;
}
#endif

/* The bytes from `at` < text.size on; zeros behind the end. */
static inline struct block block_at(struct bytes text, size_t at)
{
    struct block block;
    if (text.size - at >= sizeof block) {
        memcpy(&block, text.data + at, sizeof block);
        return block;
    }
    memset(&block, 0, sizeof block);
    memcpy(&block, text.data + at, text.size - at);
    return block;
}
static inline uint64_t block_between(const struct block *block, uint8_t low, uint8_t high)
{
    return block_range(block, 0, low, high);
}
static inline uint64_t block_are(const struct block *block, uint8_t byte)
{
    return block_range(block, 0, byte, byte);
}
static inline uint64_t block_alnum(const struct block *block)
{
    return block_range(block, 0x20, 'a', 'z') | block_range(block, 0, '0', '9');
}
