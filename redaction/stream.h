/* A stream, inside: stream.c has its states, stream_value.c those of a value that is too long to be held. */
#pragma once

#include "redaction/arena.h"
#include "redaction/string_windows.h"

enum state { BEGINNING, TEXT, LINES, DOCUMENT, VALUE, STRING };

struct redact_stream {
    struct redact_session *session;
    enum state state;
    struct buf held; /* input from `base` on */
    size_t base;
    size_t at;                     /* TEXT: what stands before it in `held` is only context */
    struct buf *out;               /* of the call, may be NULL; */
    struct redact_findings *found; /* likewise */
    bool end;                      /* no more input will come */
    struct walk walk;              /* VALUE and STRING; its keys are copies: */
    struct buf keys;
    struct string_windows windows; /* STRING */
    size_t checked;                /* STRING: no quote before it */
    const struct recognizer *row;  /* STRING: of its telling key, or NULL; then the whole of it goes, */
    size_t start;                  /* from this offset of the input on */
};

void stream_drop(struct redact_stream *stream, size_t size);
/* What is held is text from `at` on; what stands before is done, but may tell what follows. */
void stream_become_text(struct redact_stream *stream, size_t at);
/* The next of a value's tokens; the next of a string's bytes. */
MUST_USE enum status stream_value(struct redact_stream *stream);
MUST_USE enum status stream_string(struct redact_stream *stream);
