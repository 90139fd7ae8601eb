/* The published list of hidden forms: one row each, up to three encodings in one another. Each letter of `steps` is an
 * encoding, innermost first. */
#pragma once

#include "base/encode.h"
#include "base/inflate.h"
#include "tests/redaction/planted_kinds.h"

typedef void (*plant_encode)(struct bytes plain, struct buf *out);

struct plant_form {
    const char *name;
    const char *steps;
    bool sentence;       /* the sentence is encoded whole, as a message or a file would be; else the value alone */
    unsigned only, none; /* for kinds that have (have not) one of these traits */
};

/* --- one step each --- */

static bool plant_is_ascii(uint8_t byte, struct buf *out)
{
    if (byte >= 0x80)
        buf_add_byte(out, byte); /* part of a character that an encoding before has made */
    return byte < 0x80;
}

static bool plant_is_alnum(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static void plant_utf8(uint32_t point, struct buf *out)
{
    if (point >= 0x10000)
        buf_add_byte(out, (uint8_t)(0xf0 | point >> 18));
    if (point >= 0x800)
        buf_add_byte(out, (uint8_t)(point >= 0x10000 ? 0x80 | (point >> 12 & 0x3f) : 0xe0 | point >> 12));
    if (point >= 0x80)
        buf_add_byte(out, (uint8_t)(point >= 0x800 ? 0x80 | (point >> 6 & 0x3f) : 0xc0 | point >> 6));
    buf_add_byte(out, (uint8_t)(point >= 0x80 ? 0x80 | (point & 0x3f) : point));
}

/* The character at *at of well-formed text; moves on. */
static uint32_t plant_point(struct bytes text, size_t *at)
{
    uint8_t lead = text.data[*at];
    size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t point = size == 1 ? lead : lead & (0x7fu >> size);
    for (size_t i = 1; i < size; i++)
        point = point << 6 | (text.data[*at + i] & 0x3f);
    *at += size;
    return point;
}

#define PLANT_BYTES(name, format)                                                                                      \
    static void plant_##name(struct bytes plain, struct buf *out)                                                      \
    {                                                                                                                  \
        for (size_t i = 0; i < plain.size; i++)                                                                        \
            buf_addf(out, format, (unsigned)plain.data[i]);                                                            \
    }
PLANT_BYTES(percent_all, "%%%02X")
PLANT_BYTES(c_hex, "\\x%02x")
PLANT_BYTES(c_octal, "\\%03o")

#define PLANT_POINTS(name, format)                                                                                     \
    static void plant_##name(struct bytes plain, struct buf *out)                                                      \
    {                                                                                                                  \
        for (size_t i = 0; i < plain.size;)                                                                            \
            buf_addf(out, format, plant_point(plain, &i));                                                             \
    }
PLANT_POINTS(entity_decimal, "&#%u;")
PLANT_POINTS(entity_hex, "&#x%x;")
PLANT_POINTS(js_point, "\\u{%x}")

/* RFC 8259: 16 bits each, what is beyond in two halves. */
static void plant_units(struct bytes plain, const char *front, struct buf *out)
{
    for (size_t i = 0; i < plain.size;) {
        uint32_t point = plant_point(plain, &i);
        if (point >= 0x10000)
            buf_addf(out, "%s%04x", front, 0xd7c0 + (point >> 10));
        buf_addf(out, "%s%04x", front, point >= 0x10000 ? 0xdc00 + (point & 0x3ff) : point);
    }
}

static void plant_json_unicode(struct bytes plain, struct buf *out)
{
    plant_units(plain, "\\u", out);
}

static void plant_json_twice(struct bytes plain, struct buf *out)
{
    plant_units(plain, "\\\\u", out);
}

/* What a library encodes: only what is neither letter nor digit. */
static void plant_percent(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plant_is_alnum(plain.data[i]) || strchr("-_.~", plain.data[i]))
            buf_add_byte(out, plain.data[i]);
        else
            buf_addf(out, "%%%02X", (unsigned)plain.data[i]);
}

static void plant_quoted(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plant_is_alnum(plain.data[i]) || plain.data[i] == '\n')
            buf_add_byte(out, plain.data[i]);
        else
            buf_addf(out, "=%02X", (unsigned)plain.data[i]);
}

static void plant_quoted_soft(struct bytes plain, struct buf *out)
{
    size_t half = plain.size / 2;
    buf_add(out, bytes_part(plain, 0, half));
    buf_add_str(out, "=\n");
    buf_add(out, bytes_part(plain, half, plain.size));
}

