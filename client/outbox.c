/* The outbox in the client's encrypted store. Hides its table. */
#include "client/outbox.h"

#include "base/hash.h"

void outbox_item_free(struct outbox_item *item)
{
    buf_free(&item->record);
    buf_free(&item->receipt);
    *item = (struct outbox_item){0};
}

enum status outbox_put(struct home *home, enum envelope_kind kind, const uint8_t id[static ID_BYTES],
                       struct bytes record, bool *fresh)
{
    uint8_t digest[DIGEST_BYTES];
    char epoch[EPOCH_TEXT];
    int64_t now = clock_seconds(home->clock);
    struct bytes key = bytes_of(id, ID_BYTES);
    *fresh = false;
    hash_sha256(record, digest);
    clock_epoch(now, epoch);
    TRY(db_exec(home->db, "UPDATE outbox SET state = ?, epoch = ?, record = ?, digest = ? WHERE id = ? AND state = ?",
                "itbbbi", (int64_t)OUTBOX_QUEUED, epoch, record, bytes_of(digest, sizeof digest), key,
                (int64_t)OUTBOX_REFUSED));
    enum status status = db_exec(
        home->db, "INSERT INTO outbox (id, kind, record, digest, epoch, state, queued) VALUES (?,?,?,?,?,?,?)",
        "bibbtii", key, (int64_t)kind, record, bytes_of(digest, sizeof digest), epoch, (int64_t)OUTBOX_QUEUED, now);
    if (status == ERR_EXISTS)
        return OK;
    *fresh = status == OK;
    return status;
}

/* What was taken back must not go out again after a restore of the server. */
static enum status forget_record(struct home *home, const uint8_t contribution[static ID_BYTES])
{
    return db_exec(home->db, "UPDATE outbox SET record = x'' WHERE id = ? AND kind = ? AND state IN (?, ?)", "biii",
                   bytes_of(contribution, ID_BYTES), (int64_t)ENVELOPE_CONTRIBUTION, (int64_t)OUTBOX_SENT,
                   (int64_t)OUTBOX_COVERED);
}

enum status outbox_withdraw(struct home *home, const uint8_t contribution[static ID_BYTES],
                            const uint8_t id[static ID_BYTES], struct bytes record, bool *fresh)
{
    *fresh = false;
    TRY(db_begin(home->db));
    enum status status = db_exec(home->db, "UPDATE outbox SET state = ? WHERE id = ? AND kind = ? AND state = ?",
                                 "ibii", (int64_t)OUTBOX_REFUSED, bytes_of(contribution, ID_BYTES),
                                 (int64_t)ENVELOPE_CONTRIBUTION, (int64_t)OUTBOX_QUEUED);
    if (status == OK)
        status = forget_record(home, contribution);
    if (status == OK)
        status = outbox_put(home, ENVELOPE_WITHDRAWAL, id, record, fresh);
    if (status == OK)
        status = db_commit(home->db);
    db_rollback(home->db);
    return status;
}

enum status outbox_holds(struct home *home, const uint8_t contribution[static ID_BYTES])
{
    int64_t state = 0;
    return db_row(home->db, "SELECT state FROM outbox WHERE id = ? AND kind = ?", "bi:i",
                  bytes_of(contribution, ID_BYTES), (int64_t)ENVELOPE_CONTRIBUTION, &state);
}

static enum status item_fill(struct outbox_item *item, struct buf *id, struct buf *digest, struct buf *epoch)
{
    if (id->size != ID_BYTES || digest->size != DIGEST_BYTES || epoch->size >= EPOCH_TEXT)
        return ERR_CORRUPT;
    memcpy(item->id, id->data, ID_BYTES);
    memcpy(item->digest, digest->data, DIGEST_BYTES);
    memcpy(item->epoch, epoch->data, epoch->size);
    return OK;
}

