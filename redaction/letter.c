/* Walks the names that fill a line of their own. Hides what a line of a letter's head may look like. */
#include "redaction/letter.h"

#include "redaction/address.h"
#include "redaction/occupation.h"

#define LINES_MOST 4 /* between a name and its address */
#define LINE_MOST 60 /* bytes of one */
#define WORDS_MOST 8

static const struct recognizer rows[] = {
    {"letter.position", REDACT_DEMOGRAPHIC, NULL, NULL, NULL, 0.79f, 0, "ISCO-08, SOC 2018", {0}},
    {"letter.line", REDACT_ORGANISATION, NULL, NULL, NULL, 0.7f, 0, "UPU S42", {0}},
    {"letter.town", REDACT_PLACE, NULL, NULL, NULL, 0.7f, 0, "UPU S42", {0}},
};
enum { ROW_POSITION, ROW_LINE, ROW_TOWN };

const struct recognizers recognizers_letter = {rows, sizeof rows / sizeof rows[0]};

/* A line without the mark and the blanks around what it says. */
struct line {
    size_t start, end, next; /* next: where the following one begins; SIZE_MAX: none */
};

static size_t line_start(struct bytes text, size_t at)
{
    return chars_run(text, address_skip_mark(text, at), C_SPACE, 16);
}

static struct line line_at(struct bytes text, size_t at)
{
    size_t start = line_start(text, at), stop = at;
    while (stop < text.size && stop - at < LINE_MOST + 32 && text.data[stop] != '\n')
        stop++;
    size_t next = char_at(text, stop) == '\n' ? stop + 1 : SIZE_MAX, end = stop;
    while (end > start && (char_is(text.data[end - 1], C_SPACE) || text.data[end - 1] == ','))
        end--;
    return (struct line){start < stop ? start : stop, start < stop ? end : stop, next};
}

/* The line of the find, if that is all that it says. */
static bool fills_line(struct bytes text, const struct find *find, struct line *line)
{
    size_t at = find->start;
    while (at > 0 && find->start - at < 20 && text.data[at - 1] != '\n')
        at--;
    if ((at > 0 && text.data[at - 1] != '\n') || line_start(text, at) != find->start)
        return false;
    *line = line_at(text, at);
    return line->end == find->end;
}

/* The next line that says something, over one that says nothing. */
static bool next_line(struct bytes text, struct line *line)
{
    for (int lines = 0; lines < 2 && line->next != SIZE_MAX; lines++) {
        *line = line_at(text, line->next);
        if (line->end > line->start)
            return true;
    }
    return false;
}

/* A few words that are no sentence and no label: what an organisation or a role is written as. */
static bool is_plain_line(struct bytes text, struct line line)
{
    size_t words = 0;
    if (line.end - line.start < 2 || line.end - line.start > LINE_MOST ||
        !(address_capital(text, line.start) || char_is(text.data[line.start], C_ALNUM)))
        return false;
    for (size_t i = line.start; i < line.end; i++) {
        words += text.data[i] == ' ';
        if (text.data[i] < ' ' || strchr(":;=<>{}[]()@\"\\/!?*_|`", text.data[i]))
            return false;
    }
    return words < WORDS_MOST;
}

/* A title beneath the name, and beneath that where. */
static void find_position(struct scan *scan, const struct find *name, struct line line)
{
    struct bytes text = scan->text;
    if (!next_line(text, &line))
        return;
    size_t end = occupation_end(text, line.start);
    if (end != line.end || name->end >= line.start)
        return;
    scan_found(scan, &rows[ROW_POSITION], line.start, end);
    if (next_line(text, &line) && is_plain_line(text, line) && address_capital(text, line.start))
        scan_found(scan, &rows[ROW_LINE], line.start, line.end);
}

/* "Mia Li, Senior Engineer": up to the line's end, or a joint to where. */
static void find_apposition(struct scan *scan, size_t name_end)
{
    struct bytes text = scan->text;
    size_t at = chars_are(text, name_end, ", ")    ? name_end + 2
                : chars_are(text, name_end, " - ") ? name_end + 3
                                                   : SIZE_MAX;
    size_t end = char_is(char_at(text, at), C_UPPER) ? occupation_end(text, at) : 0,
           next = end + (char_at(text, end) == ' ');
    uint8_t behind = char_at(text, end);
    if (end && (behind == 0 || behind == '\n' || behind == ',' || behind == '.' ||
                (next > end && chars_word_of(text, next, "at|of|for|in|with|and"))))
        scan_found(scan, &rows[ROW_POSITION], at, end);
}

/* What stands between a name and what ends it: an address, or a place in a line of its own. */
struct head {
    struct line lines[LINES_MOST];
    size_t count;
    bool ends_in_place;
};

/* False if no address and no place ends it, or one of the lines is a sentence. */
static bool read_head(const struct scan *scan, size_t from, size_t sorted, struct line line, struct head *head)
{
    size_t find = from + 1;
    while (next_line(scan->text, &line)) {
        while (find < sorted && scan->finds->items[find].start < line.start)
            find++;
        const struct find *here = find < sorted ? &scan->finds->items[find] : NULL;
        if (here && here->start == line.start) {
            head->ends_in_place = here->type == REDACT_PLACE && here->end == line.end;
            if (here->type == REDACT_ADDRESS || head->ends_in_place)
                return true;
        }
        if (head->count == LINES_MOST || !is_plain_line(scan->text, line))
            return false;
        head->lines[head->count++] = line;
    }
    return false;
}

/* The line above a country's is its town's. */
static void find_lines(struct scan *scan, size_t from, size_t sorted, struct line line)
{
    struct head head = {.count = 0};
    if (!read_head(scan, from, sorted, line, &head))
        return;
    for (size_t i = 0; i < head.count; i++) {
        bool town = head.ends_in_place && i + 1 == head.count;
        scan_found(scan, &rows[town ? ROW_TOWN : ROW_LINE], head.lines[i].start, head.lines[i].end);
    }
}

void letter_scan(struct scan *scan, size_t sorted)
{
    for (size_t i = 0; i < sorted && scan->status == OK; i++) {
        const struct find name = scan->finds->items[i];
        struct line line;
        if (name.type != REDACT_NAME || name.flagged)
            continue;
        if (!fills_line(scan->text, &name, &line)) {
            find_apposition(scan, name.end);
            continue;
        }
        find_position(scan, &name, line);
        find_lines(scan, i, sorted, line);
    }
}
