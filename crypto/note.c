/* Signed notes. Hides the key id and the form of signature lines. */
#include "crypto/note.h"

#include "base/encode.h"
#include "base/hash.h"

#define BLOB_BYTES (NOTE_KEY_ID_BYTES + SIGN_BYTES)
#define DASH "\xe2\x80\x94 " /* U+2014 and a space */

void note_key_id(const char *name, enum note_key_type type, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                 uint8_t out[static NOTE_KEY_ID_BYTES])
{
    const uint8_t between[] = {'\n', (uint8_t)type};
    const struct bytes parts[] = {bytes_str(name), bytes_of(between, 2), bytes_of(public_key, SIGN_PUBLIC_BYTES)};
    uint8_t hash[HASH_BYTES];
    hash_sha256_parts(parts, 3, hash);
    memcpy(out, hash, NOTE_KEY_ID_BYTES);
}

enum status note_vkey(const char *name, enum note_key_type type, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                      struct buf *out)
{
    uint8_t id[NOTE_KEY_ID_BYTES], key[1 + SIGN_PUBLIC_BYTES] = {(uint8_t)type};
    note_key_id(name, type, public_key, id);
    memcpy(key + 1, public_key, SIGN_PUBLIC_BYTES);
    buf_addf(out, "%s+", name);
    encode_hex(bytes_of(id, sizeof id), out);
    buf_add_byte(out, '+');
    encode_base64(bytes_of(key, sizeof key), out);
    return buf_status(out);
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

enum status note_add_line(const char *name, struct bytes blob, struct buf *note)
{
    if (!name_is_good(bytes_str(name)))
        return ERR_USAGE;
    buf_add_str(note, DASH);
    buf_add_str(note, name);
    buf_add_byte(note, ' ');
    encode_base64(blob, note);
    buf_add_byte(note, '\n');
    return buf_status(note);
}

enum status note_sign(struct bytes text, const char *name, const struct secret *seed, struct buf *note)
{
    uint8_t blob[BLOB_BYTES], public_key[SIGN_PUBLIC_BYTES];
    if (!text_is_good(text) || !name_is_good(bytes_str(name)))
        return ERR_USAGE;
    TRY(sign_public(seed, public_key));
    note_key_id(name, NOTE_ED25519, public_key, blob);
    TRY(sign_make_raw(seed, text, blob + NOTE_KEY_ID_BYTES));
    buf_add(note, text);
    buf_add_byte(note, '\n');
    return note_add_line(name, bytes_of(blob, sizeof blob), note);
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
    return blob->size > NOTE_KEY_ID_BYTES ? OK : ERR_INPUT;
}

enum status note_split(struct bytes note, struct bytes *text, struct cursor *lines)
{
    size_t split = bytes_find(note, bytes_str("\n\n")), count = 0;
    *text = BYTES_NONE;
    *lines = (struct cursor){BYTES_NONE};
    if (split == SIZE_MAX || !text_is_good(bytes_part(note, 0, split + 1)))
        return ERR_INPUT;
    struct bytes rest = bytes_part(note, split + 2, SIZE_MAX);
    for (size_t i = 0; i < rest.size; i++)
        count += rest.data[i] == '\n';
    if (count > NOTE_SIGNATURES_MAX)
        return ERR_INPUT;
    *text = bytes_part(note, 0, split + 1);
    *lines = (struct cursor){rest};
    return OK;
}

enum status note_next(struct cursor *lines, struct note_signature *out)
{
    struct bytes line, all = lines->left;
    if (all.size == 0)
        return ERR_NOT_FOUND;
    TRY(next_line(lines, &line));
    out->line = bytes_part(all, 0, line.size + 1);
    return read_signature(line, &out->name, &out->blob);
}

bool note_is_by(const struct note_signature *signature, const char *name,
                const uint8_t key_id[static NOTE_KEY_ID_BYTES])
{
    return bytes_is(signature->name, name) && memcmp(signature->blob.data, key_id, NOTE_KEY_ID_BYTES) == 0;
}

/* All lines must be well formed, and those of this key good. */
static enum status check_lines(struct bytes text, struct cursor *lines, const char *name, const uint8_t *public_key,
                               struct note_signature *signature)
{
    uint8_t id[NOTE_KEY_ID_BYTES];
    enum status verdict = ERR_DENIED, status;
    note_key_id(name, NOTE_ED25519, public_key, id);
    while ((status = note_next(lines, signature)) == OK) {
        if (!note_is_by(signature, name, id))
            continue;
        if (signature->blob.size != BLOB_BYTES)
            return ERR_DENIED;
        TRY(sign_check_raw(public_key, text, signature->blob.data + NOTE_KEY_ID_BYTES));
        verdict = OK;
    }
    return status == ERR_NOT_FOUND ? verdict : status;
}

enum status note_open(struct bytes note, const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                      struct bytes *text)
{
    struct note_signature signature = {0};
    struct bytes body;
    struct cursor lines;
    *text = BYTES_NONE;
    TRY(note_split(note, &body, &lines));
    enum status status = check_lines(body, &lines, name, public_key, &signature);
    buf_free(&signature.blob);
    if (status == OK)
        *text = body;
    return status;
}
