/* Answers of the vault as pages for people: names and values aligned, lists as tables. Text only, no control
 * characters. */
#pragma once

#include "base/bytes.h"
#include "base/json.h"

void pages_any(const struct json *answer, struct buf *out);
/* Rows as a table of these columns; at most PAGES_COLUMNS_MAX. */
#define PAGES_COLUMNS_MAX 16
void pages_table(const struct json *rows, const char *const *keys, size_t columns, size_t indent, struct buf *out);
void pages_tenants(const struct json *answer, struct buf *out);
void pages_library(const struct json *answer, struct buf *out);
void pages_round(const struct json *answer, struct buf *out);
void pages_survey(const struct json *answer, struct buf *out);
void pages_trail(const struct json *answer, struct buf *out);
void pages_log(const struct json *answer, struct buf *out);
/* After init: what to keep, and what comes next. */
void pages_founded(const struct json *answer, struct buf *out);
void pages_devices(const struct json *answer, struct buf *out);
void pages_tokens(const struct json *answer, struct buf *out);
/* After a change of the root key: what is left of the old one. */
void pages_root(const struct json *answer, struct buf *out);
void pages_keys(const struct json *answer, struct buf *out);
void pages_token(const struct json *answer, struct buf *out);
