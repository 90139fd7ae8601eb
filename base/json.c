/* JSON values: building, sharing, looking. Hides the tree: a node a value, a string inside its node, the entries of a
 * container in one array in insertion order. */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/json_inside.h"

static struct json *node(enum json_kind kind, size_t text_size)
{
    struct json *value = mem_new(1, sizeof *value + text_size);
    if (!value)
        return NULL;
    value->kind = kind;
    atomic_init(&value->owners, 1);
    return value;
}

static bool is_container(const struct json *value)
{
    return value && (value->kind == KIND_ARRAY || value->kind == KIND_OBJECT);
}

void json_free(struct json *value)
{
    if (!value || atomic_fetch_sub(&value->owners, 1) > 1)
        return;
    for (size_t i = 0; is_container(value) && i < value->count; i++) {
        mem_free(value->entries[i].key);
        json_free(value->entries[i].value);
    }
    if (is_container(value))
        mem_free(value->entries);
    mem_free(value);
}

void json_free_scoped(struct json **value)
{
    json_free(*value);
}

/* --- building --- */

struct json *json_object(void)
{
    return node(KIND_OBJECT, 0);
}

struct json *json_array(void)
{
    return node(KIND_ARRAY, 0);
}

struct json *json_string(struct bytes utf8)
{
    bool has_nul = utf8.size && memchr(utf8.data, 0, utf8.size);
    if (has_nul || !bytes_is_utf8(utf8))
        return NULL;
    struct json *value = node(KIND_STRING, utf8.size + 1);
    if (!value)
        return NULL;
    value->size = utf8.size;
    if (utf8.size)
        memcpy(value->text, utf8.data, utf8.size);
    return value;
}

struct json *json_text(const char *utf8)
{
    return utf8 ? json_string(bytes_str(utf8)) : NULL;
}

static struct json *encoded(struct bytes data, void (*encode)(struct bytes, struct buf *))
{
    SCOPED_BUF struct buf text = {0};
    encode(data, &text);
    return text.failed ? NULL : json_string(buf_bytes(&text));
}

struct json *json_hex(struct bytes data)
{
    return encoded(data, encode_hex);
}

struct json *json_base64(struct bytes data)
{
    return encoded(data, encode_base64);
}

struct json *json_integer(int64_t integer)
{
    struct json *value = node(KIND_INTEGER, 0);
    if (value)
        value->integer = integer;
    return value;
}

struct json *json_real(double real)
{
    struct json *value = isfinite(real) ? node(KIND_REAL, 0) : NULL;
    if (value)
        value->real = real;
    return value;
}

struct json *json_bool(bool truth)
{
    return node(truth ? KIND_TRUE : KIND_FALSE, 0);
}

struct json *json_null(void)
{
    return node(KIND_NULL, 0);
}

struct json *json_share(const struct json *value)
{
    struct json *shared = (struct json *)value; /* only the count of owners changes */
    if (shared)
        atomic_fetch_add(&shared->owners, 1);
    return shared;
}

static bool make_room(struct json *container)
{
    if (container->count < container->room)
        return true;
    size_t room = container->room ? container->room * 2 : 4;
    struct json_entry *grown = mem_grow(container->entries, container->count, room, sizeof *grown);
    if (!grown)
        return false;
    container->entries = grown;
    container->room = room;
    return true;
}

bool json_append(struct json *container, char *take_key, struct json *take_value)
{
    if (!make_room(container)) {
        mem_free(take_key);
        json_free(take_value);
        return false;
    }
    container->entries[container->count++] = (struct json_entry){take_key, take_value};
    return true;
}

void json_set(struct json *object, const char *key, struct json *take_value)
{
    INVARIANT(!object || object->kind == KIND_OBJECT);
    char *copy = object && take_value ? mem_copy(bytes_str(key)) : NULL;
    if (!copy)
        json_free(take_value);
    if (object && (!copy || !json_append(object, copy, take_value)))
        object->lost = true;
}

void json_push(struct json *array, struct json *take_value)
{
    INVARIANT(!array || array->kind == KIND_ARRAY);
    if (!array)
        json_free(take_value);
    else if (!take_value || !json_append(array, NULL, take_value))
        array->lost = true;
}

/* --- looking --- */

bool json_is_object(const struct json *value)
{
    return value && value->kind == KIND_OBJECT;
}

bool json_is_array(const struct json *value)
{
    return value && value->kind == KIND_ARRAY;
}

bool json_is_string(const struct json *value)
{
    return value && value->kind == KIND_STRING;
}

bool json_is_number(const struct json *value)
{
    return value && (value->kind == KIND_INTEGER || value->kind == KIND_REAL);
}

bool json_is_integer(const struct json *value)
{
    return value && value->kind == KIND_INTEGER;
}

bool json_is_true(const struct json *value)
{
    return value && value->kind == KIND_TRUE;
}

bool json_is_null(const struct json *value)
{
    return value && value->kind == KIND_NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
    for (size_t i = 0; json_is_object(object) && i < object->count; i++)
        if (strcmp(object->entries[i].key, key) == 0)
            return object->entries[i].value;
    return NULL;
}

size_t json_count(const struct json *container)
{
    return is_container(container) ? container->count : 0;
}

const struct json *json_at(const struct json *array, size_t index)
{
    return json_is_array(array) && index < array->count ? array->entries[index].value : NULL;
}

const struct json *json_member(const struct json *object, size_t index, const char **key)
{
    *key = NULL;
    if (!json_is_object(object) || index >= object->count)
        return NULL;
    *key = object->entries[index].key;
    return object->entries[index].value;
}

struct bytes json_string_bytes(const struct json *value)
{
    return json_is_string(value) ? bytes_of(value->text, value->size) : BYTES_NONE;
}

const char *json_string_text(const struct json *value)
{
    return json_is_string(value) ? value->text : NULL;
}

int64_t json_integer_value(const struct json *value)
{
    return json_is_integer(value) ? value->integer : 0;
}

double json_number_value(const struct json *value)
{
    if (!json_is_number(value))
        return 0;
    return value->kind == KIND_INTEGER ? (double)value->integer : value->real;
}

/* --- the order of keys --- */

/* Byte order of UTF-8 is the order of code points. UTF-16 units differ from it only in that U+E000..U+FFFF (first byte
 * EE or EF) stand behind the surrogates of all higher code points (F0..F4). */
static unsigned utf16_weight(char c)
{
    unsigned byte = (unsigned char)c;
    return byte == 0xee || byte == 0xef ? byte + 0x10 : byte;
}

static int by_key(const void *a, const void *b)
{
    const char *x = ((const struct json_entry *)a)->key, *y = ((const struct json_entry *)b)->key;
    for (; *x && *x == *y; x++)
        y++;
    return (int)utf16_weight(*x) - (int)utf16_weight(*y);
}

enum status json_sorted(const struct json *object, struct json_entry **sorted)
{
    *sorted = NULL;
    if (object->count == 0)
        return OK;
    struct json_entry *copy = mem_new(object->count, sizeof *copy);
    if (!copy)
        return ERR_MEMORY;
    memcpy(copy, object->entries, object->count * sizeof *copy);
    qsort(copy, object->count, sizeof *copy, by_key);
    for (size_t i = 1; i < object->count; i++)
        if (strcmp(copy[i - 1].key, copy[i].key) == 0) {
            mem_free(copy);
            return ERR_EXISTS;
        }
    *sorted = copy;
    return OK;
}
