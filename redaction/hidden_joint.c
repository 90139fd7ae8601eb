/* Values in parts: strings put together by an operator, words over a line end, characters with blanks between. Hides
 * where parts may belong together; whether they do, the rule that finds something over the joint decides. */
#include "redaction/hidden_forms.h"

#include "redaction/block.h"
#include "redaction/chars.h"
#include "redaction/shape.h"
#include "redaction/stretch.h"

#define BLANKS_MOST 96    /* between two strings, an indented line end included */
#define WORD_MOST 256     /* of a word that a line end cuts */
#define CAPITALS_LEAST 16 /* of a word in capitals alone */
#define WORD_LEAST 9      /* of both its parts */
#define DIGITS_LEAST 8    /* of a number that a line end cuts, */
#define CARD_LEAST 13     /* where nothing but the digits tells */
#define DIGITS_MOST 24
#define GROUP_LEAST 3  /* and of each of its parts */
#define SPACED_LEAST 9 /* characters with blanks between */
#define SPACED_MOST 256

/* --- strings: "abc" + "def" --- */

static bool is_quote(uint8_t byte)
{
    return byte == '"' || byte == '\'' || byte == '`';
}

/* Blanks, line ends and the backslash before them, from `at` on. */
static size_t skip_blanks(struct bytes text, size_t at)
{
    size_t most = at + BLANKS_MOST;
    while (at < most &&
           (char_is(char_at(text, at), C_SPACE) || (char_at(text, at) == '\\' && char_at(text, at + 1) == '\n')))
        at++;
    return at;
}

/* The quote that closes a string before the operator at `at`, with its escapes: [*from, at); its quote, or 0. */
static uint8_t closing_quote(struct bytes text, size_t at, size_t *from)
{
    size_t end = chars_run_back(text, at, C_SPACE, BLANKS_MOST);
    uint8_t quote = char_at(text, end - 1);
    if (!is_quote(quote))
        return 0;
    *from = end - 1;
    while (char_at(text, *from - 1) == '\\' && end - *from < 8)
        --*from;
    return quote;
}

/* The operator at `at` joins two strings: [*from, the result) is what stands between their contents. 0 if not. */
static size_t string_joint(struct bytes text, size_t at, size_t *from)
{
    uint8_t quote = closing_quote(text, at, from);
    if (!quote)
        return 0;
    size_t end = at;
    while (end < at + 2 && char_at(text, end) && strchr("+.&|", text.data[end]))
        end++;
    end = skip_blanks(text, end);
    size_t slashes = end;
    while (char_at(text, end) == '\\' && end - slashes < 8)
        end++;
    return char_at(text, end) == quote ? end + 1 : 0;
}

/* --- lines --- */

static bool is_word(uint8_t byte)
{
    return char_is(byte, C_TOKEN | C_PLUS_SLASH | C_EQUALS | C_DOT) || byte == '@' || byte == ':' || byte == '%' ||
           byte == '~';
}

static size_t word_back(struct bytes text, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < WORD_MOST && is_word(text.data[start - 1]))
        start--;
    return start;
}

static size_t word_on(struct bytes text, size_t at)
{
    size_t end = at;
    while (end < text.size && end - at < WORD_MOST && is_word(text.data[end]))
        end++;
    return end;
}

static size_t count_class(struct bytes text, unsigned classes)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += char_is(text.data[i], classes);
    return count;
}

/* A hash is complete: 32, 40, 64, 96 or 128 hexadecimal digits. */
static bool is_hash(struct bytes word)
{
    size_t size = word.size - chars_run_back(word, word.size, C_HEX, 129);
    return size == 32 || size == 40 || size == 64 || size == 96 || size == 128;
}

/* Could the word from `start` to `end`, cut at [cut, next), be an address, a number or a key? */
static bool is_telling(struct bytes text, size_t start, size_t cut, size_t next, size_t end)
{
    struct bytes first = bytes_part(text, start, cut - start), second = bytes_part(text, next, end - next);
    if (first.size == 0 || second.size == 0 || first.size + second.size < WORD_LEAST || is_hash(first))
        return false;
    bool at = bytes_find(first, bytes_str("@")) != SIZE_MAX || bytes_find(second, bytes_str("@")) != SIZE_MAX;
    bool capitals = count_class(first, C_UPPER) + count_class(second, C_UPPER) == first.size + second.size &&
                    first.size + second.size >= CAPITALS_LEAST;
    return at || capitals || count_class(first, C_DIGIT | C_UNDER) + count_class(second, C_DIGIT | C_UNDER) > 0;
}

