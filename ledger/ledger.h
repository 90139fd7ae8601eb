/* The durable privacy budget: a filter over approximate zCDP with a cap for life.
 *
 * Guarantee: for every unit (named when the ledger is opened; adjacency: its contributions replaced by none) the losses
 * of all that was ever charged to it stay within the cap, also when each mechanism and its loss were chosen by what the
 * ones before it released: sums of (ρ, δ) under a fixed cap are a valid filter under full adaptivity (Whitehouse,
 * Ramdas, Rogers, Wu 2023, theorem 1). As long as every mechanism that a unit was charged for has an ε of its own, it
 * may instead go up to a cap on the sum of these (Rogers, Roth, Ullman, Vadhan 2016, basic composition), under the same
 * cap of δ; whoever goes by either is (ε, δ)-private for the cap's ε: docs/decisions/0030.
 *
 * A charge is committed before the call returns OK, and only then may the caller release. One that failed may have been
 * made; none is ever taken back. A round is charged to every member alike, who took part or not: one row a round, not
 * one a member. A member whose own devices' charges leave no room for it is spared, and may then not be read in that
 * round. What devices' own noise costs is a sum a device and period.
 *
 * Every charge of a round chains a head over all of them and hands it to the log (ledger/anchor.h) in its own
 * transaction; ledger_compare tells a ledger that is behind the log or is another one. Then, and while a block stands,
 * rounds are refused. Time never runs backwards. */
#pragma once

#include "crypto/db.h"
#include "ledger/anchor.h"

