/* Answers of the vault as pages for people: names and values aligned, lists as tables. Text only, no control characters. */
#pragma once

#include "base/bytes.h"
#include "base/json.h"

void pages_any(const struct json *answer, struct buf *out);
void pages_library(const struct json *answer, struct buf *out);
void pages_log(const struct json *answer, struct buf *out);
void pages_token(const struct json *answer, struct buf *out);
