/* Streams. Hides what is held back of the input, and the states between its kinds:
 *
 *     BEGINNING -> TEXT                    in windows to the end
 *               -> LINES <-> VALUE <-> STRING   values a line; one that is too long to be held; a string of one that is
 *               -> DOCUMENT -> VALUE       one value
 *
 * Whatever turns out not to be JSON becomes TEXT. */
#include "redaction/stream.h"

#include "redaction/redactor.h"

#define HOLD ((size_t)4 << 20) /* a record of up to this is held whole */
#define WINDOW ((size_t)1 << 20)
#define RUN_MOST ((size_t)1 << 20) /* so much text between JSON lines, and it is text from there on */

enum status redact_stream_new(struct redact_session *session, struct redact_stream **out)
{
    struct redact_stream *stream = *out = mem_new(1, sizeof *stream);
    if (!stream)
        return ERR_MEMORY;
    stream->session = session;
    buf_init_secret(&stream->held);
    buf_init_secret(&stream->keys);
    return OK;
}

enum status redact_stream_new_text(struct redact_session *session, struct redact_stream **out)
{
    TRY(redact_stream_new(session, out));
    (*out)->state = TEXT;
    return OK;
}

void redact_stream_free(struct redact_stream *stream)
{
    if (!stream)
        return;
    buf_free(&stream->held);
    buf_free(&stream->keys);
    mem_free(stream);
}

void stream_drop(struct redact_stream *stream, size_t size)
{
    memmove(stream->held.data, stream->held.data + size, stream->held.size - size);
    stream->held.size -= size;
    stream->base += size;
}

/* --- telling --- */

static bool looks_structured(struct bytes text)
{
    size_t i = 0;
    while (i < text.size && char_is(text.data[i], C_SPACE))
        i++;
    return i < text.size && (text.data[i] == '{' || text.data[i] == '[');
}

static enum status begin(struct redact_stream *stream)
{
    struct bytes held = buf_bytes(&stream->held);
    const uint8_t *newline = held.size ? memchr(held.data, '\n', held.size) : NULL;
    if (!looks_structured(held))
        stream->state = TEXT;
    else if (newline && json_lex_is_value(bytes_of(held.data, (size_t)(newline - held.data))))
        stream->state = LINES;
    else
        stream->state = DOCUMENT;
    return OK;
}

/* --- text --- */

/* What is held is text from `at` on; what stands before is done, but may tell what follows. */
void stream_become_text(struct redact_stream *stream, size_t at)
{
    size_t needless = at > WINDOW_CONTEXT ? at - WINDOW_CONTEXT : 0;
    stream_drop(stream, needless);
    stream->state = TEXT;
    stream->at = at - needless;
}

static enum status text_step(struct redact_stream *stream)
{
    struct bytes held = buf_bytes(&stream->held);
    while (stream->at < held.size && (stream->end || held.size - stream->at > WINDOW + WINDOW_OVERLAP)) {
        struct window window = window_at(held, stream->at, WINDOW);
        size_t next;
        window.base += stream->base;
        TRY(window_run(stream->session, &window, stream->out, stream->found, &next));
        stream->at = next - stream->base;
    }
    stream_become_text(stream, stream->at);
    return OK;
}

/* --- lines --- */

/* A value into the arena. *end: where it ends; of what is no JSON, where that which was not looked at begins. */
static enum status take_value(struct arena *arena, struct bytes value, struct walk *walk, size_t *end, bool *broken)
{
    size_t start = (size_t)(value.data - arena->source.data);
    walk_start(walk, value);
    enum status status = walk_all(walk, arena);
    *broken = status == ERR_INPUT || status == ERR_TOO_LARGE;
    *end = *broken ? arena_back(arena, start) : start + value.size;
    return *broken ? OK : status;
}

static struct bytes line_at(struct bytes block, size_t at)
{
    const uint8_t *newline = memchr(block.data + at, '\n', block.size - at);
    return bytes_part(block, at, newline ? (size_t)(newline - block.data) + 1 - at : SIZE_MAX);
}

static enum status take_text(struct arena *arena, size_t from, size_t to)
{
    return from < to ? arena_take(arena, bytes_part(arena->source, from, to - from), PIECE_TEXT, BYTES_NONE) : OK;
}

/* All lines of a block; lines that are no JSON are taken together, as text. *used: less than the block where so much
 * text follows that the rest is taken for text. */
