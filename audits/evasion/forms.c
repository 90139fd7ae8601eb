/* Ways to hide a value. Hides their spelling. */
#include "audits/evasion/forms.h"

#include <stdio.h>
#include <string.h>

#include "base/encode.h"

#define EACH_BYTE(name, format)                                                                                        \
    static void name(struct bytes plain, struct buf *out)                                                              \
    {                                                                                                                  \
        for (size_t i = 0; i < plain.size; i++)                                                                        \
            buf_addf(out, format, (unsigned)plain.data[i]);                                                            \
    }
EACH_BYTE(percent, "%%%02X")
EACH_BYTE(octal, "\\%03o")
EACH_BYTE(c_hex, "\\x%02x")
EACH_BYTE(numbers, "%u, ")
EACH_BYTE(calls, "chr(%u)+")

/* The character at *at of well-formed text, all below U+10000 here; moves on. */
static unsigned next_point(struct bytes text, size_t *at)
{
    uint8_t lead = text.data[*at];
    size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
    unsigned point = size == 1 ? lead : lead & (0x7fu >> size);
    for (size_t i = 1; i < size && *at + i < text.size; i++)
        point = point << 6 | (text.data[*at + i] & 0x3f);
    *at += size;
    return point;
}

#define EACH_CHARACTER(name, format)                                                                                   \
    static void name(struct bytes plain, struct buf *out)                                                              \
    {                                                                                                                  \
        for (size_t at = 0; at < plain.size;)                                                                          \
            buf_addf(out, format, next_point(plain, &at));                                                             \
    }
EACH_CHARACTER(html, "&#%u;")
EACH_CHARACTER(html_hex, "&#x%x;")
EACH_CHARACTER(json, "\\u%04x")
EACH_CHARACTER(script, "\\u{%x}")

/* A separator of UTF-8 between characters. */
static void between(struct bytes plain, const char *mark, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        bool is_first = i == 0 || (plain.data[i] & 0xc0) == 0x80;
        buf_add_str(out, is_first ? "" : mark);
        buf_add_byte(out, plain.data[i]);
    }
}

static void zero_width(struct bytes plain, struct buf *out)
{
    between(plain, "\xe2\x80\x8b", out);
}

static void soft_hyphens(struct bytes plain, struct buf *out)
{
    between(plain, "\xc2\xad", out);
}

static void bars(struct bytes plain, struct buf *out)
{
    between(plain, "|", out);
}

static void joined(struct bytes plain, struct buf *out)
{
    size_t half = plain.size / 2;
    while (half < plain.size && (plain.data[half] & 0xc0) == 0x80)
        half++;
    buf_add(out, bytes_part(plain, 0, half));
    buf_add_str(out, "\" + \"");
    buf_add(out, bytes_part(plain, half, plain.size));
}

static void backwards(struct bytes plain, struct buf *out)
{
    for (size_t end = plain.size; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && (plain.data[start] & 0xc0) == 0x80)
            start--;
        buf_add(out, bytes_part(plain, start, end - start));
        end = start;
    }
}

static void rotated(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        uint8_t byte = plain.data[i], lower = byte | 0x20;
        bool is_letter = lower >= 'a' && lower <= 'z';
        bool is_digit = byte >= '0' && byte <= '9';
        uint8_t first = byte < 'a' ? 'A' : 'a';
        buf_add_byte(out, (uint8_t)(is_letter  ? first + (byte - first + 13) % 26
                                    : is_digit ? '0' + (byte - '0' + 5) % 10
                                               : byte));
    }
}

static void binary(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        for (unsigned bit = 8; bit-- > 0;)
            buf_add_byte(out, plain.data[i] >> bit & 1 ? '1' : '0');
        buf_add_byte(out, ' ');
    }
}

/* Words of the spelling alphabet and of digits: nothing but common words. */
static void spelled(struct bytes plain, struct buf *out)
{
    static const char *const letters[] = {"alfa",   "bravo",   "charlie", "delta",  "echo",   "foxtrot", "golf",
                                          "hotel",  "india",   "juliett", "kilo",   "lima",   "mike",    "november",
                                          "oscar",  "papa",    "quebec",  "romeo",  "sierra", "tango",   "uniform",
                                          "victor", "whiskey", "xray",    "yankee", "zulu"};
    static const char *const digits[] = {"zero", "one", "two",   "three", "four",
                                         "five", "six", "seven", "eight", "nine"};
    for (size_t i = 0; i < plain.size; i++) {
        uint8_t byte = plain.data[i], lower = byte | 0x20;
        if (byte >= '0' && byte <= '9')
            buf_add_str(out, digits[byte - '0']);
        else if (lower >= 'a' && lower <= 'z')
            buf_add_str(out, letters[lower - 'a']);
        else
            buf_add_byte(out, byte);
        buf_add_str(out, byte < 0x80 ? " " : ""); /* a character of several bytes stays whole */
    }
}

