/* Hides in which order a state folder is put together, in a folder beside it. */
#include "server/restore.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "protocol/durable.h"
#include "server/admit.h"
#include "server/backup_folder.h"
#include "server/freeze.h"
#include "server/store_keys.h"
#include "server/trail.h"

#define FEDERATION_FILE "federation.db"

struct restore {
    const struct restore_options *options;
    struct restore_report *report;
    struct backup backup, tail; /* tail: of no files if there is none */
    char folder[PATH_MAX], before[PATH_MAX];
    struct root_provider *root;
    struct vault *vault;
};

/* --- files --- */

static enum status check_pair(const struct restore *restore, struct why *why)
{
    if (restore->backup.kind != BACKUP_FULL || (restore->tail.count && restore->tail.kind != BACKUP_TAIL))
        return why_set(why, ERR_INPUT, "a tail is no backup, and a backup is no tail", NULL, 0);
    if (!restore->tail.count)
        return OK;
    if (memcmp(restore->backup.federation.id, restore->tail.federation.id, FEDERATION_ID_BYTES) != 0)
        return why_set(why, ERR_DENIED, "backup and tail are of two federations", NULL, 0);
    if (restore->tail.log < restore->backup.log)
        return why_set(why, ERR_INPUT, "the tail is older than the backup", NULL, 0);
    return OK;
}

static enum status read_backups(struct restore *restore, struct why *why)
{
    TRY(backup_folder_verify(restore->options->backup, &restore->backup, why));
    if (restore->options->tail)
        TRY(backup_folder_verify(restore->options->tail, &restore->tail, why));
    return check_pair(restore, why);
}

static enum status make_folder(struct restore *restore, struct why *why)
{
    const char *state = restore->options->root.state;
    int size = snprintf(restore->folder, sizeof restore->folder, "%s.restoring", state);
    if (size < 0 || (size_t)size >= sizeof restore->folder)
        return why_set(why, ERR_USAGE, "the path is too long", "--state", 0);
    if (file_exists(state))
        return why_hint(why, ERR_EXISTS, "there is something already", "state folder", "name a new one");
    if (file_exists(restore->folder))
        return why_hint(why, ERR_EXISTS, "a restore beside it was cut off, or is under way", NULL,
                        "once none runs, remove the folder that ends in .restoring");
    TRY(folder_create(restore->folder, 0700));
    return path_join(restore->before, sizeof restore->before, restore->folder, "before");
}

/* The newer of the two federation stores with its key; the older one with its own key apart, in a folder that goes. */
static enum status copy_files(struct restore *restore, struct why *why)
{
    const struct restore_options *options = restore->options;
    const struct backup *backup = &restore->backup, *tail = &restore->tail;
    if (!tail->count) {
        TRY(backup_folder_copy(options->backup, backup, NULL, restore->folder, why));
        return backup_keys_take(options->keys, backup, restore->folder, why);
    }
    char tenants[PATH_MAX];
    TRY(path_join(tenants, sizeof tenants, restore->before, "tenants"));
    TRY(folder_create(tenants, 0700));
    TRY(backup_folder_copy(options->backup, backup, FEDERATION_FILE, restore->folder, why));
    TRY(backup_folder_copy(options->tail, tail, NULL, restore->folder, why));
    TRY(backup_keys_take(options->keys, tail, restore->folder, why));
    TRY(backup_folder_copy_one(options->backup, &backup->files[0], restore->before, why));
    return backup_keys_take(options->keys, backup, restore->before, why);
}

/* --- tenants: the files are as old as the backup, the rows as young as the tail --- */

static enum status adopt_key(struct store *store, const struct store *before, const struct tenant *old)
{
    char label[TENANT_LABEL];
    struct tenant tenant = *old;
    SCOPED_SECRET struct secret key = {0};
    tenant_key_label(old, label);
    TRY(key_unwrap(store_intermediate(before), label, old->key_version, bytes_of(old->wrapped, KEY_WRAPPED_BYTES),
                   &key));
    TRY(key_wrap(store_intermediate(store), label, old->key_version, &key, tenant.wrapped));
    return tenant_rotate_switch(store, &tenant);
}

static enum status adopt_tenant(struct restore *restore, struct store *store, const struct store *before,
                                const struct tenant *old)
{
    struct tenant now;
    TRY(tenant_find(store, old->id, &now));
    if (now.state == TENANT_ERASED) {
        restore->report->erased += old->state != TENANT_ERASED;
        return store_remove(store, &now);
    }
    return now.key_version == old->key_version ? OK : adopt_key(store, before, old);
}

static enum status adopt_tenants(struct restore *restore, struct store *store, struct store *before)
{
    struct tenant old = {0};
    enum status status;
    while ((status = tenant_after(before, old.number, &old)) == OK)
        TRY(adopt_tenant(restore, store, before, &old));
    return status == ERR_NOT_FOUND ? OK : status;
}

