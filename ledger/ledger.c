/* The ledger's state, members and chain. Hides how an account is stored and how the chain is walked. */
#include "ledger/inside.h"

static const char account[] = "zcdp-filter";

/* --- sums --- */

uint64_t loss_add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) || sum > INT64_MAX ? INT64_MAX : sum;
}

struct dp_zcdp zcdp_add(struct dp_zcdp a, struct dp_zcdp b)
{
    return (struct dp_zcdp){loss_add(a.rho, b.rho), loss_add(a.delta, b.delta)};
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

struct dp_zcdp zcdp_less(struct dp_zcdp a, struct dp_zcdp b)
{
    return (struct dp_zcdp){less(a.rho, b.rho), less(a.delta, b.delta)};
}

int64_t period_start(int64_t now)
{
    int64_t into = now % LEDGER_PERIOD_SECONDS;
    return now - (into < 0 ? into + LEDGER_PERIOD_SECONDS : into);
}

struct ledger_loss ledger_loss_of_pure(struct dp_epsilon epsilon)
{
    return (struct ledger_loss){dp_zcdp_of_pure(epsilon), epsilon};
}

struct ledger_loss ledger_loss_of_zcdp(struct dp_zcdp loss)
{
    return (struct ledger_loss){loss, LEDGER_NOT_PURE};
}

enum status ledger_epsilon(struct ledger_loss loss, uint64_t delta, struct dp_epsilon *out)
{
    *out = (struct dp_epsilon){0};
    if (zcdp_is_zero(loss.zcdp))
        return OK;
    enum status status = dp_zcdp_epsilon(loss.zcdp, delta, out);
    bool is_pure = loss.pure.micro < LEDGER_NOT_PURE.micro;
    if (status != OK && (status == ERR_USAGE || !is_pure))
        return status;
    if (is_pure && (status != OK || dp_epsilon_compare(loss.pure, *out) < 0))
        *out = loss.pure;
    return OK;
}

enum status ledger_cap_of(struct dp_epsilon epsilon, uint64_t delta, struct ledger_loss *out)
{
    *out = (struct ledger_loss){0};
    if (epsilon.micro == 0)
        return OK;
    out->pure = epsilon;
    enum status status = dp_zcdp_for(epsilon, delta, delta / 2, &out->zcdp);
    if (status == ERR_POLICY) { /* so little that no ρ fits: pure mechanisms alone */
        out->zcdp = (struct dp_zcdp){0};
        return OK;
    }
    return status;
}

/* --- rows --- */

enum status member_read(struct ledger *ledger, struct bytes tenant, struct member *out)
{
    int64_t since = 0, base_rho = 0, base_delta = 0, spared_rho = 0, spared_delta = 0, rho = 0, delta = 0, pure = 0;
    *out = (struct member){0};
    enum status status =
        db_row(ledger->db,
               "SELECT since, base_rho, base_delta, spared_rho, spared_delta, rho, delta, pure FROM ledger_member "
               "WHERE tenant = ?",
               "b:iiiiiiii", tenant, &since, &base_rho, &base_delta, &spared_rho, &spared_delta, &rho, &delta, &pure);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    *out = (struct member){.since = (uint64_t)since,
                           .base = {(uint64_t)base_rho, (uint64_t)base_delta},
                           .spared = {(uint64_t)spared_rho, (uint64_t)spared_delta},
                           .locals = {{(uint64_t)rho, (uint64_t)delta}, {(uint64_t)pure}}};
    return OK;
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
                   "INSERT OR IGNORE INTO ledger_member(tenant, since, base_rho, base_delta) VALUES(?, ?, ?, ?)",
                   "biii", tenant, (int64_t)last.number, (int64_t)last.total.rho, (int64_t)last.total.delta);
}

/* --- the chain --- */

#define ANCHOR_COLUMNS                                                                                                 \
    "SELECT number, round, rho, delta, total_rho, total_delta, local_count, local_rho, local_delta, at, head"          \
    " FROM ledger_round "

