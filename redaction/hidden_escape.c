/* Escapes that stand for one character each: percent, HTML entities, the backslashes of JSON, C and the shell, quoted
 * printable. Hides their grammars. */
#include "redaction/hidden_forms.h"

#include "redaction/block.h"
#include "redaction/chars.h"
#include "redaction/stretch.h"

struct escape {
    size_t size;      /* in the text; 0: none */
    uint8_t plain[4]; /* what it stands for */
    size_t plain_size;
    bool minor; /* too common to be worth a look by itself */
};

/* --- numbers --- */

static int digit_of(uint8_t byte, unsigned base)
{
    int value = char_is(byte, C_DIGIT) ? byte - '0' : char_is(byte, C_HEX) ? (byte | 0x20) - 'a' + 10 : 99;
    return value < (int)base ? value : -1;
}

/* Digits from `at` on, between `least` and `most` of them; the end, or 0. */
static size_t number(struct bytes text, size_t at, unsigned base, size_t least, size_t most, uint32_t *value)
{
    size_t end = at;
    for (*value = 0; end - at < most && end < text.size && digit_of(text.data[end], base) >= 0; end++)
        *value = *value * base + (uint32_t)digit_of(text.data[end], base);
    return end - at >= least ? end : 0;
}

static bool is_worth(uint32_t byte)
{
    return byte >= 0x20 || byte == '\n' || byte == '\t' || byte == '\r';
}

static struct escape of_byte(size_t size, uint32_t byte)
{
    return is_worth(byte) ? (struct escape){size, {(uint8_t)byte}, 1, false} : (struct escape){0};
}

