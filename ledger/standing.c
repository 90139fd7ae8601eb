/* Whether the ledger can be relied on: compared with the log, blocked where charges may be missing, and made whole. */
#include "ledger/inside.h"

enum status ledger_last_anchor(struct ledger *ledger, struct ledger_anchor *out)
{
    TRY(anchor_read(ledger, out));
    return out->number ? OK : ERR_NOT_FOUND;
}

/* --- comparing --- */

static const char *difference(const struct ledger_anchor *ours, const struct ledger_anchor *theirs)
{
    if (ours->number < theirs->number || ours->local_count < theirs->local_count ||
        !dp_zcdp_within(theirs->locals, ours->locals))
        return "charges are missing that the log knows: the ledger is older than it";
    if (ours->number > theirs->number)
        return "it holds charges that the log does not know";
    return memcmp(ours->head, theirs->head, HASH_BYTES) == 0 ? NULL : "it is not the ledger that the log knows";
}

enum status ledger_compare(struct ledger *ledger, const struct ledger_anchor *newest, struct why *why)
{
    static const struct ledger_anchor none;
    struct ledger_anchor ours;
    TRY(anchor_read(ledger, &ours));
    TRY(locals_read(ledger, &ours));
    ledger->apart = difference(&ours, newest ? newest : &none);
    return ledger->apart ? why_set(why, ERR_POLICY, ledger->apart, "ledger", 0) : OK;
}

/* --- blocks --- */

static const char *const reasons[LEDGER_REASONS] = {
    [LEDGER_RESTORED] = "charges may be missing: this state comes from a backup; see chathamd budget replay",
    [LEDGER_CONTRADICTED] = "charges may be missing: a member has seen another log; see chathamd budget replay",
};

enum status ledger_block(struct ledger *ledger, enum ledger_reason reason, uint64_t size, int64_t now)
{
    struct ledger_anchor last;
    if ((unsigned)reason >= LEDGER_REASONS || size > INT64_MAX)
        return ERR_USAGE;
    TRY(anchor_read(ledger, &last));
    return db_exec(ledger->db,
                   "INSERT INTO ledger_block(reason, size, charges, at) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
                   " (SELECT 1 FROM ledger_block WHERE ended IS NULL AND reason = ?1 AND size >= ?2)",
                   "iiii", (int64_t)reason, (int64_t)size, (int64_t)last.number, now);
}

/* The first block that stands. ERR_NOT_FOUND. */
static enum status first_block(struct ledger *ledger, enum ledger_reason *reason)
{
    int64_t stored = 0;
    TRY(db_row(ledger->db, "SELECT reason FROM ledger_block WHERE ended IS NULL ORDER BY number LIMIT 1", ":i",
               &stored));
    if (stored < 0 || stored >= LEDGER_REASONS)
        return ERR_CORRUPT;
    *reason = (enum ledger_reason)stored;
    return OK;
}

enum status ledger_check(struct ledger *ledger, struct why *why)
{
    enum ledger_reason reason;
    if (ledger->apart)
        return why_set(why, ERR_POLICY, ledger->apart, "ledger", 0);
    enum status status = first_block(ledger, &reason);
    if (status == ERR_NOT_FOUND)
        return OK;
    return status == OK ? why_set(why, ERR_POLICY, reasons[reason], "ledger", 0) : status;
}

/* --- making it whole --- */

static struct dp_zcdp everything(const struct ledger_anchor *anchor)
{
    return ledger_loss_add(anchor->total, ledger_loss_of_zcdp(anchor->locals)).zcdp;
}

static enum status is_known(struct ledger *ledger, const struct ledger_anchor *proved, bool *known)
{
    int64_t rows = 0;
    struct bytes head = bytes_of(proved->head, HASH_BYTES);
    TRY(db_row(ledger->db, "SELECT count(*) FROM ledger_round WHERE head = ? OR replayed = ?", "bb:i", head, head,
               &rows));
    *known = rows > 0;
    return OK;
}

enum status ledger_number_of(struct ledger *ledger, const uint8_t head[static HASH_BYTES], uint64_t *number)
{
    int64_t stored = 0;
    *number = 0;
    TRY(db_row(ledger->db, "SELECT number FROM ledger_round WHERE head = ?", "b:i", bytes_of(head, HASH_BYTES),
               &stored));
    *number = (uint64_t)stored;
    return OK;
}

static enum status shared_loss(struct ledger *ledger, uint64_t number, struct dp_zcdp *out)
{
    int64_t rho = 0, delta = 0;
    enum status status =
        db_row(ledger->db, "SELECT total_rho + local_rho, total_delta + local_delta FROM ledger_round WHERE number = ?",
               "i:ii", (int64_t)number, &rho, &delta);
    *out = (struct dp_zcdp){(uint64_t)rho, (uint64_t)delta};
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status missing(struct ledger *ledger, const struct ledger_anchor *proved, uint64_t shared,
                           struct dp_zcdp *out)
{
    bool known = false;
    struct dp_zcdp common;
    *out = (struct dp_zcdp){0};
    TRY(is_known(ledger, proved, &known));
    if (known)
        return OK;
    TRY(shared_loss(ledger, shared < proved->number ? shared : 0, &common));
    *out = ledger_loss_less(ledger_loss_of_zcdp(everything(proved)), ledger_loss_of_zcdp(common)).zcdp;
    return OK;
}

static enum status replay_rows(struct ledger *ledger, const struct ledger_anchor *proved, uint64_t shared,
                               uint64_t size, int64_t now, struct dp_zcdp *added, struct why *why)
{
    struct ledger_anchor row;
    TRY(time_check(ledger, now, why));
    TRY(missing(ledger, proved, shared, added));
    const struct ledger_loss charge = ledger_loss_of_zcdp(*added);
    if (!ledger_loss_is_nothing(charge))
        TRY(anchor_append(ledger, 0, charge, now, proved->head, &row));
    return db_exec(ledger->db, "UPDATE ledger_block SET ended = ? WHERE ended IS NULL AND size <= ?", "ii", now,
                   (int64_t)size);
}

enum status ledger_replay(struct ledger *ledger, const struct ledger_anchor *proved, uint64_t shared, uint64_t size,
                          int64_t now, struct dp_zcdp *added, struct why *why)
{
    *added = (struct dp_zcdp){0};
    if (proved->number == 0 || size > INT64_MAX)
        return ERR_USAGE;
    TRY(ledger_flush(ledger));
    TRY(db_begin(ledger->db));
    enum status status = replay_rows(ledger, proved, shared, size, now, added, why);
    if (status == OK)
        status = db_commit(ledger->db);
    db_rollback(ledger->db);
    if (status != OK)
        *added = (struct dp_zcdp){0};
    return status;
}
