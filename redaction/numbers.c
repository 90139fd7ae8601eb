/* The walk over runs of digits. Numbers are everywhere, so no anchor could find those that matter cheaply; but what a
 * number may be shows in its length and its two neighbours. Hides the table from these to the rows that want it. */
#include "redaction/block.h"
#include "redaction/detect.h"

#define ROWS_MOST 64
#define SIDES 16

struct numbers {
    const struct recognizer *rows[ROWS_MOST];
    size_t count;
    uint8_t sides[256];               /* side_of every byte */
    uint64_t wanted[8][SIDES][SIDES]; /* bit per row */
};

static unsigned side_of_letter(uint8_t byte)
{
    bool hex = char_is(byte, C_HEX);
    return char_is(byte, C_UPPER) ? hex ? 3 : 14 : char_is(byte, C_LOWER) ? hex ? 4 : 15 : 0;
}

static unsigned side_of(uint8_t byte)
{
    switch (byte) {
    case '+':
        return 1;
    case '_':
        return 2;
    case ' ':
    case '\n':
    case '\t':
        return 5;
    case '-':
        return 6;
    case '.':
        return 7;
    case ':':
        return 8;
    case ')':
        return 9;
    case ',':
        return 10;
    case '/':
        return 11;
    case '(':
        return 12;
    case '=':
    case '$':
        return 13;
    default:
        return side_of_letter(byte);
    }
}

static void want(struct numbers *numbers, size_t row, struct digits digits)
{
    for (unsigned length = 0; length < 8; length++)
        for (unsigned before = 0; before < SIDES; before++)
            for (unsigned behind = 0; behind < SIDES; behind++)
                if (digits.lengths >> length & 1 && (!digits.before || digits.before >> before & 1) &&
                    (!digits.behind || digits.behind >> behind & 1))
                    numbers->wanted[length][before][behind] |= 1ull << row;
}

enum status numbers_new(struct numbers **out)
{
    struct numbers *numbers = *out = mem_new(1, sizeof *numbers);
    if (!numbers)
        return ERR_MEMORY;
    for (unsigned byte = 0; byte < 256; byte++)
        numbers->sides[byte] = (uint8_t)side_of((uint8_t)byte);
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++) {
            const struct recognizer *row = &recognizer_tables[t]->rows[i];
            if (row->digits.lengths == 0)
                continue;
            INVARIANT(numbers->count < ROWS_MOST);
            want(numbers, numbers->count, row->digits);
            numbers->rows[numbers->count++] = row;
        }
    return OK;
}

void numbers_free(struct numbers *numbers)
{
    mem_free(numbers);
}

static void ask(const struct numbers *numbers, struct scan *scan, size_t start, size_t end, size_t *seen)
{
    size_t length = end - start < 7 ? end - start : 7;
    unsigned before = numbers->sides[char_at(scan->text, start - 1)], behind = numbers->sides[char_at(scan->text, end)];
    uint64_t rows = numbers->wanted[length][before][behind];
    for (; rows; rows &= rows - 1) {
        size_t i = (size_t)__builtin_ctzll(rows);
        const struct recognizer *row = numbers->rows[i];
        if (start < seen[i] || (row->flags & scan->want) != scan->want)
            continue;
        size_t understood = row->match(scan, row, end);
        seen[i] = understood > end ? understood : end;
    }
}

void numbers_run(const struct numbers *numbers, struct scan *scan)
{
    struct bytes text = scan->text;
    size_t seen[ROWS_MOST] = {0};
    bool carry = false; /* the block before ended in a digit */
    for (size_t base = 0; base < text.size && scan->status == OK; base += 64) {
        struct block block = block_at(text, base);
        uint64_t digits = block_between(&block, '0', '9');
        uint64_t starts = digits & ~(digits << 1 | carry);
        carry = digits >> 63;
        for (; starts; starts &= starts - 1) {
            size_t start = base + (size_t)__builtin_ctzll(starts);
            ask(numbers, scan, start, chars_run(text, start, C_DIGIT, SIZE_MAX), seen);
        }
    }
}
