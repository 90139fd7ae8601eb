/* The ledger's state, members and chain. Hides how an account is stored and how the chain is walked. */
#include "ledger/inside.h"

static const char account[] = "zcdp-filter";

int64_t period_start(int64_t now)
{
    int64_t into = now % LEDGER_PERIOD_SECONDS;
    return now - (into < 0 ? into + LEDGER_PERIOD_SECONDS : into);
}

/* --- rows --- */

static struct ledger_loss loss_of_row(const struct db_rows *rows, int column)
{
    return (struct ledger_loss){{(uint64_t)db_integer(rows, column), (uint64_t)db_integer(rows, column + 1)},
                                {(uint64_t)db_integer(rows, column + 2)}};
}

enum status member_read(struct ledger *ledger, struct bytes tenant, struct member *out)
{
    struct db_rows *rows = NULL;
    *out = (struct member){0};
    enum status status = db_query(ledger->db, &rows,
                                  "SELECT since, base_rho, base_delta, base_epsilon, spared_rho, spared_delta,"
                                  " spared_epsilon, rho, delta, epsilon FROM ledger_member WHERE tenant = ?",
                                  "b", tenant);
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        *out = (struct member){.since = (uint64_t)db_integer(rows, 0),
                               .base = loss_of_row(rows, 1),
                               .spared = loss_of_row(rows, 4),
                               .locals = loss_of_row(rows, 7)};
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status locals_read(struct ledger *ledger, struct ledger_anchor *into)
{
    int64_t count = 0, rho = 0, delta = 0;
    TRY(db_row(ledger->db, "SELECT local_count, local_rho, local_delta FROM ledger_state", ":iii", &count, &rho,
               &delta));
    into->local_count = (uint64_t)count;
    into->locals = (struct dp_zcdp){(uint64_t)rho, (uint64_t)delta};
    return OK;
}

enum status time_check(struct ledger *ledger, int64_t now, struct why *why)
{
    int64_t latest = 0;
    TRY(db_row(ledger->db, "SELECT latest FROM ledger_state", ":i", &latest));
    if (now < latest)
        return why_hint(why, ERR_POLICY, "the clock is behind the last charge", "ledger", "set the clock right");
    return OK;
}

/* --- members --- */

enum status ledger_enrol(struct ledger *ledger, struct bytes tenant)
{
    struct ledger_anchor last;
    if (tenant.size == 0 || tenant.size > LEDGER_TENANT_MAX)
        return ERR_USAGE;
    TRY(anchor_read(ledger, &last));
    return db_exec(ledger->db,
                   "INSERT OR IGNORE INTO ledger_member(tenant, since, base_rho, base_delta, base_epsilon)"
                   " VALUES(?, ?, ?, ?, ?)",
                   "biiii", tenant, (int64_t)last.number, (int64_t)last.total.zcdp.rho, (int64_t)last.total.zcdp.delta,
                   (int64_t)last.total.epsilon.micro);
}

/* --- the chain --- */

#define ANCHOR_COLUMNS                                                                                                 \
    "SELECT number, round, rho, delta, epsilon, total_rho, total_delta, total_epsilon, local_count, local_rho,"        \
    " local_delta, at, head FROM ledger_round "

static enum status anchor_of_row(const struct db_rows *rows, struct ledger_anchor *out)
{
    struct bytes head = db_bytes(rows, 12);
    int64_t round = db_integer(rows, 1);
    if (head.size != HASH_BYTES)
        return ERR_CORRUPT;
    *out = (struct ledger_anchor){.number = (uint64_t)db_integer(rows, 0),
                                  .round = round > 0 ? (uint64_t)round : 0,
                                  .charge = loss_of_row(rows, 2),
                                  .total = loss_of_row(rows, 5),
                                  .local_count = (uint64_t)db_integer(rows, 8),
                                  .locals = {(uint64_t)db_integer(rows, 9), (uint64_t)db_integer(rows, 10)},
                                  .at = db_integer(rows, 11)};
    memcpy(out->head, head.data, HASH_BYTES);
    return OK;
}

enum status anchor_read(struct ledger *ledger, struct ledger_anchor *out)
{
    struct db_rows *rows = NULL;
    *out = (struct ledger_anchor){0};
    enum status status = db_query(ledger->db, &rows, ANCHOR_COLUMNS "ORDER BY number DESC LIMIT 1", "");
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = anchor_of_row(rows, out);
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status insert_row(struct ledger *ledger, const struct ledger_anchor *row, const uint8_t *replayed)
{
    const struct ledger_loss *charge = &row->charge, *total = &row->total;
    int64_t unique = row->round ? (int64_t)row->round : -(int64_t)row->number;
    return db_exec(ledger->db,
                   "INSERT INTO ledger_round(number, round, rho, delta, epsilon, total_rho, total_delta, total_epsilon,"
                   " local_count, local_rho, local_delta, at, head, replayed)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "iiiiiiiiiiiibb", (int64_t)row->number, unique, (int64_t)charge->zcdp.rho,
                   (int64_t)charge->zcdp.delta, (int64_t)charge->epsilon.micro, (int64_t)total->zcdp.rho,
                   (int64_t)total->zcdp.delta, (int64_t)total->epsilon.micro, (int64_t)row->local_count,
                   (int64_t)row->locals.rho, (int64_t)row->locals.delta, row->at, bytes_of(row->head, HASH_BYTES),
                   replayed ? bytes_of(replayed, HASH_BYTES) : BYTES_NONE);
}

enum status anchor_append(struct ledger *ledger, uint64_t round, struct ledger_loss charge, int64_t now,
                          const uint8_t *replayed, struct ledger_anchor *out)
{
    struct ledger_anchor last;
    TRY(anchor_read(ledger, &last));
    *out = (struct ledger_anchor){.number = last.number + 1,
                                  .round = round,
                                  .charge = charge,
                                  .total = ledger_loss_add(last.total, charge),
                                  .at = now};
    TRY(locals_read(ledger, out));
    TRY(ledger_anchor_head(out, ledger->terms.federation, ledger->terms.unit, last.head, out->head));
    TRY(insert_row(ledger, out, replayed));
    TRY(db_exec(ledger->db, "UPDATE ledger_state SET latest = max(latest, ?)", "i", now));
    return ledger->terms.anchor ? ledger->terms.anchor(ledger->terms.context, out) : OK;
}

/* A row follows on the one before: numbers without a hole, its total, its head. */
static enum status follows(const struct ledger *ledger, const struct ledger_anchor *row,
                           const struct ledger_anchor *before)
{
    uint8_t head[HASH_BYTES];
    struct ledger_loss total = ledger_loss_add(before->total, row->charge);
    TRY(ledger_anchor_head(row, ledger->terms.federation, ledger->terms.unit, before->head, head));
    bool holds = row->number == before->number + 1 && row->total.zcdp.rho == total.zcdp.rho &&
                 row->total.zcdp.delta == total.zcdp.delta && row->total.epsilon.micro == total.epsilon.micro &&
                 memcmp(head, row->head, HASH_BYTES) == 0;
    return holds ? OK : ERR_CORRUPT;
}

static enum status chain_check(struct ledger *ledger)
{
    struct db_rows *rows = NULL;
    struct ledger_anchor before = {0}, row;
    enum status status = db_query(ledger->db, &rows, ANCHOR_COLUMNS "ORDER BY number", "");
    while (status == OK && (status = db_next(rows)) == OK) {
        status = anchor_of_row(rows, &row);
        if (status == OK)
            status = follows(ledger, &row, &before);
        before = row;
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- opening --- */

static enum status adopt(struct ledger *ledger)
{
    return db_exec(ledger->db, "UPDATE ledger_state SET federation = ?, unit = ?", "bt",
                   bytes_of(ledger->terms.federation, LEDGER_FEDERATION_BYTES), ledger_unit_name(ledger->terms.unit));
}

static enum status state_check(struct ledger *ledger, struct why *why)
{
    SCOPED_BUF struct buf stored = {0}, federation = {0}, unit = {0};
    TRY(db_row(ledger->db, "SELECT account, federation, unit FROM ledger_state", ":bbb", &stored, &federation, &unit));
    if (!bytes_is(buf_bytes(&stored), account))
        return why_set(why, ERR_VERSION, "holds an account of another kind", "ledger", 0);
    if (federation.size == 0)
        return adopt(ledger);
    if (!bytes_equal(buf_bytes(&federation), bytes_of(ledger->terms.federation, LEDGER_FEDERATION_BYTES)))
        return why_set(why, ERR_DENIED, "is of another federation", "ledger", 0);
    if (!bytes_is(buf_bytes(&unit), ledger_unit_name(ledger->terms.unit)))
        return why_set(why, ERR_DENIED, "adds up another unit of privacy", "ledger", 0);
    enum status status = chain_check(ledger);
    return status == ERR_CORRUPT ? why_set(why, status, "its charges do not follow on each other", "ledger", 0)
                                 : status;
}

enum status ledger_open(struct db *db, const struct ledger_terms *terms, struct ledger **out, struct why *why)
{
    *out = NULL;
    const struct ledger_loss *cap = &terms->cap;
    if ((unsigned)terms->unit >= LEDGER_UNITS || cap->zcdp.rho > LEDGER_MOST || cap->zcdp.delta > LEDGER_MOST ||
        cap->epsilon.micro > LEDGER_MOST)
        return ERR_USAGE;
    struct ledger *ledger = mem_new(1, sizeof *ledger);
    if (!ledger)
        return ERR_MEMORY;
    ledger->db = db;
    ledger->terms = *terms;
    enum status status = state_check(ledger, why);
    if (status == OK)
        *out = ledger;
    else
        ledger_close(ledger);
    return status;
}

void ledger_close(struct ledger *ledger)
{
    if (!ledger)
        return;
    queue_free(ledger->queue);
    mem_free(ledger);
}

struct ledger_loss ledger_cap(const struct ledger *ledger)
{
    return ledger->terms.cap;
}

enum ledger_unit ledger_unit_of(const struct ledger *ledger)
{
    return ledger->terms.unit;
}

/* --- reading --- */

/* Rows of ρ, δ and ε. */
static enum status add_rows(enum status status, struct db_rows *rows, struct ledger_loss *sum, uint64_t *count)
{
    while (status == OK && (status = db_next(rows)) == OK) {
        *sum = ledger_loss_add(*sum, loss_of_row(rows, 0));
        *count += 1;
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status rounds_since(struct ledger *ledger, struct bytes tenant, uint64_t since, int64_t start,
                                struct ledger_loss *sum, uint64_t *count)
{
    struct db_rows *rows = NULL;
    *count = 0;
    enum status status = db_query(ledger->db, &rows,
                                  "SELECT rho, delta, epsilon FROM ledger_round WHERE at >= ? AND number > ?"
                                  " AND number NOT IN (SELECT number FROM ledger_spared WHERE tenant = ?)",
                                  "iib", start, (int64_t)since, tenant);
    return add_rows(status, rows, sum, count);
}

static enum status locals_since(struct ledger *ledger, struct bytes tenant, int64_t start, struct ledger_loss *sum)
{
    struct db_rows *rows = NULL;
    uint64_t count = 0;
    enum status status =
        db_query(ledger->db, &rows, "SELECT rho, delta, epsilon FROM ledger_bucket WHERE tenant = ? AND start >= ?",
                 "bi", tenant, start);
    return add_rows(status, rows, sum, &count);
}

static int64_t span_start(enum ledger_span span, int64_t now)
{
    return span == LEDGER_LIFETIME ? INT64_MIN : period_start(now);
}

enum status ledger_spent(struct ledger *ledger, struct bytes tenant, enum ledger_span span, int64_t now,
                         struct ledger_loss *out)
{
    struct member member;
    uint64_t rounds = 0;
    *out = (struct ledger_loss){0};
    TRY(member_read(ledger, tenant, &member));
    TRY(rounds_since(ledger, tenant, member.since, span_start(span, now), out, &rounds));
    return locals_since(ledger, tenant, span_start(span, now), out);
}

enum status ledger_spent_rounds(struct ledger *ledger, enum ledger_span span, int64_t now, struct ledger_loss *out,
                                uint64_t *rounds)
{
    uint64_t count = 0;
    *out = (struct ledger_loss){0};
    return rounds_since(ledger, BYTES_NONE, 0, span_start(span, now), out, rounds ? rounds : &count);
}
