/* Hidden values. Hides the levels, their bounds, and the way back of a find through all of them. */
#include "redaction/hidden.h"

#include "redaction/hidden_forms.h"
#include "redaction/session.h"

#define DECODED_LEAST (64u << 10) /* bytes that all levels together may hold, however short the text, */
#define DECODED_TIMES 4           /* as a multiple of it, */
#define DECODED_MOST (16u << 20)  /* and at most */
#define LABEL_MOST 24             /* how far before a value its label may be joined */
#define CERTAIN 0.8f              /* what a guess or a block needs */

void hidden_free(struct hidden *hidden)
{
    for (size_t i = 0; i < HIDDEN_DEPTH; i++) {
        view_free(&hidden->levels[i].view);
        normal_free(&hidden->levels[i].normal);
        finds_free(&hidden->levels[i].finds);
    }
    *hidden = (struct hidden){0};
}

/* --- the way back --- */

struct place {
    size_t start, end;  /* in the text */
    enum view_way way;  /* of the outermost piece, */
    enum view_way most; /* and of the one that says least about where the value is */
};

/* Whether a find is to be believed in a piece, of which it takes [start, end). */
static bool is_trusted(const struct view *view, const struct piece *piece, const struct find *find, size_t start,
                       size_t end)
{
    bool certain = find->score >= CERTAIN || find->row->flags & ROW_STRICT;
    size_t label = start - piece->at > LABEL_MOST ? start - LABEL_MOST : piece->at;
    if (piece->way == VIEW_EXACT)
        return true;
    return certain && (piece->way == VIEW_BLOCK || view_crosses(view, label, end));
}

/* One level out. False if the find is not to be trusted there. */
static bool step_out(const struct level *level, const struct find *find, struct place *place)
{
    size_t start = normal_origin(&level->normal, place->start), end = normal_origin(&level->normal, place->end);
    const struct piece *piece = view_piece(&level->view, start, end);
    if (!piece || !is_trusted(&level->view, piece, find, start, end))
        return false;
    view_origin(&level->view, piece, &start, &end);
    place->start = start;
    place->end = end;
    place->way = piece->way;
    place->most = piece->way > place->most ? piece->way : place->most;
    return start < end;
}

static bool place_of(const struct hidden *hidden, size_t depth, const struct find *find, struct place *place)
{
    *place = (struct place){.start = find->start, .end = find->end};
    for (size_t i = depth + 1; i > 0; i--)
        if (!step_out(&hidden->levels[i - 1], find, place))
            return false;
    return true;
}

/* Report the finds of a level from `first` on; those that cannot be trusted are forgotten. */
static enum status report(struct hidden *hidden, size_t depth, size_t first, struct scan *scan)
{
    struct finds *finds = &hidden->levels[depth].finds;
    size_t kept = first;
    for (size_t i = first; i < finds->count; i++) {
        struct find find = finds->items[i];
        struct place place;
        if (!place_of(hidden, depth, &find, &place))
            continue;
        finds->items[kept++] = find;
        find.start = place.start;
        find.end = place.end;
        find.inner = find.row;
        find.row = &recognizers_hidden.rows[place.way];
        TRY(finds_add(scan->finds, find));
    }
    finds->count = kept;
    return OK;
}

/* --- levels --- */

static enum status level_fill(struct level *level, struct bytes text, size_t *budget)
{
    view_init(&level->view, *budget);
    escapes_collect(text, &level->view);
    blocks_collect(text, &level->view);
    joints_collect(text, &level->view);
    size_t size = level->view.text.size;
    *budget -= size < *budget ? size : *budget;
    TRY(level->view.status);
    return normalise(buf_bytes(&level->view.text), &level->normal);
}

/* None may reach from one piece into the next. */
static void clip(struct find *find, struct bytes text)
{
    static const uint8_t separator = VIEW_SEPARATOR;
    size_t size = bytes_find(bytes_part(text, find->start, find->end - find->start), bytes_of(&separator, 1));
    find->end = size == SIZE_MAX ? find->end : find->start + size;
}

/* Before finds are merged: one that is not believed could take another with it. */
static void drop_untrusted(struct level *level)
{
    size_t kept = 0;
    for (size_t i = 0; i < level->finds.count; i++) {
        struct find find = level->finds.items[i];
        clip(&find, level->normal.text);
        struct place place = {.start = find.start, .end = find.end};
        if (step_out(level, &find, &place))
            level->finds.items[kept++] = find;
    }
    level->finds.count = kept;
}

static enum status level_find(struct level *level, const struct redactor *redactor, const struct scan *scan)
{
    struct scan inner = *scan;
    inner.text = level->normal.text;
    inner.finds = &level->finds;
    TRY(redact_look(redactor, &inner));
    if (scan->want == 0)
        redact_sift(redactor, inner.text, inner.finds);
    drop_untrusted(level);
    finds_resolve(inner.finds);
    return OK;
}

static size_t budget_of(struct bytes text)
{
    size_t times = text.size < DECODED_MOST ? text.size * DECODED_TIMES : DECODED_MOST;
    size_t budget = times > DECODED_LEAST ? times : DECODED_LEAST;
    return budget < DECODED_MOST ? budget : DECODED_MOST;
}

enum status hidden_scan(struct hidden *hidden, const struct redactor *redactor, struct scan *scan)
{
    struct bytes text = scan->text;
    size_t budget = budget_of(text);
    for (size_t depth = 0; depth < HIDDEN_DEPTH && budget > 0; depth++) {
        struct level *level = &hidden->levels[depth];
        TRY(level_fill(level, text, &budget));
        text = level->normal.text;
        if (text.size == 0)
            break;
        hidden->count++;
        TRY(level_find(level, redactor, scan));
        TRY(report(hidden, depth, 0, scan));
    }
    return OK;
}

/* What the finds of a level stand for in the text is the same value. */
static enum status learn_aliases(const struct hidden *hidden, size_t depth, struct redact_session *session,
                                 struct bytes text)
{
    const struct level *level = &hidden->levels[depth];
    for (size_t i = 0; i < level->finds.count; i++) {
        const struct find *find = &level->finds.items[i];
        struct place place;
        if (find->flagged || !place_of(hidden, depth, find, &place) || place.most == VIEW_BLOCK)
            continue;
        TRY(session_alias(session, find->type, bytes_part(level->normal.text, find->start, find->end - find->start),
                          bytes_part(text, place.start, place.end - place.start)));
    }
    return OK;
}

enum status hidden_learn(const struct hidden *hidden, struct redact_session *session, struct bytes text)
{
    for (size_t i = 0; i < hidden->count; i++) {
        TRY(redact_learn(session, hidden->levels[i].normal.text, &hidden->levels[i].finds));
        TRY(learn_aliases(hidden, i, session, text));
    }
    return OK;
}

enum status hidden_seek(struct hidden *hidden, struct redact_session *session, struct scan *scan)
{
    for (size_t i = 0; i < hidden->count; i++) {
        struct level *level = &hidden->levels[i];
        size_t first = level->finds.count;
        struct scan inner = *scan;
        inner.text = level->normal.text;
        inner.finds = &level->finds;
        session_seek(session, &inner);
        TRY(inner.status);
        TRY(report(hidden, i, first, scan));
    }
    return OK;
}
