/* Stretches. Hides how much context they take: linear, because no byte is walked over twice. */
#include "redaction/stretch.h"

#include "redaction/chars.h"

#define CONTEXT 64        /* bytes on either side, */
#define CONTEXT_MOST 1024 /* and up to here as many as belong to the same word */

static size_t context_before(struct bytes text, size_t at)
{
    size_t start = at > CONTEXT ? at - CONTEXT : 0, end = at > CONTEXT_MOST ? at - CONTEXT_MOST : 0;
    while (start > end && !char_is(text.data[start - 1], C_SPACE))
        start--;
    return start;
}

static size_t context_after(struct bytes text, size_t at)
{
    size_t stop = text.size - at > CONTEXT ? at + CONTEXT : text.size;
    size_t end = text.size - at > CONTEXT_MOST ? at + CONTEXT_MOST : text.size;
    while (stop < end && !char_is(text.data[stop], C_SPACE))
        stop++;
    return stop;
}

bool stretch_holds(const struct stretch *stretch, size_t at)
{
    return stretch->open && at <= stretch->until;
}

void stretch_close(struct stretch *stretch)
{
    if (!stretch->open)
        return;
    view_copy(stretch->view, stretch->text, stretch->done, stretch->until);
    view_end(stretch->view, stretch->until);
    stretch->open = false;
}

static void begin(struct stretch *stretch, size_t at)
{
    size_t start = context_before(stretch->text, at);
    if (stretch->open && start <= stretch->until)
        return;
    stretch_close(stretch);
    start = start < stretch->until ? stretch->until : start;
    view_begin(stretch->view, start, stretch->way);
    stretch->open = true;
    stretch->done = stretch->until = start;
}

void stretch_add(struct stretch *stretch, size_t at, size_t end, struct bytes plain)
{
    if (!stretch_holds(stretch, at))
        begin(stretch, at);
    view_copy(stretch->view, stretch->text, stretch->done, at);
    view_add(stretch->view, plain, at, end);
    view_part(stretch->view);
    stretch->done = end;
    if (end + CONTEXT > stretch->until) /* else the word, or all that is taken of it, is in already */
        stretch->until = context_after(stretch->text, end);
}
