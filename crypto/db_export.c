/* A copy of a database under another key. Hides that SQLCipher copies through an attached database, and how its key
 * gets there: bound to the statement from memory of ours that is wiped, never as part of the SQL text. */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/db_internal.h"
#include "crypto/scoped.h"

enum status db_settle(struct db *db)
{
    int left = 0, moved = 0;
    TRY(db_count_write(db));
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &left, &moved);
    return db_status(code);
}

/* SQLITE_STATIC: SQLite reads the key's text where it lies and keeps no copy but SQLCipher's own, which is locked. */
static enum status attach(struct db *db, const char *path, const struct secret *key)
{
    uint8_t text[128] WIPED_128 = {0};
    sqlite3_stmt *statement = NULL;
    TRY(db_key_text(key, text));
    int code = sqlite3_prepare_v2(db->handle, "ATTACH ? AS exported KEY ?", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_blob(statement, 2, text, DB_KEY_TEXT_BYTES, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return db_status(code);
}

static enum status copy_rows(struct db *db)
{
    char set_version[64];
    int64_t version = 0;
    TRY(db_row(db, "PRAGMA main.user_version", ":i", &version));
    snprintf(set_version, sizeof set_version, "PRAGMA exported.user_version = %lld", (long long)version);
    TRY(db_run(db, "PRAGMA exported.synchronous = FULL"));
    TRY(db_count_write(db));
    TRY(db_begin(db));
    enum status status = db_run(db, "SELECT sqlcipher_export('exported')");
    if (status == OK)
        status = db_run(db, set_version);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status export_to(struct db *db, const char *path, const struct secret *key)
{
    TRY(attach(db, path, key));
    enum status status = copy_rows(db);
    enum status detached = db_run(db, "DETACH exported");
    return status == OK ? detached : status;
}

enum status db_export(struct db *db, const char *path, const struct secret *key, struct why *why)
{
    if (file_exists(path))
        return why_set(why, ERR_EXISTS, "is there already", "copy of a store", 0);
    TRY(db_create_private(path, "copy of a store", why));
    enum status status = export_to(db, path, key);
    if (status == OK)
        return OK;
    unlink(path);
    return openssl_failed(why_set(why, status, "cannot be written", "copy of a store", 0));
}
