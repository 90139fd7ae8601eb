/* What the log holds of a receipt. One place, so that server and client cannot differ. */
#include "protocol/receipt_leaf.h"

static void commit_batch(const struct receipt *receipt, struct log_entry *logged)
{
    uint8_t content[8 + MERKLE_BYTES];
    for (unsigned i = 0; i < 8; i++)
        content[i] = (uint8_t)(receipt->batch_size >> (56 - 8 * i));
    memcpy(content + 8, receipt->batch_root, MERKLE_BYTES);
    logged->kind = LOGGED_INTAKE;
    log_commit(LOGGED_INTAKE, receipt->salt, bytes_of(content, sizeof content), logged->commitment);
}

static void commit_alone(const struct receipt *receipt, enum log_kind kind, struct log_entry *logged)
{
    uint8_t content[ID_BYTES + DIGEST_BYTES];
    memcpy(content, receipt->contribution, ID_BYTES);
    memcpy(content + ID_BYTES, receipt->digest, DIGEST_BYTES);
    logged->kind = kind;
    log_commit(kind, receipt->salt, bytes_of(content, sizeof content), logged->commitment);
}

enum status receipt_log_leaf(const struct receipt *receipt, enum log_kind kind, struct buf *entry,
                             uint8_t leaf[static MERKLE_BYTES])
{
    struct log_entry logged = {0};
    SCOPED_BUF struct buf text = {0};
    memcpy(logged.epoch, receipt->epoch, EPOCH_TEXT);
    if (receipt->version == 1)
        commit_alone(receipt, kind, &logged);
    else
        commit_batch(receipt, &logged);
    TRY(log_entry_encode(&logged, &text));
    merkle_leaf(buf_bytes(&text), leaf);
    if (!entry)
        return OK;
    buf_add(entry, buf_bytes(&text));
    return buf_status(entry);
}
