/* Cuts lines into words. Hides the byte classes and what makes a stretch inert. */
#include "redaction/tag_words.h"

#define STRETCH_MOST 96 /* what is longer without a blank is no prose */
#define WORD_MOST 40

enum byte_class {
    B_BREAK = 1, /* ends a stretch */
    B_LETTER = 2,
    B_DIGIT = 4,
    B_ODD = 8, /* makes its stretch inert */
    B_END = 16,
};

static const uint8_t classes[256] = {
    ['\n'] = B_BREAK | B_END,
    [0x1e] = B_BREAK | B_END,
    [0] = B_BREAK,
    [' '] = B_BREAK,
    ['\t'] = B_BREAK,
    ['\r'] = B_BREAK,
    ['"'] = B_BREAK,
    ['`'] = B_BREAK,
    ['*'] = B_BREAK,
    [','] = B_BREAK,
    [';'] = B_BREAK,
    ['('] = B_BREAK,
    [')'] = B_BREAK,
    ['['] = B_BREAK,
    [']'] = B_BREAK,
    ['{'] = B_BREAK,
    ['}'] = B_BREAK,
    ['<'] = B_BREAK,
    ['>'] = B_BREAK,
    ['='] = B_BREAK,
    ['|'] = B_BREAK,
    ['_'] = B_ODD,
    ['\\'] = B_ODD,
    ['~'] = B_ODD,
    ['^'] = B_ODD,
    ['0' ... '9'] = B_DIGIT,
    ['a' ... 'z'] = B_LETTER,
    ['A' ... 'Z'] = B_LETTER,
    [0x80 ... 0xff] = B_LETTER,
};

static bool is_break(struct bytes text, size_t at)
{
    if (classes[text.data[at]] & B_BREAK)
        return true;
    uint8_t next = char_at(text, at + 1); /* a JSON escape is a blank */
    return text.data[at] == '\\' && (next == 'n' || next == 't' || next == 'r');
}

static size_t break_size(struct bytes text, size_t at)
{
    return text.data[at] == '\\' ? 2 : 1;
}

/* --- stretches: what stands between two breaks --- */

struct stretch {
    unsigned odd, letters, digits, mixes, slashes, dots, colons, dashes, ats;
};

/* A letter beside a digit, a capital behind a small letter: each is a mix. */
static bool is_mix(uint8_t before, uint8_t here)
{
    return (char_is(before, C_DIGIT) && char_is(here, C_ALPHA)) || (char_is(before, C_ALPHA) && char_is(here, C_DIGIT));
}

static void stretch_count(struct stretch *seen, struct bytes text, size_t at)
{
    uint8_t here = text.data[at], before = char_at(text, at - 1), after = char_at(text, at + 1);
    seen->odd += (classes[here] & B_ODD) != 0;
    seen->letters += (classes[here] & B_LETTER) != 0;
    seen->digits += (classes[here] & B_DIGIT) != 0;
    seen->mixes += is_mix(before, here);
    seen->slashes += here == '/' && (char_is(before, C_ALPHA) || char_is(after, C_ALPHA) || after == '/');
    seen->dots += here == '.' && char_is(before, C_ALNUM) && char_is(after, C_LOWER);
    seen->colons += here == ':' && char_is(after, C_ALNUM | C_PLUS_SLASH);
    seen->dashes += here == '-';
    seen->ats += here == '@';
}

static bool stretch_is_inert(const struct stretch *seen, struct bytes text, size_t at, size_t end)
{
    if (seen->odd || end - at > STRETCH_MOST || seen->slashes > 1 || seen->dots || text.data[at] == '/')
        return true;
    if (seen->ats > (text.data[at] == '@')) /* an address; "@mia" is a handle */
        return true;
    if (seen->digits == 0)
        return seen->colons > 1 || end - at > 48;
    bool stamp = seen->digits >= 6 && (seen->dashes == 2 || (seen->dashes && seen->colons));
    return stamp || seen->colons > 2 || seen->dashes > 3 || (seen->mixes > 2 && end - at >= 8) ||
           (seen->letters && seen->dashes > 2);
}

static size_t stretch_end(struct bytes text, size_t at, bool *inert)
{
    struct stretch seen = {0};
    size_t end = at;
    for (; end < text.size && !is_break(text, end); end++)
        stretch_count(&seen, text, end);
    *inert = stretch_is_inert(&seen, text, at, end);
    return end;
}

/* --- words --- */

uint64_t tag_hash(struct bytes word)
{
    uint64_t hash = word.size;
    for (size_t i = 0; i < word.size; i++)
        hash = (hash ^ char_lower(word.data[i])) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 31;
}

