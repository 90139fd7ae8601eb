/* The arena. Hides its pieces, and how finds in it lead back to them. */
#include "redaction/arena.h"

#include "redaction/json_raw.h"
#include "redaction/keys.h"
#include "redaction/redactor.h"
#include "redaction/session.h"
#include "redaction/string_windows.h"

#define ARENA_MOST (1u << 20)
#define SEPARATOR 0x1e /* in no character class: no match crosses it */
#define NUMBER_LEAST 9 /* digits from which a bare number is looked at */

struct piece {
    size_t raw, raw_size; /* in the source; without quotes */
    size_t at, size;      /* in the arena */
    enum piece_kind kind;
    const struct recognizer *row; /* of its telling key, or NULL */
};

void arena_init(struct arena *arena, struct redact_session *session, struct buf *out, struct redact_findings *found)
{
    *arena = (struct arena){.session = session, .out = out, .found = found};
    buf_init_secret(&arena->text);
    buf_init_secret(&arena->plain);
}

void arena_free(struct arena *arena)
{
    buf_free(&arena->text);
    buf_free(&arena->plain);
    mem_free(arena->pieces);
}

void arena_copy(struct arena *arena, size_t to)
{
    if (arena->out)
        buf_add(arena->out, bytes_part(arena->source, arena->copied, to - arena->copied));
    arena->copied = to;
}

void arena_source(struct arena *arena, struct bytes source, size_t base)
{
    INVARIANT(arena->count == 0);
    arena_copy(arena, arena->source.size);
    arena->source = source;
    arena->base = base;
    arena->copied = arena->done = 0;
    buf_reserve(&arena->text, 64 + (source.size < ARENA_MOST ? source.size : ARENA_MOST));
}