static void plant_entity_named(struct bytes plain, struct buf *out)
{
    static const struct {
        char mark;
        const char *name;
    } names[] = {{'@', "commat"}, {'.', "period"}, {'_', "lowbar"}, {':', "colon"}, {'/', "sol"},
                 {'(', "lpar"},   {')', "rpar"},   {'+', "plus"},   {'"', "quot"},  {'!', "excl"}};
    for (size_t i = 0; i < plain.size; i++) {
        const char *name = NULL;
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            name = plain.data[i] == (uint8_t)names[k].mark ? names[k].name : name;
        if (name)
            buf_addf(out, "&%s;", name);
        else
            buf_add_byte(out, plain.data[i]);
    }
}

static void plant_hex_upper(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        buf_addf(out, "%02X", (unsigned)plain.data[i]);
}

static void plant_base64_lines(struct bytes plain, struct buf *out)
{
    struct buf code SCOPED_BUF = {0};
    encode_base64(plain, &code);
    for (size_t at = 0; at < code.size; at += 76) {
        buf_add_str(out, at ? "\n" : "");
        buf_add(out, bytes_part(buf_bytes(&code), at, 76));
    }
}

static void plant_gzip(struct bytes plain, struct buf *out)
{
    if (deflate_gzip(plain, out) != OK)
        abort();
}

/* RFC 1950 with a stored block (RFC 1951 3.2.4). */
static void plant_zlib(struct bytes plain, struct buf *out)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < plain.size; i++) {
        a = (a + plain.data[i]) % 65521;
        b = (b + a) % 65521;
    }
    buf_add(out, bytes_of("\x78\x01\x01", 3));
    buf_add_byte(out, (uint8_t)plain.size);
    buf_add_byte(out, (uint8_t)(plain.size >> 8));
    buf_add_byte(out, (uint8_t)~plain.size);
    buf_add_byte(out, (uint8_t)(~plain.size >> 8));
    buf_add(out, plain);
    buf_add_u32(out, b << 16 | a);
}

static void plant_wide(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        buf_add_byte(out, plain.data[i]);
        buf_add_byte(out, 0);
    }
}

static void plant_full_width(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        if (!plant_is_ascii(plain.data[i], out))
            continue;
        plant_utf8(plain.data[i] > ' ' ? 0xff00u + plain.data[i] - 0x20 : plain.data[i], out);
    }
}

static void plant_bold(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        if (!plant_is_ascii(plain.data[i], out))
            continue;
        uint32_t byte = plain.data[i];
        bool upper = byte >= 'A' && byte <= 'Z', lower = byte >= 'a' && byte <= 'z', digit = byte >= '0' && byte <= '9';
        plant_utf8(upper   ? 0x1d400 + byte - 'A'
                   : lower ? 0x1d41a + byte - 'a'
                   : digit ? 0x1d7ce + byte - '0'
                           : byte,
                   out);
    }
}

static void plant_digits_arabic(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        if (!plant_is_ascii(plain.data[i], out))
            continue;
        plant_utf8(plain.data[i] >= '0' && plain.data[i] <= '9' ? 0x660u + plain.data[i] - '0' : plain.data[i], out);
    }
}

static void plant_alike(struct bytes plain, struct buf *out)
{
    static const struct {
        char from;
        uint16_t to;
    } alike[] = {{'a', 0x430}, {'c', 0x441}, {'e', 0x435}, {'i', 0x456}, {'o', 0x3bf}, {'p', 0x440}, {'s', 0x455},
                 {'u', 0x57d}, {'x', 0x445}, {'y', 0x443}, {'A', 0x391}, {'B', 0x412}, {'E', 0x395}, {'H', 0x13bb},
                 {'K', 0x39a}, {'M', 0x41c}, {'O', 0x555}, {'T', 0x422}, {'X', 0x3a7}};
    for (size_t i = 0; i < plain.size; i++) {
        if (!plant_is_ascii(plain.data[i], out))
            continue;
        uint32_t to = plain.data[i];
        for (size_t k = 0; k < sizeof alike / sizeof alike[0]; k++)
            to = plain.data[i] == (uint8_t)alike[k].from ? alike[k].to : to;
        plant_utf8(to, out);
    }
}

#define PLANT_AFTER_EACH(name, point)                                                                                  \
    static void plant_##name(struct bytes plain, struct buf *out)                                                      \
    {                                                                                                                  \
        for (size_t i = 0; i < plain.size; i++) {                                                                      \
            buf_add_byte(out, plain.data[i]);                                                                          \
            if (i + 1 < plain.size && plain.data[i] > ' ' && plain.data[i] < 0x80)                                     \
                plant_utf8(point, out);                                                                                \
        }                                                                                                              \
    }
