/* The budget on a database. Hides its two tables, and the order: judge, write, commit, and only then say yes. */
#include "ledger/ledger.h"

static const char account[] = "pure-epsilon";

struct ledger {
    struct db *db;
    struct dp_epsilon cap; /* 0: not set, so nothing is allowed */
    int64_t period;
};

enum status ledger_open(struct db *db, struct ledger **out)
{
    SCOPED_BUF struct buf stored = {0};
    *out = NULL;
    TRY(db_row(db, "SELECT account FROM ledger_state", ":b", &stored));
    if (!bytes_is(buf_bytes(&stored), account))
        return ERR_VERSION;
    struct ledger *ledger = mem_new(1, sizeof *ledger);
    if (!ledger)
        return ERR_MEMORY;
    ledger->db = db;
    ledger->period = LEDGER_PERIOD_SECONDS;
    *out = ledger;
    return OK;
}

void ledger_close(struct ledger *ledger)
{
    mem_free(ledger);
}

enum status ledger_limit(struct ledger *ledger, struct dp_epsilon lifetime_cap, int64_t period_seconds)
{
    if (period_seconds <= 0 || lifetime_cap.micro > INT64_MAX) /* sums of charges fit SQLite's integers */
        return ERR_USAGE;
    ledger->cap = lifetime_cap;
    ledger->period = period_seconds;
    return OK;
}

/* --- charging --- */

static enum status check_time(struct ledger *ledger, int64_t now, struct why *why)
{
    int64_t latest = 0;
    TRY(db_row(ledger->db, "SELECT latest FROM ledger_state", ":i", &latest));
    if (now < latest)
        return why_hint(why, ERR_POLICY, "the clock is behind the last charge", "ledger", "set the clock right");
    return db_exec(ledger->db, "UPDATE ledger_state SET latest = ?", "i", now);
}

static enum status spent_since(struct ledger *ledger, struct bytes tenant, int64_t start, struct dp_epsilon *out)
{
    int64_t micro = 0;
    *out = (struct dp_epsilon){0};
    TRY(db_row(ledger->db, "SELECT ifnull(sum(micro), 0) FROM ledger_charge WHERE tenant = ? AND at >= ?", "bi:i",
               tenant, start, &micro));
    out->micro = (uint64_t)micro;
    return OK;
}

static enum status charge_one(struct ledger *ledger, struct bytes tenant, int64_t round, struct dp_epsilon charge,
                              int64_t now, struct why *why)
{
    struct dp_epsilon spent;
    if (tenant.size == 0 || tenant.size > LEDGER_TENANT_MAX)
        return ERR_USAGE;
    TRY(spent_since(ledger, tenant, INT64_MIN, &spent));
    if (!dp_account_allows(spent, charge, ledger->cap))
        return why_set(why, ERR_POLICY, "the lifetime budget does not allow it", "ledger", 0);
    enum status status = db_exec(ledger->db, "INSERT INTO ledger_charge(tenant, round, micro, at) VALUES(?, ?, ?, ?)",
                                 "biii", tenant, round, (int64_t)charge.micro, now);
    if (status == ERR_EXISTS)
        return why_set(why, status, "this round has been charged already", "ledger", 0);
    return status;
}

enum status ledger_charge_all(struct ledger *ledger, const struct bytes *tenants, size_t count, int64_t round,
                              struct dp_epsilon charge, int64_t now, struct why *why)
{
    TRY(db_begin(ledger->db));
    enum status status = check_time(ledger, now, why);
    for (size_t i = 0; status == OK && i < count; i++)
        status = charge_one(ledger, tenants[i], round, charge, now, why);
    if (status == OK)
        status = db_commit(ledger->db);
    if (status != OK)
        db_rollback(ledger->db);
    return status;
}

enum status ledger_charge(struct ledger *ledger, struct bytes tenant, int64_t round, struct dp_epsilon charge,
                          int64_t now, struct why *why)
{
    return ledger_charge_all(ledger, &tenant, 1, round, charge, now, why);
}

/* --- reading --- */

/* The start of the period that `now` is in, also for times before 1970. */
static int64_t period_start(int64_t now, int64_t period)
{
    int64_t into = now % period;
    return now - (into < 0 ? into + period : into);
}

enum status ledger_spent(struct ledger *ledger, struct bytes tenant, enum ledger_span span, int64_t now,
                         struct dp_epsilon *out)
{
    return spent_since(ledger, tenant, span == LEDGER_LIFETIME ? INT64_MIN : period_start(now, ledger->period), out);
}
