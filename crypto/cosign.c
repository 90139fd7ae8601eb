/* Cosignatures. Hides the form of the line and of what is signed. */
#include "crypto/cosign.h"

#include "crypto/note.h"

#define TIME_BYTES 8
#define BLOB_BYTES (NOTE_KEY_ID_BYTES + TIME_BYTES + SIGN_BYTES)

_Static_assert(COSIGN_LINES_MAX + 1 == NOTE_SIGNATURES_MAX, "one line is the log's own");

static enum status message_of(struct bytes text, uint64_t time, struct buf *out)
{
    buf_clear(out);
    buf_addf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    buf_add(out, text);
    return buf_status(out);
}

static size_t count_lines(struct bytes lines)
{
    size_t count = 0;
    for (size_t i = 0; i < lines.size; i++)
        count += lines.data[i] == '\n';
    return count;
}

enum status cosign_add(const char *name, const struct secret *seed, int64_t time, struct buf *note)
{
    SCOPED_BUF struct buf message = {0}, blob = {0};
    uint8_t public_key[SIGN_PUBLIC_BYTES], key_id[NOTE_KEY_ID_BYTES], signature[SIGN_BYTES];
    struct bytes text;
    struct cursor lines;
    if (time <= 0)
        return ERR_USAGE;
    TRY(note_split(buf_bytes(note), &text, &lines));
    if (count_lines(lines.left) >= NOTE_SIGNATURES_MAX)
        return ERR_INPUT;
    TRY(sign_public(seed, public_key));
    note_key_id(name, NOTE_COSIGNATURE, public_key, key_id);
    TRY(message_of(text, (uint64_t)time, &message));
    TRY(sign_make_raw(seed, buf_bytes(&message), signature));
    buf_add(&blob, bytes_of(key_id, sizeof key_id));
    buf_add_u64(&blob, (uint64_t)time);
    buf_add(&blob, bytes_of(signature, sizeof signature));
    TRY(buf_status(&blob));
    return note_add_line(name, buf_bytes(&blob), note);
}

static enum status check(struct bytes text, const struct note_signature *signature, const uint8_t *public_key,
                         int64_t *time)
{
    SCOPED_BUF struct buf message = {0};
    struct cursor blob = {bytes_part(buf_bytes(&signature->blob), NOTE_KEY_ID_BYTES, SIZE_MAX)};
    uint64_t seconds = 0;
    if (signature->blob.size != BLOB_BYTES)
        return ERR_DENIED;
    TRY(cursor_u64(&blob, &seconds));
    if (seconds == 0 || seconds > INT64_MAX)
        return ERR_DENIED;
    TRY(message_of(text, seconds, &message));
    TRY(sign_check_raw(public_key, buf_bytes(&message), blob.left.data));
    *time = (int64_t)seconds;
    return OK;
}

static enum status find(struct bytes note, const char *name, const uint8_t *public_key, int64_t *time,
                        struct note_signature *signature)
{
    uint8_t key_id[NOTE_KEY_ID_BYTES];
    struct bytes text;
    struct cursor lines;
    TRY(note_split(note, &text, &lines));
    note_key_id(name, NOTE_COSIGNATURE, public_key, key_id);
    for (;;) {
        TRY(note_next(&lines, signature));
        if (note_is_by(signature, name, key_id))
            return check(text, signature, public_key, time);
    }
}

enum status cosign_find(struct bytes note, const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                        int64_t *time, struct bytes *line)
{
    struct note_signature signature = {0};
    *time = 0;
    *line = BYTES_NONE;
    enum status status = find(note, name, public_key, time, &signature);
    if (status == OK)
        *line = signature.line;
    buf_free(&signature.blob);
    return status;
}

enum status cosign_vkey(const char *name, const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct buf *out)
{
    return note_vkey(name, NOTE_COSIGNATURE, public_key, out);
}

enum status cosign_names(struct bytes note, struct cosign_names *out)
{
    struct note_signature signature = {0};
    struct bytes text;
    struct cursor lines;
    enum status status;
    *out = (struct cosign_names){0};
    TRY(note_split(note, &text, &lines));
    while ((status = note_next(&lines, &signature)) == OK)
        out->names[out->count++] = signature.name;
    buf_free(&signature.blob);
    if (status == ERR_NOT_FOUND)
        return OK;
    out->count = 0;
    return status;
}
