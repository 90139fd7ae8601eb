/* The rows of a tenant's database. Hides their columns, and where receipts lay before they came in batches: in the
 * federation's database, at a leaf of their own. */
#include "protocol/receipt_leaf.h"
#include "server/admit.h"

static enum status row_read(const struct db_rows *rows, struct admission *out, bool *live, struct buf *receipt)
{
    TRY(store_fixed(db_bytes(rows, 0), out->device, ID_BYTES));
    TRY(store_fixed(db_bytes(rows, 1), out->id, ID_BYTES));
    out->kind = db_integer(rows, 2) == ENVELOPE_WITHDRAWAL ? ENVELOPE_WITHDRAWAL : ENVELOPE_CONTRIBUTION;
    out->class = db_integer(rows, 3) == CLASS_NOISED ? CLASS_NOISED : CLASS_TEXT;
    TRY(store_fixed(db_bytes(rows, 4), out->digest, DIGEST_BYTES));
    TRY(store_text(db_bytes(rows, 5), out->epoch, sizeof out->epoch));
    TRY(store_fixed(db_bytes(rows, 6), out->salt, sizeof out->salt));
    *live = db_integer(rows, 7) != 0;
    buf_add(receipt, db_bytes(rows, 8));
    return buf_status(receipt);
}

enum status admit_find(struct db *db, const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES],
                       struct admission *out, bool *live, struct buf *receipt)
{
    struct db_rows *rows = NULL;
    *out = (struct admission){.kind = ENVELOPE_CONTRIBUTION};
    *live = false;
    buf_clear(receipt);
    enum status status = db_query(db, &rows,
                                  "SELECT device, id, kind, class, digest, epoch, salt, record IS NOT NULL, receipt"
                                  " FROM admission WHERE device = ? AND id = ?",
                                  "bb", bytes_of(device, ID_BYTES), bytes_of(id, ID_BYTES));
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = row_read(rows, out, live, receipt);
    db_done(rows);
    return status;
}

enum status admit_old_receipt(struct store *store, const struct admission *row, struct buf *receipt)
{
    struct receipt old = {.version = 1};
    uint8_t hash[MERKLE_BYTES];
    memcpy(old.contribution, row->id, ID_BYTES);
    memcpy(old.digest, row->digest, DIGEST_BYTES);
    memcpy(old.epoch, row->epoch, sizeof old.epoch);
    memcpy(old.salt, row->salt, sizeof old.salt);
    TRY(receipt_log_leaf(&old, row->kind == ENVELOPE_WITHDRAWAL ? LOGGED_WITHDRAWAL : LOGGED_CONTRIBUTION, NULL, hash));
    return db_row(store_federation(store),
                  "SELECT receipt.body FROM log JOIN receipt ON receipt.leaf = log.leaf WHERE log.hash = ?", "b:b",
                  bytes_of(hash, sizeof hash), receipt);
}

/* --- storing --- */

static enum status insert_row(struct db *db, const struct admission *row, struct bytes record, struct bytes receipt)
{
    return db_exec(db,
                   "INSERT INTO admission (device, id, kind, class, digest, epoch, salt, record, receipt)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, x''), ?)",
                   "bbiibtbbb", bytes_of(row->device, ID_BYTES), bytes_of(row->id, ID_BYTES), (int64_t)row->kind,
                   (int64_t)row->class, bytes_of(row->digest, DIGEST_BYTES), row->epoch,
                   bytes_of(row->salt, sizeof row->salt), record, receipt);
}

static enum status complete_row(struct db *db, const struct admission *row, struct bytes receipt)
{
    return db_exec(db, "UPDATE admission SET receipt = ?, salt = ? WHERE device = ? AND id = ? AND receipt IS NULL",
                   "bbbb", receipt, bytes_of(row->salt, sizeof row->salt), bytes_of(row->device, ID_BYTES),
                   bytes_of(row->id, ID_BYTES));
}

enum status admit_insert(struct db *db, const struct admission *row, struct bytes record, struct bytes receipt)
{
    enum status status = insert_row(db, row, record, receipt);
    if (status == ERR_EXISTS)
        return complete_row(db, row, receipt);
    TRY(status);
    if (row->kind == ENVELOPE_WITHDRAWAL)
        return db_exec(db, "UPDATE admission SET record = NULL WHERE device = ? AND id = ?", "bb",
                       bytes_of(row->device, ID_BYTES), bytes_of(row->target, ID_BYTES));
    return db_exec(db,
                   "INSERT INTO quota (epoch, used) VALUES (?, 1) ON CONFLICT (epoch) DO UPDATE SET used = used + 1",
                   "t", row->epoch);
}