static enum status take_lines(struct redact_stream *stream, struct arena *arena, size_t *used)
{
    struct bytes block = arena->source;
    size_t text = 0, at = 0; /* from `text` on nothing is taken */
    while (at < block.size && at - text <= RUN_MOST) {
        struct bytes line = line_at(block, at);
        bool broken;
        if (looks_structured(line) && (at == text || json_lex_is_value(line))) {
            TRY(take_text(arena, text, at));
            TRY(take_value(arena, line, &stream->walk, &text, &broken));
        }
        at += line.size;
    }
    *used = at - text > RUN_MOST ? text : at;
    TRY(take_text(arena, text, *used));
    return arena_flush(arena);
}

static enum status lines_step(struct redact_stream *stream)
{
    struct bytes held = buf_bytes(&stream->held);
    const uint8_t *last = held.size ? memrchr(held.data, '\n', held.size) : NULL;
    size_t whole = stream->end ? held.size : last ? (size_t)(last - held.data) + 1 : 0, used = 0;
    if (whole == 0) {
        stream->state = looks_structured(held) ? VALUE : TEXT;
        stream->at = 0;
        walk_start(&stream->walk, held);
        return OK;
    }
    struct arena arena;
    arena_init(&arena, stream->session, stream->out, stream->found);
    arena_source(&arena, bytes_part(held, 0, whole), stream->base);
    enum status status = take_lines(stream, &arena, &used);
    if (status == OK)
        arena_copy(&arena, used);
    arena_free(&arena);
    TRY(status);
    if (used < whole)
        stream_become_text(stream, used);
    else
        stream_drop(stream, used);
    return OK;
}

/* --- one value --- */

static enum status document_step(struct redact_stream *stream)
{
    struct bytes held = buf_bytes(&stream->held);
    if (!stream->end || held.size > HOLD) {
        stream->state = VALUE;
        walk_start(&stream->walk, held);
        return OK;
    }
    struct arena arena;
    bool broken;
    size_t used;
    arena_init(&arena, stream->session, stream->out, stream->found);
    arena_source(&arena, held, stream->base);
    enum status status = take_value(&arena, held, &stream->walk, &used, &broken);
    if (status == OK)
        status = arena_flush(&arena);
    if (status == OK)
        arena_copy(&arena, used);
    arena_free(&arena);
    TRY(status);
    stream_become_text(stream, used);
    return OK;
}

/* --- the whole --- */

static enum status step(struct redact_stream *stream)
{
    switch (stream->state) {
    case BEGINNING:
        return begin(stream);
    case TEXT:
        return text_step(stream);
    case LINES:
        return lines_step(stream);
    case DOCUMENT:
        return document_step(stream);
    case VALUE:
        return stream_value(stream);
    case STRING:
        return stream_string(stream);
    }
    return ERR_BUG;
}

/* What is held and not yet done. */
static size_t left(const struct redact_stream *stream)
{
    size_t done = stream->state == TEXT ? stream->at : stream->state == STRING ? stream->windows.at : 0;
    return stream->held.size - done;
}

/* Whether enough is held for a step: of text a window is, of all else a record. */
static bool is_due(const struct redact_stream *stream)
{
    if (stream->end)
        return left(stream) > 0;
    return stream->state == TEXT ? left(stream) > WINDOW + WINDOW_OVERLAP : stream->held.size >= HOLD;
}

static enum status pump(struct redact_stream *stream)
{
    while (is_due(stream))
        TRY(step(stream));
    return stream->out ? buf_status(stream->out) : OK;
}

enum status redact_stream_add(struct redact_stream *stream, struct bytes part, struct buf *out,
                              struct redact_findings *found)
{
    stream->out = out;
    stream->found = found;
    for (size_t at = 0; at < part.size;) {
        size_t size = REDACT_STREAM_HELD - stream->held.size < part.size - at ? REDACT_STREAM_HELD - stream->held.size
                                                                              : part.size - at;
        buf_add(&stream->held, bytes_part(part, at, size));
        TRY(buf_status(&stream->held));
        TRY(pump(stream));
        at += size;
    }
    return OK;
}

enum status redact_stream_end(struct redact_stream *stream, struct buf *out, struct redact_findings *found)
{
    stream->out = out;
    stream->found = found;
    stream->end = true;
    return pump(stream);
}
