/* Hex and base64 over libsodium's constant-time codecs. */
#include "base/encode.h"

#include <sodium.h>

void encode_hex(struct bytes from, struct buf *out)
{
    static const char digits[] = "0123456789abcdef";
    buf_reserve(out, from.size * 2);
    for (size_t i = 0; i < from.size && !out->failed; i++) {
        buf_add_byte(out, (uint8_t)digits[from.data[i] >> 4]);
        buf_add_byte(out, (uint8_t)digits[from.data[i] & 15]);
    }
}

void encode_hex_text(const uint8_t *from, size_t size, char *out)
{
    sodium_bin2hex(out, 2 * size + 1, from, size);
}

static void encode64(struct bytes from, int variant, struct buf *out)
{
    size_t size = sodium_base64_encoded_len(from.size, variant); /* counts the terminator */
    buf_reserve(out, size);
    if (out->failed)
        return;
    sodium_bin2base64((char *)out->data + out->size, size, from.data, from.size, variant);
    out->size += size - 1;
}

void encode_base64(struct bytes from, struct buf *out)
{
    encode64(from, sodium_base64_VARIANT_ORIGINAL, out);
}

void encode_base64url(struct bytes from, struct buf *out)
{
    encode64(from, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

/* libsodium 1.0.18's decoder takes letters with the top bit set for others of the alphabet: they are refused here. */
static bool is_ascii(struct bytes text)
{
    uint8_t all = 0;
    for (size_t i = 0; i < text.size; i++)
        all |= text.data[i];
    return all < 0x80;
}

static enum status decode64(struct bytes text, int variant, struct buf *out)
{
    if (!is_ascii(text))
        return ERR_INPUT;
    size_t room = text.size / 4 * 3 + 3, size = 0;
    buf_reserve(out, room);
    TRY(buf_status(out));
    const char *end = NULL;
    if (sodium_base642bin(out->data + out->size, room, (const char *)text.data, text.size, NULL, &size, &end,
                          variant) ||
        (text.size && end != (const char *)text.data + text.size))
        return ERR_INPUT;
    out->size += size;
    return OK;
}

enum status decode_base64(struct bytes text, struct buf *out)
{
    return decode64(text, sodium_base64_VARIANT_ORIGINAL, out);
}

enum status decode_base64url(struct bytes text, struct buf *out)
{
    return decode64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

enum status decode_hex(struct bytes text, struct buf *out)
{
    buf_reserve(out, text.size / 2 + 1);
    TRY(buf_status(out));
    TRY(decode_hex_fixed(text, out->data + out->size, text.size / 2));
    out->size += text.size / 2;
    return OK;
}

enum status decode_hex_fixed(struct bytes text, uint8_t *out, size_t size)
{
    size_t got = 0;
    if (text.size != size * 2)
        return ERR_INPUT;
    if (size == 0)
        return OK;
    const char *end = NULL;
    if (sodium_hex2bin(out, size, (const char *)text.data, text.size, NULL, &got, &end) || got != size ||
        end != (const char *)text.data + text.size) {
        memset(out, 0, size);
        return ERR_INPUT;
    }
    return OK;
}