/* What the tail counted may be lost, and whoever joined after the backup has no file: a new one is made. */
static enum status forget_counts(struct store *store)
{
    return db_exec(store_federation(store),
                   "DELETE FROM intake_count WHERE tenant IN (SELECT id FROM tenant WHERE state <> ?)", "i",
                   (int64_t)TENANT_ERASED);
}

/* What was received is what is here; the rest comes again. */
static enum status recount_rows(struct store *store, const struct tenant *tenant, struct db *db)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(db, &rows, "SELECT kind, epoch, count(*) FROM admission GROUP BY kind, epoch", "");
    while (status == OK && (status = db_next(rows)) == OK)
        status =
            db_exec(store_federation(store),
                    "INSERT INTO intake_count (tenant, kind, epoch, count) VALUES (?, ?, CAST(? AS TEXT), ?)", "bibi",
                    bytes_of(tenant->id, ID_BYTES), db_integer(rows, 0), db_bytes(rows, 1), db_integer(rows, 2));
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status recount_tenant(struct store *store, const struct tenant *tenant)
{
    struct db *db = NULL;
    TRY(store_tenant(store, tenant, &db));
    return recount_rows(store, tenant, db);
}

static enum status recount(struct store *store)
{
    struct tenant tenant = {0};
    enum status status;
    while ((status = tenant_after(store, tenant.number, &tenant)) == OK)
        if (tenant.state != TENANT_ERASED)
            TRY(recount_tenant(store, &tenant));
    return status == ERR_NOT_FOUND ? OK : status;
}

/* A row that the backup has becomes a tombstone, one that it lacks comes as one. */
static enum status withdraw_again(struct store *store, const struct db_rows *rows)
{
    uint8_t tenant_id[ID_BYTES];
    struct tenant tenant;
    struct db *db = NULL;
    TRY(store_fixed(db_bytes(rows, 0), tenant_id, ID_BYTES));
    TRY(tenant_find(store, tenant_id, &tenant));
    TRY(store_tenant(store, &tenant, &db));
    return db_exec(db,
                   "INSERT INTO admission (device, id, kind, class, digest, epoch, salt, receipt)"
                   " VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?, nullif(?, x''))"
                   " ON CONFLICT (device, id) DO UPDATE SET record = NULL",
                   "bbiibbbb", db_bytes(rows, 1), db_bytes(rows, 2), db_integer(rows, 3), db_integer(rows, 4),
                   db_bytes(rows, 5), db_bytes(rows, 6), db_bytes(rows, 7), db_bytes(rows, 8));
}

static enum status apply_withdrawn(struct restore *restore, struct store *store)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(store), &rows,
                                  "SELECT tenant, device, id, kind, class, digest, epoch, salt, receipt"
                                  " FROM withdrawn ORDER BY tenant",
                                  "");
    while (status == OK && (status = db_next(rows)) == OK) {
        status = withdraw_again(store, rows);
        restore->report->withdrawn += db_integer(rows, 3) == ENVELOPE_WITHDRAWAL;
    }
    db_done(rows);
    if (status != ERR_NOT_FOUND)
        return status;
    return db_exec(store_federation(store), "DELETE FROM withdrawn", "");
}

static enum status merge_stores(struct restore *restore, struct why *why)
{
    struct store *store = NULL, *before = NULL;
    enum status status = store_open(restore->folder, restore->root, &store, why);
    if (status == OK && restore->tail.count)
        status = store_open(restore->before, restore->root, &before, why);
    if (status == OK && before)
        status = adopt_tenants(restore, store, before);
    if (status == OK)
        status = forget_counts(store);
    if (status == OK)
        status = apply_withdrawn(restore, store);
    if (status == OK)
        status = recount(store);
    store_close(before);
    store_close(store);
    return status;
}

/* --- the log --- */

/* Two folders that were restored from one backup go on apart: the tail of the one says nothing about the other's. */
static enum status check_descent(struct restore *restore, struct why *why)
{
    struct checkpoint checkpoint;
    uint8_t root[MERKLE_BYTES];
    TRY(backup_check(&restore->backup, &checkpoint, why));
    TRY(merkle_root(log_source(restore->vault->store), checkpoint.size, root));
    if (memcmp(root, checkpoint.root, MERKLE_BYTES) == 0)
        return OK;
    return why_set(why, ERR_DENIED, "the tail does not follow on the backup: their logs went apart", NULL, 0);
}

