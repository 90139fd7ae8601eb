/* Hides how each store is copied: the federation's by an export, since it stays open; a tenant's as its file, once its
 * handle is closed. */
#include "server/backup.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/file.h"
#include "server/store_keys.h"

#define BACKUP_FOLDER "backup"

static enum status backup_path(const struct vault *vault, const char *name, char out[static PATH_MAX])
{
    char folder[PATH_MAX];
    TRY(path_join(folder, sizeof folder, store_folder(vault->store), BACKUP_FOLDER));
    return path_join(out, PATH_MAX, folder, name);
}

static enum status state_path(const struct vault *vault, const char *name, char out[static PATH_MAX])
{
    return path_join(out, PATH_MAX, store_folder(vault->store), name);
}

static enum status remove_visited(void *context, const char *path)
{
    (void)context;
    return file_remove(path);
}

/* The folders stay, empty. */
static enum status clear(const struct vault *vault)
{
    char path[PATH_MAX];
    TRY(state_path(vault, BACKUP_FOLDER "/tenants", path));
    TRY(folder_create(path, 0700));
    TRY(state_path(vault, BACKUP_FOLDER, path));
    return folder_walk(path, remove_visited, NULL);
}

enum status backup_drop(struct vault *vault)
{
    char path[PATH_MAX];
    if (!store_folder(vault->store))
        return OK;
    TRY(backup_path(vault, "tenants/.", path));
    if (!file_exists(path))
        return OK;
    TRY(clear(vault));
    TRY(folder_sync_of(path));
    TRY(backup_path(vault, ".", path));
    return folder_sync_of(path);
}

/* --- the stores --- */

static enum status add_copy(struct vault *vault, const char *name, struct backup *out)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct backup_file *file = backup_add(out);
    if (!file)
        return ERR_MEMORY;
    snprintf(file->name, sizeof file->name, "%s", name);
    TRY(state_path(vault, name, from));
    TRY(backup_path(vault, name, to));
    return file_copy(from, to, file->hash, &file->size);
}

static enum status add_tenant(struct vault *vault, const struct tenant *tenant, struct backup *out)
{
    char hex[2 * ID_BYTES + 1], name[BACKUP_NAME_MAX + 1], path[PATH_MAX];
    struct db *db = NULL;
    encode_hex_text(tenant->id, ID_BYTES, hex);
    snprintf(name, sizeof name, "tenants/%s.%u.db", hex, (unsigned)tenant->key_version);
    TRY(state_path(vault, name, path));
    if (!file_exists(path)) /* one that has sent nothing yet */
        return OK;
    TRY(store_tenant(vault->store, tenant, &db));
    TRY(db_settle(db));
    store_release(vault->store, tenant);
    return add_copy(vault, name, out);
}

