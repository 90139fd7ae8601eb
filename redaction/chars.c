/* Character classes and searches for words. Hides the class table. */
#include "redaction/chars.h"

#include "redaction/block.h"

#define HEX_L (C_LOWER | C_HEX_LOWER)
#define HEX_U (C_UPPER | C_HEX_UPPER)

const uint16_t chars_class[256] = {
    [' '] = C_SPACE | C_FILLER,
    ['\t'] = C_SPACE | C_FILLER,
    ['\n'] = C_SPACE | C_FILLER,
    ['\r'] = C_SPACE | C_FILLER,
    ['_'] = C_UNDER | C_MAIL | C_FILLER,
    ['-'] = C_DASH | C_MAIL | C_FILLER,
    ['.'] = C_DOT | C_MAIL,
    ['+'] = C_PLUS_SLASH | C_MAIL,
    ['/'] = C_PLUS_SLASH,
    ['='] = C_EQUALS | C_FILLER,
    ['%'] = C_MAIL,
    ['\''] = C_MAIL | C_FILLER,
    [':'] = C_FILLER,
    ['"'] = C_FILLER,
    ['`'] = C_FILLER,
    ['*'] = C_FILLER,
    ['('] = C_FILLER,
    [')'] = C_FILLER,
    ['['] = C_FILLER,
    [']'] = C_FILLER,
    ['{'] = C_FILLER,
    ['}'] = C_FILLER,
    ['\\'] = C_FILLER,
    [','] = C_FILLER,
    ['#'] = C_FILLER,
    ['@'] = C_FILLER,
    ['?'] = C_FILLER,
    ['0' ... '9'] = C_DIGIT | C_MAIL,
    ['a' ... 'f'] = HEX_L | C_MAIL,
    ['g' ... 'z'] = C_LOWER | C_MAIL,
    ['A' ... 'F'] = HEX_U | C_MAIL,
    ['G' ... 'Z'] = C_UPPER | C_MAIL,
};

bool chars_are(struct bytes text, size_t at, const char *word)
{
    for (; *word; word++, at++)
        if (at >= text.size || char_lower(text.data[at]) != (uint8_t)*word)
            return false;
    return true;
}

static size_t item_size(const char *words)
{
    size_t size = 0;
    while (words[size] && words[size] != '|')
        size++;
    return size;
}

static bool item_at(struct bytes text, size_t at, const char *item, size_t size)
{
    if (text.size < size || at > text.size - size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (char_lower(text.data[at + i]) != (uint8_t)item[i])
            return false;
    return true;
}

/* Sixty-four bytes of the list at a time: words that begin with another letter cost nothing. */
size_t chars_word_of(struct bytes text, size_t at, const char *words)
{
    uint8_t first = char_lower(char_at(text, at));
    struct bytes list = bytes_str(words);
    uint64_t begins = 1; /* a word begins where the block does */
    for (size_t base = 0; first && base < list.size; base += 64) {
        struct block block = block_at(list, base);
        uint64_t bars = block_are(&block, '|');
        for (uint64_t hits = block_are(&block, first) & (bars << 1 | begins); hits; hits &= hits - 1) {
            const char *word = words + base + __builtin_ctzll(hits);
            size_t size = item_size(word);
            if (item_at(text, at, word, size) && chars_word_ends(text, at + size))
                return size;
        }
        begins = bars >> 63;
    }
    return 0;
}

/* "ACCOUNT" in "<ACCOUNT_1>": what an earlier pass wrote tells nothing of what stands beside it. */
static bool in_placeholder(struct bytes text, size_t at)
{
    size_t name = chars_run(text, at, C_UPPER | C_UNDER, 24), end = chars_run(text, name, C_DIGIT | C_HEX_LOWER, 64);
    return end > name && char_at(text, name - 1) == '_' && char_at(text, end) == '>';
}

bool chars_near_before(struct bytes text, size_t at, size_t window, const char *words)
{
    size_t from = at > window ? at - window : 0;
    struct bytes before = bytes_part(text, 0, at);
    for (;; words++) {
        size_t size = item_size(words);
        for (size_t i = from; i + size <= at; i++)
            if (char_lower(before.data[i]) == (uint8_t)*words && item_at(before, i, words, size) &&
                !in_placeholder(text, i))
                return true;
        words += size;
        if (!*words)
            return false;
    }
}

#define WRAPPED_AT 50 /* bytes of a line that is as long as it may be */

bool chars_wraps(struct bytes text, size_t at)
{
    if (char_at(text, at) != '\n' || at < WRAPPED_AT || char_is(char_at(text, at + 1), C_SPACE))
        return false;
    for (size_t back = 1; back <= WRAPPED_AT; back++)
        if (text.data[at - back] == '\n')
            return false;
    return true;
}
