/* Making an admission durable, and its receipt. The intake journal will stand between store_commit and
 * admit_receipt; callers see neither. */
#include "server/admit.h"

#include "protocol/receipt_leaf.h"

#define ROW_COLUMNS "SELECT device, id, kind, class, digest, epoch, salt, record IS NOT NULL FROM admission "

static enum status row_read(const struct db_rows *rows, struct admission *out, bool *live)
{
    TRY(store_fixed(db_bytes(rows, 0), out->device, ID_BYTES));
    TRY(store_fixed(db_bytes(rows, 1), out->id, ID_BYTES));
    out->kind = db_integer(rows, 2) == ENVELOPE_WITHDRAWAL ? ENVELOPE_WITHDRAWAL : ENVELOPE_CONTRIBUTION;
    out->class = db_integer(rows, 3) == CLASS_NOISED ? CLASS_NOISED : CLASS_TEXT;
    TRY(store_fixed(db_bytes(rows, 4), out->digest, DIGEST_BYTES));
    TRY(store_text(db_bytes(rows, 5), out->epoch, sizeof out->epoch));
    TRY(store_fixed(db_bytes(rows, 6), out->salt, sizeof out->salt));
    *live = db_integer(rows, 7) != 0;
    return OK;
}

static enum status row_take(enum status status, struct db_rows *rows, struct admission *out, bool *live)
{
    *out = (struct admission){.kind = ENVELOPE_CONTRIBUTION};
    *live = false;
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = row_read(rows, out, live);
    db_done(rows);
    return status;
}

enum status admit_find(struct db *db, const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES],
                       struct admission *out, bool *live)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(db, &rows, ROW_COLUMNS "WHERE device = ? AND id = ?", "bb",
                                  bytes_of(device, ID_BYTES), bytes_of(id, ID_BYTES));
    return row_take(status, rows, out, live);
}

enum status admit_quota_used(struct db *db, const char *epoch, int64_t *used)
{
    *used = 0;
    enum status status = db_row(db, "SELECT used FROM quota WHERE epoch = ?", "t:i", epoch, used);
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- the tenant's commit --- */

static enum status store_row(struct db *db, const struct admission *row, struct bytes record, const uint8_t *target)
{
    TRY(db_exec(db,
                "INSERT INTO admission (device, id, kind, class, digest, epoch, salt, record)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, x''))",
                "bbiibtbb", bytes_of(row->device, ID_BYTES), bytes_of(row->id, ID_BYTES), (int64_t)row->kind,
                (int64_t)row->class, bytes_of(row->digest, DIGEST_BYTES), row->epoch,
                bytes_of(row->salt, sizeof row->salt), record));
    if (target)
        return db_exec(db, "UPDATE admission SET record = NULL WHERE device = ? AND id = ?", "bb",
                       bytes_of(row->device, ID_BYTES), bytes_of(target, ID_BYTES));
    return db_exec(db,
                   "INSERT INTO quota (epoch, used) VALUES (?, 1) ON CONFLICT (epoch) DO UPDATE SET used = used + 1",
                   "t", row->epoch);
}

static enum status store_commit(struct db *db, const struct admission *row, struct bytes record, const uint8_t *target)
{
    TRY(db_begin(db));
    enum status status = store_row(db, row, record, target);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

/* --- the federation's commit --- */

static enum log_kind row_log_kind(const struct admission *row)
{
    return row->kind == ENVELOPE_WITHDRAWAL ? LOGGED_WITHDRAWAL : LOGGED_CONTRIBUTION;
}

static enum status receipt_make(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                                struct receipt *receipt, struct buf *body)
{
    TRY(receipt_sign(receipt, vault->federation.id, &vault->keys[SERVER_RECEIPT]));
    TRY(receipt_encode(receipt, body));
    return db_exec(store_federation(vault->store),
                   "INSERT INTO receipt (leaf, tenant, kind, epoch, body) VALUES (?, ?, ?, ?, ?)", "ibitb",
                   (int64_t)receipt->leaf, bytes_of(tenant->id, ID_BYTES), (int64_t)row->kind, row->epoch,
                   buf_bytes(body));
}

static enum status receipt_enter(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                                 struct buf *body)
{
    struct receipt receipt = {0};
    uint8_t hash[MERKLE_BYTES];
    SCOPED_BUF struct buf entry = {0};
    memcpy(receipt.contribution, row->id, ID_BYTES);
    memcpy(receipt.digest, row->digest, DIGEST_BYTES);
    memcpy(receipt.epoch, row->epoch, sizeof receipt.epoch);
    memcpy(receipt.salt, row->salt, sizeof receipt.salt);
    TRY(receipt_log_leaf(&receipt, row_log_kind(row), &entry, hash));
    TRY(log_append(vault->store, buf_bytes(&entry), &receipt.leaf));
    enum status status = db_row(store_federation(vault->store), "SELECT body FROM receipt WHERE leaf = ?", "i:b",
                                (int64_t)receipt.leaf, body);
    return status == ERR_NOT_FOUND ? receipt_make(vault, tenant, row, &receipt, body) : status;
}

enum status admit_receipt(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                          struct buf *body)
{
    struct db *db = store_federation(vault->store);
    TRY(db_begin(db));
    enum status status = receipt_enter(vault, tenant, row, body);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    if (status == OK)
        return OK;
    buf_clear(body);
    return status;
}

/* --- repair --- */

static enum status settle_last(struct vault *vault, const struct tenant *tenant, struct db *db)
{
    struct admission row;
    bool live;
    struct db_rows *rows = NULL;
    SCOPED_BUF struct buf body = {0};
    enum status status = db_query(db, &rows, ROW_COLUMNS "ORDER BY number DESC LIMIT 1", "");
    status = row_take(status, rows, &row, &live);
    if (status == ERR_NOT_FOUND)
        return OK;
    return status == OK ? admit_receipt(vault, tenant, &row, &body) : status;
}

enum status admit_tenant(struct vault *vault, const struct tenant *tenant, struct db **db)
{
    bool *settled = NULL;
    TRY(store_tenant(vault->store, tenant, db, &settled));
    if (*settled)
        return OK;
    TRY(settle_last(vault, tenant, *db));
    *settled = true;
    return OK;
}

enum status admit_finish(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                         struct bytes record, const uint8_t *target, struct buf *body)
{
    struct db *db = NULL;
    bool *settled = NULL;
    TRY(store_tenant(vault->store, tenant, &db, &settled));
    *settled = false; /* until the receipt stands: even a commit that reports a failure may have happened */
    TRY(store_commit(db, row, record, target));
    TRY(admit_receipt(vault, tenant, row, body));
    *settled = true;
    return OK;
}
