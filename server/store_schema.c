/* The two schemas, each a table of migrations: entry i brings a database from version i to i + 1. Entries are never
 * edited once released; a change is a new entry. */
#include "ledger/ledger.h"
#include "server/store.h"

static const char *const federation_migrations[] = {
    /* Who we are. server_key.sealed is a box under the intermediate key, bound to purpose and version. */
    "CREATE TABLE federation ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  document BLOB NOT NULL, certificate BLOB NOT NULL, founded INTEGER NOT NULL);"
    "CREATE TABLE server_key ("
    "  purpose TEXT NOT NULL, version INTEGER NOT NULL, sealed BLOB NOT NULL, created INTEGER NOT NULL,"
    "  PRIMARY KEY (purpose, version)) WITHOUT ROWID;"
    /* Who is a member. */
    "CREATE TABLE tenant ("
    "  number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, state INTEGER NOT NULL,"
    "  key_version INTEGER NOT NULL, wrapped BLOB NOT NULL, created INTEGER NOT NULL);"
    "CREATE TABLE token ("
    "  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenant (id), hash BLOB NOT NULL,"
    "  expires INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE device ("
    "  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenant (id), sign_key BLOB NOT NULL,"
    "  serial BLOB NOT NULL UNIQUE, state INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;"
    /* The Merkle log: entries with their leaf hashes (level 0), complete subtrees above them, and what opens the
     * commitments of entries that no receipt or release opens. */
    "CREATE TABLE log (leaf INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, entry BLOB NOT NULL);"
    "CREATE TABLE node ("
    "  level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL,"
    "  PRIMARY KEY (level, place)) WITHOUT ROWID;"
    "CREATE TABLE opening ("
    "  leaf INTEGER PRIMARY KEY REFERENCES log (leaf), kind TEXT NOT NULL, salt BLOB NOT NULL,"
    "  content BLOB NOT NULL, at INTEGER NOT NULL);"
    /* What we answered, and what we published. */
    "CREATE TABLE receipt ("
    "  leaf INTEGER PRIMARY KEY REFERENCES log (leaf), tenant BLOB NOT NULL, kind INTEGER NOT NULL,"
    "  epoch TEXT NOT NULL, body BLOB NOT NULL);"
    "CREATE TABLE release ("
    "  version INTEGER PRIMARY KEY, round INTEGER NOT NULL, document BLOB NOT NULL, signature BLOB NOT NULL,"
    "  leaf INTEGER NOT NULL REFERENCES log (leaf), salt BLOB NOT NULL, published INTEGER NOT NULL);"
    "CREATE TABLE round ("
    "  number INTEGER PRIMARY KEY, started INTEGER NOT NULL, finished INTEGER NOT NULL, tree INTEGER NOT NULL,"
    "  version INTEGER NOT NULL, report BLOB NOT NULL);",
    LEDGER_MIGRATION,
    /* The audit trail (server/trail.h); ids that say nothing are empty. */
    "CREATE TABLE trail ("
    "  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,"
    "  device BLOB NOT NULL, tenant BLOB NOT NULL,"
    "  act TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL, hash BLOB NOT NULL);",
    /* What froze releases, and what the operator said when letting them go on. */
    "CREATE TABLE freeze ("
    "  number INTEGER PRIMARY KEY, reason INTEGER NOT NULL, size INTEGER NOT NULL, evidence BLOB NOT NULL,"
    "  at INTEGER NOT NULL, thawed INTEGER, said TEXT);",
    /* What the intermediate key wraps, under the next one (server/store_keys.h). Erasures, the unfinished ones too. */
    "CREATE TABLE rewrap ("
    "  what TEXT NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, under BLOB NOT NULL, sealed BLOB NOT NULL,"
    "  PRIMARY KEY (what, id, version)) WITHOUT ROWID;"
    "CREATE TABLE erasure ("
    "  tenant BLOB PRIMARY KEY REFERENCES tenant (id), leaf INTEGER NOT NULL REFERENCES log (leaf),"
    "  epoch TEXT NOT NULL, salt BLOB NOT NULL, under BLOB NOT NULL, finished INTEGER NOT NULL) WITHOUT ROWID;",
    /* Roles, and every certificate that was issued: a revocation lists them all. device.serial is a device's first. */
    "ALTER TABLE device ADD COLUMN role INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE token ADD COLUMN role INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE certificate ("
    "  serial BLOB PRIMARY KEY, device BLOB NOT NULL, issued INTEGER NOT NULL, expires INTEGER NOT NULL)"
    "  WITHOUT ROWID;"
    "CREATE INDEX certificate_device ON certificate (device);"
    "CREATE INDEX certificate_expires ON certificate (expires);"
    "INSERT INTO certificate SELECT serial, id, created, created + 31536000 FROM device;",
    /* The log after the last rounds, offered to be cosigned, and what devices cosigned, each as the line of its note.
     */
    "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE cosignature ("
    "  size INTEGER NOT NULL, device BLOB NOT NULL, time INTEGER NOT NULL, line BLOB NOT NULL,"
    "  PRIMARY KEY (size, device)) WITHOUT ROWID;",
    /* The latest time that the vault went by (server/vault_time.h). */
    "CREATE TABLE clock_mark (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);",
    /* The intake (server/intake.h): the last batch of its journal that is in the databases, and what was received.
     * Table receipt keeps the receipts of before there were batches; now they lie with what they are for. */
    "CREATE TABLE intake (one INTEGER PRIMARY KEY CHECK (one = 1), batch INTEGER NOT NULL);"
    "CREATE TABLE intake_count ("
    "  tenant BLOB NOT NULL, kind INTEGER NOT NULL, epoch TEXT NOT NULL, count INTEGER NOT NULL,"
    "  PRIMARY KEY (tenant, kind, epoch)) WITHOUT ROWID;"
    "INSERT INTO intake_count SELECT tenant, kind, epoch, count(*) FROM receipt GROUP BY tenant, kind, epoch;",
    /* Withdrawals that had been received when the round began. */
    "ALTER TABLE round ADD COLUMN withdrawals INTEGER NOT NULL DEFAULT 0;"
    "UPDATE round SET withdrawals = (SELECT coalesce(sum(count), 0) FROM intake_count WHERE kind = 2);",
    /* How far backups reach, and from which size of the log on contributions were lost in a restore. In a tail alone:
     * what members took back: withdrawals, and the tombstones of what they were for. */
    "CREATE TABLE backup (number INTEGER PRIMARY KEY, log INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE restore (number INTEGER PRIMARY KEY, log INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE withdrawn ("
    "  tenant BLOB NOT NULL, device BLOB NOT NULL, id BLOB NOT NULL, kind INTEGER NOT NULL, class INTEGER NOT NULL,"
    "  digest BLOB NOT NULL, epoch TEXT NOT NULL, salt BLOB NOT NULL, receipt BLOB,"
    "  PRIMARY KEY (tenant, device, id)) WITHOUT ROWID;",
    /* Devices' requests that changed something, with their sealed answers (server/request.h). */
    "CREATE TABLE request ("
    "  device BLOB NOT NULL, id BLOB NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL, reply BLOB NOT NULL,"
    "  PRIMARY KEY (device, id)) WITHOUT ROWID;",
    "ALTER TABLE restore ADD COLUMN id BLOB NOT NULL DEFAULT x'';", /* random: tells one from another */
    /* Public halves of keys that were rotated, and the log's size then. */
    "CREATE TABLE server_public ("
    "  purpose TEXT NOT NULL, version INTEGER NOT NULL, public BLOB NOT NULL, created INTEGER NOT NULL,"
    "  retired INTEGER NOT NULL, tree INTEGER NOT NULL, PRIMARY KEY (purpose, version)) WITHOUT ROWID;",
    LEDGER_MIGRATION_FILTER,
    NULL,
};

static const char *const tenant_migrations[] = {
    /* record is NULL for withdrawals and for what was withdrawn: the row is then a tombstone. */
    "CREATE TABLE admission ("
    "  number INTEGER PRIMARY KEY, device BLOB NOT NULL, id BLOB NOT NULL, kind INTEGER NOT NULL,"
    "  class INTEGER NOT NULL, digest BLOB NOT NULL, epoch TEXT NOT NULL, salt BLOB NOT NULL, record BLOB,"
    "  UNIQUE (device, id));"
    "CREATE TABLE quota (epoch TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID;",
    /* NULL: the row is older than receipts in rows. */
    "ALTER TABLE admission ADD COLUMN receipt BLOB;",
    NULL,
};

const struct db_schema store_federation_schema = {"federation store", federation_migrations};
const struct db_schema store_tenant_schema = {"tenant store", tenant_migrations};
