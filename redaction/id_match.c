/* Checked identifiers behind a label and alone. Hides how far from its label a number may stand. */
#include "redaction/id_match.h"

#include "redaction/id_form.h"

#define BEHIND 64 /* bytes from the label to where its number begins */
#define NEARBY 16 /* likewise, of a row without a check digit */
#define BEFORE 28 /* bytes that a number before its label takes at most */
#define ITEMS 32  /* numbers of one list */

#define ARENA_JOINT 0x1e /* between the strings of a JSON document: a label says nothing about the next string */

static bool stands(const struct recognizer *row, struct bytes text, size_t at, enum id_reading reading, id_check holds,
                   struct id *id)
{
    if (!chars_word_starts(text, at) || !id_read(row->shape, text, at, reading, id))
        return false;
    return holds(bytes_of(id->compact, id->size));
}

/* The first number that holds from `at` on, in `most` bytes. */
static bool seek_behind(const struct recognizer *row, struct bytes text, size_t at, size_t most, id_check holds,
                        size_t *start, size_t *end)
{
    struct id id;
    for (size_t stop = at + most; at < text.size && at < stop && text.data[at] != ARENA_JOINT; at++) {
        if (!char_is(text.data[at], C_ALNUM) || !stands(row, text, at, ID_LOOSE, holds, &id))
            continue;
        *start = at;
        *end = id.end;
        return true;
    }
    return false;
}

/* "44051401359 (PESEL)": the number ends where the label's word begins, but for a blank and a bracket. */
static bool seek_before(const struct recognizer *row, struct bytes text, size_t label_end, id_check holds,
                        size_t *start, size_t *end)
{
    size_t label = chars_run_back(text, label_end, C_WORD, 24), stop = label;
    while (stop > 0 && label - stop < 3 && strchr(" (:,", text.data[stop - 1] ? text.data[stop - 1] : 'x'))
        stop--;
    struct id id;
    for (size_t at = stop > BEFORE ? stop - BEFORE : 0; at + 6 < stop; at++) {
        if (!char_is(text.data[at], C_ALNUM) || !stands(row, text, at, ID_LOOSE, holds, &id) || id.end != stop)
            continue;
        *start = at;
        *end = stop;
        return true;
    }
    return false;
}

size_t id_match_behind(struct scan *scan, const struct recognizer *row, size_t end, id_check holds)
{
    struct bytes text = scan_text(scan);
    size_t start, stop, most = row->flags & ROW_NEAR ? NEARBY : BEHIND, understood = end;
    if (seek_before(row, text, end, holds, &start, &stop))
        scan_found(scan, row, start, stop);
    for (size_t items = 0; items < ITEMS; items++) {
        if (!seek_behind(row, text, understood, most, holds, &start, &stop))
            break;
        scan_found(scan, row, start, stop);
        understood = stop;
        most = 8; /* ", " or " and " */
    }
    return understood;
}

size_t id_match_alone(struct scan *scan, const struct recognizer *row, size_t end, id_check holds)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, ID_MOST);
    if (row->flags & ROW_INSIDE) {
        start -= char_at(text, start - 1) == ' ';
        start = chars_run_back(text, start, C_UPPER, 7);
    }
    uint8_t before = char_at(text, start - 1);
    struct id id;
    if (char_is(before, C_TOKEN | C_DOT | C_PLUS_SLASH))
        return end;
    if (!stands(row, text, start, ID_EXACT, holds, &id) || id.end < end)
        return end;
    scan_found(scan, row, start, id.end);
    return id.end;
}

size_t match_numbered(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end + (char_at(text, end) == '.'), 0, &strong), digits = 0;
    size_t stop = at < text.size && chars_word_starts(text, at) ? match_one_of(row->shape, text, at) : 0;
    for (size_t i = at; i < stop; i++)
        digits += char_is(text.data[i], C_DIGIT);
    uint8_t behind = char_at(text, stop);
    bool goes_on = char_is(behind, C_DASH | C_PLUS_SLASH) ||
                   ((behind == '.' || behind == ':') && char_is(char_at(text, stop + 1), C_DIGIT));
    if (digits < 2 || goes_on)
        return end;
    scan_found(scan, row, at, stop);
    return stop;
}
