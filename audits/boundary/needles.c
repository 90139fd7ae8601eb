/* The forms in which a planted value would leak. Hides pieces, escapes and alignments; the search itself is an
 * automaton for each way of comparing. */
#include "audits/boundary/needles.h"

#include "audits/boundary/automaton.h"
#include "base/encode.h"

struct needles {
    struct automaton *folded; /* letters of either case alike */
    struct automaton *exact;  /* base64, where case is meaning */
    size_t count;
};

enum status needles_new(struct needles **out)
{
    struct needles *needles = mem_new(1, sizeof *needles);
    *out = NULL;
    if (!needles)
        return ERR_MEMORY;
    enum status status = automaton_new(AUTOMATON_FOLDED, &needles->folded);
    if (status == OK)
        status = automaton_new(AUTOMATON_EXACT, &needles->exact);
    if (status != OK) {
        needles_free(needles);
        return status;
    }
    *out = needles;
    return OK;
}

void needles_free(struct needles *needles)
{
    if (!needles)
        return;
    automaton_free(needles->folded);
    automaton_free(needles->exact);
    mem_free(needles);
}

/* --- forms --- */

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void one_space(struct bytes from, struct buf *out)
{
    for (size_t i = 0; i < from.size; i++)
        if (!is_space(from.data[i]))
            buf_add_byte(out, from.data[i]);
        else if (i == 0 || !is_space(from.data[i - 1]))
            buf_add_byte(out, ' ');
}

/* JSON escapes (RFC 8259, section 7) without the quotes. */
static void json_escape(struct bytes from, struct buf *out)
{
    static const char shorts[] = "btnvfr"; /* of 8 to 13; JSON has none for 11 */
    for (size_t i = 0; i < from.size; i++) {
        uint8_t byte = from.data[i];
        if (byte == '"' || byte == '\\')
            buf_addf(out, "\\%c", byte);
        else if (byte >= 8 && byte <= 13 && byte != 11)
            buf_addf(out, "\\%c", shorts[byte - 8]);
        else if (byte < 0x20)
            buf_addf(out, "\\u%04x", byte);
        else
            buf_add_byte(out, byte);
    }
}

static uint32_t character_at(struct bytes text, size_t at, size_t *size)
{
    uint8_t lead = text.data[at];
    *size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t code = *size == 1 ? lead : lead & (0x7fu >> *size);
    for (size_t i = 1; i < *size && at + i < text.size; i++)
        code = code << 6 | (text.data[at + i] & 0x3f);
    return code;
}

/* The same with every character beyond ASCII as \uXXXX, as many writers of JSON do. */
static void json_escape_ascii(struct bytes from, struct buf *out)
{
    for (size_t at = 0, size; at < from.size; at += size) {
        uint32_t code = character_at(from, at, &size);
        if (code < 0x80)
            json_escape(bytes_part(from, at, 1), out);
        else if (code < 0x10000)
            buf_addf(out, "\\u%04x", code);
        else
            buf_addf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
}

static enum status add_form(struct automaton *to, const struct buf *form, uint32_t value)
{
    TRY(buf_status(form));
    return form->size < NEEDLE_LEAST ? OK : automaton_add(to, buf_bytes(form), value);
}

static enum status add_escaped(struct needles *needles, struct bytes piece, uint32_t value)
{
    static void (*const escapes[])(struct bytes, struct buf *) = {json_escape, json_escape_ascii};
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUF struct buf once = {.secret = true}, twice = {.secret = true};
        escapes[i](piece, &once);
        TRY(add_form(needles->folded, &once, value));
        escapes[i](buf_bytes(&once), &twice);
        TRY(add_form(needles->folded, &twice, value));
    }
    return OK;
}

/* The characters of base64 that the piece alone decides, when `before` unknown bytes stand before it. */
static enum status add_base64(struct needles *needles, struct bytes piece, size_t before, uint32_t value)
{
    static void (*const encoders[])(struct bytes, struct buf *) = {encode_base64, encode_base64url};
    SCOPED_BUF struct buf padded = {.secret = true};
    for (size_t i = 0; i < before; i++)
        buf_add_byte(&padded, 0);
    buf_add(&padded, piece);
    TRY(buf_status(&padded));
    size_t first = (8 * before + 5) / 6, end = 8 * padded.size / 6;
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUF struct buf encoded = {.secret = true}, form = {.secret = true};
        encoders[i](buf_bytes(&padded), &encoded);
        TRY(buf_status(&encoded));
        buf_add(&form, bytes_part(buf_bytes(&encoded), first, end - first));
        TRY(add_form(needles->exact, &form, value));
    }
    return OK;
}

static enum status add_piece(struct needles *needles, struct bytes piece, uint32_t value)
{
    SCOPED_BUF struct buf plain = {.secret = true}, spaced = {.secret = true}, hex = {.secret = true};
    buf_add(&plain, piece);
    one_space(piece, &spaced);
    encode_hex(piece, &hex);
    TRY(add_form(needles->folded, &plain, value));
    TRY(add_form(needles->folded, &spaced, value));
    TRY(add_form(needles->folded, &hex, value));
    TRY(add_escaped(needles, piece, value));
    for (size_t before = 0; before < 3; before++)
        TRY(add_base64(needles, piece, before, value));
    return OK;
}

/* --- pieces --- */

/* A line break, also where a value was written down as a JSON writer spells it. */
static size_t break_at(struct bytes value, size_t at)
{
    if (value.data[at] == '\n' || value.data[at] == '\r')
        return 1;
    bool escaped =
        at + 1 < value.size && value.data[at] == '\\' && (value.data[at + 1] == 'n' || value.data[at + 1] == 'r');
    return escaped ? 2 : 0;
}

static size_t piece_end(struct bytes value, size_t at)
{
    size_t end = at;
    while (end < value.size && end - at < NEEDLE_PIECE && break_at(value, end) == 0)
        end++;
    return end;
}

enum status needles_add(struct needles *needles, struct bytes value)
{
    size_t pieces = 0;
    for (size_t at = 0; at < value.size;) {
        size_t end = piece_end(value, at);
        struct bytes piece = bytes_part(value, at, end - at);
        bool frame = bytes_starts(piece, "-----"); /* the frame of a key is no secret */
        if (piece.size >= NEEDLE_LEAST && !frame && (pieces == 0 || piece.size >= NEEDLE_PIECE / 2)) {
            TRY(add_piece(needles, piece, (uint32_t)needles->count));
            pieces++;
        }
        at = end;
        while (at < value.size && break_at(value, at) > 0)
            at += break_at(value, at);
    }
    if (pieces == 0)
        return ERR_INPUT;
    needles->count++;
    return OK;
}

/* --- searching --- */

enum status needles_ready(struct needles *needles)
{
    TRY(automaton_ready(needles->folded));
    return automaton_ready(needles->exact);
}

size_t needles_count(const struct needles *needles)
{
    return needles->count;
}

void needles_find(const struct needles *needles, struct bytes text, bool *found)
{
    automaton_find(needles->folded, text, found);
    automaton_find(needles->exact, text, found);
}

size_t needles_marked(const bool *found, size_t count)
{
    size_t marked = 0;
    for (size_t i = 0; i < count; i++)
        marked += found[i];
    return marked;
}
