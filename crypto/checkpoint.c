/* Checkpoints of the log. Hides their three lines; signing and signatures are note.c's. */
#include "crypto/checkpoint.h"

#include "base/encode.h"
#include "crypto/note.h"

enum status checkpoint_sign(const struct checkpoint *checkpoint, const char *origin, const struct secret *seed,
                            struct buf *note)
{
    SCOPED_BUF struct buf text = {0};
    if (strlen(origin) > CHECKPOINT_ORIGIN_MAX)
        return ERR_USAGE;
    buf_addf(&text, "%s\n%llu\n", origin, (unsigned long long)checkpoint->size);
    encode_base64(bytes_of(checkpoint->root, MERKLE_BYTES), &text);
    buf_add_byte(&text, '\n');
    TRY(buf_status(&text));
    return note_sign(buf_bytes(&text), origin, seed, note);
}

enum status checkpoint_vkey(const char *origin, const uint8_t public_key[static SIGN_PUBLIC_BYTES], struct buf *out)
{
    return note_vkey(origin, NOTE_ED25519, public_key, out);
}

/* The line at the cursor; note_open has made sure that every line ends. */
static struct bytes take_line(struct cursor *from)
{
    size_t size = bytes_find(from->left, bytes_str("\n"));
    struct bytes line = bytes_part(from->left, 0, size);
    from->left = size == SIZE_MAX ? BYTES_NONE : bytes_part(from->left, size + 1, SIZE_MAX);
    return line;
}

/* Decimal without leading zeros, as C2SP says. */
static enum status read_size(struct bytes text, uint64_t *size)
{
    *size = 0;
    if (text.size == 0 || (text.size > 1 && text.data[0] == '0'))
        return ERR_INPUT;
    for (size_t i = 0; i < text.size; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(*size, 10u, size) || __builtin_add_overflow(*size, digit, size))
            return ERR_INPUT;
    }
    return OK;
}

static enum status read_text(struct bytes text, const char *origin, struct checkpoint *out)
{
    SCOPED_BUF struct buf root = {0};
    struct cursor from = {text};
    if (!bytes_is(take_line(&from), origin))
        return ERR_DENIED;
    TRY(read_size(take_line(&from), &out->size));
    TRY(note_base64(take_line(&from), &root));
    if (root.size != MERKLE_BYTES || from.left.size != 0)
        return ERR_INPUT;
    memcpy(out->root, root.data, MERKLE_BYTES);
    return OK;
}

enum status checkpoint_open(struct bytes note, const char *origin, const uint8_t public_key[static SIGN_PUBLIC_BYTES],
                            struct checkpoint *out)
{
    struct bytes text;
    *out = (struct checkpoint){0};
    if (note.size > CHECKPOINT_MAX)
        return ERR_INPUT;
    TRY(note_open(note, origin, public_key, &text));
    enum status status = read_text(text, origin, out);
    if (status != OK)
        *out = (struct checkpoint){0};
    return status;
}
