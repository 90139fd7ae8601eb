/* The two general matches: a shape where its anchor stands, and a value behind a label. */
#include "base/secret.h"
#include "redaction/names.h"

#include "redaction/shape.h"

#define WORD_BACK 80   /* how far the start of a token may lie before its anchor */
#define FILLER_WORDS 5 /* between a label and its value */
#define FILLER_BYTES 24
#define LIST_ITEMS 64
#define BASE64_RUN 40
#define JOINED_MOST 320
#define SEPARATOR 0x1e /* between the strings of a JSON document */

/* In the middle of base64 every prefix of a token turns up, behind a slash it even begins a word. */
static bool within_base64(struct bytes text, size_t start)
{
    return start > BASE64_RUN && char_is(text.data[start - 1], C_PLUS_SLASH) &&
           chars_run_back(text, start, C_BASE64, BASE64_RUN) == start - BASE64_RUN;
}

/* End of row's shape at start, standing alone; 0 if not. */
static size_t shape_alone(const struct recognizer *row, struct bytes text, size_t start)
{
    if (!(row->flags & ROW_LOOSE) && (!chars_word_starts(text, start) || within_base64(text, start)))
        return 0;
    size_t stop = shape_match(row->shape, text, start);
    if (stop <= start || (char_is(text.data[stop - 1], C_WORD) && !chars_word_ends(text, stop)))
        return 0;
    return stop;
}

/* The token may begin at the start of the word that holds the anchor, or before a joint (":", "." or "~") or two. */
static size_t shape_around(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end;
    for (int joints = 0; joints < 3; joints++) {
        start = chars_run_back(text, start, C_TOKEN, WORD_BACK);
        size_t stop = shape_alone(row, text, start);
        if (stop >= end) {
            scan_found(scan, row, start, stop);
            return stop;
        }
        if (start == 0 || !strchr(":.~", text.data[start - 1] ? text.data[start - 1] : ' '))
            break;
        start--;
    }
    return end;
}

/* A token cut off by the end of a string may go on in the next one: it does if both together have the shape. */
static void found_in_next(struct scan *scan, const struct recognizer *row, size_t start, size_t stop)
{
    struct bytes text = scan_text(scan);
    uint8_t joined[JOINED_MOST];
    size_t size = stop - start, next = stop + 1;
    if (char_at(text, stop) != SEPARATOR || size >= sizeof joined)
        return;
    size_t more = chars_run(text, next, C_TOKEN | C_BASE64 | C_DOT, sizeof joined - size) - next;
    memcpy(joined, text.data + start, size);
    memcpy(joined + size, text.data + next, more);
    if (shape_match(row->shape, bytes_of(joined, size + more), 0) == size + more)
        scan_found(scan, row, next, next + more);
    secret_wipe(joined, sizeof joined);
}

size_t match_shape(struct scan *scan, const struct recognizer *row, size_t end)
{
    if (row->flags & ROW_INSIDE)
        return shape_around(scan, row, end);
    size_t start = end - shape_literal(row->shape);
    struct bytes text = scan_text(scan);
    size_t stop = shape_alone(row, text, start);
    if (!stop && row->flags & ROW_STRICT && chars_word_starts(text, start))
        stop = shape_cut(row->shape, text, start);
    if (!stop)
        return end;
    scan_found(scan, row, start, stop);
    if (char_at(text, stop) == SEPARATOR)
        found_in_next(scan, row, start, stop);
    return stop;
}

size_t skip_label(const struct scan *scan, size_t at, uint8_t keep, bool *strong)
{
    struct bytes text = scan_text(scan);
    *strong = false;
    if (char_at(text, at) == '.' && at >= 2 && (chars_are(text, at - 2, "no") || chars_are(text, at - 2, "nr")))
        at++; /* "account no." */
    for (size_t used = 0;; used++) {
        size_t limit = at + FILLER_BYTES;
        for (; at < text.size && at < limit && char_is(text.data[at], C_FILLER) && text.data[at] != keep; at++) {
            *strong |= text.data[at] == '#' || text.data[at] == ':' || text.data[at] == '=';
            if (text.data[at] == '\n' && char_at(text, at - 1) == ')')
                return SIZE_MAX; /* "get(user_id)": a call, and a new line */
        }
        size_t end = chars_run(text, at, C_WORD, 10);
        unsigned class = names_class(scan_names(scan), bytes_part(text, at, end - at));
        if (!(class & (WORD_FILLER | WORD_TELLING)))
            return at;
        if (used == FILLER_WORDS)
            return SIZE_MAX;
        *strong |= class & WORD_TELLING;
        at = end;
    }
}

size_t match_one_of(const char *shapes, struct bytes text, size_t at)
{
    for (;; shapes++) {
        size_t stop = shape_match(shapes, text, at);
        if (stop && (!char_is(text.data[stop - 1], C_WORD) || chars_word_ends(text, stop)))
            return stop;
        while (*shapes && *shapes != '|')
            shapes++;
        if (!*shapes)
            return 0;
    }
}

size_t match_labelled(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, (uint8_t)row->shape[0], &strong);
    for (size_t item = 0; item < LIST_ITEMS && at < text.size; item++) {
        size_t stop = match_one_of(row->shape, text, at);
        if (!stop)
            break;
        scan_found(scan, row, at, stop);
        end = stop;
        at = skip_label(scan, stop, (uint8_t)row->shape[0], &strong);
        if (at == stop)
            break;
    }
    return end;
}
