/* What the log holds of a receipt. One place, so that server and client cannot differ. */
#include "protocol/receipt_leaf.h"

enum status receipt_log_leaf(const struct receipt *receipt, enum log_kind kind, struct buf *entry,
                             uint8_t leaf[static MERKLE_BYTES])
{
    struct log_entry logged = {.kind = kind};
    uint8_t content[ID_BYTES + DIGEST_BYTES];
    SCOPED_BUF struct buf text = {0};
    memcpy(content, receipt->contribution, ID_BYTES);
    memcpy(content + ID_BYTES, receipt->digest, DIGEST_BYTES);
    memcpy(logged.epoch, receipt->epoch, EPOCH_TEXT);
    log_commit(kind, receipt->salt, bytes_of(content, sizeof content), logged.commitment);
    TRY(log_entry_encode(&logged, &text));
    merkle_leaf(buf_bytes(&text), leaf);
    if (!entry)
        return OK;
    buf_add(entry, buf_bytes(&text));
    return buf_status(entry);
}
