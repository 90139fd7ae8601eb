/* The inner loop of all JSON work: how far a string runs plainly. Hides whether 16 bytes go at once or 8. */
#include "base/json_inside.h"

static bool is_special(uint8_t c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

#ifdef __SSE2__
#include <emmintrin.h>

/* Whole blocks only; stops before, or inside, the first block with a special byte. */
static size_t run_blocks(const uint8_t *p, size_t size, bool *high)
{
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x1f);
    for (size_t at = 0; at + 16 <= size; at += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, space), block);
        __m128i special =
            _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, slash)));
        unsigned specials = (unsigned)_mm_movemask_epi8(special);
        unsigned highs = (unsigned)_mm_movemask_epi8(block);
        if (specials) {
            unsigned first = (unsigned)__builtin_ctz(specials);
            *high |= (highs & ((1u << first) - 1)) != 0;
            return at + first;
        }
        *high |= highs != 0;
    }
    return size & ~(size_t)15;
}
#else
/* The same by 8 bytes in a word: a byte of `special` has its high bit set if the byte may be special. */
static size_t run_blocks(const uint8_t *p, size_t size, bool *high)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, p + at, 8);
        uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        uint64_t special = ((word - ones * 0x20) | (quote - ones) | (slash - ones)) & ~word & tops;
        if (special)
            return at;
        *high |= (word & tops) != 0;
    }
    return at;
}
#endif

size_t json_plain_run(const uint8_t *p, size_t size, bool *high)
{
    size_t at = run_blocks(p, size, high);
    for (; at < size && !is_special(p[at]); at++)
        *high |= p[at] >= 0x80;
    return at;
}
