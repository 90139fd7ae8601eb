/* Writes the model's bytes. Hides the rounding and the order of features. */
#include "redaction/train/pack.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"

#define WEIGHT_LEAST 0.06f /* smaller ones are as good as none, */
#define ROW_LEAST 0.25f    /* and so are features that have no weight of so much */

struct packed {
    uint64_t feature;
    int8_t weights[TAG_LABELS];
};

static int by_feature(const void *a, const void *b)
{
    uint64_t x = ((const struct packed *)a)->feature, y = ((const struct packed *)b)->feature;
    return x < y ? -1 : x > y;
}

static bool round_row(const float *row, float size, int8_t out[static TAG_LABELS])
{
    bool any = false;
    for (size_t k = 0; k < TAG_LABELS; k++) {
        float value = roundf(row[k] / size);
        value = fabsf(row[k]) < WEIGHT_LEAST ? 0 : value;
        out[k] = (int8_t)(value > 127 ? 127 : value < -127 ? -127 : value);
        any |= fabsf(row[k]) >= ROW_LEAST;
    }
    return any;
}

static struct packed *round_all(const struct weights *weights, float size, size_t *count)
{
    struct packed *items = mem_new(weights->count + 1, sizeof *items);
    if (!items)
        tool_fail("out of memory", "packing");
    *count = 0;
    for (size_t i = 0; i < weights->count; i++) {
        items[*count].feature = weights->features[i];
        *count += round_row(weights->rows + i * TAG_LANES, size, items[*count].weights);
    }
    qsort(items, *count, sizeof *items, by_feature);
    return items;
}

static void add_u32(struct buf *out, uint32_t value)
{
    buf_add(out, bytes_of(&value, 4));
}

static void add_starts(const struct packed *items, size_t count, unsigned bits, struct buf *out)
{
    size_t at = 0;
    for (size_t bucket = 0; bucket <= (size_t)1 << bits; bucket++) {
        while (at < count && items[at].feature >> (64 - bits) < bucket)
            at++;
        add_u32(out, (uint32_t)at);
    }
}

void pack_model(const struct weights *weights, const struct tag_lists *lists, float size, struct buf *out)
{
    size_t count;
    struct packed *items = round_all(weights, size, &count);
    unsigned bits = 1;
    while (((size_t)2 << bits) < count)
        bits++;
    buf_add(out, bytes_of("CHTAG2\0\0", 8));
    add_u32(out, (uint32_t)count);
    add_u32(out, 1u << bits);
    add_u32(out, (uint32_t)lists->count);
    buf_add(out, bytes_of(&size, 4));
    buf_add(out, bytes_of(weights->follow, sizeof weights->follow));
    buf_add(out, bytes_of(weights->first, sizeof weights->first));
    add_starts(items, count, bits, out);
    for (size_t i = 0; i < count; i++) {
        uint16_t mark = (uint16_t)items[i].feature;
        buf_add(out, bytes_of(&mark, 2));
    }
    for (size_t i = 0; i < count; i++)
        buf_add(out, bytes_of(items[i].weights, TAG_LABELS));
    buf_add(out, bytes_of(lists->hashes, 4 * lists->count));
    buf_add(out, bytes_of(lists->classes, 4 * lists->count));
    uint8_t hash[HASH_BYTES];
    hash_sha256(buf_bytes(out), hash);
    buf_add(out, bytes_of(hash, sizeof hash));
    mem_free(items);
    if (out->failed)
        tool_fail("out of memory", "packing");
}
