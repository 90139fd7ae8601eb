/* Views. Hides the table of hops and its search. */
#include "redaction/view.h"

void view_init(struct view *view, size_t most)
{
    *view = (struct view){.most = most};
    buf_init_secret(&view->text);
}

void view_free(struct view *view)
{
    buf_free(&view->text);
    mem_free(view->pieces);
    mem_free(view->hops);
    *view = (struct view){0};
}

static void add_hop(struct view *view, size_t from)
{
    if (view->hop_count == view->hop_room) {
        size_t room = view->hop_room ? view->hop_room * 2 : 64;
        struct hop *grown = mem_grow(view->hops, view->hop_room, room, sizeof *grown);
        if (!grown) {
            view->status = ERR_MEMORY;
            return;
        }
        view->hops = grown;
        view->hop_room = room;
    }
    view->hops[view->hop_count++] = (struct hop){view->text.size, from, view->upto};
    view->next = from;
}

void view_begin(struct view *view, size_t start, enum view_way way)
{
    if (view->count == view->room) {
        size_t room = view->room ? view->room * 2 : 32;
        struct piece *grown = mem_grow(view->pieces, view->room, room, sizeof *grown);
        if (!grown) {
            view->status = ERR_MEMORY;
            return;
        }
        view->pieces = grown;
        view->room = room;
    }
    view->upto = start;
    view->pieces[view->count] = (struct piece){view->text.size, 0, start, start, way};
    add_hop(view, start);
}

void view_add(struct view *view, struct bytes plain, size_t from, size_t to)
{
    if (view->status != OK || plain.size == 0)
        return;
    if (from != view->next)
        add_hop(view, from);
    buf_add(&view->text, plain);
    view->next = from + plain.size;
    view->upto = to;
}

void view_copy(struct view *view, struct bytes text, size_t from, size_t to)
{
    if (from < to)
        view_add(view, bytes_part(text, from, to - from), from, to);
}

void view_part(struct view *view)
{
    view->next = SIZE_MAX;
}

void view_end(struct view *view, size_t end)
{
    if (view->status != OK)
        return;
    add_hop(view, end);
    struct piece *piece = &view->pieces[view->count++];
    piece->size = view->text.size - piece->at;
    piece->end = end;
    buf_add_byte(&view->text, VIEW_SEPARATOR);
    if (view->status == OK)
        view->status = buf_status(&view->text);
}

const struct piece *view_piece(const struct view *view, size_t start, size_t end)
{
    size_t low = 0, high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (view->pieces[middle].at <= start)
            low = middle + 1;
        else
            high = middle;
    }
    const struct piece *piece = low ? &view->pieces[low - 1] : NULL;
    return piece && start < end && end <= piece->at + piece->size ? piece : NULL;
}

/* The first hop behind `at`. */
static size_t hop_behind(const struct view *view, size_t at)
{
    size_t low = 0, high = view->hop_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (view->hops[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void view_origin(const struct view *view, const struct piece *piece, size_t *start, size_t *end)
{
    if (piece->way == VIEW_BLOCK) {
        *start = piece->start;
        *end = piece->end;
        return;
    }
    const struct hop *first = &view->hops[hop_behind(view, *start) - 1];
    const struct hop *last = &view->hops[hop_behind(view, *end) - 1];
    *start = first->from + (*start - first->at);
    *end = last->at == *end ? last->upto : last->from + (*end - last->at);
}

bool view_crosses(const struct view *view, size_t start, size_t end)
{
    size_t hop = hop_behind(view, start);
    return hop < view->hop_count && view->hops[hop].at < end;
}
