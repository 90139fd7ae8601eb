/* The durable privacy budget: what has been charged to whom, before anything was released.
 *
 * A charge is its own committed transaction: when ledger_charge returns OK the charge survives a crash, and only then
 * may the caller release. A round that failed after its charge stays charged; it is done again under a new number. All
 * members are charged, whether they took part or not. Charges are never changed or deleted, by triggers too. The
 * account is pure ε with basic composition (dp/account.h); its name is stored, so that another kind of account will not
 * misread it. */
#pragma once

#include "crypto/db.h"
#include "dp/account.h"

/* One entry for the migrations of the database that holds the ledger. */
#define LEDGER_MIGRATION                                                                                               \
    "CREATE TABLE ledger_charge(tenant BLOB NOT NULL, round INTEGER NOT NULL, micro INTEGER NOT NULL"                  \
    " CHECK(micro > 0), at INTEGER NOT NULL, PRIMARY KEY(tenant, round)) WITHOUT ROWID;"                               \
    "CREATE TABLE ledger_state(id INTEGER PRIMARY KEY CHECK(id = 1), account TEXT NOT NULL, latest INTEGER NOT NULL);" \
    "INSERT INTO ledger_state VALUES(1, 'pure-epsilon', 0);"                                                           \
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_charge BEGIN SELECT RAISE(ABORT, 'kept'); END;"           \
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_charge BEGIN SELECT RAISE(ABORT, 'kept'); END;"

#define LEDGER_TENANT_MAX 64
#define LEDGER_PERIOD_SECONDS (30LL * 86400)

struct ledger;

/* On a database that outlives the ledger. ERR_VERSION if it holds an account of another kind. Until ledger_limit is
 * called every charge is refused. */
MUST_USE enum status ledger_open(struct db *db, struct ledger **out);
void ledger_close(struct ledger *ledger);
/* The lifetime cap of every member; period_seconds, over 0, only says what LEDGER_PERIOD means. ERR_USAGE. */
MUST_USE enum status ledger_limit(struct ledger *ledger, struct dp_epsilon lifetime_cap, int64_t period_seconds);

/* Charge one member, or all members alike: all of them or none. tenant: 1 to LEDGER_TENANT_MAX bytes; now: seconds.
 * ERR_POLICY over the cap, for a charge of 0, or when now is before an earlier charge; ERR_EXISTS if the member has
 * been charged for this round; ERR_BUG inside a transaction of the caller's; ERR_IO and others of db. Nothing is
 * charged then. */
MUST_USE enum status ledger_charge(struct ledger *ledger, struct bytes tenant, int64_t round, struct dp_epsilon charge,
                                   int64_t now, struct why *why);
MUST_USE enum status ledger_charge_all(struct ledger *ledger, const struct bytes *tenants, size_t count, int64_t round,
                                       struct dp_epsilon charge, int64_t now, struct why *why);

enum ledger_span { LEDGER_PERIOD, LEDGER_LIFETIME };
/* Spent by one member in the period that `now` is in, or ever; 0 for one that was never charged. */
MUST_USE enum status ledger_spent(struct ledger *ledger, struct bytes tenant, enum ledger_span span, int64_t now,
                                  struct dp_epsilon *out);