/* Widths at which programs break lines within words. */
static bool is_full_line(size_t size, size_t before)
{
    return (size >= 64 && size <= 80) || size == 100 || size == 120 || size == 132 || (size >= 40 && size == before);
}

/* What stood between two groups of a number of which the first part ends at `cut`: its own separator, if its last group
 * is as long as the one before; else the cut went through a group. */
static struct bytes number_gap(struct bytes text, size_t cut)
{
    size_t last = chars_run_back(text, cut, C_DIGIT, DIGITS_MOST), before = last - (last > 0);
    size_t first = chars_run_back(text, before, C_DIGIT, DIGITS_MOST);
    return first < before && cut - last >= before - first ? bytes_part(text, before, 1) : BYTES_NONE;
}

static bool is_number_byte(uint8_t byte)
{
    return char_is(byte, C_DIGIT | C_DASH | C_DOT) || byte == ' ' || byte == '(' || byte == ')' || byte == '+';
}

/* Digits near the cut on both sides: nothing else is worth a look. */
static bool is_between_digits(struct bytes text, size_t cut, size_t next)
{
    return is_number_byte(text.data[cut - 1]) &&
           (char_is(text.data[cut - 1], C_DIGIT) || char_is(char_at(text, cut - 2), C_DIGIT)) &&
           (char_is(char_at(text, next), C_DIGIT) || char_is(char_at(text, next + 1), C_DIGIT));
}

/* A number in groups goes on in the next line. (A time there, or a time's zone before, is a log's; numbers that each
 * have a line are a list.) */
static bool is_number_cut(struct bytes text, size_t cut, size_t next, size_t least)
{
    size_t start = cut, end = next;
    while (start > 0 && cut - start < DIGITS_MOST && is_number_byte(text.data[start - 1]))
        start--;
    while (end < text.size && end - next < DIGITS_MOST && is_number_byte(text.data[end]))
        end++;
    size_t group = chars_run_back(text, cut, C_DIGIT, DIGITS_MOST);
    bool zone = cut - group == 4 && char_at(text, group - 1) == '+';
    bool list = char_at(text, start - 1) == '\n' && char_at(text, end) == '\n';
    if (zone || list || shape_match("%d{4}-%d{2}-%d{2}", text, next) || char_at(text, end) == ':')
        return false;
    size_t first = count_class(bytes_part(text, start, cut - start), C_DIGIT),
           second = count_class(bytes_part(text, next, end - next), C_DIGIT);
    return first >= GROUP_LEAST && second >= GROUP_LEAST && first + second >= least && first + second <= DIGITS_MOST;
}

struct lines {
    struct stretch stretch;
    size_t start, before; /* of the line; the size of the one before */
};

/* The byte before a line end says that the line goes on: the shell, quoted printable, cmd, PowerShell. */
static bool is_continued(uint8_t last)
{
    return last == '\\' || last == '=' || last == '^' || last == '`';
}

/* A word that [cut, next) cuts; with a hyphen at its end it may be cut in any line. */
static void join_word(struct stretch *stretch, size_t cut, size_t next, bool full)
{
    struct bytes text = stretch->text;
    bool hyphen = text.data[cut - 1] == '-' && char_is(char_at(text, cut - 2), C_ALPHA);
    if ((full || hyphen) && is_word(text.data[cut - 1]) && is_word(char_at(text, next)) &&
        is_telling(text, word_back(text, cut), cut, next, word_on(text, next)))
        stretch_add(stretch, cut - hyphen, next, BYTES_NONE);
}

