/* Strict JSON records: what we ourselves wrote and another of us reads.
 *
 * Parsing refuses duplicate keys, invalid UTF-8, NUL in strings, depth over the limit, size over the limit and trailing
 * bytes. Reading a record goes through a `struct json_fields`: each field is taken by name and type, and
 * json_fields_end refuses whatever was not taken. Writing is canonical: JCS (RFC 8785), so that equal records are
 * equal bytes and can be signed. Other people's JSON goes through base/json_lex.h instead. */
#pragma once

#include "base/bytes.h"

struct json; /* an immutable or growing value; owned by whoever made it unless a function says borrowed */

#define JSON_DEPTH_MAX 32

/* Parse exactly one value. *out NULL on failure. ERR_INPUT, ERR_TOO_LARGE (over limit bytes or JSON_DEPTH_MAX),
 * ERR_MEMORY. A number that no double holds is refused. 1.0, and an integer beyond +-2^53, are numbers but not
 * integers. */
MUST_USE enum status json_parse(struct bytes text, size_t limit, struct json **out, struct why *why);
void json_free(struct json *value);
void json_free_scoped(struct json **value);
#define SCOPED_JSON __attribute__((cleanup(json_free_scoped)))

/* Canonical bytes (RFC 8785) of value, appended; nothing is appended on failure. Doubles as ECMAScript prints them.
 * ERR_MEMORY (also of a setter before), ERR_USAGE (an integer beyond +-2^53, a key set twice), ERR_TOO_LARGE (depth).
 */
MUST_USE enum status json_canonical(const struct json *value, struct buf *out);
/* The same with indentation and keys in insertion order, for people to read. */
MUST_USE enum status json_pretty(const struct json *value, struct buf *out);
/* Any JSON text (a number's value is kept to double precision) to canonical form. */
MUST_USE enum status json_canonicalise(struct bytes text, struct buf *out, struct why *why);

/* --- building. Each returns a new value, or NULL when out of memory. A setter given NULL fails and marks its parent,
 *     so that a writer asks once, in json_canonical or json_pretty (ERR_MEMORY). Values passed in are consumed. --- */
struct json *json_object(void);
struct json *json_array(void);
struct json *json_string(struct bytes utf8); /* NULL also when not UTF-8 or with a NUL in it */
struct json *json_text(const char *utf8);
struct json *json_hex(struct bytes data);    /* lower-case hex string */
struct json *json_base64(struct bytes data); /* standard base64 string */
struct json *json_integer(int64_t integer);
struct json *json_real(double real); /* finite */
struct json *json_bool(bool truth);
struct json *json_null(void);
struct json *json_share(const struct json *value);                            /* another owner of the same value */
void json_set(struct json *object, const char *key, struct json *take_value); /* each key once */
void json_push(struct json *array, struct json *take_value);

/* --- looking at a value without a record: borrowed results, NULL or 0 when absent or of another type --- */
bool json_is_object(const struct json *value);
bool json_is_array(const struct json *value);
bool json_is_string(const struct json *value);
bool json_is_number(const struct json *value);
bool json_is_integer(const struct json *value);
bool json_is_true(const struct json *value);
bool json_is_null(const struct json *value);
const struct json *json_get(const struct json *object, const char *key);
size_t json_count(const struct json *container); /* of an array or object */
const struct json *json_at(const struct json *array, size_t index);
struct bytes json_string_bytes(const struct json *value); /* BYTES_NONE unless a string; always NUL-terminated behind */
const char *json_string_text(const struct json *value);   /* NULL unless a string */
int64_t json_integer_value(const struct json *value);
double json_number_value(const struct json *value);
/* Walk an object in insertion order: i from 0 to json_count - 1. */
const struct json *json_member(const struct json *object, size_t index, const char **key);

/* --- reading a record strictly --- */
struct json_fields {
    const struct json *object;
    const char *record; /* the record's name, for errors */
    uint64_t taken;     /* bit i: member i was taken; records have at most 64 members */
    enum status status; /* first failure; later takes do nothing */
    struct why *why;
};
/* Start on value; a value that is not an object fails at once (seen in json_fields_end). */
void json_fields(struct json_fields *fields, const struct json *value, const char *record, struct why *why);
/* Each take_x wants the field present and of its type; on failure it sets fields->status and returns an empty value. */
struct bytes json_take_string(struct json_fields *fields, const char *key, size_t max_bytes);
int64_t json_take_integer(struct json_fields *fields, const char *key, int64_t least, int64_t most);
double json_take_number(struct json_fields *fields, const char *key, double least, double most);
bool json_take_bool(struct json_fields *fields, const char *key);
const struct json *json_take_array(struct json_fields *fields, const char *key, size_t max_items);
const struct json *json_take_object(struct json_fields *fields, const char *key);
void json_take_hex(struct json_fields *fields, const char *key, uint8_t *out, size_t size); /* exactly size bytes */
void json_take_base64(struct json_fields *fields, const char *key, size_t max_bytes, struct buf *out);
/* One of count names; its index. */
size_t json_take_choice(struct json_fields *fields, const char *key, const char *const *names, size_t count);
/* Whether an optional field is there (it must then be taken). */
bool json_has(const struct json_fields *fields, const char *key);
/* OK if nothing failed and nothing was left untaken ("unknown field"). */
MUST_USE enum status json_fields_end(struct json_fields *fields);
