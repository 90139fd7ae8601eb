/* JSON documents: the string values (and keys that hold digits or an @) are unescaped one after the other into an
 * arena, which is scanned as one text, so that short strings cost no scan each and consistency holds over the document.
 * Hides the arena, its windows and the re-encoding of what changed. */
#include "base/json_lex.h"

#include "redaction/block.h"
#include "redaction/keys.h"
#include "redaction/redactor.h"
#include "redaction/session.h"

#define ARENA_MOST (1u << 20)
#define SEPARATOR 0x1e /* in no character class: no match crosses it */
#define NUMBER_LEAST 9 /* digits from which a bare number is looked at */

struct piece {
    size_t raw, raw_size;         /* in the document; with its quotes if it had any */
    size_t at, size;              /* in the arena */
    const struct recognizer *row; /* of its telling key, or NULL */
};
struct document {
    struct redact_session *session;
    struct bytes json;
    size_t copied; /* how much of the document is in out */
    struct buf *out;
    struct buf arena;
    struct buf text; /* of the piece that is being written */
    struct piece *pieces;
    size_t count, room;
};

static enum status piece_add(struct document *document, struct piece piece)
{
    if (document->count == document->room) {
        size_t room = document->room ? document->room * 2 : 256;
        struct piece *grown = mem_grow(document->pieces, document->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        document->pieces = grown;
        document->room = room;
    }
    document->pieces[document->count++] = piece;
    return OK;
}

/* --- writing --- */

/* What json_escape writes, a block at a time: in JSON inside strings every few bytes are a quote. */
static void escape(struct bytes text, struct buf *out)
{
    for (size_t at = 0; at < text.size;) {
        struct block block = block_at(text, at);
        uint64_t special = block_are(&block, '"') | block_are(&block, '\\') | block_between(&block, 0, 0x1f);
        size_t run = special ? (size_t)__builtin_ctzll(special) : sizeof block, left = text.size - at;
        buf_reserve(out, sizeof block + 2);
        if (out->failed)
            return;
        uint8_t *to = out->data + out->size;
        memcpy(to, &block, sizeof block);
        out->size += run < left ? run : left;
        at += run < left ? run : left;
        if (!special || at == text.size)
            continue;
        if (text.data[at] < 0x20) {
            json_escape(bytes_part(text, at++, 1), out);
            continue;
        }
        to[run] = '\\';
        to[run + 1] = text.data[at++];
        out->size += 2;
    }
}

/* One piece with its finds: operated, escaped, between quotes. */
static enum status piece_write(struct document *document, const struct piece *piece, const struct normal *normal,
                               const struct find *finds, size_t count)
{
    struct bytes arena = buf_bytes(&document->arena);
    struct buf *text = &document->text;
    size_t done = piece->at, end = piece->at + piece->size;
    buf_clear(text);
    for (size_t i = 0; i < count; i++) {
        size_t start = normal_origin(normal, finds[i].start), stop = normal_origin(normal, finds[i].end);
        start = start < done ? done : start;
        stop = stop > end ? end : stop;
        buf_add(text, bytes_part(arena, done, start - done));
        const struct operand operand = {&finds[i], normal->text, bytes_part(arena, start, stop - start)};
        TRY(operate(document->session, &operand, text));
        done = stop;
    }
    buf_add(text, bytes_part(arena, done, end - done));
    TRY(buf_status(text));
    buf_add(document->out, bytes_part(document->json, document->copied, piece->raw - document->copied));
    buf_add_byte(document->out, '"');
    escape(buf_bytes(text), document->out);
    buf_add_byte(document->out, '"');
    document->copied = piece->raw + piece->raw_size;
    return OK;
}

/* Finds are sorted and so are pieces: walk both. */
static enum status pieces_write(struct document *document, const struct normal *normal, const struct finds *finds)
{
    size_t next = 0;
    for (size_t p = 0; p < document->count && next < finds->count; p++) {
        const struct piece *piece = &document->pieces[p];
        size_t first;
        while (next < finds->count && normal_origin(normal, finds->items[next].end) <= piece->at)
            next++;
        for (first = next;
             next < finds->count && normal_origin(normal, finds->items[next].start) < piece->at + piece->size;)
            next++;
        if (next > first)
            TRY(piece_write(document, piece, normal, &finds->items[first], next - first));
        if (next > first && normal_origin(normal, finds->items[next - 1].end) > piece->at + piece->size + 1)
            next--; /* reaches into the next piece */
    }
    return OK;
}

/* The offset in the normalised arena of an offset in the arena itself. */
static size_t normal_of(const struct normal *normal, size_t origin, size_t *shift)
{
    while (*shift < normal->count && normal->shifts[*shift].from <= origin)
        ++*shift;
    return *shift ? normal->shifts[*shift - 1].at + (origin - normal->shifts[*shift - 1].from) : origin;
}

/* Pieces under telling keys are finds as they are. */
static enum status key_finds(struct document *document, const struct normal *normal, struct finds *finds)
{
    const struct redactor *redactor = document->session->redactor;
    size_t shift = 0;
    for (size_t i = 0; i < document->count; i++) {
        const struct piece *piece = &document->pieces[i];
        if (!piece->row || !(redactor->types >> piece->row->type & 1))
            continue;
        size_t start = normal_of(normal, piece->at, &shift), end = normal_of(normal, piece->at + piece->size, &shift);
        struct bytes value = bytes_part(normal->text, start, end - start);
        if (value.size == 0 || placeholder_only(value))
            continue;
        TRY(finds_add(finds, (struct find){start, end, piece->row, piece->row->type, piece->row->score, false}));
    }
    return OK;
}

static enum status arena_flush(struct document *document)
{
    struct normal normal SCOPED_NORMAL = {0};
    struct finds finds SCOPED_FINDS = {0};
    TRY(buf_status(&document->arena));
    TRY(normalise(buf_bytes(&document->arena), &normal));
    TRY(key_finds(document, &normal, &finds));
    TRY(redact_find(document->session, normal.text, &finds));
    finds_drop_flagged(&finds);
    TRY(pieces_write(document, &normal, &finds));
    buf_clear(&document->arena);
    document->count = 0;
    return OK;
}

/* --- reading --- */

static bool may_hold(struct bytes key)
{
    for (size_t i = 0; i < key.size; i++)
        if (char_is(key.data[i], C_DIGIT) || key.data[i] == '@')
            return true;
    return false;
}

/* Unescape into the arena, a block at a time; from the first \uXXXX on it is json_unescape's. */
static void arena_unescape(struct buf *arena, struct bytes raw)
{
    static const uint8_t values[256] = {
        ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'};
    buf_reserve(arena, raw.size + sizeof(struct block));
    if (arena->failed)
        return;
    uint8_t *to = arena->data + arena->size;
    size_t at = 0;
    while (at < raw.size) {
        struct block block = block_at(raw, at);
        uint64_t slashes = block_are(&block, '\\');
        size_t run = slashes ? (size_t)__builtin_ctzll(slashes) : sizeof block, left = raw.size - at;
        memcpy(to, &block, sizeof block);
        to += run < left ? run : left;
        at += run < left ? run : left;
        if (!slashes)
            continue;
        uint8_t value = values[char_at(raw, at + 1)];
        if (!value)
            break;
        *to++ = value;
        at += 2;
    }
    arena->size = (size_t)(to - arena->data);
    json_unescape(bytes_part(raw, at, SIZE_MAX), arena);
}

/* Take a token into the arena. `key` is the innermost key, BYTES_NONE for keys themselves. */
static enum status take(struct document *document, struct bytes raw, bool quoted, bool escaped, struct bytes key)
{
    const struct redactor *redactor = document->session->redactor;
    size_t at = document->arena.size, before = (size_t)(raw.data - document->json.data) - quoted;
    if (escaped)
        arena_unescape(&document->arena, raw);
    else
        buf_add(&document->arena, raw);
    TRY(buf_status(&document->arena));
    struct bytes value = bytes_part(buf_bytes(&document->arena), at, SIZE_MAX);
    const struct recognizer *row = key.size ? key_row(redactor->keys, redactor->names, key, value) : NULL;
    if (!quoted && !row && raw.size < NUMBER_LEAST) {
        document->arena.size = at;
        return OK;
    }
    TRY(piece_add(document, (struct piece){before, raw.size + 2 * quoted, at, value.size, row}));
    buf_add_byte(&document->arena, SEPARATOR);
    return document->arena.size < ARENA_MOST ? OK : arena_flush(document);
}

static enum status walk(struct document *document, struct json_lex *lex, struct why *why)
{
    struct bytes keys[JSON_LEX_DEPTH + 1] = {{0}}; /* the innermost key at each depth */
    for (;;) {
        enum json_token token;
        struct bytes raw;
        enum status status = json_lex_next(lex, &token, &raw);
        if (status != OK)
            return why_set(why, status, "not JSON", "document", lex->at);
        switch (token) {
        case JSON_OBJECT_START:
        case JSON_ARRAY_START:
            keys[lex->depth] = lex->depth ? keys[lex->depth - 1] : BYTES_NONE;
            break;
        case JSON_KEY:
            keys[lex->depth] = raw;
            if (may_hold(raw))
                TRY(take(document, raw, true, lex->escaped, BYTES_NONE));
            break;
        case JSON_STRING:
            TRY(take(document, raw, true, lex->escaped, keys[lex->depth]));
            break;
        case JSON_NUMBER:
            if (raw.size >= NUMBER_LEAST || key_tells(document->session->redactor->keys, keys[lex->depth]))
                TRY(take(document, raw, false, false, keys[lex->depth]));
            break;
        case JSON_END:
            return OK;
        case JSON_OBJECT_END:
        case JSON_ARRAY_END:
        case JSON_TRUE:
        case JSON_FALSE:
        case JSON_NULL:
            break;
        }
    }
}

enum status redact_json(struct redact_session *session, struct bytes json, struct buf *out, struct why *why)
{
    struct json_lex lex;
    struct document document = {.session = session, .json = json, .out = out};
    size_t before = out->size;
    buf_init_secret(&document.arena);
    buf_init_secret(&document.text);
    buf_reserve(&document.arena, sizeof(struct block) + (json.size < ARENA_MOST ? json.size : ARENA_MOST));
    json_lex_start(&lex, json);
    enum status status = walk(&document, &lex, why);
    if (status == OK)
        status = arena_flush(&document);
    if (status == OK) {
        buf_add(out, bytes_part(json, document.copied, SIZE_MAX));
        status = buf_status(out);
    }
    if (status != OK)
        out->size = before;
    buf_free(&document.arena);
    buf_free(&document.text);
    mem_free(document.pieces);
    return status;
}
