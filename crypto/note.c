/* Signed notes. Hides the key id and the form of signature lines. */
#include "crypto/note.h"

#include "base/encode.h"
#include "base/hash.h"

#define KEY_ID_BYTES 4
#define ED25519_TYPE 0x01
#define BLOB_BYTES (KEY_ID_BYTES + SIGN_BYTES)
#define DASH "\xe2\x80\x94 " /* U+2014 and a space */

static void key_id(const char *name, const uint8_t *public_key, uint8_t out[static KEY_ID_BYTES])
{
    static const uint8_t between[] = {'\n', ED25519_TYPE};
    const struct bytes parts[] = {bytes_str(name), bytes_of(between, 2), bytes_of(public_key, SIGN_PUBLIC_BYTES)};
    uint8_t hash[HASH_BYTES];
    hash_sha256_parts(parts, 3, hash);
    memcpy(out, hash, KEY_ID_BYTES);
}

static bool name_is_good(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] <= ' ' || name.data[i] == '+' || name.data[i] == 0x7f)
            return false;
    return name.size > 0 && bytes_is_utf8(name);
}

/* UTF-8 without control characters but newlines, whole lines, none of them empty. */
static bool text_is_good(struct bytes text)
{
    if (text.size == 0 || text.data[0] == '\n' || text.data[text.size - 1] != '\n')
        return false;
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] < ' ' && text.data[i] != '\n') || text.data[i] == 0x7f)
            return false;
    return bytes_find(text, bytes_str("\n\n")) == SIZE_MAX && bytes_is_utf8(text);
}

enum status note_sign(struct bytes text, const char *name, const struct secret *seed, struct buf *note)
{
    uint8_t blob[BLOB_BYTES], public_key[SIGN_PUBLIC_BYTES];
    if (!text_is_good(text) || !name_is_good(bytes_str(name)))
        return ERR_USAGE;
    TRY(sign_public(seed, public_key));
    key_id(name, public_key, blob);
    TRY(sign_make_raw(seed, text, blob + KEY_ID_BYTES));
    buf_add(note, text);
    buf_add_str(note, "\n" DASH);
    buf_add_str(note, name);
    buf_add_byte(note, ' ');
    encode_base64(bytes_of(blob, sizeof blob), note);
    buf_add_byte(note, '\n');
    return buf_status(note);
}

/* --- opening --- */

/* The next line without its newline; ERR_INPUT if no newline is left. */
static enum status next_line(struct cursor *from, struct bytes *line)
{
    size_t size = bytes_find(from->left, bytes_str("\n"));
    if (size == SIZE_MAX)
        return ERR_INPUT;
    *line = bytes_part(from->left, 0, size);
    from->left = bytes_part(from->left, size + 1, SIZE_MAX);
    return OK;
}

enum status note_base64(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] & 0x80)
            return ERR_INPUT;
    buf_clear(out);
    return decode_base64(text, out);
}

/* "— name base64" into its name and what the base64 says. */
static enum status read_signature(struct bytes line, struct bytes *name, struct buf *blob)
{
    if (!bytes_starts(line, DASH))
        return ERR_INPUT;
    struct bytes rest = bytes_part(line, sizeof DASH - 1, SIZE_MAX);
    size_t space = bytes_find(rest, bytes_str(" "));
    *name = bytes_part(rest, 0, space);
    struct bytes encoded = bytes_part(rest, space == SIZE_MAX ? rest.size : space + 1, SIZE_MAX);
    if (!name_is_good(*name))
        return ERR_INPUT;
    TRY(note_base64(encoded, blob));
    return blob->size > KEY_ID_BYTES ? OK : ERR_INPUT;
}

static bool is_ours(struct bytes line_name, const struct buf *blob, const char *name, const uint8_t *id)
{
    return bytes_is(line_name, name) && memcmp(blob->data, id, KEY_ID_BYTES) == 0;
}

enum status note_open(struct bytes note, const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                      struct bytes *text)
{
    SCOPED_BUF struct buf blob = {0};
    uint8_t id[KEY_ID_BYTES];
    enum status verdict = ERR_DENIED;
    *text = BYTES_NONE;
    size_t split = bytes_find(note, bytes_str("\n\n"));
    if (split == SIZE_MAX || !text_is_good(bytes_part(note, 0, split + 1)))
        return ERR_INPUT;
    struct bytes body = bytes_part(note, 0, split + 1), line, line_name;
    struct cursor from = {bytes_part(note, split + 2, SIZE_MAX)};
    key_id(name, public_key, id);
    for (size_t lines = 0; from.left.size; lines++) {
        if (lines == NOTE_SIGNATURES_MAX)
            return ERR_INPUT;
        TRY(next_line(&from, &line));
        TRY(read_signature(line, &line_name, &blob));
        if (!is_ours(line_name, &blob, name, id))
            continue;
        if (blob.size != BLOB_BYTES)
            return ERR_DENIED;
        TRY(sign_check_raw(public_key, body, blob.data + KEY_ID_BYTES));
        verdict = OK;
    }
    if (verdict == OK)
        *text = body;
    return verdict;
}
