/* Normalisation. Hides UTF-8 decoding, the fold tables and the run-length offset map.
 * Fold targets: Unicode NFKD base letters for Latin, confusables.txt (UTS 39) for the commonest Cyrillic and Greek. */
#include "redaction/normalise.h"

#include <stdbool.h>

#define DROP 0xff
#define INERT 0x1a /* SUB: in no character class */

/* U+00C0..U+017F to the base letter: 64 of Latin-1, 128 of Latin Extended-A. */
static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
                            "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
                            "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRr"
                            "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/* Letters that look like Latin ones, as pairs. */
static const struct {
    uint16_t from;
    char to;
} alike[] = {
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'}, {0x039a, 'K'},
    {0x039c, 'M'}, {0x039d, 'N'}, {0x039f, 'O'}, {0x03a1, 'P'}, {0x03a4, 'T'}, {0x03a5, 'Y'}, {0x03a7, 'X'},
    {0x03b1, 'a'}, {0x03b9, 'i'}, {0x03bd, 'v'}, {0x03bf, 'o'}, {0x03c1, 'p'}, {0x03c5, 'u'}, {0x0405, 'S'},
    {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041a, 'K'}, {0x041c, 'M'},
    {0x041d, 'H'}, {0x041e, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0425, 'X'}, {0x0430, 'a'},
    {0x0435, 'e'}, {0x043e, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'},
    {0x0456, 'i'}, {0x0458, 'j'}, {0x04bb, 'h'}, {0x0501, 'd'}, {0x051b, 'q'}, {0x051d, 'w'},
};

static uint8_t fold_alike(uint32_t point)
{
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
        if (alike[i].from == point)
            return (uint8_t)alike[i].to;
    return 0;
}

/* The general punctuation block and the invisible ones. */
static uint8_t fold_punctuation(uint32_t point)
{
    if ((point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) ||
        (point >= 0x2060 && point <= 0x206f))
        return DROP;
    if (point >= 0x2000 && point <= 0x200a)
        return ' ';
    if (point >= 0x2010 && point <= 0x2015)
        return '-';
    if (point >= 0x2018 && point <= 0x201b)
        return '\'';
    if (point >= 0x201c && point <= 0x201f)
        return '"';
    return point == 0x202f || point == 0x205f ? ' ' : point == 0x2024 ? '.' : 0;
}

/* What a code point becomes: an ASCII byte, DROP, or 0 to stay. */
static uint8_t fold(uint32_t point)
{
    if (point == 0xa0 || point == 0x3000)
        return ' ';
    if (point == 0xad || point == 0x034f || point == 0x061c || point == 0x180e || point == 0xfeff ||
        (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0000 && point <= 0xe007f))
        return DROP;
    if (point >= 0xc0 && point <= 0x17f)
        return point == 0xd7 || point == 0xf7 ? 0 : (uint8_t)latin[point - 0xc0];
    if (point >= 0x300 && point <= 0x36f)
        return DROP; /* combining marks: the base letter stands before them */
    if (point >= 0x391 && point <= 0x51d)
        return fold_alike(point);
    if (point >= 0x2000 && point <= 0x206f)
        return fold_punctuation(point);
    if (point >= 0xff01 && point <= 0xff5e)
        return (uint8_t)(point - 0xff01 + 0x21);
    if (point >= 0x1d7ce && point <= 0x1d7ff)
        return (uint8_t)('0' + (point - 0x1d7ce) % 10); /* mathematical digits */
    return point == 0x2212 ? '-' : 0;
}

/* Decode one well-formed sequence; size 0 if ill-formed. */
static size_t decode(struct bytes text, size_t at, uint32_t *point)
{
    const uint8_t *p = text.data + at;
    size_t left = text.size - at;
    size_t size = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (size == 0 || left < size || !bytes_is_utf8(bytes_of(p, size)))
        return 0;
    *point = p[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++)
        *point = *point << 6 | (p[i] & 0x3f);
    return size;
}

static enum status map_from(struct normal *normal, size_t from)
{
    if (normal->count == normal->room) {
        size_t room = normal->room ? normal->room * 2 : 64;
        struct shift *grown = mem_grow(normal->shifts, normal->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        normal->shifts = grown;
        normal->room = room;
    }
    size_t at = normal->copy.size;
    if (normal->count && normal->shifts[normal->count - 1].at == at)
        normal->count--;
    normal->shifts[normal->count++] = (struct shift){at, from};
    return OK;
}

static size_t ascii_run(struct bytes text, size_t at)
{
    uint64_t eight;
    while (text.size - at >= 8 && (memcpy(&eight, text.data + at, 8), (eight & 0x8080808080808080u) == 0))
        at += 8;
    while (at < text.size && text.data[at] < 0x80)
        at++;
    return at;
}

/* Copy from the first non-ASCII byte on, folding. */
static enum status fold_copy(struct bytes text, struct normal *out)
{
    for (size_t at = 0; at < text.size;) {
        size_t plain = ascii_run(text, at);
        buf_add(&out->copy, bytes_part(text, at, plain - at));
        at = plain;
        if (at >= text.size)
            break;
        uint32_t point = 0;
        size_t size = decode(text, at, &point);
        uint8_t to = size ? fold(point) : INERT;
        if (to == 0)
            buf_add(&out->copy, bytes_part(text, at, size));
        else if (to != DROP)
            buf_add_byte(&out->copy, to);
        at += size ? size : 1;
        if (to != 0 && size > 0)
            TRY(map_from(out, at));
    }
    return buf_status(&out->copy);
}

enum status normalise(struct bytes text, struct normal *out)
{
    *out = (struct normal){.text = text};
    buf_init_secret(&out->copy);
    if (ascii_run(text, 0) == text.size)
        return OK;
    buf_reserve(&out->copy, text.size);
    enum status status = fold_copy(text, out);
    if (status != OK) {
        normal_free(out);
        return status;
    }
    out->text = buf_bytes(&out->copy);
    return OK;
}

void normal_free(struct normal *normal)
{
    buf_free(&normal->copy);
    mem_free(normal->shifts);
    *normal = (struct normal){0};
}

size_t normal_origin(const struct normal *normal, size_t at)
{
    size_t low = 0, high = normal->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (normal->shifts[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? normal->shifts[low - 1].from + (at - normal->shifts[low - 1].at) : at;
}
