/* The header, checked against the bytes it speaks of; and the four floating types. */
#include "audits/reconstruction/safetensors.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"

#define SIZE_BYTES 8

static const struct {
    const char *name;
    enum tensor_type type;
    size_t bytes;
} types[] = {
    {"F32", TENSOR_F32, 4},    {"F16", TENSOR_F16, 2},   {"BF16", TENSOR_BF16, 2}, {"F64", TENSOR_F64, 8},
    {"I64", TENSOR_OTHER, 8},  {"I32", TENSOR_OTHER, 4}, {"I16", TENSOR_OTHER, 2}, {"I8", TENSOR_OTHER, 1},
    {"U64", TENSOR_OTHER, 8},  {"U32", TENSOR_OTHER, 4}, {"U16", TENSOR_OTHER, 2}, {"U8", TENSOR_OTHER, 1},
    {"BOOL", TENSOR_OTHER, 1},
};
#define TYPES (sizeof types / sizeof *types)

static uint64_t bits_at(const uint8_t *from, size_t bytes)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < bytes; i++)
        bits |= (uint64_t)from[i] << (8 * i);
    return bits;
}

static enum status refuse(struct why *why, const char *text, size_t tensor)
{
    return why_set(why, ERR_INPUT, text, "safetensors", tensor);
}

/* --- a row of the header --- */

/* A product that no size_t holds is refused as too large for any file. */
static bool read_shape(const struct json *shape, struct tensor *out)
{
    out->count = 1;
    out->dimensions = json_count(shape);
    for (size_t i = 0; i < out->dimensions; i++) {
        const struct json *item = json_at(shape, i);
        if (!json_is_integer(item) || json_integer_value(item) < 0)
            return false;
        out->shape[i] = (size_t)json_integer_value(item);
        if (out->shape[i] != 0 && out->count > SIZE_MAX / 16 / out->shape[i])
            return false;
        out->count *= out->shape[i];
    }
    return true;
}

static enum status read_row(const char *name, const struct json *row, struct bytes data, struct tensor *out,
                            struct why *why)
{
    const char *names[TYPES];
    struct json_fields fields;
    for (size_t i = 0; i < TYPES; i++)
        names[i] = types[i].name;
    json_fields(&fields, row, "safetensors", why);
    size_t type = json_take_choice(&fields, "dtype", names, TYPES);
    const struct json *shape = json_take_array(&fields, "shape", SAFETENSORS_DIMENSIONS_MAX);
    const struct json *place = json_take_array(&fields, "data_offsets", 2);
    TRY(json_fields_end(&fields));
    *out = (struct tensor){.name = name, .type = types[type].type};
    const struct json *from = json_at(place, 0), *to = json_at(place, 1);
    if (!read_shape(shape, out) || !json_is_integer(from) || !json_is_integer(to))
        return refuse(why, "a tensor's shape or place is no list of numbers", 0);
    int64_t start = json_integer_value(from), end = json_integer_value(to);
    if (start < 0 || end < start || (uint64_t)end > data.size ||
        (uint64_t)(end - start) != out->count * types[type].bytes)
        return refuse(why, "a tensor's place does not fit its shape, or the file", 0);
    out->start = (size_t)start;
    out->data = bytes_part(data, out->start, (size_t)(end - start));
    return OK;
}

/* --- the file --- */

static int by_place(const void *a, const void *b)
{
    const struct tensor *const *left = a, *const *right = b;
    if ((*left)->start != (*right)->start)
        return (*left)->start < (*right)->start ? -1 : 1;
    return ((*left)->data.size > (*right)->data.size) - ((*left)->data.size < (*right)->data.size);
}

