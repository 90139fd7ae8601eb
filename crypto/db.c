/* The encrypted database: opening, keying, migrating, transactions. Hides SQLCipher, and that a wrong key, a foreign
 * file and a file that isn't a database look alike from outside. */
#include "crypto/db_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "crypto/scoped.h"

#define BUSY_MS 5000

/* Before the key is set: SQLCipher would write its own lines to stderr when a key doesn't fit. */
static const char quiet[] = "PRAGMA cipher_log_level = NONE";
/* In this order; the first ones before the first page is read. */
static const char *const file_pragmas[] = {
    "PRAGMA cipher_page_size = 4096",
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA512",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
};
static const char *const all_pragmas[] = {
    "PRAGMA secure_delete = ON",   "PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF", "PRAGMA cache_size = -256", "PRAGMA cell_size_check = ON",
};

enum status db_status(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OK;
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
            return ERR_EXISTS;
        return ERR_BUG;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_UNAVAILABLE;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    case SQLITE_TOOBIG:
        return ERR_TOO_LARGE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_CORRUPT;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ERR_IO;
    default:
        return ERR_BUG;
    }
}

enum status db_run(struct db *db, const char *sql)
{
    return db_status(sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

static enum status run_all(struct db *db, const char *const *sql, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(db_run(db, sql[i]));
    return OK;
}

/* --- version --- */

/* "4.6.1 community" → 4; 0 when this SQLite has no cipher. */
static int cipher_major(sqlite3 *handle)
{
    sqlite3_stmt *statement = NULL;
    int major = 0;
    if (sqlite3_prepare_v2(handle, "PRAGMA cipher_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        major = text ? atoi(text) : 0;
    }
    sqlite3_finalize(statement);
    return major;
}

static enum status check_cipher(sqlite3 *handle, struct why *why)
{
    if (cipher_major(handle) >= 4)
        return OK;
    return why_hint(why, ERR_VERSION, "SQLCipher is older than version 4", NULL, "run ./dev setup and build again");
}

enum status db_version_check(struct why *why)
{
    sqlite3 *handle = NULL;
    enum status status = ERR_MEMORY;
    if (sqlite3_open(":memory:", &handle) == SQLITE_OK)
        status = check_cipher(handle, why);
    sqlite3_close(handle);
    return status;
}

/* --- opening --- */

/* SQLite would create it readable by others. An existing file is not touched: closing a second descriptor of it would
 * drop the locks that another handle of this process holds. */
enum status db_create_private(const char *path, const char *name, struct why *why)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? OK : why_set(why, ERR_IO, "cannot be created", name, 0);
    close(fd);
    return OK;
}

/* Locks and wipes all of SQLite's memory, for the whole process, where the limit on locked memory leaves room for it:
 * up to 64 databases with their page caches. Key material is locked and wiped anyway. */
#define LOCKED_LEAST ((rlim_t)64 << 20)

static enum status secure_memory(struct db *db)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur < LOCKED_LEAST)
        return OK;
    return db_run(db, "PRAGMA cipher_memory_security = ON");
}

enum status db_key_text(const struct secret *key, uint8_t text[static 128])
{
    if (!key || key->size != 32)
        return ERR_USAGE;
    text[0] = 'x';
    text[1] = '\'';
    encode_hex_text(key->data, key->size, (char *)text + 2);
    text[DB_KEY_TEXT_BYTES - 1] = '\'';
    return OK;
}

static enum status set_key(struct db *db, const struct secret *key)
{
    uint8_t text[128] WIPED_128 = {0};
    TRY(db_key_text(key, text));
    return db_status(sqlite3_key(db->handle, text, DB_KEY_TEXT_BYTES));
}

static enum status unlock(struct db *db, const struct secret *key, const char *name, struct why *why)
{
    TRY(secure_memory(db));
    if (set_key(db, key) != OK)
        return why_set(why, ERR_USAGE, "a database key is 32 bytes", name, 0);
    TRY(db_run(db, quiet)); /* a process's first key sets the level back */
    TRY(check_cipher(db->handle, why));
    TRY(run_all(db, file_pragmas, 2));
    enum status status = db_run(db, "SELECT count(*) FROM sqlite_master");
    if (status == ERR_CORRUPT || status == ERR_BUG)
        return why_set(why, ERR_DENIED, "the key does not fit, or it is not a database of ours", name, 0);
    if (status != OK)
        return why_set(why, status, "cannot be read", name, 0);
    return run_all(db, file_pragmas + 2, sizeof file_pragmas / sizeof *file_pragmas - 2);
}

