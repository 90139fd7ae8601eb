/* The Merkle log in the federation's database (RFC 9162 hashing). Appending belongs to the caller's transaction; an
 * entry that is there already keeps its leaf, so that a repeated append after a crash changes nothing. */
#pragma once

#include "base/clock.h"
#include "crypto/tile.h"
#include "protocol/log_entry.h"
#include "protocol/receipt.h"
#include "server/store.h"

MUST_USE enum status log_size(struct store *store, uint64_t *size);
/* ERR_BUG while leaves are promised. */
MUST_USE enum status log_append(struct store *store, struct bytes entry, uint64_t *leaf);
/* Leaves that receipts name already, and that the intake will append, in order; by: how many more, or fewer. */
void log_promise(struct store *store, int64_t by);
/* The leaf after the last one and all that are promised. */
MUST_USE enum status log_next(struct store *store, uint64_t *leaf);
/* Append what was promised at that leaf. ERR_CORRUPT: something else is there. */
MUST_USE enum status log_append_promised(struct store *store, struct bytes entry, uint64_t leaf);
/* Append an entry that commits to content, with a fresh salt. */
MUST_USE enum status log_commitment(struct store *store, struct random random, const struct log_entry *entry,
                                    struct bytes content, uint8_t salt[static 32], uint64_t *leaf);
/* The same, and keep salt and content so that the operator can open the commitment: enrolments, suspensions, audits. */
MUST_USE enum status log_note(struct store *store, struct random random, enum log_kind kind, struct bytes content,
                              int64_t now);
MUST_USE enum status log_entry_at(struct store *store, uint64_t leaf, struct buf *entry); /* ERR_NOT_FOUND */
/* Where crypto/merkle.h reads this log's hashes. */
struct merkle_source log_source(struct store *store);
/* A tile's hashes, or a bundle of entries (crypto/tile.h). ERR_NOT_FOUND if the log has not so many. */
MUST_USE enum status log_tile(struct store *store, const struct tile *tile, struct buf *out);
/* Signed checkpoint of the log's first `size` entries. */
MUST_USE enum status log_checkpoint_at(struct store *store, const char *origin, const struct secret *seed,
                                       uint64_t size, struct buf *note);
/* Signed checkpoint of the log as it stands. */
MUST_USE enum status log_checkpoint(struct store *store, const char *origin, const struct secret *seed, uint64_t *size,
                                    struct buf *note);
