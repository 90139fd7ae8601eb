/* Cuts lines into words. Hides the byte classes and what makes a stretch inert. */
#include "redaction/tag_words.h"

#define STRETCH_MOST 96 /* what is longer without a blank is no prose, */
#define LETTERS_MOST 48 /* without a digit too */
#define WORD_MOST 40

enum byte_class {
    B_BREAK = 1, /* ends a stretch */
    B_LETTER = 2,
    B_DIGIT = 4,
    B_ODD = 8, /* makes its stretch inert */
    B_END = 16,
    B_UPPER = 32,
    B_JOINT = 64, /* may make its stretch inert, */
    B_DASH = 128, /* or beside digits */
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
    ['-'] = B_DASH,
    ['/'] = B_JOINT,
    ['.'] = B_JOINT,
    [':'] = B_JOINT,
    ['@'] = B_JOINT,
    ['a' ... 'z'] = B_LETTER,
    ['A' ... 'Z'] = B_LETTER | B_UPPER,
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
    if (!(classes[here] & (B_JOINT | B_DASH)))
        return;
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
        return seen->colons > 1 || end - at > LETTERS_MOST;
    bool stamp = seen->digits >= 6 && (seen->dashes == 2 || (seen->dashes && seen->colons));
    return stamp || seen->colons > 2 || seen->dashes > 3 || (seen->mixes > 2 && end - at >= 8) ||
           (seen->letters && seen->dashes > 2);
}

/* What kind of thing stands there that no person wrote: a path, an address, an identifier, a number of many parts. */
static unsigned stretch_kind(const struct stretch *seen, size_t size)
{
    return (seen->slashes > 0) | (seen->ats > 0) << 1 | (seen->odd > 0) << 2 | (seen->dots > 0) << 3 |
           (seen->digits > 0) << 4 | (seen->letters > 0) << 5 | (seen->dashes > 0) << 6 | (seen->colons > 0) << 7 |
           (size > 24) << 8;
}

/* Whether bytes of these classes are of no more than a word or a number, or make one that is too long. */
static bool is_simple(unsigned all, size_t size)
{
    if (all & (B_ODD | B_JOINT))
        return false;
    return all & B_DIGIT ? !(all & (B_LETTER | B_DASH)) && size <= STRETCH_MOST : size <= LETTERS_MOST;
}

/* Where the stretch ends; *kind: 0, or of what if it is inert. */
static size_t stretch_end(struct bytes text, size_t at, unsigned *kind)
{
    size_t end = at;
    unsigned all = 0;
    *kind = 0;
    for (; end < text.size; end++) {
        unsigned class = classes[text.data[end]];
        if (class & (B_BREAK | B_ODD) && is_break(text, end))
            break;
        all |= class;
    }
    if (is_simple(all, end - at))
        return end;
    struct stretch seen = {0};
    for (size_t i = at; i < end; i++)
        stretch_count(&seen, text, i);
    if (stretch_is_inert(&seen, text, at, end))
        *kind = 1u << 9 | stretch_kind(&seen, end - at);
    return end;
}

/* --- words --- */