/* What kind of number: its value does not matter, but whether it can be a day or a year. */
static uint64_t number_hash(struct bytes number)
{
    unsigned value = 0, digits = 0, joints = 0;
    uint8_t joint = 0;
    for (size_t i = 0; i < number.size; i++) {
        bool digit = char_is(number.data[i], C_DIGIT);
        value = digit && digits < 5 ? value * 10 + (number.data[i] - '0') : value;
        digits += digit;
        joints += !digit;
        joint = digit ? joint : number.data[i];
    }
    unsigned kind = digits > 6 ? 7 : digits;
    if (joints == 0 && digits <= 2)
        kind = value == 0 ? 10 : value <= 12 ? 11 : value <= 31 ? 12 : 13;
    if (joints == 0 && digits == 4 && value >= 1800 && value < 2050)
        kind = 14;
    return tag_mix(kind + 100, joints * 256 + joint);
}

/* A number may hold the marks that end a stretch: "1,500". */
static size_t number_end(struct bytes text, size_t at)
{
    for (;; at++) {
        at = chars_run(text, at, C_DIGIT, WORD_MOST);
        uint8_t joint = char_at(text, at);
        bool joined = joint == '.' || joint == ',' || joint == ':';
        if (!joined || !char_is(char_at(text, at + 1), C_DIGIT))
            return at;
    }
}

/* "192.168.7.9": an address or a version. */
static bool is_dotted(struct bytes number)
{
    unsigned dots = 0;
    for (size_t i = 0; i < number.size; i++)
        dots += number.data[i] == '.';
    return dots > 2;
}

static enum tag_shape shape_of(struct bytes word)
{
    unsigned upper = 0, lower = 0, digits = 0;
    for (size_t i = 0; i < word.size; i++) {
        upper += char_is(word.data[i], C_UPPER);
        lower += !char_is(word.data[i], C_UPPER | C_DIGIT);
        digits += char_is(word.data[i], C_DIGIT);
    }
    if (digits)
        return SHAPE_CODE;
    if (upper == 0)
        return SHAPE_LOWER;
    if (lower == 0)
        return upper == 1 ? SHAPE_INITIAL : SHAPE_UPPER;
    return upper == 1 && char_is(word.data[0], C_UPPER) ? SHAPE_CAPITAL : SHAPE_MIXED;
}

static struct tag_word word_at(struct bytes text, size_t at, size_t stop)
{
    struct tag_word word = {.at = (uint32_t)at};
    size_t end = at;
    while (end < stop && classes[text.data[end]] & (B_LETTER | B_DIGIT))
        end++;
    size_t number = char_is(text.data[at], C_DIGIT) ? number_end(text, at) : at;
    if (number >= end && number > at) {
        word.size = (uint16_t)(number - at < UINT16_MAX ? number - at : UINT16_MAX);
        word.shape = SHAPE_NUMBER;
        word.hash = number_hash(bytes_part(text, at, number - at));
        word.marks |= is_dotted(bytes_part(text, at, number - at)) ? WORD_INERT : 0;
        return word;
    }
    if (end == at)
        end++;
    if (end - at > WORD_MOST)
        word.marks |= WORD_INERT;
    struct bytes part = bytes_part(text, at, end - at);
    word.size = (uint16_t)(end - at < UINT16_MAX ? end - at : UINT16_MAX);
    word.shape = classes[text.data[at]] & (B_LETTER | B_DIGIT) ? (uint8_t)shape_of(part) : SHAPE_MARK;
    if (word.shape == SHAPE_MIXED && char_is(text.data[at], C_LOWER))
        word.marks |= WORD_INERT;
    word.hash = tag_hash(bytes_part(part, 0, WORD_MOST));
    return word;
}

/* Where a line of too many words is cut. */
static size_t cut(struct bytes text, const struct tag_word *words, size_t count)
{
    for (size_t i = count; i > count / 2; i--)
        if (words[i - 1].size == 1 && text.data[words[i - 1].at] == '.')
            return i;
    return count;
}

static bool is_blank(uint8_t byte)
{
    return byte <= ' ';
}

size_t tag_line(struct bytes text, size_t at, struct tag_word out[static TAG_LINE], size_t *next)
{
    size_t count = 0, stop = at;
    bool inert = false, spaced = true;
    while (at < text.size && count < TAG_LINE) {
        if (at >= stop)
            stop = stretch_end(text, at, &inert);
        bool in_stretch = at < stop;
        uint8_t class = classes[text.data[at]];
        if (!in_stretch && class & B_END) {
            *next = at + 1;
            return count;
        }
        if (!in_stretch && (is_blank(text.data[at]) || text.data[at] == '\\')) {
            at += break_size(text, at);
            spaced = true;
            continue;
        }
        struct tag_word word = word_at(text, at, in_stretch ? stop : at + 1);
        word.marks |= (spaced ? WORD_SPACED : 0) | (in_stretch && inert ? WORD_INERT : 0);
        spaced = false;
        at += word.size;
        out[count++] = word;
    }
    if (at < text.size) {
        count = cut(text, out, count);
        at = out[count - 1].at + out[count - 1].size;
    }
    *next = at;
    return count;
}