static enum status anchor_of_row(const struct db_rows *rows, struct ledger_anchor *out)
{
    uint64_t n[10];
    struct bytes head = db_bytes(rows, 10);
    for (int i = 0; i < 10; i++)
        n[i] = (uint64_t)db_integer(rows, i);
    if (head.size != HASH_BYTES)
        return ERR_CORRUPT;
    *out = (struct ledger_anchor){.number = n[0],
                                  .round = n[1] > INT64_MAX ? 0 : n[1],
                                  .charge = {n[2], n[3]},
                                  .total = {n[4], n[5]},
                                  .local_count = n[6],
                                  .locals = {n[7], n[8]},
                                  .at = (int64_t)n[9]};
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

enum status anchor_append(struct ledger *ledger, uint64_t round, struct dp_zcdp charge, int64_t now,
                          const uint8_t *replayed, struct ledger_anchor *out)
{
    struct ledger_anchor last;
    TRY(anchor_read(ledger, &last));
    *out = (struct ledger_anchor){
        .number = last.number + 1, .round = round, .charge = charge, .total = zcdp_add(last.total, charge), .at = now};
    TRY(locals_read(ledger, out));
    TRY(ledger_anchor_head(out, ledger->terms.federation, ledger->terms.unit, last.head, out->head));
    int64_t unique = round ? (int64_t)round : -(int64_t)out->number;
    TRY(db_exec(ledger->db,
                "INSERT INTO ledger_round(number, round, rho, delta, total_rho, total_delta, local_count, local_rho,"
                " local_delta, at, head, replayed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                "iiiiiiiiiibb", (int64_t)out->number, unique, (int64_t)charge.rho, (int64_t)charge.delta,
                (int64_t)out->total.rho, (int64_t)out->total.delta, (int64_t)out->local_count, (int64_t)out->locals.rho,
                (int64_t)out->locals.delta, now, bytes_of(out->head, HASH_BYTES),
                replayed ? bytes_of(replayed, HASH_BYTES) : BYTES_NONE));
    TRY(db_exec(ledger->db, "UPDATE ledger_state SET latest = max(latest, ?)", "i", now));
    return ledger->terms.anchor ? ledger->terms.anchor(ledger->terms.context, out) : OK;
}

/* A row follows on the one before: numbers without a hole, its total, its head. */
static enum status follows(const struct ledger *ledger, const struct ledger_anchor *row,
                           const struct ledger_anchor *before)
{
    uint8_t head[HASH_BYTES];
    struct dp_zcdp total = zcdp_add(before->total, row->charge);
    TRY(ledger_anchor_head(row, ledger->terms.federation, ledger->terms.unit, before->head, head));
    bool holds = row->number == before->number + 1 && row->total.rho == total.rho && row->total.delta == total.delta &&
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
        cap->pure.micro > LEDGER_MOST)
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

static enum status rounds_since(struct ledger *ledger, struct bytes tenant, uint64_t since, int64_t start,
                                struct dp_zcdp *out, uint64_t *count)
{
    int64_t rho = 0, delta = 0, rounds = 0;
    TRY(db_row(ledger->db,
               "SELECT ifnull(sum(rho), 0), ifnull(sum(delta), 0), count(*) FROM ledger_round"
               " WHERE at >= ? AND number > ?"
               " AND number NOT IN (SELECT number FROM ledger_spared WHERE tenant = ?)",
               "iib:iii", start, (int64_t)since, tenant, &rho, &delta, &rounds));
    *out = (struct dp_zcdp){(uint64_t)rho, (uint64_t)delta};
    if (count)
        *count = (uint64_t)rounds;
    return OK;
}

static int64_t span_start(enum ledger_span span, int64_t now)
{
    return span == LEDGER_LIFETIME ? INT64_MIN : period_start(now);
}

static enum status locals_since(struct ledger *ledger, struct bytes tenant, int64_t start, struct ledger_loss *out)
{
    struct db_rows *rows = NULL;
    enum status status =
        db_query(ledger->db, &rows, "SELECT rho, delta, pure FROM ledger_bucket WHERE tenant = ? AND start >= ?", "bi",
                 tenant, start);
    while (status == OK && (status = db_next(rows)) == OK) {
        const struct dp_zcdp loss = {(uint64_t)db_integer(rows, 0), (uint64_t)db_integer(rows, 1)};
        out->zcdp = zcdp_add(out->zcdp, loss);
        out->pure.micro = loss_add(out->pure.micro, (uint64_t)db_integer(rows, 2));
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status ledger_spent(struct ledger *ledger, struct bytes tenant, enum ledger_span span, int64_t now,
                         struct ledger_loss *out)
{
    struct member member;
    struct dp_zcdp rounds;
    *out = (struct ledger_loss){0};
    TRY(member_read(ledger, tenant, &member));
    TRY(rounds_since(ledger, tenant, member.since, span_start(span, now), &rounds, NULL));
    TRY(locals_since(ledger, tenant, span_start(span, now), out));
    out->zcdp = zcdp_add(out->zcdp, rounds);
    if (!zcdp_is_zero(rounds))
        out->pure = LEDGER_NOT_PURE;
    return OK;
}

enum status ledger_spent_rounds(struct ledger *ledger, enum ledger_span span, int64_t now, struct dp_zcdp *out,
                                uint64_t *rounds)
{
    return rounds_since(ledger, BYTES_NONE, 0, span_start(span, now), out, rounds);
}