PLANT_AFTER_EACH(zero_width, 0x200b)
PLANT_AFTER_EACH(soft_hyphen, 0xad)
PLANT_AFTER_EACH(underline, 0x332)
PLANT_AFTER_EACH(bidi, 0x202c)

static void plant_split(struct bytes plain, const char *joint, struct buf *out)
{
    size_t half = plain.size / 2;
    buf_add(out, bytes_part(plain, 0, half));
    buf_add_str(out, joint);
    buf_add(out, bytes_part(plain, half, plain.size));
}

#define PLANT_SPLIT(name, joint)                                                                                       \
    static void plant_##name(struct bytes plain, struct buf *out)                                                      \
    {                                                                                                                  \
        plant_split(plain, joint, out);                                                                                \
    }
PLANT_SPLIT(plus, "\" + \"")
PLANT_SPLIT(plus_lines, "\" +\n        \"")
PLANT_SPLIT(php, "' . '")
PLANT_SPLIT(shell_line, "\\\n")
PLANT_SPLIT(cmd_line, "^\n")

PLANT_SPLIT(wrap, "\n")

/* What makes a line of 76 of a sentence's front and the first half of a value. */
static void plant_line(size_t size, struct buf *out)
{
    static const char words[] = "and so it was written down there that the one thing which was asked for then was";
    buf_add_byte(out, '\n');
    buf_add(out, bytes_of(words, size < 75 ? 75 - size : 0));
    buf_add_byte(out, ' ');
}

static void plant_spaced(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plain.data[i] > ' ') {
            buf_add_str(out, out->size && out->data[out->size - 1] != ' ' ? " " : "");
            buf_add_byte(out, plain.data[i]);
        }
}

static void plant_read_out(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plain.data[i] == '@')
            buf_add_str(out, " at ");
        else if (plain.data[i] == '.')
            buf_add_str(out, " dot ");
        else
            buf_add_byte(out, plain.data[i]);
}

static void plant_read_out_brackets(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plain.data[i] == '@')
            buf_add_str(out, " [at] ");
        else if (plain.data[i] == '.')
            buf_add_str(out, "[dot]");
        else
            buf_add_byte(out, plain.data[i]);
}

static void plant_cut_off(struct bytes plain, struct buf *out)
{
    buf_add(out, bytes_part(plain, 0, plain.size * 3 / 5));
}

/* --- the lists --- */

static const struct {
    char letter;
    plant_encode encode;
} plant_steps[] = {
    {'p', plant_percent},
    {'P', plant_percent_all},
    {'d', plant_entity_decimal},
    {'x', plant_entity_hex},
    {'n', plant_entity_named},
    {'u', plant_json_unicode},
    {'U', plant_json_twice},
    {'c', plant_c_hex},
    {'o', plant_c_octal},
    {'j', plant_js_point},
    {'q', plant_quoted},
    {'Q', plant_quoted_soft},
    {'b', encode_base64},
    {'r', encode_base64url},
    {'l', plant_base64_lines},
    {'h', encode_hex},
    {'H', plant_hex_upper},
    {'g', plant_gzip},
    {'z', plant_zlib},
    {'w', plant_wide},
    {'F', plant_full_width},
    {'B', plant_bold},
    {'D', plant_digits_arabic},
    {'A', plant_alike},
    {'0', plant_zero_width},
    {'-', plant_soft_hyphen},
    {'_', plant_underline},
    {'<', plant_bidi},
    {'+', plant_plus},
    {'1', plant_plus_lines},
    {'.', plant_php},
    {'\\', plant_shell_line},
    {'^', plant_cmd_line},
    {'W', plant_wrap},
    {' ', plant_spaced},
    {'@', plant_read_out},
    {'[', plant_read_out_brackets},
    {'!', plant_cut_off},
};

