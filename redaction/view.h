/* A view of a text: stretches of it in which something was made plain (an escape undone, a block decoded, lines put
 * together), one after the other with a separator between, and the way from every offset back to the text. The content
 * is wiped when freed. */
#pragma once

#include "base/bytes.h"

#define VIEW_SEPARATOR 0x1e /* in no character class: no match crosses it */

enum view_way {
    VIEW_EXACT, /* character by character: offsets lead back to the characters themselves */
    VIEW_JOINT, /* likewise, but it is only a guess that the parts belong together */
    VIEW_BLOCK, /* all of it stands for one token of the text */
    VIEW_WAYS
};

struct hop { /* from view offset `at` on, the origin is from + (offset - at); what ends at `at` ends at `upto` there */
    size_t at, from, upto;
};
struct piece {
    size_t at, size;   /* in the view */
    size_t start, end; /* in the text */
    enum view_way way;
};
struct view {
    struct buf text;
    struct piece *pieces; /* ascending, apart */
    size_t count, room;
    struct hop *hops; /* ascending */
    size_t hop_count, hop_room;
    size_t next, upto; /* where in the text what is added would go on without a hop; where it has ended */
    size_t most;       /* bytes that the view may hold */
    enum status status;
};

/* A view that takes up to about `most` bytes. */
void view_init(struct view *view, size_t most);
void view_free(struct view *view);
static inline bool view_is_full(const struct view *view)
{
    return view->status != OK || view->text.size >= view->most;
}
/* A piece: begun at an offset of the text, filled from left to right, ended at another. A failure stays in status. */
void view_begin(struct view *view, size_t start, enum view_way way);
void view_add(struct view *view, struct bytes plain, size_t from, size_t to); /* what stands in [from, to) */
void view_copy(struct view *view, struct bytes text, size_t from, size_t to); /* as it stands there */
void view_part(struct view *view); /* what is added next is another part, even if it follows */
void view_end(struct view *view, size_t end);
/* The piece that holds [start, end) of the view, or NULL. */
const struct piece *view_piece(const struct view *view, size_t start, size_t end);
/* [*start, *end) of the view becomes what stands for it in the text. */
void view_origin(const struct view *view, const struct piece *piece, size_t *start, size_t *end);
/* Whether something was left out or made plain within [start, end). */
bool view_crosses(const struct view *view, size_t start, size_t end);
