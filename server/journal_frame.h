/* The bytes of the intake journal, and nothing of files. A journal is a row of batches, a batch a row of frames and one
 * that closes it, all integers big endian:
 *   admission  "CHad" | u32 size of the whole frame | u64 batch | u32 index | tenant[16] | u32 key version | box |
 *              check[16]
 *   closing    "CHcl" | u32 size | u64 batch | u32 count | root[32] | check[16]
 * check: BLAKE2b-128 (RFC 7693) over the frame before it. root: SHA-256 over the checks of the batch's frames.
 * box: crypto/keys.h, under the tenant's intake key, bound to the frame's head: a frame works in no other place.
 * Batches are numbered without gaps. What is not closed was never acknowledged. */
#pragma once

#include "base/hash.h"
#include "crypto/keys.h"
#include "protocol/receipt.h"

#define JOURNAL_BATCH_MAX RECEIPT_BATCH_MAX
#define JOURNAL_CHECK_BYTES 16
#define JOURNAL_HEAD_BYTES (4 + 4 + 8 + 4 + ID_BYTES + 4)
#define JOURNAL_CLOSING_BYTES (4 + 4 + 8 + 4 + HASH_BYTES + JOURNAL_CHECK_BYTES)
#define JOURNAL_FRAME_MAX (JOURNAL_HEAD_BYTES + BOX_OVERHEAD + ENVELOPE_MAX + JOURNAL_CHECK_BYTES)

/* --- writing --- */
struct journal_batch {
    uint64_t number;
    uint32_t count;
    uint8_t checks[JOURNAL_BATCH_MAX][JOURNAL_CHECK_BYTES];
};
/* Append a frame, at most JOURNAL_BATCH_MAX of them. *size: of the frame. */
MUST_USE enum status journal_batch_add(struct journal_batch *batch, const uint8_t tenant[static ID_BYTES],
                                       uint32_t key_version, const struct secret *key, struct bytes plaintext,
                                       struct buf *out, size_t *size);
MUST_USE enum status journal_batch_close(const struct journal_batch *batch, struct buf *out);

/* --- reading --- */
struct journal_frame {
    uint64_t batch;
    uint32_t index;
    uint8_t tenant[ID_BYTES];
    uint32_t key_version;
    struct bytes head, box; /* point into what was read */
    uint8_t check[JOURNAL_CHECK_BYTES];
};
/* The frame that begins there; ERR_INPUT. */
MUST_USE enum status journal_frame_read(struct cursor *from, struct journal_frame *out);
MUST_USE enum status journal_frame_open(const struct journal_frame *frame, const struct secret *key,
                                        struct buf *plaintext); /* ERR_DENIED */
struct journal_extent {
    uint64_t number;
    uint32_t count;
    size_t size; /* bytes from the batch's first frame to the end of the one that closes it */
};
/* A whole batch at the beginning of `from`; ERR_INPUT if anything is wrong with it. */
MUST_USE enum status journal_batch_read(struct bytes from, struct journal_extent *out);
/* The next good closing frame anywhere in `from`: size then counts from the beginning of `from`. ERR_NOT_FOUND. */
MUST_USE enum status journal_closing_find(struct bytes from, struct journal_extent *out);
