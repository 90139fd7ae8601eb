/* Block encodings: runs of base64, base64url or hex whose beginning decodes to text, or to a compressed stream that
 * does. Of all others (images, hashes, keys, identifiers) no more than that beginning is looked at. Hides the
 * alphabets, where in a run a code may begin, and what counts as text. */
#include "redaction/hidden_forms.h"

#include "base/inflate.h"
#include "redaction/block.h"
#include "redaction/chars.h"

#define CODE_LEAST 15      /* letters of a code that is looked at */
#define HEAD 64            /* letters that must decode to text */
#define STARTS_MOST 6      /* places in a run where a code may begin */
#define LINE_LEAST 60      /* letters of a full line, after which a code may go on in the next */
#define INFLATE_COST 16384 /* what the attempt counts, so that many small streams stay cheap */
#define INFLATE_MOST (4u << 20)
#define C_CODE (C_ALNUM | C_PLUS_SLASH | C_DASH | C_UNDER)

enum content { CONTENT_BINARY, CONTENT_TEXT, CONTENT_WIDE, CONTENT_PACKED };

struct reader {
    struct bytes text;
    struct view *view;
    struct buf code, plain, packed;
};

/* --- alphabets --- */

static int value_of(uint8_t byte)
{
    if (char_is(byte, C_UPPER))
        return byte - 'A';
    if (char_is(byte, C_LOWER))
        return byte - 'a' + 26;
    if (char_is(byte, C_DIGIT))
        return byte - '0' + 52;
    return byte == '+' || byte == '-' ? 62 : byte == '/' || byte == '_' ? 63 : -1;
}

static void decode64(struct bytes code, struct buf *out)
{
    uint32_t bits = 0;
    buf_reserve(out, code.size / 4 * 3 + 3);
    if (out->failed)
        return;
    for (size_t i = 0, held = 0; i < code.size; i++) {
        int value = value_of(code.data[i]);
        if (value < 0)
            return;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        out->data[out->size++] = (uint8_t)(bits >> held);
    }
}

static uint8_t nibble(uint8_t byte)
{
    return (uint8_t)(char_is(byte, C_DIGIT) ? byte - '0' : (byte | 0x20) - 'a' + 10);
}

static void decode16(struct bytes code, struct buf *out)
{
    buf_reserve(out, code.size / 2);
    for (size_t i = 0; i + 1 < code.size && !out->failed; i += 2)
        out->data[out->size++] = (uint8_t)(nibble(code.data[i]) << 4 | nibble(code.data[i + 1]));
}

typedef void (*decode)(struct bytes code, struct buf *out);

/* --- what was decoded --- */

static bool is_control(uint8_t byte)
{
    return byte == 0x7f || (byte < 0x20 && !strchr("\t\n\r\b\f\x1b", byte ? byte : 1));
}

static size_t text_size(struct bytes data)
{
    size_t at = 0;
    while (at < data.size && !is_control(data.data[at]))
        at++;
    return at;
}

static unsigned unit_of(struct bytes wide, size_t at)
{
    return (unsigned)(wide.data[at] | wide.data[at + 1] << 8);
}

/* The character of UTF-16 at *at, which moves on; 0: none that is text. */
static unsigned wide_point(struct bytes wide, size_t *at)
{
    unsigned unit = unit_of(wide, *at), next = *at + 3 < wide.size ? unit_of(wide, *at + 2) : 0;
    bool is_pair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
    *at += is_pair ? 4 : 2;
    if (is_pair)
        return 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff);
    return (unit < 0x80 && is_control((uint8_t)unit)) || (unit >= 0xd800 && unit < 0xe000) ? 0 : unit;
}

/* UTF-16, as PowerShell encodes its commands: it begins with a Latin letter, and at least every other character is one
 * (the last may be cut off). */
static bool is_wide(struct bytes data)
{
    size_t latin = 0, others = 0;
    for (size_t at = 0; at + 3 < data.size;) {
        unsigned point = wide_point(data, &at);
        if (point == 0 || (latin == 0 && point >= 0x80))
            return false;
        latin += point < 0x80;
        others += point >= 0x80;
    }
    return latin > 0 && latin >= others;
}

/* Text is UTF-8 without control characters; the last character may be cut off. */
static bool is_text(struct bytes data)
{
    size_t size = data.size, lead = size;
    while (lead > 0 && size - lead < 3 && (data.data[lead - 1] & 0xc0) == 0x80)
        lead--;
    if (lead > 0 && data.data[lead - 1] >= 0xc0 && !bytes_is_utf8(bytes_part(data, lead - 1, size)))
        size = lead - 1;
    return size >= 4 && text_size(data) == data.size && bytes_is_utf8(bytes_part(data, 0, size));
}