static enum status configure(struct db *db)
{
    int on;
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    if (sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, &on) != SQLITE_OK)
        return ERR_BUG;
    return OK;
}

static enum status open_handle(struct db *db, const char *path, const char *name, struct why *why)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (path)
        TRY(db_create_private(path, name, why));
    int code = sqlite3_open_v2(path ? path : ":memory:", &db->handle, flags, NULL);
    if (code != SQLITE_OK)
        return why_set(why, db_status(code), "cannot be opened", name, 0);
    return configure(db);
}

/* --- migrations --- */

static enum status migrate_one(struct db *db, int64_t version, const char *sql)
{
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %lld", (long long)version);
    TRY(db_run(db, sql));
    return db_run(db, set_version);
}

/* One step up, if there is one; the version is read inside the transaction, because another process may have been
 * quicker. */
static enum status migrate_step(struct db *db, const struct db_schema *schema, int64_t known, bool *done,
                                struct why *why)
{
    int64_t version = 0;
    TRY(db_begin(db));
    enum status status = db_row(db, "PRAGMA user_version", ":i", &version);
    *done = version >= known;
    if (status == OK && (version > known || version < 0))
        status = why_hint(why, ERR_VERSION, "made by a newer version", schema->name, "update this program");
    if (status == OK && !*done)
        status = migrate_one(db, version + 1, schema->migrations[version]);
    if (status == OK)
        status = db_commit(db);
    if (status != OK)
        db_rollback(db);
    return status == OK ? OK : why_set(why, status, "cannot be brought to this version", schema->name, 0);
}

static enum status migrate(struct db *db, const struct db_schema *schema, struct why *why)
{
    int64_t known = 0;
    while (schema->migrations[known])
        known++;
    for (bool done = false; !done;)
        TRY(migrate_step(db, schema, known, &done, why));
    return OK;
}

enum status db_open(const char *path, const struct secret *key, const struct db_schema *schema, struct db **out,
                    struct why *why)
{
    *out = NULL;
    struct db *db = mem_new(1, sizeof *db);
    if (!db)
        return ERR_MEMORY;
    enum status status = open_handle(db, path, schema->name, why);
    if (status == OK && path)
        status = unlock(db, key, schema->name, why);
    if (status == OK)
        status = run_all(db, all_pragmas, sizeof all_pragmas / sizeof *all_pragmas);
    if (status == OK)
        status = migrate(db, schema, why);
    if (status == OK && path) /* SQLite syncs the folder for a new WAL too, but passes over it when that fails */
        status = folder_sync_of(path);
    if (status != OK) {
        db_close(db);
        /* SQLCipher computes with OpenSSL too: what it left in the error queue must not look like a TLS failure. */
        return openssl_failed(why_set(why, status, "cannot be opened", schema->name, 0));
    }
    *out = db;
    return OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db_cache_clear(db);
    /* Best effort: what the WAL holds is durable already and is read back at the next opening. */
    if (db->handle)
        sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    INVARIANT(sqlite3_close(db->handle) == SQLITE_OK);
    mem_free(db);
}

enum status db_page_cache(struct db *db, uint32_t kib)
{
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA cache_size = -%u", kib);
    return db_run(db, sql);
}

/* --- transactions --- */

enum status db_begin(struct db *db)
{
    return db_exec(db, "BEGIN IMMEDIATE", "");
}

enum status db_commit(struct db *db)
{
    TRY(db_count_write(db));
    return db_exec(db, "COMMIT", "");
}

void db_rollback(struct db *db)
{
    /* Fails only where SQLite has rolled back by itself already. */
    if (!sqlite3_get_autocommit(db->handle))
        (void)db_run(db, "ROLLBACK");
}

int64_t db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

void db_fail_after(struct db *db, size_t n)
{
    db->writes_until_failure = n;
}

enum status db_count_write(struct db *db)
{
    if (db->writes_until_failure == 0 || --db->writes_until_failure > 0)
        return OK;
    return ERR_IO;
}
