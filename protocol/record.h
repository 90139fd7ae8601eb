/* Room-internal: what all records share. A record is one canonical JSON object with a version "v". */
#pragma once

#include "base/json.h"

#define RECORD_VERSION 1

/* Parse a record, begin taking its fields and take "v". ERR_VERSION for a later version, before anything else is looked
 * at; ERR_INPUT unless the text is the canonical form of what it says, so that a record has one spelling and white
 * space or spelling of numbers can carry nothing. The fields borrow from *out; json_fields_end reports all failures. */
MUST_USE enum status record_open(struct bytes text, size_t limit, const char *record, struct json **out,
                                 struct json_fields *fields, struct why *why);
/* The same for a record that has more than one version: 1 to `most`. */
MUST_USE enum status record_open_version(struct bytes text, size_t limit, const char *record, uint32_t most,
                                         struct json **out, struct json_fields *fields, uint32_t *version,
                                         struct why *why);
/* The same for a record that stands inside another, without the look at its spelling. */
void record_begin(const struct json *value, const char *record, struct json_fields *fields, struct why *why);
/* A new object with "v" set; NULL when out of memory. */
struct json *record_new(void);
/* Append the canonical bytes of a value and free it. Nothing is appended on failure. */
MUST_USE enum status record_close(struct json *take, struct buf *out);

/* Note a failure of ours in fields, unless there is one already. */
void record_fail(struct json_fields *fields, enum status status, const char *what, const char *where);
/* Zeroed room for an array that was taken; NULL, with the failure noted, when there is none or one failed before. */
void *record_room(struct json_fields *fields, const char *key, size_t count, size_t size);
/* Take a string into a fixed array, with its terminator; at least one byte, and record_is_line. */
void record_take_line(struct json_fields *fields, const char *key, char *out, size_t size);
/* Take a string as an owned, terminated copy of 1 to most bytes. */
void record_take_copy(struct json_fields *fields, const char *key, size_t most, char **out);
/* Exactly size bytes in lower-case hex: upper case would be a second spelling. */
void record_take_hex(struct json_fields *fields, const char *key, uint8_t *out, size_t size);
MUST_USE enum status record_hex(struct bytes text, uint8_t *out, size_t size); /* ERR_INPUT */
/* "2026-11" and its terminator. */
void record_take_epoch(struct json_fields *fields, const char *key, char out[static 8]);
/* Up to 2^53 - 1: what every reader of JSON keeps exact (RFC 7493). */
uint64_t record_take_count(struct json_fields *fields, const char *key);
struct json *record_count(uint64_t value); /* NULL, which fails its parent, when it is larger */

/* UTF-8 without control characters or line ends. */
bool record_is_line(struct bytes text);
bool record_is_epoch(const char epoch[static 8]);