const struct form forms[] = {
    {"percent", true, false, percent},
    {"HTML, decimal", true, false, html},
    {"HTML, hexadecimal", true, false, html_hex},
    {"JSON", true, false, json},
    {"octal", true, false, octal},
    {"C", true, false, c_hex},
    {"JavaScript", true, false, script},
    {"zero-width blanks", true, false, zero_width},
    {"soft hyphens", true, false, soft_hyphens},
    {"joined strings", true, false, joined},
    {"base64", true, true, encode_base64},
    {"base64url", true, true, encode_base64url},
    {"hex", true, true, encode_hex},
    {"numbers", false, false, numbers},
    {"calls", false, false, calls},
    {"bars", false, false, bars},
    {"backwards", false, false, backwards},
    {"rotated", false, false, rotated},
    {"binary", false, false, binary},
    {"spelled", false, false, spelled},
};
const size_t form_count = sizeof forms / sizeof *forms;
const size_t form_listed = 13;

/* --- several in one another --- */

void disguise_draw(struct random random, size_t from, struct disguise *out)
{
    *out = (struct disguise){.count = 1 + (size_t)random_below(random, FORM_STEPS)};
    for (size_t i = 0; i < out->count; i++)
        out->steps[i] = (size_t)random_below(random, from);
}

void disguise_step(struct random random, size_t from, struct disguise *disguise)
{
    uint64_t way = random_below(random, 3);
    if (way == 0 && disguise->count > 1) {
        disguise->count--;
        return;
    }
    if (way == 1 && disguise->count < FORM_STEPS)
        disguise->count++;
    size_t place = way == 1 ? disguise->count - 1 : (size_t)random_below(random, disguise->count);
    disguise->steps[place] = (size_t)random_below(random, from);
}

enum status disguise_hide(const struct disguise *disguise, struct bytes plain, struct buf *out)
{
    SCOPED_BUF struct buf inner = {0}, outer = {0};
    buf_add(&inner, plain);
    for (size_t i = 0; i < disguise->count; i++) {
        buf_clear(&outer);
        forms[disguise->steps[i]].hide(buf_bytes(&inner), &outer);
        buf_clear(&inner);
        buf_add(&inner, buf_bytes(&outer));
        TRY(buf_status(&outer));
    }
    TRY(buf_status(&inner));
    buf_add(out, buf_bytes(&inner));
    return buf_status(out);
}

bool disguise_is_block(const struct disguise *disguise)
{
    for (size_t i = 0; i < disguise->count; i++)
        if (forms[disguise->steps[i]].block)
            return true;
    return false;
}

/* --- values --- */

static void draw_letters(struct random random, const char *letters, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++)
        out[i] = letters[random_below(random, strlen(letters))];
    out[size] = 0;
}

/* Luhn, ISO/IEC 7812-1, annex B. */
static void draw_card(struct random random, char *out)
{
    unsigned sum = 0;
    memcpy(out, "4539", 4);
    draw_letters(random, "0123456789", 11, out + 4);
    for (size_t i = 0; i < 15; i++) {
        unsigned digit = (unsigned)(out[14 - i] - '0') * (i % 2 ? 1 : 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    out[15] = (char)('0' + (10 - sum % 10) % 10);
    out[16] = 0;
}

void hidden_value_draw(enum hidden_kind kind, struct random random, char out[static HIDDEN_TEXT])
{
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz", upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    switch (kind) {
    case HIDDEN_EMAIL:
        draw_letters(random, lower, 9, out);
        memcpy(out + 9, "@mail.example.org", sizeof "@mail.example.org");
        return;
    case HIDDEN_CARD:
        draw_card(random, out);
        return;
    case HIDDEN_TOKEN:
        snprintf(out, HIDDEN_TEXT, "glpat-");
        draw_letters(random, alnum, 20, out + 6);
        return;
    case HIDDEN_KEY:
        snprintf(out, HIDDEN_TEXT, "AKIA");
        draw_letters(random, upper, 16, out + 4);
        return;
    case HIDDEN_KINDS:
        return;
    }
}
