/* Bytes of an intake journal, as a disk may give them back: read batch by batch as an opening does, and searched for
 * closing frames. What is found lies within what there is, and a batch that was found whole reads frame by frame. Then
 * a batch of our own with the input as a frame's text, torn where the input says: whole it is found, torn never. */
#include "server/journal_frame.h"

static void read_frames(struct bytes batch, const struct journal_extent *extent)
{
    struct cursor cursor = {bytes_part(batch, 0, extent->size)};
    struct journal_frame frame;
    for (uint32_t i = 0; i < extent->count; i++)
        INVARIANT(journal_frame_read(&cursor, &frame) == OK && frame.batch == extent->number && frame.index == i);
    INVARIANT(cursor.left.size == JOURNAL_CLOSING_BYTES);
}

static void scan(struct bytes input)
{
    struct journal_extent extent;
    size_t at = 0;
    while (journal_batch_read(bytes_part(input, at, input.size), &extent) == OK) {
        INVARIANT(extent.count > 0 && extent.count <= JOURNAL_BATCH_MAX && extent.size <= input.size - at);
        read_frames(bytes_part(input, at, input.size), &extent);
        at += extent.size;
    }
    while (journal_closing_find(bytes_part(input, at, input.size), &extent) == OK) {
        INVARIANT(extent.size >= JOURNAL_CLOSING_BYTES && extent.size <= input.size - at);
        at += extent.size;
    }
}

static void write_and_tear(struct bytes input)
{
    static struct secret key;
    struct journal_batch batch = {.number = input.size};
    struct journal_extent extent;
    const uint8_t tenant[ID_BYTES] = {1};
    size_t size, tear = input.data[0];
    SCOPED_BUF struct buf bytes = {0};
    if (!key.data)
        INVARIANT(secret_new(&key, KEY_BYTES) == OK);
    for (int i = 0; i < input.data[0] % 3 + 1; i++)
        INVARIANT(journal_batch_add(&batch, tenant, 1, &key, input, &bytes, &size) == OK);
    INVARIANT(journal_batch_close(&batch, &bytes) == OK);
    INVARIANT(journal_batch_read(buf_bytes(&bytes), &extent) == OK && extent.size == bytes.size);
    read_frames(buf_bytes(&bytes), &extent);
    INVARIANT(journal_batch_read(bytes_of(bytes.data, bytes.size - 1 - tear % bytes.size), &extent) == ERR_INPUT);
    bytes.data[tear * 7919 % bytes.size] ^= 4;
    INVARIANT(journal_batch_read(buf_bytes(&bytes), &extent) == ERR_INPUT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    scan(input);
    if (size > 0 && size <= ENVELOPE_MAX / 2)
        write_and_tear(input);
    return 0;
}