static struct escape of_point(size_t size, uint32_t point)
{
    struct escape escape = {.size = size};
    if (!is_worth(point) || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return (struct escape){0};
    if (point < 0x80) {
        escape.plain[0] = (uint8_t)point;
        escape.plain_size = 1;
        return escape;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint8_t lead[4] = {0, 0xc0, 0xe0, 0xf0};
    escape.plain_size = more + 1;
    escape.plain[0] = (uint8_t)(lead[more] | point >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        escape.plain[i] = (uint8_t)(0x80 | (point >> 6 * (more - i) & 0x3f));
    return escape;
}

/* --- percent (RFC 3986), and %uXXXX of old browsers --- */

static struct escape percent_at(struct bytes text, size_t at)
{
    uint32_t value;
    if (char_at(text, at + 1) == 'u') {
        size_t end = number(text, at + 2, 16, 4, 4, &value);
        return end ? of_point(end - at, value) : (struct escape){0};
    }
    size_t end = number(text, at + 1, 16, 2, 2, &value);
    return end ? of_byte(3, value) : (struct escape){0};
}

/* --- quoted printable (RFC 2045): its digits are upper case, and it writes so only what must not stand there --- */

static struct escape quoted_at(struct bytes text, size_t at)
{
    uint32_t value;
    size_t end = number(text, at + 1, 16, 2, 2, &value);
    bool lower = end && (char_is(text.data[at + 1], C_LOWER) || char_is(text.data[at + 2], C_LOWER));
    if (!end || lower || value < 0x20 || value == 0x7f || char_is((uint8_t)value, C_ALNUM))
        return (struct escape){0};
    return of_byte(3, value);
}

/* --- HTML --- */

static const struct {
    const char *name;
    uint32_t point;
    bool minor;
} entities[] = {
    {"amp", '&', true},
    {"apos", '\'', false},
    {"ast", '*', false},
    {"colon", ':', false},
    {"comma", ',', false},
    {"commat", '@', false},
    {"dash", 0x2010, false},
    {"dollar", '$', false},
    {"equals", '=', false},
    {"excl", '!', false},
    {"grave", '`', false},
    {"gt", '>', true},
    {"hyphen", '-', false},
    {"lbrace", '{', false},
    {"lowbar", '_', false},
    {"lpar", '(', false},
    {"lsqb", '[', false},
    {"lt", '<', true},
    {"nbsp", 0xa0, true},
    {"NewLine", '\n', false},
    {"num", '#', false},
    {"percnt", '%', false},
    {"period", '.', false},
    {"plus", '+', false},
    {"quest", '?', false},
    {"quot", '"', false},
    {"rbrace", '}', false},
    {"rpar", ')', false},
    {"rsqb", ']', false},
    {"semi", ';', false},
    {"shy", 0xad, false},
    {"sol", '/', false},
    {"szlig", 0xdf, false},
    {"Tab", '\t', false},
    {"zwj", 0x200d, false},
    {"zwnj", 0x200c, false},
    {"ZeroWidthSpace", 0x200b, false},
};

/* "&eacute;" is as good as e: the normaliser would make it one. */
static bool is_accented(struct bytes name)
{
    static const char marks[] = "acute|grave|circ|tilde|uml|ring|cedil|slash|caron|breve|macr|ogon|dot";
    return name.size > 3 && chars_word_of(name, 1, marks) == name.size - 1;
}

static struct escape named_at(struct bytes text, size_t at)
{
    size_t end = chars_run(text, at + 1, C_ALPHA, 15);
    if (char_at(text, end) != ';')
        return (struct escape){0};
    struct bytes name = bytes_part(text, at + 1, end - at - 1);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (bytes_is(name, entities[i].name)) {
            struct escape escape = of_point(end + 1 - at, entities[i].point);
            escape.minor = entities[i].minor;
            return escape;
        }
    return is_accented(name) ? of_byte(end + 1 - at, name.data[0]) : (struct escape){0};
}

static struct escape entity_at(struct bytes text, size_t at)
{
    uint32_t point;
    if (char_at(text, at + 1) != '#')
        return named_at(text, at);
    bool hex = (char_at(text, at + 2) | 0x20) == 'x';
    size_t end = hex ? number(text, at + 3, 16, 1, 7, &point) : number(text, at + 2, 10, 1, 8, &point);
    if (!end)
        return (struct escape){0};
    return of_point(end - at + (char_at(text, end) == ';'), point);
}

/* --- backslashes: \u0040 \u{40} \U00000040 \x40 \100, and marks that a program or Markdown escaped --- */

/* The second half of a surrogate pair. */
static size_t low_half(struct bytes text, size_t at, uint32_t *point)
{
    uint32_t low;
    size_t slashes = at;
    while (char_at(text, slashes) == '\\')
        slashes++;
    if (slashes == at || char_at(text, slashes) != 'u')
        return 0;
    size_t end = number(text, slashes + 1, 16, 4, 4, &low);
    if (!end || low < 0xdc00 || low > 0xdfff)
        return 0;
    *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
    return end;
}

static struct escape unicode_at(struct bytes text, size_t at, size_t letter)
{
    uint32_t point;
    if (char_at(text, letter + 1) == '{') {
        size_t end = number(text, letter + 2, 16, 1, 6, &point);
        return end && char_at(text, end) == '}' ? of_point(end + 1 - at, point) : (struct escape){0};
    }
    size_t wide = text.data[letter] == 'U' ? 8 : 4, end = number(text, letter + 1, 16, wide, wide, &point);
    if (end && point >= 0xd800 && point < 0xdc00)
        end = low_half(text, end, &point);
    return end ? of_point(end - at, point) : (struct escape){0};
}

/* However often the backslash itself was escaped, it is one escape. */
static struct escape backslash_at(struct bytes text, size_t at)
{
    static const struct escape none = {0};
    size_t letter = at;
    uint32_t value;
    while (char_at(text, letter) == '\\' && letter - at < 16)
        letter++;
    uint8_t mark = char_at(text, letter);
    if (mark == 'u' || mark == 'U')
        return unicode_at(text, at, letter);
    if (mark == 'x') {
        size_t end = number(text, letter + 1, 16, 2, 2, &value);
        return end ? of_byte(end - at, value) : none;
    }
    size_t end = number(text, letter, 8, 3, 3, &value);
    if (end)
        return value < 0x100 ? of_byte(end - at, value) : none;
    if (mark == '"' || mark == '\'')
        return (struct escape){letter + 1 - at, {mark}, 1, true};
    return mark && strchr("@_.-/:=+#", mark) ? of_byte(letter + 1 - at, mark) : none;
}

static struct escape escape_at(struct bytes text, size_t at)
{
    switch (text.data[at]) {
    case '%':
        return percent_at(text, at);
    case '&':
        return entity_at(text, at);
    case '=':
        return quoted_at(text, at);
    default:
        return backslash_at(text, at);
    }
}

/* --- the walk --- */

void escapes_collect(struct bytes text, struct view *view)
{
    struct stretch stretch = {.text = text, .view = view, .way = VIEW_EXACT};
    for (size_t base = 0; base < text.size && !view_is_full(view); base += 64) {
        struct block block = block_at(text, base);
        uint64_t hits = block_between(&block, '%', '&') | block_are(&block, '\\') | block_are(&block, '=');
        for (; hits; hits &= hits - 1) {
            size_t at = base + (size_t)__builtin_ctzll(hits);
            if (at < stretch.done)
                continue;
            struct escape escape = escape_at(text, at);
            if (escape.size && !(escape.minor && !stretch_holds(&stretch, at)))
                stretch_add(&stretch, at, at + escape.size, bytes_of(escape.plain, escape.plain_size));
        }
    }
    stretch_close(&stretch);
}
