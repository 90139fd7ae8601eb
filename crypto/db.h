/* The encrypted database: SQLCipher 4 with a raw key of 32 bytes, and the only user of sqlite3.h.
 *
 * 4 KiB pages, HMAC-SHA512, WAL, synchronous FULL, secure_delete, foreign keys. A handle belongs to one thread at a
 * time. path NULL opens an in-memory database with the same schema and SQL (replays, tests): key may then be NULL.
 * Migrations are a table of SQL texts: entry i brings user_version from i to i+1, each in its own transaction.
 *
 * Statements are one-shot and typed by a format: in `args`, i int64_t, d double, t const char * (NULL → NULL), b struct
 * bytes; in `columns`, i int64_t *, d double *, b struct buf * (cleared, then filled). */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

struct db;
struct db_schema {
    const char *name;              /* for errors: "tenant store" */
    const char *const *migrations; /* SQL texts, NULL-terminated */
};

/* ERR_DENIED wrong key or not a database of ours (alike), ERR_VERSION newer schema, ERR_IO, ERR_CORRUPT. */
MUST_USE enum status db_open(const char *path, const struct secret *key, const struct db_schema *schema,
                             struct db **out, struct why *why);
void db_close(struct db *db); /* checkpoints the WAL */
/* The SQLCipher in use is version 4 or later: ERR_VERSION otherwise. */
MUST_USE enum status db_version_check(struct why *why);

/* The page cache, 256 KiB unless told: large read-mostly databases (a library's index) want more. */
MUST_USE enum status db_page_cache(struct db *db, uint32_t kib);

/* One statement without rows. ERR_EXISTS for a violated uniqueness constraint, ERR_IO, ERR_CORRUPT, ERR_BUG (bad SQL).
 */
MUST_USE enum status db_exec(struct db *db, const char *sql, const char *args, ...);
/* First row's columns. ERR_NOT_FOUND if there is no row. `shape` is "args:columns", e.g. "ib:ib". */
MUST_USE enum status db_row(struct db *db, const char *sql, const char *shape, ...);
/* Rows one by one: db_query; while db_next == OK, read columns; db_done always (also after a failure; takes NULL). */
struct db_rows;
MUST_USE enum status db_query(struct db *db, struct db_rows **rows, const char *sql, const char *args, ...);
MUST_USE enum status db_next(struct db_rows *rows); /* OK, ERR_NOT_FOUND at the end, ERR_IO, ERR_CORRUPT */
int64_t db_integer(const struct db_rows *rows, int column);
double db_real(const struct db_rows *rows, int column);
struct bytes db_bytes(const struct db_rows *rows, int column); /* text or blob; valid until db_next */
void db_done(struct db_rows *rows);
int64_t db_last_id(const struct db *db);
int64_t db_changes(const struct db *db);

MUST_USE enum status db_begin(struct db *db); /* BEGIN IMMEDIATE */
MUST_USE enum status db_commit(struct db *db);
void db_rollback(struct db *db); /* a no-op when no transaction is open */
/* Moves everything in the write-ahead log into the file and empties it: what a transaction has overwritten is then in
 * neither. ERR_UNAVAILABLE while a query is open. */
MUST_USE enum status db_settle(struct db *db);
/* A compact copy in a new file at path under another key, or the same: durable when it returns, but for the folder's
 * entry. Outside of a transaction. ERR_EXISTS if there is a file; nothing is left there after a failure. */
MUST_USE enum status db_export(struct db *db, const char *path, const struct secret *key, struct why *why);
/* Tests: the n-th write-class statement from now fails with ERR_IO (0: never). */
void db_fail_after(struct db *db, size_t n);
