/* The writer of the page. Escaping is the default: a value can reach the page only through page_text. */
#include "audits/report/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* --- escaping --- */

static const char *entity_of(uint8_t byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static const char *blank_of(uint8_t byte)
{
    return byte == '\n' ? "[U+000A]" : byte == '\t' ? "[U+0009]" : NULL;
}

/* Characters that are not seen but change what is: controls, zero width, directions (UAX 9), line separators, tags. */
static bool is_hidden(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x00, 0x08},     {0x0b, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
                  {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xe0000, 0xe007f}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

/* Size and code point of the character at p, in well-formed UTF-8. */
static size_t character(const uint8_t *p, uint32_t *code)
{
    static const uint8_t mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t size = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    *code = *p & mask[size];
    for (size_t i = 1; i < size; i++)
        *code = *code << 6 | (p[i] & 0x3f);
    return size;
}

/* `instead`: what stands for a character of ASCII; NULL: itself. */
static void add_shown(struct buf *out, struct bytes utf8, const char *(*instead)(uint8_t byte))
{
    if (!bytes_is_utf8(utf8)) {
        buf_add_str(out, "[not text]");
        return;
    }
    for (size_t at = 0; at < utf8.size;) {
        uint32_t code = 0;
        size_t size = character(utf8.data + at, &code);
        const char *other = code < 0x80 ? instead((uint8_t)code) : NULL;
        if (other)
            buf_add_str(out, other);
        else if (is_hidden(code))
            buf_addf(out, "[U+%04X]", (unsigned)code);
        else
            buf_add(out, bytes_of(utf8.data + at, size));
        at += size;
    }
}

void page_text(struct buf *page, struct bytes utf8)
{
    add_shown(page, utf8, entity_of);
}

void page_plain(struct buf *out, struct bytes utf8)
{
    add_shown(out, utf8, blank_of);
}

/* --- markup with values --- */

void page_add(struct buf *page, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    for (const char *at = format; *at;) {
        size_t plain = strcspn(at, "%");
        buf_add(page, bytes_of(at, plain));
        at += plain;
        if (strncmp(at, "%s", 2) == 0) {
            const char *text = va_arg(values, const char *);
            page_text(page, bytes_str(text ? text : "not stated"));
            at += 2;
        } else if (strncmp(at, "%zu", 3) == 0) {
            buf_addf(page, "%zu", va_arg(values, size_t));
            at += 3;
        } else if (strncmp(at, "%.1f", 4) == 0) {
            buf_addf(page, "%.1f", va_arg(values, double));
            at += 4;
        } else if (strncmp(at, "%%", 2) == 0) {
            buf_add_byte(page, '%');
            at += 2;
        } else {
            INVARIANT(*at == '\0');
        }
    }
    va_end(values);
}

const char *page_count(uint64_t count, char out[static PAGE_NUMBER])
{
    char digits[24];
    size_t size = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)count), to = 0;
    for (size_t i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = '\0';
    return out;
}

const char *page_value(double value, char out[static PAGE_NUMBER])
{
    if (isfinite(value))
        snprintf(out, PAGE_NUMBER, "%.3g", value);
    else
        snprintf(out, PAGE_NUMBER, "none");
    return out;
}

/* --- the frame --- */

void page_start(struct buf *page, const char *title)
{
    page_add(page,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n"
             "<title>%s</title>\n<style>\n",
             title);
    buf_add_str(page, page_style);
    buf_add_str(page, "</style>\n</head>\n<body>\n");
}

void page_end(struct buf *page)
{
    buf_add_str(page, "</body>\n</html>\n");
}