/* Eight bytes at a time; a bit tells small letters from capitals, and what it does to other bytes does not matter. */
uint64_t tag_hash(struct bytes word)
{
    const uint64_t small = 0x2020202020202020u, factor = 0x9e3779b97f4a7c15u;
    uint64_t hash = word.size, eight = 0;
    size_t i = 0;
    for (; i + 8 <= word.size; i += 8) {
        memcpy(&eight, word.data + i, sizeof eight);
        hash = (hash ^ (eight | small)) * factor;
        hash ^= hash >> 32;
    }
    eight = 0;
    for (unsigned shift = 0; i < word.size; i++, shift += 8)
        eight |= (uint64_t)word.data[i] << shift;
    hash = (hash ^ (eight | small)) * factor;
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

static enum tag_shape shape_of(struct bytes word, unsigned all, size_t capitals)
{
    if (all & B_DIGIT)
        return SHAPE_CODE;
    if (capitals == 0)
        return SHAPE_LOWER;
    if (capitals == word.size)
        return capitals == 1 ? SHAPE_INITIAL : SHAPE_UPPER;
    return capitals == 1 && classes[word.data[0]] & B_UPPER ? SHAPE_CAPITAL : SHAPE_MIXED;
}

static uint16_t size_of(size_t size)
{
    return (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX);
}

/* All of an inert stretch is one word, and so is what is too long for one. */
static struct tag_word inert_word(size_t at, size_t end, unsigned kind)
{
    return (struct tag_word){.hash = tag_mix(kind, 77),
                             .at = (uint32_t)at,
                             .size = size_of(end - at),
                             .shape = SHAPE_CODE,
                             .marks = WORD_INERT};
}

/* The word that the bytes from `at` on begin with, in a stretch that ends at `stop`; *end may be behind it, in a
 * number. */
static struct tag_word word_at(struct bytes text, size_t at, size_t stop, size_t *end)
{
    struct tag_word word = {.at = (uint32_t)at};
    size_t last = at, capitals = 0;
    unsigned all = 0, class;
    for (; last < stop && (class = classes[text.data[last]]) & (B_LETTER | B_DIGIT); last++) {
        all |= class;
        capitals += (class & B_UPPER) != 0;
    }
    size_t number = classes[text.data[at]] & B_DIGIT ? number_end(text, at) : at;
    *end = last;
    if (number >= last && number > at) {
        struct bytes digits = bytes_part(text, at, number - at);
        *end = number;
        word.shape = SHAPE_NUMBER;
        word.hash = number_hash(digits);
        word.marks = is_dotted(digits) ? WORD_INERT : 0;
    } else if (last == at) {
        *end = at + 1;
        word.shape = SHAPE_MARK;
        word.hash = tag_hash(bytes_part(text, at, 1));
    } else if (last - at > WORD_MOST) {
        return inert_word(at, last, 1u << 10 | (all & B_DIGIT));
    } else {
        word.shape = (uint8_t)shape_of(bytes_part(text, at, last - at), all, capitals);
        word.hash = tag_hash(bytes_part(text, at, last - at));
        word.marks = word.shape == SHAPE_MIXED && !(classes[text.data[at]] & B_UPPER) ? WORD_INERT : 0;
    }
    word.size = size_of(*end - at);
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

/* Words of the stretch [at, stop); returns how far it came. */
static size_t add_words(struct bytes text, size_t at, size_t stop, bool spaced, struct tag_word *out, size_t *count)
{
    while (at < stop && *count < TAG_LINE) {
        struct tag_word word = word_at(text, at, stop, &at);
        word.marks |= spaced ? WORD_SPACED : 0;
        spaced = false;
        out[(*count)++] = word;
    }
    return at;
}

size_t tag_line(struct bytes text, size_t at, struct tag_word out[static TAG_LINE], size_t *next)
{
    size_t count = 0;
    bool spaced = true;
    while (at < text.size && count < TAG_LINE) {
        uint8_t byte = text.data[at];
        if (classes[byte] & B_END) {
            *next = at + 1;
            return count;
        }
        if (is_blank(byte) || (byte == '\\' && is_break(text, at))) {
            at += break_size(text, at);
            spaced = true;
            continue;
        }
        unsigned kind = 0;
        size_t stop = is_break(text, at) ? at + 1 : stretch_end(text, at, &kind);
        if (kind) {
            out[count] = inert_word(at, stop, kind);
            out[count++].marks |= spaced ? WORD_SPACED : 0;
            at = stop;
        } else {
            at = add_words(text, at, stop, spaced, out, &count);
        }
        spaced = false;
    }
    size_t kept = at < text.size ? cut(text, out, count) : count;
    *next = kept < count ? out[kept - 1].at + 1u : at;
    return kept;
}
