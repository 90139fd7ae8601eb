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

size_t chars_digits(struct bytes text, size_t at, size_t within, size_t most)
{
    struct bytes part = bytes_part(text, at, within);
    size_t digits = 0;
    for (size_t base = 0; base < part.size && digits < most; base += 64) {
        struct block block = block_at(part, base);
        for (uint64_t bits = block_between(&block, '0', '9'); bits && digits < most; bits &= bits - 1)
            digits++;
    }
    return digits;
}

bool chars_are(struct bytes text, size_t at, const char *word)
{
    for (; *word; word++, at++)
        if (at >= text.size || char_lower(text.data[at]) != (uint8_t)*word)
            return false;
    return true;
}

/* Bytes of the item (it ends at a bar) if it stands at `at`, else 0. */
static size_t item_at(struct bytes text, size_t at, const char *item)
{
    size_t size = 0;
    for (; item[size] && item[size] != '|'; size++)
        if (at + size >= text.size || char_lower(text.data[at + size]) != (uint8_t)item[size])
            return 0;
    return size;
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
            size_t size = item_at(text, at, words + base + __builtin_ctzll(hits));
            if (size && chars_word_ends(text, at + size))
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

/* Whether the item stands in the text where one of `places` (bits from `base` on) has its first letter. */
static bool item_near(struct bytes text, struct bytes before, size_t base, uint64_t places, const char *item)
{
    for (; places; places &= places - 1) {
        size_t at = base + (size_t)__builtin_ctzll(places);
        if (item_at(before, at, item) && !in_placeholder(text, at))
            return true;
    }
    return false;
}

bool chars_near_before(struct bytes text, size_t at, size_t window, const char *words)
{
    struct bytes before = bytes_part(text, 0, at);
    for (size_t base = at > window ? at - window : 0; base < before.size; base += 64) {
        struct block block = block_at(before, base);
        for (const char *item = words;; item++) {
            uint64_t places = block_are(&block, (uint8_t)*item) | block_are(&block, char_upper((uint8_t)*item));
            if (item_near(text, before, base, places, item))
                return true;
            while (*item && *item != '|')
                item++;
            if (!*item)
                break;
        }
    }
    return false;
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