static enum status add_tenants(struct vault *vault, struct backup *out)
{
    struct tenant tenant = {0};
    enum status status;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        if (tenant.state != TENANT_ERASED)
            TRY(add_tenant(vault, &tenant, out));
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- what was taken back --- */

static enum status list_row(const struct tenant *tenant, const struct db_rows *rows, struct db *copy)
{
    return db_exec(copy,
                   "INSERT INTO withdrawn (tenant, device, id, kind, class, digest, epoch, salt, receipt)"
                   " VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, nullif(?, x''))",
                   "bbbiibbbb", bytes_of(tenant->id, ID_BYTES), db_bytes(rows, 0), db_bytes(rows, 1),
                   db_integer(rows, 2), db_integer(rows, 3), db_bytes(rows, 4), db_bytes(rows, 5), db_bytes(rows, 6),
                   db_bytes(rows, 7));
}

static enum status list_withdrawn(struct vault *vault, const struct tenant *tenant, struct db *copy)
{
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    TRY(store_tenant(vault->store, tenant, &db));
    enum status status = db_query(
        db, &rows, "SELECT device, id, kind, class, digest, epoch, salt, receipt FROM admission WHERE record IS NULL",
        "");
    while (status == OK && (status = db_next(rows)) == OK)
        status = list_row(tenant, rows, copy);
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status list_all_withdrawn(struct vault *vault, struct db *copy)
{
    struct tenant tenant = {0};
    enum status status;
    TRY(db_begin(copy));
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        if (tenant.state != TENANT_ERASED)
            TRY(list_withdrawn(vault, &tenant, copy));
    return status == ERR_NOT_FOUND ? db_commit(copy) : status;
}

static enum status add_withdrawn(struct vault *vault, const char *path, struct why *why)
{
    struct db *copy = NULL;
    TRY(db_open(path, store_database_key(vault->store), &store_federation_schema, &copy, why));
    enum status status = list_all_withdrawn(vault, copy);
    db_rollback(copy);
    db_close(copy);
    return status;
}

/* --- all of it --- */

static enum status add_federation(struct vault *vault, enum backup_kind kind, struct backup *out, struct why *why)
{
    char path[PATH_MAX];
    struct backup_file *file = backup_add(out);
    if (!file)
        return ERR_MEMORY;
    snprintf(file->name, sizeof file->name, "federation.db");
    TRY(backup_path(vault, file->name, path));
    TRY(db_export(store_federation(vault->store), path, store_database_key(vault->store), why));
    if (kind == BACKUP_TAIL)
        TRY(add_withdrawn(vault, path, why));
    return file_hash(path, file->hash, &file->size);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct backup_file *)a)->name, ((const struct backup_file *)b)->name);
}

static enum status write_manifest(struct vault *vault, struct backup *out)
{
    char path[PATH_MAX];
    uint64_t size = 0;
    SCOPED_BUF struct buf note = {0}, text = {0};
    qsort(out->files, out->count, sizeof *out->files, by_name);
    clock_epoch(vault_now(vault), out->epoch);
    TRY(federation_decode(buf_bytes(&vault->document), &out->federation, NULL));
    TRY(log_checkpoint(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], &out->log, &note));
    TRY(store_text(buf_bytes(&note), out->checkpoint, sizeof out->checkpoint));
    TRY(state_path(vault, "intermediate.key", path));
    TRY(file_hash(path, out->key, &size));
    TRY(backup_sign(out, &vault->keys[SERVER_EVIDENCE]));
    TRY(backup_encode(out, &text));
    TRY(backup_path(vault, "tenants/.", path));
    TRY(folder_sync_of(path));
    TRY(backup_path(vault, "manifest.json", path));
    return file_write(path, buf_bytes(&text), 0600);
}

static enum status copy_key(struct vault *vault)
{
    char from[PATH_MAX], to[PATH_MAX];
    uint8_t hash[HASH_BYTES];
    uint64_t size = 0;
    TRY(state_path(vault, "intermediate.key", from));
    TRY(backup_path(vault, "intermediate.key", to));
    return file_copy(from, to, hash, &size);
}

static enum status make(struct vault *vault, enum backup_kind kind, struct backup *out, struct why *why)
{
    out->kind = kind;
    TRY(clear(vault));
    if (kind == BACKUP_FULL)
        TRY(add_tenants(vault, out));
    TRY(add_federation(vault, kind, out, why));
    TRY(copy_key(vault));
    return write_manifest(vault, out);
}

enum status backup_make(struct vault *vault, enum backup_kind kind, struct backup *out, struct why *why)
{
    *out = (struct backup){0};
    if (!store_folder(vault->store))
        return why_set(why, ERR_USAGE, "stores in memory have no backup", NULL, 0);
    enum status status = make(vault, kind, out, why);
    if (status == OK)
        return OK;
    backup_free(out);
    (void)clear(vault); /* what is left is removed by the next one */
    return why_set(why, status, "the backup cannot be put together", NULL, 0);
}

enum status backup_end(struct vault *vault, bool is_kept, uint64_t log)
{
    TRY(clear(vault));
    if (!is_kept)
        return OK;
    return db_exec(store_federation(vault->store), "INSERT INTO backup (log, at) VALUES (?, ?)", "ii", (int64_t)log,
                   vault_now(vault));
}
