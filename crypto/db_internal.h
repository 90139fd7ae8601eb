/* Room-internal: the database handle and its cache of prepared statements, shared by db.c and db_statement.c. */
#pragma once

#include "crypto/db.h"

struct sqlite3;
struct sqlite3_stmt;

#define DB_CACHE_SLOTS 128

struct db_rows {
    struct db *db;
    struct sqlite3_stmt *statement;
    bool cached; /* lives in the cache: reset it, don't finalise it */
    bool busy;
};

struct db {
    struct sqlite3 *handle;
    /* Statements by the address of their SQL, which is nearly always a literal; the text is compared too. */
    struct {
        const char *sql;
        struct db_rows rows;
    } cache[DB_CACHE_SLOTS];
    size_t writes_until_failure; /* 0: never */
};

enum status db_status(int code);                    /* SQLite's extended result code as ours */
enum status db_run(struct db *db, const char *sql); /* statements without rows, not kept */
/* An empty file that nobody else can read; OK if there is one. */
MUST_USE enum status db_create_private(const char *path, const char *name, struct why *why);
/* SQLCipher takes a raw key as the text x'<hex>'; ERR_USAGE if it hasn't 32 bytes. The caller wipes it. */
#define DB_KEY_TEXT_BYTES 67
MUST_USE enum status db_key_text(const struct secret *key, uint8_t text[static 128]);
enum status db_count_write(struct db *db); /* ERR_IO when db_fail_after says so */
void db_cache_clear(struct db *db);
