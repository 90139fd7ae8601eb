/* Statements: preparing and keeping them, binding by a format, stepping, reading columns. Hides sqlite3_stmt. */
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>

#include "crypto/db_internal.h"

/* --- the cache --- */

static void finish(struct db_rows *rows)
{
    rows->busy = false;
    if (rows->cached) {
        sqlite3_reset(rows->statement);
        sqlite3_clear_bindings(rows->statement);
        return;
    }
    sqlite3_finalize(rows->statement);
    mem_free(rows);
}

void db_cache_clear(struct db *db)
{
    for (size_t i = 0; i < DB_CACHE_SLOTS; i++) {
        INVARIANT(!db->cache[i].rows.busy); /* db_done was forgotten */
        sqlite3_finalize(db->cache[i].rows.statement);
        db->cache[i].rows.statement = NULL;
        db->cache[i].sql = NULL;
    }
}

static enum status compile(struct db *db, const char *sql, unsigned flags, sqlite3_stmt **out)
{
    const char *rest = "";
    int code = sqlite3_prepare_v3(db->handle, sql, -1, flags, out, &rest);
    if (code != SQLITE_OK)
        return db_status(code);
    if (*out && *rest == 0)
        return OK;
    sqlite3_finalize(*out); /* none, or more than one statement */
    *out = NULL;
    return ERR_BUG;
}

static enum status uncached(struct db *db, const char *sql, struct db_rows **out)
{
    struct db_rows *rows = mem_new(1, sizeof *rows);
    if (!rows)
        return ERR_MEMORY;
    enum status status = compile(db, sql, 0, &rows->statement);
    if (status != OK) {
        mem_free(rows);
        return status;
    }
    rows->db = db;
    *out = rows;
    return OK;
}

static enum status prepare(struct db *db, const char *sql, struct db_rows **out)
{
    size_t slot = (size_t)(((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % DB_CACHE_SLOTS;
    struct db_rows *kept = &db->cache[slot].rows;
    if (kept->busy) /* a query inside its own query */
        return uncached(db, sql, out);
    bool same = db->cache[slot].sql == sql && strcmp(sqlite3_sql(kept->statement), sql) == 0;
    if (!same) {
        sqlite3_finalize(kept->statement);
        *kept = (struct db_rows){.db = db, .cached = true};
        db->cache[slot].sql = NULL;
        TRY(compile(db, sql, SQLITE_PREPARE_PERSISTENT, &kept->statement));
        db->cache[slot].sql = sql;
    }
    *out = kept;
    return OK;
}

/* --- binding --- */

static int bind_one(sqlite3_stmt *statement, int at, char type, va_list *values)
{
    if (type == 'i')
        return sqlite3_bind_int64(statement, at, va_arg(*values, int64_t));
    if (type == 'd')
        return sqlite3_bind_double(statement, at, va_arg(*values, double));
    if (type == 't')
        return sqlite3_bind_text(statement, at, va_arg(*values, const char *), -1, SQLITE_TRANSIENT);
    if (type != 'b')
        return SQLITE_MISUSE;
    struct bytes blob = va_arg(*values, struct bytes);
    return sqlite3_bind_blob64(statement, at, blob.data ? (const void *)blob.data : "", blob.size, SQLITE_TRANSIENT);
}

static enum status bind_all(sqlite3_stmt *statement, const char *types, size_t count, va_list *values)
{
    if ((size_t)sqlite3_bind_parameter_count(statement) != count)
        return ERR_BUG;
    for (size_t i = 0; i < count; i++) {
        int code = bind_one(statement, (int)i + 1, types[i], values);
        if (code != SQLITE_OK)
            return db_status(code);
    }
    return OK;
}

static enum status start(struct db *db, struct db_rows **rows, const char *sql, const char *types, size_t count,
                         va_list *values)
{
    *rows = NULL;
    TRY(prepare(db, sql, rows));
    (*rows)->busy = true;
    enum status status = bind_all((*rows)->statement, types, count, values);
    if (status == OK && !sqlite3_stmt_readonly((*rows)->statement))
        status = db_count_write(db);
    if (status != OK) {
        finish(*rows);
        *rows = NULL;
    }
    return status;
}

/* --- running --- */

enum status db_next(struct db_rows *rows)
{
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW)
        return OK;
    return code == SQLITE_DONE ? ERR_NOT_FOUND : db_status(code);
}

enum status db_exec(struct db *db, const char *sql, const char *args, ...)
{
    struct db_rows *rows;
    va_list values;
    va_start(values, args);
    enum status status = start(db, &rows, sql, args, strlen(args), &values);
    va_end(values);
    TRY(status);
    do
        status = db_next(rows);
    while (status == OK); /* a pragma may answer with rows */
    finish(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status db_query(struct db *db, struct db_rows **rows, const char *sql, const char *args, ...)
{
    va_list values;
    va_start(values, args);
    enum status status = start(db, rows, sql, args, strlen(args), &values);
    va_end(values);
    return status;
}

void db_done(struct db_rows *rows)
{
    if (rows)
        finish(rows);
}

/* --- columns --- */

int64_t db_integer(const struct db_rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

double db_real(const struct db_rows *rows, int column)
{
    return sqlite3_column_double(rows->statement, column);
}

struct bytes db_bytes(const struct db_rows *rows, int column)
{
    const void *data = sqlite3_column_blob(rows->statement, column);
    return bytes_of(data, data ? (size_t)sqlite3_column_bytes(rows->statement, column) : 0);
}

static enum status read_one(const struct db_rows *rows, int column, char type, va_list *places)
{
    if (type == 'i') {
        *va_arg(*places, int64_t *) = db_integer(rows, column);
        return OK;
    }
    if (type == 'd') {
        *va_arg(*places, double *) = db_real(rows, column);
        return OK;
    }
    if (type != 'b')
        return ERR_BUG;
    struct buf *out = va_arg(*places, struct buf *);
    buf_clear(out);
    buf_add(out, db_bytes(rows, column));
    return buf_status(out);
}

static enum status read_all(const struct db_rows *rows, const char *types, va_list *places)
{
    if ((size_t)sqlite3_column_count(rows->statement) != strlen(types))
        return ERR_BUG;
    for (int i = 0; types[i]; i++)
        TRY(read_one(rows, i, types[i], places));
    return OK;
}

enum status db_row(struct db *db, const char *sql, const char *shape, ...)
{
    struct db_rows *rows;
    const char *columns = strchr(shape, ':');
    if (!columns)
        return ERR_BUG;
    va_list values;
    va_start(values, shape);
    enum status status = start(db, &rows, sql, shape, (size_t)(columns - shape), &values);
    if (status == OK) {
        status = db_next(rows);
        if (status == OK)
            status = read_all(rows, columns + 1, &values);
        finish(rows);
    }
    va_end(values);
    return status;
}