static enum status piece_add(struct arena *arena, struct piece piece)
{
    if (arena->count == arena->room) {
        size_t room = arena->room ? arena->room * 2 : 256;
        struct piece *grown = mem_grow(arena->pieces, arena->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        arena->pieces = grown;
        arena->room = room;
    }
    arena->pieces[arena->count++] = piece;
    return OK;
}

/* --- writing --- */

static bool is_quoted(const struct piece *piece)
{
    return piece->kind == PIECE_STRING || piece->kind == PIECE_ESCAPED;
}

/* Where a span of the arena stands in the whole input. */
static enum status report(struct arena *arena, const struct piece *piece, struct raw_walk *walk,
                          const struct find *find, size_t start, size_t end)
{
    if (!arena->found)
        return OK;
    bool escaped = piece->kind == PIECE_ESCAPED;
    size_t from = escaped ? raw_walk_to(walk, start - piece->at) : start - piece->at;
    size_t to = escaped ? raw_walk_to(walk, end - piece->at) : end - piece->at, base = arena->base + piece->raw;
    return findings_add(arena->found,
                        (struct redact_finding){base + from, base + to, find->row->rule, find->type, !find->flagged,
                                                find->score, find->inner ? find->inner->rule : NULL});
}

static void piece_out(struct arena *arena, const struct piece *piece)
{
    arena_copy(arena, piece->raw);
    if (piece->kind == PIECE_NUMBER)
        buf_add_byte(arena->out, '"');
    if (piece->kind == PIECE_TEXT)
        buf_add(arena->out, buf_bytes(&arena->plain));
    else
        raw_escape(buf_bytes(&arena->plain), arena->out);
    if (piece->kind == PIECE_NUMBER)
        buf_add_byte(arena->out, '"');
    arena->copied = piece->raw + piece->raw_size;
}

/* One piece with its finds: reported, and if any is withheld operated on and escaped. */
static enum status piece_write(struct arena *arena, const struct piece *piece, const struct normal *normal,
                               const struct find *finds, size_t count)
{
    struct bytes text = buf_bytes(&arena->text);
    struct raw_walk walk = {bytes_part(arena->source, piece->raw, piece->raw_size), 0, 0};
    size_t done = piece->at, end = piece->at + piece->size, changes = 0;
    buf_clear(&arena->plain);
    for (size_t i = 0; i < count; i++) {
        size_t start = normal_origin(normal, finds[i].start), stop = normal_origin(normal, finds[i].end);
        start = start < done ? done : start;
        stop = stop > end ? end : stop;
        TRY(report(arena, piece, &walk, &finds[i], start, stop));
        if (finds[i].flagged)
            continue;
        changes++;
        buf_add(&arena->plain, bytes_part(text, done, start - done));
        const struct operand operand = {&finds[i], normal->text, bytes_part(text, start, stop - start)};
        TRY(operate(arena->session, &operand, &arena->plain));
        done = stop;
    }
    buf_add(&arena->plain, bytes_part(text, done, end - done));
    TRY(buf_status(&arena->plain));
    if (arena->out && changes)
        piece_out(arena, piece);
    return OK;
}

/* Finds are sorted and so are pieces: walk both. */
static enum status pieces_write(struct arena *arena, const struct normal *normal, const struct finds *finds)
{
    size_t next = 0;
    for (size_t p = 0; p < arena->count && next < finds->count; p++) {
        const struct piece *piece = &arena->pieces[p];
        size_t first;
        while (next < finds->count && normal_origin(normal, finds->items[next].end) <= piece->at)
            next++;
        for (first = next;
             next < finds->count && normal_origin(normal, finds->items[next].start) < piece->at + piece->size;)
            next++;
        if (next > first)
            TRY(piece_write(arena, piece, normal, &finds->items[first], next - first));
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
static enum status key_finds(struct arena *arena, const struct normal *normal, struct finds *finds)
{
    const struct redactor *redactor = arena->session->redactor;
    size_t shift = 0;
    for (size_t i = 0; i < arena->count; i++) {
        const struct piece *piece = &arena->pieces[i];
        if (!piece->row || !(redactor->types >> piece->row->type & 1))
            continue;
        size_t start = normal_of(normal, piece->at, &shift), end = normal_of(normal, piece->at + piece->size, &shift);
        struct bytes value = bytes_part(normal->text, start, end - start);
        if (value.size == 0 || placeholder_only(value))
            continue;
        TRY(finds_add(finds, (struct find){start, end, piece->row, piece->row->type, false, piece->row->score, NULL}));
    }
    return OK;
}

enum status arena_flush(struct arena *arena)
{
    struct normal normal SCOPED_NORMAL = {0};
    struct finds finds SCOPED_FINDS = {0};
    if (arena->count == 0)
        return OK;
    TRY(buf_status(&arena->text));
    TRY(normalise(buf_bytes(&arena->text), &normal));
    TRY(key_finds(arena, &normal, &finds));
    TRY(redact_find(arena->session, normal.text, &finds));
    TRY(pieces_write(arena, &normal, &finds));
    const struct piece *last = &arena->pieces[arena->count - 1];
    arena->done = last->raw + last->raw_size + is_quoted(last);
    arena->count = 0;
    buf_clear(&arena->text);
    return OK;
}

/* --- taking --- */

/* A string longer than the arena goes in windows of its own. */
static enum status take_long(struct arena *arena, struct bytes raw)
{
    size_t start = (size_t)(raw.data - arena->source.data);
    TRY(arena_flush(arena));
    arena_copy(arena, start);
    struct string_windows windows = {arena->session, arena->out, arena->found, 0, 0};
    TRY(string_windows_run(&windows, raw, arena->base + start, true));
    arena->copied = start + raw.size;
    arena->done = arena->copied + 1;
    return OK;
}

enum status arena_take(struct arena *arena, struct bytes raw, enum piece_kind kind, struct bytes key)
{
    const struct redactor *redactor = arena->session->redactor;
    size_t at = arena->text.size;
    if (kind == PIECE_ESCAPED)
        raw_unescape(raw, &arena->text);
    else
        buf_add(&arena->text, raw);
    TRY(buf_status(&arena->text));
    struct bytes value = bytes_part(buf_bytes(&arena->text), at, SIZE_MAX);
    const struct recognizer *row = key.size ? key_row(redactor->keys, redactor->names, key, value) : NULL;
    bool ignored = kind == PIECE_NUMBER && !row && raw.size < NUMBER_LEAST;
    bool is_long = kind != PIECE_NUMBER && kind != PIECE_TEXT && !row && raw.size > ARENA_MOST;
    if (ignored || is_long) {
        arena->text.size = at;
        return is_long ? take_long(arena, raw) : OK;
    }
    size_t start = (size_t)(raw.data - arena->source.data);
    TRY(piece_add(arena, (struct piece){start, raw.size, at, value.size, kind, row}));
    buf_add_byte(&arena->text, SEPARATOR);
    return arena->text.size < ARENA_MOST ? OK : arena_flush(arena);
}

size_t arena_back(struct arena *arena, size_t from)
{
    while (arena->count && arena->pieces[arena->count - 1].raw >= from)
        arena->text.size = arena->pieces[--arena->count].at;
    return arena->done > from ? arena->done : from;
}
