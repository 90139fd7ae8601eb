/* Raw and plain. Hides the sizes of escapes. */
#include "redaction/json_raw.h"

#include "base/json_lex.h"
#include "redaction/block.h"

void raw_escape(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        struct block block = block_at(plain, at);
        uint64_t special = block_are(&block, '"') | block_are(&block, '\\') | block_between(&block, 0, 0x1f);
        size_t run = special ? (size_t)__builtin_ctzll(special) : sizeof block, left = plain.size - at;
        buf_reserve(out, sizeof block + 2);
        if (out->failed)
            return;
        uint8_t *to = out->data + out->size;
        memcpy(to, &block, sizeof block);
        out->size += run < left ? run : left;
        at += run < left ? run : left;
        if (!special || at == plain.size)
            continue;
        if (plain.data[at] < 0x20) {
            json_escape(bytes_part(plain, at++, 1), out);
            continue;
        }
        to[run] = '\\';
        to[run + 1] = plain.data[at++];
        out->size += 2;
    }
}

/* From the first \uXXXX on it is json_unescape's. */
void raw_unescape(struct bytes raw, struct buf *out)
{
    static const uint8_t values[256] = {
        ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'};
    buf_reserve(out, raw.size + sizeof(struct block));
    if (out->failed)
        return;
    uint8_t *to = out->data + out->size;
    size_t at = 0;
    while (at < raw.size) {
        struct block block = block_at(raw, at);
        uint64_t slashes = block_are(&block, '\\');
        size_t run = slashes ? (size_t)__builtin_ctzll(slashes) : sizeof block, left = raw.size - at;
        memcpy(to, &block, sizeof block);
        to += run < left ? run : left;
        at += run < left ? run : left;
        if (!slashes)
            continue;
        uint8_t value = at + 1 < raw.size ? values[raw.data[at + 1]] : 0;
        if (!value)
            break;
        *to++ = value;
        at += 2;
    }
    out->size = (size_t)(to - out->data);
    json_unescape(bytes_part(raw, at, SIZE_MAX), out);
}

/* --- escapes --- */

static uint32_t unit_at(struct bytes raw, size_t at)
{
    uint32_t unit = 0;
    if (at > raw.size || raw.size - at < 6 || raw.data[at] != '\\' || raw.data[at + 1] != 'u')
        return UINT32_MAX;
    for (size_t i = at + 2; i < at + 6; i++) {
        uint8_t c = raw.data[i], low = c | 0x20;
        uint32_t digit = c >= '0' && c <= '9'       ? (uint32_t)c - '0'
                         : low >= 'a' && low <= 'f' ? (uint32_t)low - 'a' + 10
                                                    : 16;
        if (digit > 15)
            return UINT32_MAX;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Bytes of the escape at `at`, and of what it stands for. */
static size_t escape_size(struct bytes raw, size_t at, size_t *plain)
{
    uint8_t kind = at + 1 < raw.size ? raw.data[at + 1] : 0;
    *plain = 1;
    if (kind && strchr("\"\\/bfnrt", kind))
        return 2;
    uint32_t unit = unit_at(raw, at);
    *plain = 3;
    if (unit == UINT32_MAX)
        return 1; /* a stray backslash: U+FFFD */
    if (unit >> 10 == 0xd800 >> 10 && unit_at(raw, at + 6) >> 10 == 0xdc00 >> 10) {
        *plain = 4;
        return 12;
    }
    *plain = unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    return 6;
}

/* Where the character begins that the byte at `at` belongs to. */
static size_t character_start(struct bytes raw, size_t at, size_t first)
{
    size_t start = at;
    while (start > first && at - start < 3 && start < raw.size && (raw.data[start] & 0xc0) == 0x80)
        start--;
    return start < raw.size && raw.data[start] >= 0xc0 ? start : at;
}

size_t raw_boundary(struct bytes raw, size_t at, size_t target, bool *quote)
{
    size_t first = at, end = target < raw.size ? target : raw.size;
    *quote = false;
    while (at < end) {
        size_t size = 1, ignored;
        if (raw.data[at] == '\\')
            size = escape_size(raw, at, &ignored);
        *quote = raw.data[at] == '"';
        if (*quote || size > end - at)
            return at;
        at += size;
    }
    return character_start(raw, at, first);
}

size_t raw_walk_to(struct raw_walk *walk, size_t plain)
{
    while (walk->plain < plain && walk->at < walk->raw.size) {
        size_t size = 1;
        walk->at += walk->raw.data[walk->at] == '\\' ? escape_size(walk->raw, walk->at, &size) : 1;
        walk->plain += size;
    }
    return walk->at;
}