/* The line end at `at`: what is left out there, and what is put in its place, if the parts may belong together. */
static void join_lines(struct lines *lines, size_t at)
{
    struct stretch *stretch = &lines->stretch;
    struct bytes text = stretch->text;
    size_t cut = at - (char_at(text, at - 1) == '\r'), next = chars_run(text, at + 1, C_SPACE, 16);
    size_t size = cut - lines->start;
    bool full = is_full_line(size, lines->before);
    lines->before = size;
    lines->start = at + 1;
    if (size == 0 || cut <= stretch->done)
        return;
    uint8_t last = text.data[cut - 1];
    if (is_continued(last)) {
        stretch_add(stretch, cut - 1, at + 1, BYTES_NONE);
    } else if (is_between_digits(text, cut, next) &&
               is_number_cut(text, cut, next, full || last == '-' ? DIGITS_LEAST : CARD_LEAST)) {
        bool between = char_is(last, C_DIGIT) && char_is(char_at(text, next), C_DIGIT);
        stretch_add(stretch, cut, next, between ? number_gap(text, cut) : BYTES_NONE);
    } else {
        join_word(stretch, cut, next, full);
    }
}

/* --- characters with blanks between: "4 1 1 1", "m i a @ ..." --- */

/* `at` is a character that stands alone, and so do those that follow with one blank each; returns where that ends. */
static size_t spaced_end(struct bytes text, size_t at)
{
    size_t end = at + 1;
    while (end + 1 < text.size && end - at < SPACED_MOST && text.data[end] == text.data[at + 1] &&
           !char_is(text.data[end + 1], C_SPACE) && text.data[end + 1] < 0x80 && text.data[end + 1] > ' ')
        end += 2;
    return end < text.size && char_is(text.data[end], C_ALNUM) ? end - 2 : end;
}

static size_t join_spaced(struct stretch *stretch, size_t at, size_t done)
{
    struct bytes text = stretch->text;
    done = done > stretch->done ? done : stretch->done;
    while (at >= done + 2 && text.data[at - 1] == ' ' && !char_is(text.data[at - 2], C_SPACE) &&
           (at < 3 || text.data[at - 3] == ' '))
        at -= 2;
    size_t end = spaced_end(text, at);
    if (end - at < 2 * SPACED_LEAST - 1)
        return end > at ? end : at + 1;
    for (size_t i = at + 1; i < end; i += 2)
        stretch_add(stretch, i, i + 1, BYTES_NONE);
    return end;
}

/* --- the walk --- */

struct walk {
    struct lines lines;
    uint64_t quotes; /* of the block before */
    size_t spaced;   /* characters with blanks between are understood up to here */
};

/* Where an operator, or a line end, stands up to two bytes behind a quote. */
static uint64_t find_signs(struct walk *walk, const struct block *block, uint64_t newlines)
{
    uint64_t quotes = block_are(block, '"') | block_are(block, '\'');
    uint64_t behind = quotes << 1 | walk->quotes >> 63 | quotes << 2 | walk->quotes >> 62;
    walk->quotes = quotes;
    if (!behind)
        return 0;
    return behind &
           (newlines | block_are(block, '+') | block_are(block, '.') | block_are(block, '&') | block_are(block, '|'));
}

/* Four characters in a row that stand alone: of nine, wherever the block ends, four are in one. */
static uint64_t find_alone(const struct block *block)
{
    uint64_t blanks = block_are(block, ' '), alone = ~blanks & blanks << 1 & blanks >> 1;
    alone &= alone >> 2;
    return alone & alone >> 4;
}

static void join_strings(struct stretch *stretch, size_t at)
{
    size_t from = 0, end = string_joint(stretch->text, at, &from);
    if (end && from >= stretch->done)
        stretch_add(stretch, from, end, BYTES_NONE);
}

void joints_collect(struct bytes text, struct view *view)
{
    struct walk walk = {.lines.stretch = {.text = text, .view = view, .way = VIEW_JOINT}};
    struct stretch *stretch = &walk.lines.stretch;
    for (size_t base = 0; base < text.size && !view_is_full(view); base += 64) {
        struct block block = block_at(text, base);
        uint64_t newlines = block_are(&block, '\n'), alone = find_alone(&block),
                 signs = find_signs(&walk, &block, newlines);
        for (uint64_t hits = signs | newlines | alone; hits; hits &= hits - 1) {
            uint64_t bit = hits & -hits;
            size_t at = base + (size_t)__builtin_ctzll(hits);
            if (signs & bit)
                join_strings(stretch, at);
            if (newlines & bit)
                join_lines(&walk.lines, at);
            if (alone & bit && at >= walk.spaced && at >= stretch->done)
                walk.spaced = join_spaced(stretch, at, walk.spaced);
        }
    }
    stretch_close(stretch);
}
