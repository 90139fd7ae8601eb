/* The arena: strings of JSON values (and keys that hold digits or an @) are unescaped into it one after the other and
 * scanned as one text, so that short strings cost no scan each and consistency holds over all of them. What changed is
 * escaped again; every other byte of the source is copied. */
#pragma once

#include "base/json_lex.h"
#include "redaction/detect.h"
#include "redaction/pairs.h"

struct piece;
struct arena {
    struct redact_session *session;
    struct buf *out;               /* NULL: only detect */
    struct redact_findings *found; /* or NULL */
    struct bytes source;           /* what pieces are parts of */
    size_t base;                   /* offset of the source in the whole input */
    size_t copied, done;           /* of the source: what is in out, what of its pieces was looked at */
    struct buf text, plain;
    struct piece *pieces;
    size_t count, room;
};

enum piece_kind {
    PIECE_STRING, /* raw: between the quotes, no escape in it */
    PIECE_ESCAPED,
    PIECE_NUMBER, /* becomes a string if it changes */
    PIECE_TEXT,   /* not JSON: written as it is */
};

void arena_init(struct arena *arena, struct redact_session *session, struct buf *out, struct redact_findings *found);
void arena_free(struct arena *arena);
/* Begin on a source; the one before is copied to its end. */
void arena_source(struct arena *arena, struct bytes source, size_t base);
/* Take a part of the source. `key` is the innermost key's raw text; BYTES_NONE for text and for keys themselves. */
MUST_USE enum status arena_take(struct arena *arena, struct bytes raw, enum piece_kind kind, struct bytes key);
/* Take back what was taken, but not looked at, from this offset of the source on. Returns from where on it is free. */
size_t arena_back(struct arena *arena, size_t from);
/* Look at what was taken, write what changed. */
MUST_USE enum status arena_flush(struct arena *arena);
/* Copy the source up to an offset. */
void arena_copy(struct arena *arena, size_t to);

/* A walk over one value's tokens. */
struct walk {
    struct json_lex lex;
    struct bytes keys[JSON_LEX_DEPTH + 1]; /* the innermost key at each depth */
    struct pairs pairs;
};
void walk_start(struct walk *walk, struct bytes text);
/* The token that was read last into the arena; *whole when it ended the outermost value. */
MUST_USE enum status walk_take(struct walk *walk, struct arena *arena, enum json_token token, struct bytes raw,
                               bool *whole);
/* A whole value and nothing behind it. Errors as json_lex_next, or of the arena. */
MUST_USE enum status walk_all(struct walk *walk, struct arena *arena);
