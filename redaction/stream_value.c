/* Values that are longer than what is held: token by token, and the strings among them that are too long themselves.
 * Hides where what is held may be cut. */
#include "redaction/json_raw.h"
#include "redaction/keys.h"
#include "redaction/redactor.h"
#include "redaction/session.h"
#include "redaction/stream.h"

#define KEY_MOST 256 /* longer ones tell nothing */
#define VALUE_START ((size_t)4 << 10)
#define ESCAPE_MOST 12 /* bytes of a pair of surrogates */

/* The keys of a walk are parts of what is held: before that moves they are copied. */
static enum status keep_keys(struct redact_stream *stream)
{
    struct walk *walk = &stream->walk;
    struct buf kept = {.secret = true};
    size_t size = 0;
    for (size_t i = 0; i <= walk->lex.depth; i++)
        size += walk->keys[i].size = walk->keys[i].size < KEY_MOST ? walk->keys[i].size : 0;
    buf_reserve(&kept, size + 1);
    TRY(buf_status(&kept));
    for (size_t i = 0; i <= walk->lex.depth; i++) {
        struct bytes key = walk->keys[i];
        walk->keys[i] = bytes_of(kept.data + kept.size, key.size);
        buf_add(&kept, key);
    }
    buf_free(&stream->keys);
    stream->keys = kept;
    return OK;
}

/* Whether it may only have ended, well or badly, because what is held ends. */
static bool is_cut(const struct redact_stream *stream, enum json_token token)
{
    bool closes = token == JSON_OBJECT_END || token == JSON_ARRAY_END;
    return !stream->end && !closes && stream->walk.lex.at == stream->walk.lex.text.size;
}

/* Tokens as far as they are whole. *done: the value is. *broken: it is not JSON from where the lexer stands. */
static enum status take_tokens(struct redact_stream *stream, struct arena *arena, bool *done, bool *broken)
{
    struct walk *walk = &stream->walk;
    while (!*done) {
        struct json_lex before = walk->lex;
        enum json_token token;
        struct bytes raw;
        enum status status = json_lex_next(&walk->lex, &token, &raw);
        bool cut = is_cut(stream, token);
        if (status != OK || cut) {
            walk->lex = before;
            *broken = !cut;
            return OK;
        }
        TRY(walk_take(walk, arena, token, raw, done));
    }
    return OK;
}

/* --- a string that is longer than what is held --- */

static enum status enter_string(struct redact_stream *stream)
{
    struct json_lex *lex = &stream->walk.lex;
    if (json_lex_enter(lex) != OK) {
        stream_become_text(stream, 0);
        return OK;
    }
    size_t used = lex->at;
    if (stream->out)
        buf_add(stream->out, bytes_part(buf_bytes(&stream->held), 0, used));
    stream_drop(stream, used);
    struct bytes key = stream->walk.keys[lex->depth];
    const struct redactor *redactor = stream->session->redactor;
    struct bytes value = bytes_part(buf_bytes(&stream->held), 0, VALUE_START);
    stream->row = key.size ? key_row(redactor->keys, redactor->names, key, value) : NULL;
    if (stream->row &&
        (!(redactor->types >> stream->row->type & 1) || stream->row->score < (float)redactor->policy.threshold))
        stream->row = NULL;
    stream->windows = (struct string_windows){.session = stream->session};
    stream->checked = 0;
    stream->start = stream->base;
    stream->state = STRING;
    if (!stream->row || !stream->out)
        return OK;
    const struct find find = {0, value.size, stream->row, stream->row->type, stream->row->score, false, NULL};
    const struct operand operand = {&find, value, value};
    return operate(stream->session, &operand, stream->out);
}

/* --- tokens --- */

enum status stream_value(struct redact_stream *stream)
{
    struct arena arena;
    bool done = false, broken = false;
    stream->walk.lex.text = buf_bytes(&stream->held);
    arena_init(&arena, stream->session, stream->out, stream->found);
    arena_source(&arena, buf_bytes(&stream->held), stream->base);
    enum status status = take_tokens(stream, &arena, &done, &broken);
    size_t used = stream->walk.lex.at;
    if (status == OK)
        status = arena_flush(&arena);
    if (broken && used < arena.done)
        used = arena.done;
    if (status == OK)
        arena_copy(&arena, used);
    arena_free(&arena);
    TRY(status);
    if (done) {
        stream->state = LINES;
    } else if (broken) {
        stream_become_text(stream, used);
        return OK;
    } else if (used == 0) {
        return enter_string(stream);
    } else {
        TRY(keep_keys(stream));
        stream->walk.lex.at = 0;
    }
    stream_drop(stream, used);
    return OK;
}

/* --- the string's bytes --- */

/* Under a telling key nothing of it is looked at. */
static enum status pass_over(struct redact_stream *stream, size_t end, bool ends)
{
    stream->windows.at = stream->windows.context = end;
    if (!ends || !stream->found)
        return OK;
    return findings_add(stream->found, (struct redact_finding){stream->start, stream->base + end, stream->row->rule,
                                                               stream->row->type, true, stream->row->score, NULL});
}

enum status stream_string(struct redact_stream *stream)
{
    struct bytes held = buf_bytes(&stream->held);
    struct string_windows *windows = &stream->windows;
    bool quote = false;
    size_t target = stream->end ? held.size : held.size > ESCAPE_MOST ? held.size - ESCAPE_MOST : 0;
    size_t end = target > stream->checked ? raw_boundary(held, stream->checked, target, &quote) : stream->checked;
    bool ends = quote || stream->end;
    windows->out = stream->out;
    windows->found = stream->found;
    if (stream->row)
        TRY(pass_over(stream, end, ends));
    else
        TRY(string_windows_run(windows, bytes_part(held, 0, end), stream->base, ends));
    size_t used = ends ? end : windows->context;
    stream_drop(stream, used);
    windows->at -= ends ? 0 : used;
    windows->context = 0;
    stream->checked = end - used;
    if (ends) { /* the quote is all that the lexer still has to pass over */
        if (stream->out)
            buf_add(stream->out, bytes_part(buf_bytes(&stream->held), 0, 1));
        stream_drop(stream, stream->held.size > 0);
        stream->walk.lex.at = 0;
        stream->state = VALUE;
    }
    return OK;
}
