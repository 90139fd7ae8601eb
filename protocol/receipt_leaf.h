/* The log leaf that a receipt names: RFC 9162 leaf hash of the encoded log entry {kind, the receipt's epoch, version 0,
 * commitment}, where the commitment's content is contribution id[16] ‖ digest[32]. Made by the server when it appends,
 * and by the client when it checks that the log covers its receipt. */
#pragma once

#include "protocol/log_entry.h"
#include "protocol/receipt.h"

/* kind: LOGGED_CONTRIBUTION or LOGGED_WITHDRAWAL. The entry's bytes are appended to `entry` (may be NULL). */
MUST_USE enum status receipt_log_leaf(const struct receipt *receipt, enum log_kind kind, struct buf *entry,
                                      uint8_t leaf[static MERKLE_BYTES]);
