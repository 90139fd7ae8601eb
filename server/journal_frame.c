/* Hides how frames are checked and sealed. Nothing here believes a length or a count before its check has held. */
#include "server/journal_frame.h"

#define MAGIC_BYTES 4
static const char admission_magic[] = "CHad", closing_magic[] = "CHcl";

static void check_of(struct bytes frame, uint8_t out[static JOURNAL_CHECK_BYTES])
{
    hash_keyed(BYTES_NONE, frame, out, JOURNAL_CHECK_BYTES);
}

static void root_of(const struct journal_batch *batch, uint8_t out[static HASH_BYTES])
{
    hash_sha256(bytes_of(batch->checks, (size_t)batch->count * JOURNAL_CHECK_BYTES), out);
}

/* --- writing --- */

static void add_check(struct buf *out, size_t start, uint8_t check[static JOURNAL_CHECK_BYTES])
{
    check_of(bytes_part(buf_bytes(out), start, out->size), check);
    buf_add(out, bytes_of(check, JOURNAL_CHECK_BYTES));
}

enum status journal_batch_add(struct journal_batch *batch, const uint8_t tenant[static ID_BYTES], uint32_t key_version,
                              const struct secret *key, struct bytes plaintext, struct buf *out, size_t *size)
{
    size_t start = out->size;
    uint8_t head[JOURNAL_HEAD_BYTES];
    *size = JOURNAL_HEAD_BYTES + BOX_OVERHEAD + plaintext.size + JOURNAL_CHECK_BYTES;
    if (batch->count == JOURNAL_BATCH_MAX || *size > JOURNAL_FRAME_MAX)
        return ERR_TOO_LARGE;
    buf_add(out, bytes_of(admission_magic, MAGIC_BYTES));
    buf_add_u32(out, (uint32_t)*size);
    buf_add_u64(out, batch->number);
    buf_add_u32(out, batch->count);
    buf_add(out, bytes_of(tenant, ID_BYTES));
    buf_add_u32(out, key_version);
    TRY(buf_status(out));
    memcpy(head, out->data + start, sizeof head);
    TRY(box_seal(key, bytes_of(head, sizeof head), plaintext, out));
    add_check(out, start, batch->checks[batch->count]);
    batch->count++;
    return buf_status(out);
}

enum status journal_batch_close(const struct journal_batch *batch, struct buf *out)
{
    size_t start = out->size;
    uint8_t root[HASH_BYTES], check[JOURNAL_CHECK_BYTES];
    root_of(batch, root);
    buf_add(out, bytes_of(closing_magic, MAGIC_BYTES));
    buf_add_u32(out, JOURNAL_CLOSING_BYTES);
    buf_add_u64(out, batch->number);
    buf_add_u32(out, batch->count);
    buf_add(out, bytes_of(root, sizeof root));
    add_check(out, start, check);
    return buf_status(out);
}

/* --- reading --- */

/* The frame's bytes without its check, when the check holds. */
static enum status frame_take(struct cursor *from, const char *magic, size_t least, struct bytes *frame,
                              uint8_t check[static JOURNAL_CHECK_BYTES])
{
    struct cursor look = *from;
    struct bytes word, stored;
    uint32_t size = 0;
    TRY(cursor_bytes(&look, MAGIC_BYTES, &word));
    TRY(cursor_u32(&look, &size));
    if (!bytes_is(word, magic) || size < least || size > JOURNAL_FRAME_MAX)
        return ERR_INPUT;
    look = *from;
    TRY(cursor_bytes(&look, size - JOURNAL_CHECK_BYTES, frame));
    TRY(cursor_bytes(&look, JOURNAL_CHECK_BYTES, &stored));
    check_of(*frame, check);
    if (memcmp(check, stored.data, JOURNAL_CHECK_BYTES) != 0)
        return ERR_INPUT;
    *from = look;
    return OK;
}

enum status journal_frame_read(struct cursor *from, struct journal_frame *out)
{
    struct bytes frame, id;
    *out = (struct journal_frame){0};
    TRY(frame_take(from, admission_magic, JOURNAL_HEAD_BYTES + BOX_OVERHEAD + JOURNAL_CHECK_BYTES, &frame, out->check));
    struct cursor cursor = {bytes_part(frame, MAGIC_BYTES + 4, frame.size)};
    TRY(cursor_u64(&cursor, &out->batch));
    TRY(cursor_u32(&cursor, &out->index));
    TRY(cursor_bytes(&cursor, ID_BYTES, &id));
    TRY(cursor_u32(&cursor, &out->key_version));
    memcpy(out->tenant, id.data, ID_BYTES);
    out->head = bytes_part(frame, 0, JOURNAL_HEAD_BYTES);
    out->box = cursor.left;
    return OK;
}

enum status journal_frame_open(const struct journal_frame *frame, const struct secret *key, struct buf *plaintext)
{
    return box_open(key, frame->head, frame->box, plaintext);
}

struct closing {
    uint64_t batch;
    uint32_t count;
    uint8_t root[HASH_BYTES];
};

static enum status closing_read(struct cursor *from, struct closing *out)
{
    struct bytes frame, root;
    uint8_t check[JOURNAL_CHECK_BYTES];
    TRY(frame_take(from, closing_magic, JOURNAL_CLOSING_BYTES, &frame, check));
    struct cursor cursor = {bytes_part(frame, MAGIC_BYTES + 4, frame.size)};
    TRY(cursor_u64(&cursor, &out->batch));
    TRY(cursor_u32(&cursor, &out->count));
    TRY(cursor_bytes(&cursor, HASH_BYTES, &root));
    memcpy(out->root, root.data, HASH_BYTES);
    return cursor_end(&cursor);
}

enum status journal_batch_read(struct bytes from, struct journal_extent *out)
{
    struct cursor cursor = {from};
    struct journal_batch batch = {0};
    struct journal_frame frame;
    struct closing closing;
    uint8_t root[HASH_BYTES];
    *out = (struct journal_extent){0};
    while (journal_frame_read(&cursor, &frame) == OK) {
        if (batch.count == 0)
            batch.number = frame.batch;
        if (batch.count == JOURNAL_BATCH_MAX || frame.batch != batch.number || frame.index != batch.count)
            return ERR_INPUT;
        memcpy(batch.checks[batch.count++], frame.check, JOURNAL_CHECK_BYTES);
    }
    TRY(closing_read(&cursor, &closing));
    root_of(&batch, root);
    if (batch.count == 0 || closing.batch != batch.number || closing.count != batch.count ||
        memcmp(closing.root, root, sizeof root) != 0)
        return ERR_INPUT;
    *out = (struct journal_extent){batch.number, batch.count, from.size - cursor.left.size};
    return OK;
}

enum status journal_closing_find(struct bytes from, struct journal_extent *out)
{
    size_t at = 0;
    *out = (struct journal_extent){0};
    for (;;) {
        size_t next = bytes_find(bytes_part(from, at, from.size), bytes_str(closing_magic));
        if (next == SIZE_MAX)
            return ERR_NOT_FOUND;
        at += next;
        struct cursor cursor = {bytes_part(from, at, from.size)};
        struct closing closing;
        if (closing_read(&cursor, &closing) == OK) {
            *out = (struct journal_extent){closing.batch, closing.count, at + JOURNAL_CLOSING_BYTES};
            return OK;
        }
        at++;
    }
}
