/* Normalisation. Hides UTF-8 decoding and the run-length offset map. */
#include "redaction/normalise.h"

#include "redaction/fold.h"

#define INERT 0x1a /* SUB: in no character class */

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
        if (to == FOLD_STAYS)
            buf_add(&out->copy, bytes_part(text, at, size));
        else if (to != FOLD_DROPS)
            buf_add_byte(&out->copy, to);
        at += size ? size : 1;
        if (to != FOLD_STAYS && size > 0)
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
