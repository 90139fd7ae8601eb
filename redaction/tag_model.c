/* Reads the model where it lies. Hides its layout; no length in it is trusted. */
#include "redaction/tag_model.h"

#include "base/hash.h"

#define MAGIC "CHTAG2\0\0"
#define FEATURES_MAX (1u << 22)
#define WORDS_MAX (1u << 20)
#define SIEVE 16 /* bits a bucket */

static uint32_t u32_at(const uint8_t *from, size_t index)
{
    uint32_t value;
    memcpy(&value, from + 4 * index, 4);
    return value;
}

static uint16_t u16_at(const uint8_t *from, size_t index)
{
    uint16_t value;
    memcpy(&value, from + 2 * index, 2);
    return value;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the model is read where it lies");

/* Take count items of size bytes each. */
static const uint8_t *take(struct bytes *left, size_t count, size_t size)
{
    if (count > left->size / size)
        return NULL;
    const uint8_t *from = left->data;
    *left = bytes_part(*left, count * size, SIZE_MAX);
    return from;
}

static bool take_floats(struct bytes *left, float *out, size_t count)
{
    const uint8_t *from = take(left, count, sizeof *out);
    if (!from)
        return false;
    memcpy(out, from, count * sizeof *out);
    for (size_t i = 0; i < count; i++)
        if (!(out[i] > -1000 && out[i] < 1000))
            return false;
    return true;
}

static bool starts_are_right(const struct tag_model *model)
{
    for (size_t i = 0; i < model->buckets; i++)
        if (u32_at(model->starts, i) > u32_at(model->starts, i + 1))
            return false;
    return u32_at(model->starts, 0) == 0 && u32_at(model->starts, model->buckets) == model->features;
}

static bool read_tables(struct bytes left, struct tag_model *out)
{
    const uint8_t *head = take(&left, 3, 4);
    if (!head)
        return false;
    out->features = u32_at(head, 0);
    out->buckets = u32_at(head, 1);
    out->lists.count = u32_at(head, 2);
    if (out->features > FEATURES_MAX || out->buckets < 2 || out->buckets > FEATURES_MAX ||
        out->buckets & (out->buckets - 1) || out->lists.count > WORDS_MAX)
        return false;
    out->shift = 64 - (unsigned)__builtin_ctzll(out->buckets);
    if (!take_floats(&left, &out->step, 1) || !take_floats(&left, out->follow[0], TAG_LABELS * TAG_LABELS) ||
        !take_floats(&left, out->first, TAG_LABELS))
        return false;
    out->starts = take(&left, out->buckets + 1, 4);
    out->marks = take(&left, out->features, 2);
    out->weights = take(&left, out->features, TAG_LABELS);
    out->lists.hashes = take(&left, out->lists.count, 4);
    out->lists.classes = take(&left, out->lists.count, 4);
    return out->starts && out->marks && out->weights && out->lists.hashes && out->lists.classes && left.size == 0 &&
           starts_are_right(out);
}

static size_t sieve_bit(size_t bucket, uint16_t mark)
{
    return bucket * SIEVE + mark % SIEVE;
}

static bool fill_sieve(struct tag_model *model)
{
    model->sieve = mem_new(model->buckets * SIEVE / 64 + 1, sizeof *model->sieve);
    for (size_t bucket = 0; model->sieve && bucket < model->buckets; bucket++)
        for (size_t at = u32_at(model->starts, bucket); at < u32_at(model->starts, bucket + 1); at++) {
            size_t bit = sieve_bit(bucket, u16_at(model->marks, at));
            model->sieve[bit / 64] |= 1ull << bit % 64;
        }
    return model->sieve != NULL;
}

void tag_model_close(struct tag_model *model)
{
    mem_free(model->sieve);
    *model = (struct tag_model){0};
}

enum status tag_model_check(struct bytes bytes, struct why *why)
{
    uint8_t hash[HASH_BYTES] = {0};
    struct bytes body = bytes_part(bytes, 0, bytes.size > HASH_BYTES ? bytes.size - HASH_BYTES : 0);
    hash_sha256(body, hash);
    if (bytes.size < HASH_BYTES || memcmp(hash, bytes.data + body.size, HASH_BYTES) != 0)
        return why_set(why, ERR_CORRUPT, "the model's hash does not match", "tagger", 0);
    return OK;
}

enum status tag_model_open(struct bytes bytes, struct tag_model *out, struct why *why)
{
    *out = (struct tag_model){0};
    size_t magic = sizeof MAGIC - 1;
    if (bytes.size < magic + HASH_BYTES || memcmp(bytes.data, MAGIC, magic) != 0)
        return why_set(why, ERR_VERSION, "not a model of this version", "tagger", 0);
    struct tag_model model = {0};
    if (!read_tables(bytes_part(bytes, magic, bytes.size - magic - HASH_BYTES), &model))
        return why_set(why, ERR_INPUT, "the model's tables do not fit", "tagger", 0);
    if (!fill_sieve(&model))
        return ERR_MEMORY;
    *out = model;
    return OK;
}

const int8_t *tag_model_find(const struct tag_model *model, uint64_t feature)
{
    size_t bucket = (size_t)(feature >> model->shift), bit = sieve_bit(bucket, (uint16_t)feature);
    if (!(model->sieve[bit / 64] >> bit % 64 & 1))
        return NULL;
    size_t at = u32_at(model->starts, bucket), end = u32_at(model->starts, bucket + 1);
    for (; at < end; at++)
        if (u16_at(model->marks, at) == (uint16_t)feature)
            return (const int8_t *)model->weights + at * TAG_LABELS;
    return NULL;
}

unsigned tag_class_of(const struct tag_lists *lists, uint64_t hash)
{
    size_t low = 0, high = lists->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t value = u32_at(lists->hashes, middle);
        if (value == (uint32_t)(hash >> 32))
            return u32_at(lists->classes, middle);
        if (value < (uint32_t)(hash >> 32))
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}
