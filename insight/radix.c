/* Least significant digit first, a byte a pass; eight passes, so that the result ends where it began. */
#include "insight/radix.h"

static void pass(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    size_t next[256] = {0};
    for (size_t i = 0; i < count; i++)
        next[from[i] >> shift & 0xff]++;
    size_t start = 0;
    for (size_t digit = 0; digit < 256; digit++) {
        size_t size = next[digit];
        next[digit] = start;
        start += size;
    }
    for (size_t i = 0; i < count; i++)
        to[next[from[i] >> shift & 0xff]++] = from[i];
}

void radix_sort(uint64_t *keys, uint64_t *scratch, size_t count)
{
    for (unsigned shift = 0; shift < 64; shift += 16) {
        pass(keys, scratch, count, shift);
        pass(scratch, keys, count, shift + 8);
    }
}