/* Entries for the migrations of the database that holds the ledger, in this order. */
#define LEDGER_MIGRATION                                                                                               \
    "CREATE TABLE ledger_charge(tenant BLOB NOT NULL, round INTEGER NOT NULL, micro INTEGER NOT NULL"                  \
    " CHECK(micro > 0), at INTEGER NOT NULL, PRIMARY KEY(tenant, round)) WITHOUT ROWID;"                               \
    "CREATE TABLE ledger_state(id INTEGER PRIMARY KEY CHECK(id = 1), account TEXT NOT NULL, latest INTEGER NOT NULL);" \
    "INSERT INTO ledger_state VALUES(1, 'pure-epsilon', 0);"                                                           \
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_charge BEGIN SELECT RAISE(ABORT, 'kept'); END;"           \
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_charge BEGIN SELECT RAISE(ABORT, 'kept'); END;"
/* The account of before, of pure ε, goes over: each ε as min(ε² / 2, ε), rounded up, and as itself. */
#define LEDGER_MIGRATION_FILTER                                                                                        \
    "CREATE TABLE ledger_round(number INTEGER PRIMARY KEY, round INTEGER NOT NULL UNIQUE,"                             \
    " rho INTEGER NOT NULL CHECK(rho >= 0), delta INTEGER NOT NULL CHECK(delta >= 0), epsilon INTEGER NOT NULL,"       \
    " total_rho INTEGER NOT NULL, total_delta INTEGER NOT NULL, total_epsilon INTEGER NOT NULL,"                       \
    " local_count INTEGER NOT NULL, local_rho INTEGER NOT NULL, local_delta INTEGER NOT NULL,"                         \
    " at INTEGER NOT NULL, head BLOB NOT NULL UNIQUE, replayed BLOB NOT NULL);"                                        \
    "CREATE TABLE ledger_member(tenant BLOB PRIMARY KEY, since INTEGER NOT NULL,"                                      \
    " base_rho INTEGER NOT NULL, base_delta INTEGER NOT NULL, base_epsilon INTEGER NOT NULL,"                          \
    " spared_rho INTEGER NOT NULL DEFAULT 0, spared_delta INTEGER NOT NULL DEFAULT 0,"                                 \
    " spared_epsilon INTEGER NOT NULL DEFAULT 0,"                                                                      \
    " rho INTEGER NOT NULL DEFAULT 0, delta INTEGER NOT NULL DEFAULT 0, epsilon INTEGER NOT NULL DEFAULT 0)"           \
    " WITHOUT ROWID;"                                                                                                  \
    "CREATE TABLE ledger_spared(number INTEGER NOT NULL REFERENCES ledger_round(number), tenant BLOB NOT NULL,"        \
    " PRIMARY KEY(tenant, number)) WITHOUT ROWID;"                                                                     \
    "CREATE TABLE ledger_bucket(tenant BLOB NOT NULL, device BLOB NOT NULL, start INTEGER NOT NULL,"                   \
    " rho INTEGER NOT NULL, delta INTEGER NOT NULL, epsilon INTEGER NOT NULL, count INTEGER NOT NULL,"                 \
    " last BLOB NOT NULL, PRIMARY KEY(tenant, device, start)) WITHOUT ROWID;"                                          \
    "CREATE TABLE ledger_block(number INTEGER PRIMARY KEY, reason INTEGER NOT NULL, size INTEGER NOT NULL,"            \
    " charges INTEGER NOT NULL, at INTEGER NOT NULL, ended INTEGER);"                                                  \
    "ALTER TABLE ledger_state ADD COLUMN unit TEXT NOT NULL DEFAULT 'tenant';"                                         \
    "ALTER TABLE ledger_state ADD COLUMN federation BLOB NOT NULL DEFAULT x'';"                                        \
    "ALTER TABLE ledger_state ADD COLUMN local_count INTEGER NOT NULL DEFAULT 0;"                                      \
    "ALTER TABLE ledger_state ADD COLUMN local_rho INTEGER NOT NULL DEFAULT 0;"                                        \
    "ALTER TABLE ledger_state ADD COLUMN local_delta INTEGER NOT NULL DEFAULT 0;"                                      \
    "INSERT INTO ledger_bucket SELECT tenant, x'', at - at % 2592000,"                                                 \
    " sum(CASE WHEN micro < 2000000 THEN (micro * micro + 1999) / 2000 ELSE min(micro, 1000000000000) * 1000 END),"    \
    " 0, sum(micro), count(*), x'' FROM ledger_charge GROUP BY 1, 3;"                                                  \
    "INSERT INTO ledger_member(tenant, since, base_rho, base_delta, base_epsilon, rho, epsilon)"                       \
    " SELECT tenant, 0, 0, 0, 0, sum(rho), sum(epsilon) FROM ledger_bucket GROUP BY tenant;"                           \
    "UPDATE ledger_state SET account = 'zcdp-filter',"                                                                 \
    " local_count = (SELECT ifnull(sum(count), 0) FROM ledger_bucket),"                                                \
    " local_rho = (SELECT ifnull(sum(rho), 0) FROM ledger_bucket);"                                                    \
    "DROP TABLE ledger_charge;"                                                                                        \
    "CREATE TRIGGER ledger_round_stays BEFORE DELETE ON ledger_round BEGIN SELECT RAISE(ABORT, 'kept'); END;"          \
    "CREATE TRIGGER ledger_round_as_is BEFORE UPDATE ON ledger_round BEGIN SELECT RAISE(ABORT, 'kept'); END;"          \
    "CREATE TRIGGER ledger_spared_stays BEFORE DELETE ON ledger_spared BEGIN SELECT RAISE(ABORT, 'kept'); END;"        \
    "CREATE TRIGGER ledger_member_stays BEFORE DELETE ON ledger_member BEGIN SELECT RAISE(ABORT, 'kept'); END;"        \
    "CREATE TRIGGER ledger_member_grows BEFORE UPDATE ON ledger_member WHEN NEW.rho < OLD.rho"                         \
    " OR NEW.delta < OLD.delta OR NEW.epsilon < OLD.epsilon OR NEW.base_rho <> OLD.base_rho"                           \
    " OR NEW.base_delta <> OLD.base_delta OR NEW.base_epsilon <> OLD.base_epsilon BEGIN SELECT RAISE(ABORT, 'kept'); " \
    "END;"                                                                                                             \
    "CREATE TRIGGER ledger_bucket_stays BEFORE DELETE ON ledger_bucket BEGIN SELECT RAISE(ABORT, 'kept'); END;"        \
    "CREATE TRIGGER ledger_bucket_grows BEFORE UPDATE ON ledger_bucket WHEN NEW.rho < OLD.rho"                         \
    " OR NEW.delta < OLD.delta OR NEW.epsilon < OLD.epsilon OR NEW.count < OLD.count"                                  \
    " BEGIN SELECT RAISE(ABORT, 'kept'); END;"

#define LEDGER_TENANT_MAX 64
#define LEDGER_PERIOD_SECONDS (30LL * 86400) /* the buckets' too: never changed */
/* Takes an anchor into the log, in the transaction that is open. */
typedef enum status (*ledger_anchor_to)(void *context, const struct ledger_anchor *anchor);

struct ledger_terms {
    uint8_t federation[LEDGER_FEDERATION_BYTES];
    enum ledger_unit unit;
    struct ledger_loss cap;  /* for life */
    ledger_anchor_to anchor; /* NULL: nowhere */
    void *context;
};

struct ledger;
/* On a database that outlives the ledger; its first opening writes federation and unit into it. ERR_VERSION: an account
 * of another kind; ERR_DENIED: of another federation or unit; ERR_CORRUPT: the chain does not hold; ERR_USAGE. */
MUST_USE enum status ledger_open(struct db *db, const struct ledger_terms *terms, struct ledger **out, struct why *why);
void ledger_close(struct ledger *ledger); /* what is queued is gone */

/* --- members --- */

/* A member from now on: not charged for earlier rounds. Twice is once. One that was never entered counts as there from
 * the beginning. In the caller's transaction, if there is one. tenant: 1 to LEDGER_TENANT_MAX bytes, else ERR_USAGE. */
MUST_USE enum status ledger_enrol(struct ledger *ledger, struct bytes tenant);

/* --- rounds --- */