/* No byte belongs to two tensors, or to none. */
static enum status check_cover(const struct safetensors *file, struct bytes data, struct why *why)
{
    size_t at = 0;
    SCOPED_MEM const struct tensor **order = mem_new(file->count + 1, sizeof *order);
    if (!order)
        return ERR_MEMORY;
    for (size_t i = 0; i < file->count; i++)
        order[i] = &file->items[i];
    qsort(order, file->count, sizeof *order, by_place);
    for (size_t i = 0; i < file->count; i++) {
        if (order[i]->start != at)
            return refuse(why, "tensors overlap, or bytes between them belong to none", 0);
        at += order[i]->data.size;
    }
    return at == data.size ? OK : refuse(why, "bytes behind the last tensor belong to none", 0);
}

static enum status read_rows(struct safetensors *file, struct bytes data, struct why *why)
{
    size_t members = json_count(file->header);
    if (!json_is_object(file->header))
        return refuse(why, "the header is no object", 0);
    if (members > SAFETENSORS_TENSORS_MAX)
        return why_set(why, ERR_TOO_LARGE, "too many tensors", "safetensors", 0);
    file->items = mem_new(members + 1, sizeof *file->items);
    if (!file->items)
        return ERR_MEMORY;
    for (size_t i = 0; i < members; i++) {
        const char *name = NULL;
        const struct json *row = json_member(file->header, i, &name);
        if (strcmp(name, "__metadata__") == 0)
            continue;
        TRY(read_row(name, row, data, &file->items[file->count], why));
        file->count++;
    }
    return check_cover(file, data, why);
}

enum status safetensors_read(struct bytes file, struct safetensors *out, struct why *why)
{
    *out = (struct safetensors){0};
    if (file.size < SIZE_BYTES)
        return refuse(why, "shorter than its first number", 0);
    uint64_t size = bits_at(file.data, SIZE_BYTES);
    if (size > SAFETENSORS_HEADER_MAX)
        return why_set(why, ERR_TOO_LARGE, "the header is too large", "safetensors", 0);
    if (size > file.size - SIZE_BYTES || size == 0 || file.data[SIZE_BYTES] != '{')
        return refuse(why, "the header is cut short, or no object", 0);
    struct bytes header = bytes_part(file, SIZE_BYTES, (size_t)size);
    size_t start = SIZE_BYTES + (size_t)size;
    enum status status = json_parse(header, SAFETENSORS_HEADER_MAX, &out->header, why);
    if (status == OK)
        status = read_rows(out, bytes_part(file, start, file.size - start), why);
    if (status != OK)
        safetensors_free(out);
    return status;
}

void safetensors_free(struct safetensors *file)
{
    mem_free(file->items);
    json_free(file->header);
    *file = (struct safetensors){0};
}

/* --- numbers --- */

static double of_f32(uint64_t bits)
{
    uint32_t word = (uint32_t)bits;
    float value;
    memcpy(&value, &word, sizeof value);
    return (double)value;
}

static double of_bf16(uint64_t bits)
{
    return of_f32(bits << 16);
}

/* IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
static double of_f16(uint64_t bits)
{
    int exponent = (int)(bits >> 10 & 31);
    double fraction = (double)(bits & 1023) / 1024, sign = bits >> 15 ? -1 : 1;
    if (exponent == 31)
        return NAN;
    return sign * (exponent == 0 ? ldexp(fraction, -14) : ldexp(1 + fraction, exponent - 15));
}

static double of_f64(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static const struct {
    size_t bytes;
    double (*of)(uint64_t bits);
} floats[TENSOR_OTHER] = {
    [TENSOR_F32] = {4, of_f32}, [TENSOR_F16] = {2, of_f16}, [TENSOR_BF16] = {2, of_bf16}, [TENSOR_F64] = {8, of_f64}};

enum status tensor_numbers(const struct tensor *tensor, float *out)
{
    if (tensor->type == TENSOR_OTHER)
        return ERR_INPUT;
    size_t bytes = floats[tensor->type].bytes;
    for (size_t i = 0; i < tensor->count; i++) {
        double value = floats[tensor->type].of(bits_at(tensor->data.data + i * bytes, bytes));
        if (!(fabs(value) <= (double)MAXFLOAT))
            return ERR_INPUT;
        out[i] = (float)value;
    }
    return OK;
}
