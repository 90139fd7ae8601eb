/* The steps that docs/redaction.md promises. Hides their spelling. */
#include "audits/evasion/forms_hide.h"

#include <string.h>

#include "base/encode.h"
#include "base/inflate.h"

static bool is_alnum(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* --- escapes --- */

FORM_EACH_BYTE(hide_percent_all, "%%%02X")
FORM_EACH_BYTE(hide_c, "\\x%02x")
FORM_EACH_BYTE(hide_octal, "\\%03o")
FORM_EACH_CHARACTER(hide_html, "&#%u;")
FORM_EACH_CHARACTER(hide_html_hex, "&#x%x;")
FORM_EACH_CHARACTER(hide_script, "\\u{%x}")

/* RFC 8259: 16 bits each, what is beyond in two halves. */
static void units(struct bytes plain, const char *front, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at);
        if (point >= 0x10000)
            buf_addf(out, "%s%04x", front, 0xd7c0 + (point >> 10));
        buf_addf(out, "%s%04x", front, point >= 0x10000 ? 0xdc00 + (point & 0x3ff) : point);
    }
}

void hide_json(struct bytes plain, struct buf *out)
{
    units(plain, "\\u", out);
}

void hide_json_twice(struct bytes plain, struct buf *out)
{
    units(plain, "\\\\u", out);
}

/* What a library encodes: only what is neither letter nor digit. */
void hide_percent(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (is_alnum(plain.data[i]) || (plain.data[i] && strchr("-_.~", plain.data[i])))
            buf_add_byte(out, plain.data[i]);
        else
            buf_addf(out, "%%%02X", (unsigned)plain.data[i]);
}

void hide_quoted(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (is_alnum(plain.data[i]) || plain.data[i] == '\n')
            buf_add_byte(out, plain.data[i]);
        else
            buf_addf(out, "=%02X", (unsigned)plain.data[i]);
}

void hide_html_named(struct bytes plain, struct buf *out)
{
    static const struct {
        uint8_t mark;
        const char *name;
    } names[] = {{'@', "&commat;"}, {'.', "&period;"}, {'_', "&lowbar;"}, {':', "&colon;"}, {'/', "&sol;"},
                 {'(', "&lpar;"},   {')', "&rpar;"},   {'+', "&plus;"},   {'"', "&quot;"},  {'!', "&excl;"}};
    for (size_t i = 0; i < plain.size; i++) {
        const char *name = NULL;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            name = plain.data[i] == names[k].mark ? names[k].name : name;
        if (name)
            buf_add_str(out, name);
        else
            buf_add_byte(out, plain.data[i]);
    }
}

/* --- codes --- */

void hide_hex_upper(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        buf_addf(out, "%02X", (unsigned)plain.data[i]);
}

void hide_base64_lines(struct bytes plain, struct buf *out)
{
    SCOPED_BUF struct buf code = {0};
    encode_base64(plain, &code);
    for (size_t at = 0; at < code.size; at += 76) {
        buf_add_str(out, at ? "\n" : "");
        buf_add(out, bytes_part(buf_bytes(&code), at, 76));
    }
}

void hide_gzip(struct bytes plain, struct buf *out)
{
    if (deflate_gzip(plain, out) != OK)
        buf_clear(out);
}

/* RFC 1950 with a stored block (RFC 1951, 3.2.4). */
void hide_zlib(struct bytes plain, struct buf *out)
{
    uint32_t a = 1, b = 0;
    size_t size = plain.size < 0xffff ? plain.size : 0xffff;
    for (size_t i = 0; i < size; i++) {
        a = (a + plain.data[i]) % 65521;
        b = (b + a) % 65521;
    }
    buf_add(out, bytes_of("\x78\x01\x01", 3));
    buf_add_byte(out, (uint8_t)size);
    buf_add_byte(out, (uint8_t)(size >> 8));
    buf_add_byte(out, (uint8_t)~size);
    buf_add_byte(out, (uint8_t)(~size >> 8));
    buf_add(out, bytes_part(plain, 0, size));
    buf_add_u32(out, b << 16 | a);
}

