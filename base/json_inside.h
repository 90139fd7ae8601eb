/* What the JSON files of this room share with each other and with nobody else. */
#pragma once

#include <stdatomic.h>

#include "base/json.h"

enum json_kind { KIND_NULL, KIND_FALSE, KIND_TRUE, KIND_INTEGER, KIND_REAL, KIND_STRING, KIND_ARRAY, KIND_OBJECT };

struct json_entry {
    char *key; /* NULL in an array */
    struct json *value;
};

struct json {
    enum json_kind kind;
    bool lost; /* a setter on this container failed: it must not be written */
    atomic_size_t owners;
    union {
        int64_t integer;
        double real;
        size_t size; /* of the string, which stands in text, terminated */
        struct {
            struct json_entry *entries;
            size_t count, room;
        };
    };
    char text[];
};

/* The largest magnitude at which a double still tells all integers apart. */
#define JSON_INTEGER_MOST (INT64_C(1) << 53)

/* Append to a container. Takes key (from mem_*; NULL in an array) and value, whatever happens; false: out of memory. */
bool json_append(struct json *container, char *take_key, struct json *take_value);
/* The object's entries in the order of their keys' UTF-16 units (RFC 8785 3.2.3), to be freed with mem_free.
 * ERR_MEMORY; ERR_EXISTS when two have the same key. *sorted is NULL on failure, and may be NULL when the object is
 * empty. */
MUST_USE enum status json_sorted(const struct json *object, struct json_entry **sorted);

/* How many bytes at p may stand in a JSON string as they are: up to the first quote, backslash or control character.
 * *high becomes true if one of them is not ASCII (else it is left alone). */
size_t json_plain_run(const uint8_t *p, size_t size, bool *high);
/* json_unescape that also says whether every escape stood for a whole character. */
bool json_unescape_whole(struct bytes raw, struct buf *out);
/* As ECMAScript's Number::toString prints it (ECMA-262 6.1.6.1.20); finite values only. Needs no locale. */
void json_number_print(double value, struct buf *out);
/* The value of a JSON number's spelling, infinite when too large. */
double json_number_read(const char *spelling);
