/* Reading a record strictly. Hides the bookkeeping of which members were taken. */
#include "base/encode.h"
#include "base/json_inside.h"

#define FIELDS_MOST 64

static void fail(struct json_fields *fields, enum status code, const char *what, const char *key)
{
    if (fields->status == OK)
        fields->status = why_hint(fields->why, code, what, fields->record, key);
}

void json_fields(struct json_fields *fields, const struct json *value, const char *record, struct why *why)
{
    *fields = (struct json_fields){.object = value, .record = record, .why = why};
    if (!json_is_object(value))
        fail(fields, ERR_INPUT, "no object", NULL);
    else if (json_count(value) > FIELDS_MOST)
        fail(fields, ERR_INPUT, "too many fields", NULL);
}

/* The member, marked as taken; fails if it is absent. */
static const struct json *take(struct json_fields *fields, const char *key)
{
    for (size_t i = 0; fields->status == OK && i < fields->object->count; i++)
        if (strcmp(fields->object->entries[i].key, key) == 0) {
            fields->taken |= UINT64_C(1) << i;
            return fields->object->entries[i].value;
        }
    fail(fields, ERR_INPUT, "missing field", key);
    return NULL;
}

/* The member if it passes is_type, else NULL and a failure. */
static const struct json *take_typed(struct json_fields *fields, const char *key, bool (*is_type)(const struct json *))
{
    const struct json *value = take(fields, key);
    if (value && is_type(value))
        return value;
    fail(fields, ERR_INPUT, "wrong type of field", key);
    return NULL;
}

struct bytes json_take_string(struct json_fields *fields, const char *key, size_t max_bytes)
{
    struct bytes text = json_string_bytes(take_typed(fields, key, json_is_string));
    if (text.size <= max_bytes)
        return text;
    fail(fields, ERR_INPUT, "field is too long", key);
    return BYTES_NONE;
}

int64_t json_take_integer(struct json_fields *fields, const char *key, int64_t least, int64_t most)
{
    const struct json *value = take_typed(fields, key, json_is_integer);
    if (value && value->integer >= least && value->integer <= most)
        return value->integer;
    fail(fields, ERR_INPUT, "field is out of range", key);
    return 0;
}

double json_take_number(struct json_fields *fields, const char *key, double least, double most)
{
    const struct json *value = take_typed(fields, key, json_is_number);
    double number = json_number_value(value);
    if (value && number >= least && number <= most)
        return number;
    fail(fields, ERR_INPUT, "field is out of range", key);
    return 0;
}

static bool is_bool(const struct json *value)
{
    return value->kind == KIND_TRUE || value->kind == KIND_FALSE;
}

bool json_take_bool(struct json_fields *fields, const char *key)
{
    return json_is_true(take_typed(fields, key, is_bool));
}

const struct json *json_take_array(struct json_fields *fields, const char *key, size_t max_items)
{
    const struct json *array = take_typed(fields, key, json_is_array);
    if (json_count(array) <= max_items)
        return array;
    fail(fields, ERR_INPUT, "field has too many items", key);
    return NULL;
}

const struct json *json_take_object(struct json_fields *fields, const char *key)
{
    return take_typed(fields, key, json_is_object);
}

void json_take_hex(struct json_fields *fields, const char *key, uint8_t *out, size_t size)
{
    memset(out, 0, size);
    const struct json *value = take_typed(fields, key, json_is_string);
    if (!value || decode_hex_fixed(json_string_bytes(value), out, size) != OK)
        fail(fields, ERR_INPUT, "field is not hex of the right length", key);
}

void json_take_base64(struct json_fields *fields, const char *key, size_t max_bytes, struct buf *out)
{
    const struct json *value = take_typed(fields, key, json_is_string);
    size_t before = out->size;
    enum status status = value ? decode_base64(json_string_bytes(value), out) : ERR_INPUT;
    if (status == OK && out->size - before > max_bytes)
        status = ERR_TOO_LARGE;
    if (status == OK)
        return;
    out->size = before;
    if (status == ERR_MEMORY)
        fail(fields, ERR_MEMORY, "out of memory", key);
    fail(fields, ERR_INPUT, status == ERR_TOO_LARGE ? "field is too long" : "field is not base64", key);
}

size_t json_take_choice(struct json_fields *fields, const char *key, const char *const *names, size_t count)
{
    const struct json *value = take_typed(fields, key, json_is_string);
    for (size_t i = 0; value && i < count; i++)
        if (strcmp(value->text, names[i]) == 0)
            return i;
    fail(fields, ERR_INPUT, "field has an unknown value", key);
    return 0;
}

bool json_has(const struct json_fields *fields, const char *key)
{
    return json_get(fields->object, key) != NULL;
}

enum status json_fields_end(struct json_fields *fields)
{
    size_t count = fields->status == OK ? fields->object->count : 0;
    uint64_t all = count == FIELDS_MOST ? UINT64_MAX : (UINT64_C(1) << count) - 1;
    if (fields->taken != all)
        fail(fields, ERR_INPUT, "unknown field", NULL);
    return fields->status;
}