static void add_unit(unsigned unit, struct buf *out)
{
    buf_add_byte(out, (uint8_t)unit);
    buf_add_byte(out, (uint8_t)(unit >> 8));
}

/* UTF-16, little end first. */
void hide_wide(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at);
        if (point >= 0x10000)
            add_unit(0xd7c0 + (point >> 10), out);
        add_unit(point >= 0x10000 ? 0xdc00 + (point & 0x3ff) : point, out);
    }
}

/* --- letters --- */

void hide_full_width(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at);
        form_add_point(point > ' ' && point < 0x7f ? 0xff00u + point - 0x20 : point, out);
    }
}

void hide_bold(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at);
        bool upper = point >= 'A' && point <= 'Z', lower = point >= 'a' && point <= 'z';
        bool digit = point >= '0' && point <= '9';
        form_add_point(upper   ? 0x1d400 + point - 'A'
                       : lower ? 0x1d41a + point - 'a'
                       : digit ? 0x1d7ce + point - '0'
                               : point,
                       out);
    }
}

void hide_arabic(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at);
        form_add_point(point >= '0' && point <= '9' ? 0x660 + point - '0' : point, out);
    }
}

void hide_alike(struct bytes plain, struct buf *out)
{
    static const struct {
        unsigned from, to;
    } alike[] = {{'a', 0x430}, {'c', 0x441}, {'e', 0x435}, {'i', 0x456}, {'o', 0x3bf}, {'p', 0x440}, {'s', 0x455},
                 {'u', 0x57d}, {'x', 0x445}, {'y', 0x443}, {'A', 0x391}, {'B', 0x412}, {'E', 0x395}, {'H', 0x13bb},
                 {'K', 0x39a}, {'M', 0x41c}, {'O', 0x555}, {'T', 0x422}, {'X', 0x3a7}};
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at), to = point;
        for (size_t k = 0; k < sizeof alike / sizeof *alike; k++)
            to = point == alike[k].from ? alike[k].to : to;
        form_add_point(to, out);
    }
}

FORM_BETWEEN(hide_zero_width, 0x200b)
FORM_BETWEEN(hide_soft_hyphens, 0xad)
FORM_BETWEEN(hide_underlined, 0x332)
FORM_BETWEEN(hide_bidi, 0x202c)

/* --- cut in two --- */

static void split(struct bytes plain, const char *joint, struct buf *out)
{
    size_t half = plain.size / 2;
    while (half < plain.size && (plain.data[half] & 0xc0) == 0x80)
        half++;
    buf_add(out, bytes_part(plain, 0, half));
    buf_add_str(out, joint);
    buf_add(out, bytes_part(plain, half, plain.size));
}

#define SPLIT(name, joint)                                                                                             \
    void name(struct bytes plain, struct buf *out)                                                                     \
    {                                                                                                                  \
        split(plain, joint, out);                                                                                      \
    }
SPLIT(hide_joined, "\" + \"")
SPLIT(hide_joined_lines, "\" +\n        \"")
SPLIT(hide_php, "' . '")
SPLIT(hide_shell, "\\\n")
SPLIT(hide_cmd, "^\n")
SPLIT(hide_wrapped, "\n")
SPLIT(hide_quoted_soft, "=\n")

/* --- as it is read --- */

void hide_spaced(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plain.data[i] > ' ') {
            buf_add_str(out, out->size && out->data[out->size - 1] != ' ' ? " " : "");
            buf_add_byte(out, plain.data[i]);
        }
}

static void read_out(struct bytes plain, const char *at, const char *dot, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        if (plain.data[i] == '@')
            buf_add_str(out, at);
        else if (plain.data[i] == '.')
            buf_add_str(out, dot);
        else
            buf_add_byte(out, plain.data[i]);
}

void hide_read_out(struct bytes plain, struct buf *out)
{
    read_out(plain, " at ", " dot ", out);
}

void hide_read_out_brackets(struct bytes plain, struct buf *out)
{
    read_out(plain, " [at] ", "[dot]", out);
}

void hide_cut_off(struct bytes plain, struct buf *out)
{
    buf_add(out, bytes_part(plain, 0, plain.size * 3 / 5));
}
