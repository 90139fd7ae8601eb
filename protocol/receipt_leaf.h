/* The log leaf that a receipt names: RFC 9162 leaf hash of the encoded log entry {kind, the receipt's epoch, version 0,
 * commitment}. Version 2: kind `intake`, the commitment's content is u64 size ‖ root of the batch. Version 1: kind
 * `contribution` or `withdrawal`, content contribution id[16] ‖ digest[32]. Made by the server when it appends, and by
 * the client when it checks that the log covers its receipt. */
#pragma once

#include "protocol/log_entry.h"
#include "protocol/receipt.h"

/* kind: LOGGED_CONTRIBUTION or LOGGED_WITHDRAWAL, what the receipt is for. The entry's bytes are appended to `entry`
 * (may be NULL). */
MUST_USE enum status receipt_log_leaf(const struct receipt *receipt, enum log_kind kind, struct buf *entry,
                                      uint8_t leaf[static MERKLE_BYTES]);