static const struct plant_form plant_forms[] = {
    {"percent", "p", false, 0, 0},
    {"percent, every character", "P", false, 0, 0},
    {"percent, twice", "pp", false, 0, 0},
    {"HTML, decimal", "d", false, 0, 0},
    {"HTML, hexadecimal", "x", false, 0, 0},
    {"HTML, by name", "n", false, 0, 0},
    {"JSON \\u", "u", false, 0, 0},
    {"JSON \\u in a string of JSON", "U", false, 0, 0},
    {"JavaScript \\u{}", "j", false, 0, 0},
    {"C \\x", "c", false, 0, 0},
    {"octal", "o", false, 0, 0},
    {"quoted printable", "q", false, 0, 0},
    {"quoted printable, soft line end", "Q", false, 0, PLANT_LINES},
    {"base64", "b", true, 0, 0},
    {"base64url", "r", true, 0, 0},
    {"base64 in lines of 76", "l", true, 0, 0},
    {"hex", "h", true, 0, 0},
    {"hex, upper case", "H", true, 0, 0},
    {"gzip in base64", "gb", true, 0, 0},
    {"zlib in base64", "zb", true, 0, 0},
    {"gzip in hex", "gh", true, 0, 0},
    {"UTF-16 in base64", "wb", true, 0, 0},
    {"full width", "F", false, 0, PLANT_LINES},
    {"mathematical bold", "B", false, 0, 0},
    {"Arabic-Indic digits", "D", false, 0, 0},
    {"Cyrillic, Greek, Armenian, Cherokee letters", "A", false, 0, 0},
    {"zero-width blanks", "0", false, 0, 0},
    {"soft hyphens", "-", false, 0, 0},
    {"combining underline", "_", false, 0, 0},
    {"bidirectional marks", "<", false, 0, 0},
    {"joined strings, +", "+", false, 0, PLANT_LINES},
    {"joined strings over lines", "1", false, 0, PLANT_LINES},
    {"joined strings, PHP", ".", false, 0, PLANT_LINES},
    {"line continued in the shell", "\\", false, 0, PLANT_LINES},
    {"line continued in cmd", "^", false, 0, PLANT_LINES},
    {"wrapped at column 76", "W", false, 0, PLANT_LINES},
    {"blanks between digits", " ", false, PLANT_NUMBER, 0},
    {"read out", "@", false, PLANT_EMAIL, 0},
    {"read out in brackets", "[", false, PLANT_EMAIL, 0},
    {"cut off", "!", false, PLANT_TOKEN, 0},
    {"base64 of percent", "Pb", true, 0, 0},
    {"base64 twice", "bb", true, 0, 0},
    {"hex of base64", "bh", true, 0, 0},
    {"percent of HTML", "dp", false, 0, 0},
    {"JSON \\u of full width", "Fu", false, 0, PLANT_LINES},
    {"base64 of JSON \\u", "ub", true, 0, 0},
    {"joined strings of C \\x", "c+", false, 0, PLANT_LINES},
    {"base64 three times", "bbb", true, 0, 0},
    {"base64 of hex of percent", "Phb", true, 0, 0},
    {"gzip in base64 of HTML", "dgb", true, 0, 0},
    {"percent of base64 of gzip", "gbp", true, 0, 0},
    {"JSON \\u of percent of HTML", "dpu", false, 0, 0},
    {"base64url of full width with zero-width blanks", "0Fr", true, 0, 0},
    {"hex of HTML", "xh", true, 0, 0},
    {"base64 of base64url", "rb", true, 0, 0},
    {"base64 of quoted printable", "qb", true, 0, 0},
    {"percent of octal", "oP", false, 0, 0},
    {"zlib in hex", "zh", true, 0, 0},
    {"HTML of full width", "Fd", false, 0, PLANT_LINES},
    {"percent of underlined look-alikes", "A_p", false, 0, 0},
    {"C \\x of JavaScript \\u{}", "jc", false, 0, 0},
    {"base64 of joined strings", "+b", true, 0, PLANT_LINES},
    {"hex of UTF-16 in base64", "wbh", true, 0, 0},
    {"base64 of percent of HTML by name", "npb", true, 0, 0},
    {"base64 in lines of JSON \\u of percent", "pul", true, 0, 0},
};
#define PLANT_FORMS (sizeof plant_forms / sizeof plant_forms[0])

static void plant_step(char letter, struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < sizeof plant_steps / sizeof plant_steps[0]; i++)
        if (plant_steps[i].letter == letter) {
            plant_steps[i].encode(plain, out);
            return;
        }
    abort();
}

static void plant_hide(const struct plant_form *form, struct bytes plain, struct buf *out)
{
    struct buf now SCOPED_BUF = {0};
    buf_add(&now, plain);
    for (const char *step = form->steps; *step; step++) {
        buf_clear(out);
        plant_step(*step, buf_bytes(&now), out);
        buf_clear(&now);
        buf_add(&now, buf_bytes(out));
    }
}