/* kind 0: of any. */
static enum status next(struct home *home, enum outbox_state state, int64_t of, const uint8_t after[static ID_BYTES],
                        struct outbox_item *item)
{
    int64_t kind = 0;
    SCOPED_BUF struct buf id = {0};
    SCOPED_BUF struct buf digest = {0};
    SCOPED_BUF struct buf epoch = {0};
    *item = (struct outbox_item){.state = state};
    enum status status = db_row(home->db,
                                "SELECT id, kind, record, digest, epoch, coalesce(receipt, x'') FROM outbox"
                                " WHERE state = ? AND id > ? AND ? IN (0, kind) ORDER BY id LIMIT 1",
                                "ibi:bibbbb", (int64_t)state, bytes_of(after, ID_BYTES), of, &id, &kind, &item->record,
                                &digest, &epoch, &item->receipt);
    item->kind = (enum envelope_kind)kind;
    if (status == OK)
        status = item_fill(item, &id, &digest, &epoch);
    if (status != OK)
        outbox_item_free(item);
    return status;
}

enum status outbox_next(struct home *home, enum outbox_state state, const uint8_t after[static ID_BYTES],
                        struct outbox_item *item)
{
    return next(home, state, 0, after, item);
}

enum status outbox_next_of(struct home *home, enum outbox_state state, enum envelope_kind kind,
                           const uint8_t after[static ID_BYTES], struct outbox_item *item)
{
    return next(home, state, (int64_t)kind, after, item);
}

enum status outbox_sent(struct home *home, const uint8_t id[static ID_BYTES], struct bytes receipt, uint64_t leaf)
{
    return db_exec(home->db, "UPDATE outbox SET state = ?, receipt = ?, leaf = ? WHERE id = ?", "ibib",
                   (int64_t)OUTBOX_SENT, receipt, (int64_t)leaf, bytes_of(id, ID_BYTES));
}

enum status outbox_covered(struct home *home, const uint8_t id[static ID_BYTES])
{
    return db_exec(home->db, "UPDATE outbox SET state = ? WHERE id = ?", "ib", (int64_t)OUTBOX_COVERED,
                   bytes_of(id, ID_BYTES));
}

enum status outbox_safe(struct home *home, uint64_t backed_up, int64_t keep_days)
{
    int64_t oldest = clock_seconds(home->clock) - keep_days * 86400;
    return db_exec(home->db,
                   "UPDATE outbox SET record = x'' WHERE state = ? AND length(record) > 0 AND (leaf < ? OR queued < ?)",
                   "iii", (int64_t)OUTBOX_COVERED, (int64_t)backed_up, oldest);
}

/* What was taken back and lost goes nowhere any more, and its receipt's leaf is somebody else's by now. */
static enum status drop_taken_back(struct home *home, uint64_t from)
{
    return db_exec(home->db,
                   "UPDATE outbox SET state = ?, receipt = NULL WHERE state = ? AND leaf >= ? AND record = x''", "iii",
                   (int64_t)OUTBOX_REFUSED, (int64_t)OUTBOX_SENT, (int64_t)from);
}

enum status outbox_again(struct home *home, uint64_t from, size_t *count)
{
    char epoch[EPOCH_TEXT];
    clock_epoch(clock_seconds(home->clock), epoch);
    *count = 0;
    TRY(db_exec(home->db,
                "UPDATE outbox SET state = ?, epoch = ?, receipt = NULL"
                " WHERE state IN (?, ?) AND leaf >= ? AND length(record) > 0",
                "itiii", (int64_t)OUTBOX_QUEUED, epoch, (int64_t)OUTBOX_SENT, (int64_t)OUTBOX_COVERED, (int64_t)from));
    *count = (size_t)db_changes(home->db);
    return drop_taken_back(home, from);
}

enum status outbox_refused(struct home *home, const uint8_t id[static ID_BYTES])
{
    return db_exec(home->db, "UPDATE outbox SET state = ? WHERE id = ?", "ib", (int64_t)OUTBOX_REFUSED,
                   bytes_of(id, ID_BYTES));
}

enum status outbox_count(struct home *home, size_t counts[static OUTBOX_STATES])
{
    for (size_t i = 0; i < OUTBOX_STATES; i++) {
        int64_t count = 0;
        TRY(db_row(home->db, "SELECT count(*) FROM outbox WHERE state = ?", "i:i", (int64_t)i, &count));
        counts[i] = (size_t)count;
    }
    return OK;
}
