/* A validating, streaming lexer for other people's JSON (RFC 8259), and a rewriter that changes string values only.
 *
 * Numbers keep their spelling, big ones too; white space, key order and escapes of what is not changed are copied byte
 * for byte. The lexer owns no text: tokens point into the input. Depth is bounded by JSON_LEX_DEPTH. */
#pragma once

#include "base/bytes.h"

#define JSON_LEX_DEPTH 512

enum json_token {
    JSON_OBJECT_START,
    JSON_OBJECT_END,
    JSON_ARRAY_START,
    JSON_ARRAY_END,
    JSON_KEY,    /* raw: between the quotes, escapes as they stand */
    JSON_STRING, /* likewise */
    JSON_NUMBER, /* raw spelling */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_END, /* the value is complete and only white space followed */
};

struct json_lex {
    struct bytes text;
    size_t at; /* next byte to read */
    size_t depth;
    uint8_t stack[JSON_LEX_DEPTH / 8]; /* bit: 1 object, 0 array */
    uint8_t expect;                    /* internal state */
    bool escaped;                      /* the last KEY or STRING has a backslash in it */
};

void json_lex_start(struct json_lex *lex, struct bytes text);
/* Next token; *raw is its text (for KEY and STRING without the quotes), *at its offset. ERR_INPUT at the first offence
 * (also for ill-formed UTF-8 in a string), ERR_TOO_LARGE for depth; lex->at then says where. */
MUST_USE enum status json_lex_next(struct json_lex *lex, enum json_token *token, struct bytes *raw);
/* Whether text is one JSON value, with nothing but white space around it. */
bool json_lex_is_value(struct bytes text);
/* Skip the value whose first token has just been read (a no-op for scalars). */
MUST_USE enum status json_lex_skip(struct json_lex *lex, enum json_token first);

/* For a text that comes in parts: at a string value that does not end within it, step over the opening quote. The
 * caller then reads the string to its end and sets `text` and `at` to go on behind it. ERR_INPUT if no string value may
 * stand here. */
MUST_USE enum status json_lex_enter(struct json_lex *lex);

/* Unescape the raw text of a KEY or STRING into UTF-8 (lone surrogates become U+FFFD). */
void json_unescape(struct bytes raw, struct buf *out);
/* Escape UTF-8 for between quotes: only what RFC 8259 demands (quote, backslash, controls). */
void json_escape(struct bytes utf8, struct buf *out);

/* A rewriter calls `change` for each string value (not keys) with the innermost key that holds it (BYTES_NONE in a
 * top-level array) in unescaped form. It sets *changed and appends the new value in plain UTF-8 to `out` if it wants
 * another one. Everything else is copied. */
typedef enum status (*json_change)(void *context, struct bytes key, struct bytes value, struct buf *out, bool *changed);
MUST_USE enum status json_rewrite(struct bytes text, json_change change, void *context, struct buf *out,
                                  struct why *why);