static bool is_packed(struct bytes data)
{
    bool zlib = data.size > 8 && data.data[0] == 0x78 && (data.data[0] * 256 + data.data[1]) % 31 == 0 &&
                !(data.data[1] & 0x20);
    return zlib || inflate_is_gzip(data);
}

static enum content content_of(struct bytes head)
{
    if (is_text(head))
        return CONTENT_TEXT;
    if (is_packed(head))
        return CONTENT_PACKED;
    return is_wide(head) ? CONTENT_WIDE : CONTENT_BINARY;
}

static void add_point(unsigned point, struct buf *out)
{
    unsigned more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    buf_add_byte(out, (uint8_t)(more ? (0xff00u >> (more + 1) & 0xff) | point >> 6 * more : point));
    while (more-- > 0)
        buf_add_byte(out, (uint8_t)(0x80 | (point >> 6 * more & 0x3f)));
}

/* UTF-8 of what was UTF-16, up to the first that is none. */
static enum status narrow(struct reader *reader)
{
    struct bytes wide = buf_bytes(&reader->plain);
    buf_clear(&reader->packed);
    for (size_t at = 0; at + 1 < wide.size;) {
        unsigned point = wide_point(wide, &at);
        if (point == 0)
            break;
        add_point(point, &reader->packed);
    }
    struct buf narrower = reader->packed;
    reader->packed = reader->plain;
    reader->plain = narrower;
    return buf_status(&reader->plain);
}

/* --- one code --- */

/* The first failure is kept. */
static void note(struct view *view, enum status status)
{
    view->status = view->status == OK ? status : view->status;
}