struct ledger_round {
    uint64_t number; /* of the charge */
    uint64_t spared; /* members that it was not charged to */
};
/* Charge a round (over 0, at most once each) to all members: then its mechanisms, whose losses are together at most
 * `charge` for any one of them, may run once. now: seconds. ERR_POLICY with the reason: the lifetime cap does not allow
 * it, the charge is nothing or too large, the clock is behind the last charge, the ledger is blocked or does not agree
 * with the log; ERR_EXISTS: that round has been charged; ERR_BUG inside a transaction of the caller's; ERR_IO and
 * others of db: it may have been charged, and nothing may be released. */
MUST_USE enum status ledger_charge_round(struct ledger *ledger, uint64_t round, struct ledger_loss charge, int64_t now,
                                         struct ledger_round *out, struct why *why);
/* Whether the charge of that number covers the member, so that its contributions may be read: it was there, and was not
 * spared. */
MUST_USE enum status ledger_covers(struct ledger *ledger, struct bytes tenant, uint64_t number, bool *covers);
/* The greatest round that was charged; 0. A caller's next one is over it. */
MUST_USE enum status ledger_last_round(struct ledger *ledger, uint64_t *round);

/* --- devices' own noise --- */

struct ledger_local {
    struct bytes tenant;
    struct bytes device; /* at most LEDGER_TENANT_MAX bytes: whose last charge is remembered */
    uint8_t key[16];     /* what it is for: the same as the device's last one is charged once */
    struct ledger_loss loss;
};
#define LEDGER_QUEUE 1024 /* devices with something queued */
/* Judge one and hold it; ledger_flush makes all that is held durable in one commit, and only then may they be used.
 * ERR_POLICY with the reason as above, but for blocks; ERR_UNAVAILABLE: flush first. */
MUST_USE enum status ledger_queue(struct ledger *ledger, const struct ledger_local *local, int64_t now,
                                  struct why *why);
/* All or none of them; what failed is forgotten, and may have been charged. */
MUST_USE enum status ledger_flush(struct ledger *ledger);
/* Both, for one. */
MUST_USE enum status ledger_charge(struct ledger *ledger, const struct ledger_local *local, int64_t now,
                                   struct why *why);

/* --- reading --- */

enum ledger_span { LEDGER_PERIOD, LEDGER_LIFETIME };
/* Spent by one member in the period that `now` is in, or ever; nothing queued is in it. */
MUST_USE enum status ledger_spent(struct ledger *ledger, struct bytes tenant, enum ledger_span span, int64_t now,
                                  struct ledger_loss *out);
/* What rounds alone have cost a member who was there for all of them; *rounds (may be NULL): how many. */
MUST_USE enum status ledger_spent_rounds(struct ledger *ledger, enum ledger_span span, int64_t now,
                                         struct ledger_loss *out, uint64_t *rounds);
struct ledger_loss ledger_cap(const struct ledger *ledger);
enum ledger_unit ledger_unit_of(const struct ledger *ledger);

/* --- against rollback --- */

/* The last charge of a round. ERR_NOT_FOUND: none. */
MUST_USE enum status ledger_last_anchor(struct ledger *ledger, struct ledger_anchor *out);
/* Compare with the newest anchor that the log holds (NULL: none). ERR_POLICY with the reason if the ledger is behind it
 * or is another one, remembered until a comparison goes well: rounds are refused meanwhile. */
MUST_USE enum status ledger_compare(struct ledger *ledger, const struct ledger_anchor *newest, struct why *why);

enum ledger_reason {
    LEDGER_RESTORED,     /* from a backup that may be older than the log was */
    LEDGER_CONTRADICTED, /* a member has seen a log that ours is not */
    LEDGER_REASONS
};
/* Charges may be missing that were made while the log grew to `size`: no round until they are replayed. One of that
 * reason that stands and reaches as far is enough. In the caller's transaction, if there is one. */
MUST_USE enum status ledger_block(struct ledger *ledger, enum ledger_reason reason, uint64_t size, int64_t now);
/* ERR_POLICY with the reason while rounds are refused. */
MUST_USE enum status ledger_check(struct ledger *ledger, struct why *why);
/* The number of the charge that this head belongs to. ERR_NOT_FOUND. */
MUST_USE enum status ledger_number_of(struct ledger *ledger, const uint8_t head[static HASH_BYTES], uint64_t *number);
/* Charge to all members, over the cap if need be, what an anchor of this federation's own log holds and the ledger
 * lacks. shared: the last charge that both are proved to have; 0: all of it is charged, so that what was in common
 * counts twice. What devices had been charged and is lost goes along, since whose it was is not known. Ends the blocks
 * up to `size`: that of the log that the anchor is proved to have stood in, if it is one that was lost; 0: none.
 * *added: what was charged; zero: nothing was missing. */
MUST_USE enum status ledger_replay(struct ledger *ledger, const struct ledger_anchor *proved, uint64_t shared,
                                   uint64_t size, int64_t now, struct dp_zcdp *added, struct why *why);
