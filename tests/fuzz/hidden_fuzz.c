/* The walks for hidden values on any bytes. Pieces are ascending and apart in the view, and each leads back into the
 * text; what was copied is found where the view says; a view holds no more than it may, but for its last piece.
 * Then all of it, in the scrubber. */
#include <stdlib.h>

#include "redaction/hidden_forms.h"
#include "redaction/redaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VIEW_MOST = 1 << 16, INFLATE_MOST = 4 << 20 };

typedef void (*collect)(struct bytes text, struct view *view);

static struct redactor *redactor;

static void check_piece(const struct view *view, const struct piece *piece, struct bytes text)
{
    INVARIANT(piece->start <= piece->end && piece->end <= text.size);
    INVARIANT(piece->at + piece->size < view->text.size);
    INVARIANT(view->text.data[piece->at + piece->size] == VIEW_SEPARATOR);
    for (size_t at = piece->at; at < piece->at + piece->size; at++) {
        size_t start = at, end = at + 1;
        INVARIANT(view_piece(view, start, end) == piece);
        view_origin(view, piece, &start, &end);
        INVARIANT(start >= piece->start && start < end && end <= piece->end);
        bool copied = piece->way != VIEW_BLOCK && end == start + 1 && view->text.data[at] < 0x80;
        INVARIANT(!copied || text.data[start] == '\n' || view->text.data[at] == text.data[start]);
    }
}

static void check_walk(collect walk, struct bytes text)
{
    struct view view;
    view_init(&view, VIEW_MOST);
    walk(text, &view);
    INVARIANT(view.status == OK);
    INVARIANT(view.text.size <= VIEW_MOST + text.size + INFLATE_MOST);
    size_t end = 0;
    for (size_t i = 0; i < view.count; i++) {
        INVARIANT(view.pieces[i].at == end);
        check_piece(&view, &view.pieces[i], text);
        end = view.pieces[i].at + view.pieces[i].size + 1;
    }
    INVARIANT(end == view.text.size);
    view_free(&view);
}

static void check_scrub(struct bytes text)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    struct buf out SCOPED_BUF = {0};
    INVARIANT(redact_session_new(redactor, &session) == OK);
    INVARIANT(redact_text(session, text, &out, &found) == OK);
    for (size_t i = 0; i < found.count; i++)
        INVARIANT(found.items[i].start < found.items[i].end && found.items[i].end <= text.size);
    redact_findings_free(&found);
    redact_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    if (!redactor && redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        abort();
    check_walk(escapes_collect, text);
    check_walk(blocks_collect, text);
    check_walk(joints_collect, text);
    check_scrub(text);
    return 0;
}