static enum status check_note(struct restore *restore, uint64_t *reaches, struct why *why)
{
    struct vault *vault = restore->vault;
    struct checkpoint checkpoint;
    uint8_t root[MERKLE_BYTES];
    *reaches = restore->report->log;
    if (restore->options->note.size == 0)
        return OK;
    enum status status = vault_checkpoint_open(vault, restore->options->note, &checkpoint);
    if (status != OK)
        return why_set(why, ERR_DENIED, "not a checkpoint of this federation", "--checkpoint file", 0);
    if (checkpoint.size > restore->report->log) {
        *reaches = checkpoint.size;
        return OK;
    }
    TRY(merkle_root(log_source(vault->store), checkpoint.size, root));
    if (memcmp(root, checkpoint.root, MERKLE_BYTES) != 0)
        return why_set(why, ERR_DENIED, "the restored log is not the one of this checkpoint", "log", 0);
    restore->report->is_proved = true;
    restore->report->has_charges = checkpoint.size > restore->backup.log;
    return OK;
}

static enum status enter(struct restore *restore, uint64_t reaches)
{
    struct vault *vault = restore->vault;
    int64_t now = vault_now(vault);
    uint8_t id[RESTORE_ID_BYTES];
    random_fill(vault->random, id, sizeof id);
    TRY(db_exec(store_federation(vault->store), "INSERT INTO restore (log, at, id) VALUES (?, ?, ?)", "iib",
                (int64_t)restore->backup.log, now, bytes_of(id, sizeof id)));
    TRY(db_exec(store_federation(vault->store), "DELETE FROM backup WHERE log > ?", "i", (int64_t)restore->backup.log));
    TRY(trail_add(vault, &(struct trail_act){.actor = TRAIL_OPERATOR, .act = "restore", .count = 1}));
    if (!restore->report->has_charges)
        TRY(ledger_block(vault->ledger, LEDGER_RESTORED, reaches, now));
    if (restore->report->is_proved)
        return OK;
    return freeze_set(vault->store, FREEZE_RESTORED, reaches, restore->options->note, now, NULL);
}

static enum status enter_committed(struct restore *restore, uint64_t reaches)
{
    struct db *db = store_federation(restore->vault->store);
    TRY(db_begin(db));
    enum status status = enter(restore, reaches);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status judge_log(struct restore *restore, struct why *why)
{
    static const char verify[] = "{\"command\":\"log.verify\"}";
    uint64_t reaches = 0;
    struct distiller distiller = distiller_embedded();
    SCOPED_BUF struct buf reply = {0};
    TRY(house_admin(restore->vault, &distiller, bytes_str(verify), &reply, why));
    TRY(log_size(restore->vault->store, &restore->report->log));
    TRY(check_descent(restore, why));
    TRY(check_note(restore, &reaches, why));
    return enter_committed(restore, reaches);
}

/* --- all of it --- */

static enum status remove_visited(void *context, const char *path)
{
    (void)context;
    return file_remove(path);
}

static enum status remove_before(const struct restore *restore)
{
    char tenants[PATH_MAX];
    if (!restore->tail.count)
        return OK;
    TRY(folder_walk(restore->before, remove_visited, NULL));
    TRY(path_join(tenants, sizeof tenants, restore->before, "tenants"));
    return rmdir(tenants) == 0 && rmdir(restore->before) == 0 ? OK : ERR_IO;
}

static enum status put_together(struct restore *restore, struct why *why)
{
    struct root_source root = restore->options->root;
    root.state = restore->folder;
    TRY(copy_files(restore, why));
    TRY(root_open(&root, &restore->root, why));
    TRY(merge_stores(restore, why));
    const struct vault_options open = {.state = restore->folder,
                                       .root = restore->root,
                                       .clock = restore->options->clock,
                                       .random = restore->options->random};
    TRY(vault_open(&open, &restore->vault, why));
    TRY(judge_log(restore, why));
    vault_close(restore->vault);
    restore->vault = NULL;
    return remove_before(restore);
}

static enum status place(const struct restore *restore)
{
    const char *state = restore->options->root.state;
    if (rename(restore->folder, state) != 0)
        return ERR_IO;
    return folder_sync_of(state);
}

/* What failed leaves nothing but perhaps an empty folder. */
static void discard(const struct restore *restore)
{
    static const char *const folders[] = {"before/tenants", "before", "tenants", ""};
    char path[PATH_MAX];
    if (!restore->folder[0] || folder_walk(restore->folder, remove_visited, NULL) != OK)
        return;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (path_join(path, sizeof path, restore->folder, folders[i]) == OK)
            (void)rmdir(path);
}

enum status restore_run(const struct restore_options *options, struct restore_report *report, struct why *why)
{
    struct restore restore = {.options = options, .report = report};
    *report = (struct restore_report){0};
    enum status status = read_backups(&restore, why);
    if (status == OK)
        status = make_folder(&restore, why);
    bool is_ours = status == OK;
    report->contributions = restore.backup.log;
    if (status == OK)
        status = put_together(&restore, why);
    vault_close(restore.vault);
    root_provider_close(restore.root);
    if (status == OK)
        status = place(&restore);
    if (status != OK && is_ours)
        discard(&restore);
    backup_free(&restore.backup);
    backup_free(&restore.tail);
    return status;
}