/* A line end within a code: a newline as it is, or as an escape, and the next line's indentation; else `at`. */
static size_t line_end(struct bytes text, size_t at)
{
    static const char *const ends[] = {"\n", "\r\n", "\\n", "\\r\\n"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (bytes_starts(bytes_part(text, at, 8), ends[i]))
            return chars_run(text, at + strlen(ends[i]), C_SPACE, 8);
    return at;
}

/* The code goes on at `next`, in a line of its own that is no longer than the one before. */
static bool goes_on(struct bytes text, size_t next, size_t size, unsigned letters)
{
    size_t end = chars_run(text, next, letters, size + 1), stop = chars_run(text, end, C_EQUALS, 2);
    return end - next >= 4 && end - next <= size &&
           (stop >= text.size || text.data[stop] == VIEW_SEPARATOR || strchr("\n\r\"'<\\", text.data[stop]));
}

/* The code at `start` without its line ends into reader->code; returns its end. */
static size_t gather(struct reader *reader, size_t start, unsigned letters)
{
    struct bytes text = reader->text;
    buf_clear(&reader->code);
    for (;;) {
        size_t end = chars_run(text, start, letters, SIZE_MAX), next = line_end(text, end);
        buf_add(&reader->code, bytes_part(text, start, end - start));
        if (end - start < LINE_LEAST || next == end || !goes_on(text, next, end - start, letters))
            return letters == C_HEX ? end : chars_run(text, end, C_EQUALS, 2);
        start = next;
    }
}

/* The source of a program that was made small: its text is public, and long. */
static bool is_source_map(struct bytes plain)
{
    return bytes_starts(plain, "{\"version\":3,");
}

static enum status unpack(struct reader *reader)
{
    struct view *view = reader->view;
    size_t left = view->most - view->text.size;
    buf_clear(&reader->packed);
    view->most -= left < INFLATE_COST ? left : INFLATE_COST;
    enum status status =
        inflate_part(buf_bytes(&reader->plain), left < INFLATE_MOST ? left : INFLATE_MOST, &reader->packed);
    buf_clear(&reader->plain);
    if (status != OK)
        return status == ERR_MEMORY ? status : OK;
    struct bytes packed = buf_bytes(&reader->packed);
    if (is_text(bytes_part(packed, 0, HEAD)))
        buf_add(&reader->plain, packed);
    return buf_status(&reader->plain);
}

/* The code at `start` is worth it: all of it goes into the view. Returns its end. */
static size_t read_code(struct reader *reader, size_t start, decode how, enum content content)
{
    struct view *view = reader->view;
    size_t end = gather(reader, start, how == decode16 ? C_HEX : C_CODE);
    buf_clear(&reader->plain);
    how(buf_bytes(&reader->code), &reader->plain);
    note(view, buf_status(&reader->code));
    note(view, buf_status(&reader->plain));
    if (view->status == OK && content == CONTENT_PACKED)
        note(view, unpack(reader));
    if (view->status == OK && content == CONTENT_WIDE)
        note(view, narrow(reader));
    struct bytes plain = buf_bytes(&reader->plain);
    plain = bytes_part(plain, 0, text_size(plain));
    if (view->status != OK || plain.size == 0 || is_source_map(plain))
        return end;
    view_begin(view, start, VIEW_BLOCK);
    view_add(view, plain, start, end);
    view_end(view, end);
    return end;
}

/* Whether the first letters of a code rule out that it is text, or a stream: they do for nine words in ten. */
static bool is_hopeless(const uint8_t *code, decode how)
{
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits = how == decode16 ? bits << 4 | nibble(code[i]) : bits << 6 | ((uint32_t)value_of(code[i]) & 0x3f);
    unsigned first = how == decode16 ? bits >> 8 : bits >> 16,
             second = how == decode16 ? bits & 0xff : bits >> 8 & 0xff;
    if (first == 0x1f || first == 0x78) /* the streams begin so; and x */
        return false;
    return is_control((uint8_t)first) || (first >= 0x80 && (first < 0xc2 || (second & 0xc0) != 0x80)) ||
           (second && first < 0x80 && is_control((uint8_t)second));
}

/* Whether the code at `start` (its line ends at `end`) begins like something readable. */
static enum content sniff(struct reader *reader, size_t start, size_t end, decode how)
{
    if (is_hopeless(reader->text.data + start, how))
        return CONTENT_BINARY;
    buf_clear(&reader->plain);
    how(bytes_part(reader->text, start, end - start < HEAD ? end - start : HEAD), &reader->plain);
    note(reader->view, buf_status(&reader->plain));
    return content_of(buf_bytes(&reader->plain));
}

/* A code in the run [start, end)? Returns where it ends, or `start`. */
static size_t code_at(struct reader *reader, size_t start, size_t end)
{
    struct bytes text = reader->text;
    if (end - start < CODE_LEAST)
        return start;
    enum content content = CONTENT_BINARY;
    size_t hex = chars_run(text, start, C_HEX, end - start);
    if ((hex - start) % 2 == 0 && hex - start >= (hex == end ? CODE_LEAST : HEAD))
        content = sniff(reader, start, hex, decode16);
    if (content != CONTENT_BINARY)
        return read_code(reader, start, decode16, content);
    content = sniff(reader, start, end, decode64);
    return content == CONTENT_BINARY ? start : read_code(reader, start, decode64, content);
}

/* A path or a compound may stand before a code in the same run. */
static size_t read_run(struct reader *reader, size_t start, size_t end)
{
    struct bytes text = reader->text;
    for (size_t tries = 0; tries < STARTS_MOST; tries++) {
        size_t stop = code_at(reader, start, end);
        if (stop != start)
            return stop;
        start = chars_run(text, start, C_ALNUM, end - start);
        start = start < end ? start + 1 : end;
        if (end - start < CODE_LEAST)
            break;
    }
    return end;
}

/* "0x" and "\\x" stand before hex. */
static size_t skip_prefix(struct bytes text, size_t start)
{
    if (text.data[start] == '0' && char_at(text, start + 1) == 'x')
        return start + 2;
    return text.data[start] == 'x' && char_at(text, start - 1) == '\\' ? start + 1 : start;
}

/* The run around `at`; returns how far it is understood. */
static size_t read_run_at(struct reader *reader, size_t at, size_t done)
{
    struct bytes text = reader->text;
    size_t start = chars_run_back(text, at, C_CODE, at - done), end = chars_run(text, at, C_CODE, SIZE_MAX);
    if (start == end)
        return at + 1;
    start = skip_prefix(text, start);
    return end - start < CODE_LEAST ? end : read_run(reader, start, end);
}

/* Bit n: from byte n - 16 of the block on stand 15 letters or more. (A comma or a full stop among them is seen later.)
 */
static unsigned __int128 long_runs(const struct block *block, uint64_t *before)
{
    uint64_t letters = block_alnum(block) | block_between(block, '+', '/') | block_are(block, '_');
    unsigned __int128 runs = (unsigned __int128)letters << 16 | *before >> 48;
    *before = letters;
    runs &= runs >> 1;
    runs &= runs >> 2;
    runs &= runs >> 4;
    return runs & runs >> 7;
}

void blocks_collect(struct bytes text, struct view *view)
{
    struct reader reader = {.text = text, .view = view};
    size_t done = 0;
    buf_init_secret(&reader.code);
    buf_init_secret(&reader.plain);
    buf_init_secret(&reader.packed);
    uint64_t before = 0;
    for (size_t base = 0; base < text.size && !view_is_full(view); base += 64) {
        struct block block = block_at(text, base);
        for (unsigned __int128 runs = long_runs(&block, &before); runs; runs &= runs - 1) {
            uint64_t low = (uint64_t)runs;
            size_t bit = low ? (size_t)__builtin_ctzll(low) : 64 + (size_t)__builtin_ctzll((uint64_t)(runs >> 64));
            size_t at = base + bit - 16;
            if (at >= done)
                done = read_run_at(&reader, at, done);
        }
    }
    buf_free(&reader.code);
    buf_free(&reader.plain);
    buf_free(&reader.packed);
}
