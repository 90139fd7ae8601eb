/* Hides the order of an erasure and how far an earlier one came. */
#include "server/erase.h"

#include <stdio.h>

#include "base/encode.h"
#include "server/backup.h"
#include "server/intake.h"
#include "server/store_keys.h"

/* --- the tombstone --- */

static enum status log_tombstone(struct vault *vault, const struct tenant *tenant)
{
    struct log_entry entry = {.kind = LOGGED_ERASURE};
    struct bytes id = bytes_of(tenant->id, ID_BYTES);
    uint8_t salt[32], under[KEY_NAME_BYTES];
    uint64_t leaf = 0;
    int64_t now = vault_now(vault);
    struct db *db = store_federation(vault->store);
    clock_epoch(now, entry.epoch);
    TRY(keys_name(store_intermediate(vault->store), under));
    TRY(log_commitment(vault->store, vault->random, &entry, id, salt, &leaf));
    TRY(db_exec(db, "INSERT INTO opening (leaf, kind, salt, content, at) VALUES (?, ?, ?, ?, ?)", "itbbi",
                (int64_t)leaf, log_kind_name(LOGGED_ERASURE), bytes_of(salt, sizeof salt), id, now));
    return db_exec(db, "INSERT INTO erasure (tenant, leaf, epoch, salt, under, finished) VALUES (?, ?, ?, ?, ?, 0)",
                   "bitbb", id, (int64_t)leaf, entry.epoch, bytes_of(salt, sizeof salt), bytes_of(under, sizeof under));
}

/* The row stays: the log, the ledger and replays are judged by its id. */
static enum status bury(struct vault *vault, const struct tenant *tenant)
{
    struct db *db = store_federation(vault->store);
    struct bytes id = bytes_of(tenant->id, ID_BYTES);
    char name[TENANT_NAME_MAX + 1] = "erased:";
    encode_hex_text(tenant->id, ID_BYTES, name + strlen(name));
    TRY(db_exec(db, "UPDATE tenant SET state = ?, name = ?, wrapped = zeroblob(?) WHERE number = ?", "itii",
                (int64_t)TENANT_ERASED, name, (int64_t)KEY_WRAPPED_BYTES, tenant->number));
    TRY(db_exec(db, "UPDATE device SET state = ? WHERE tenant = ?", "ib", (int64_t)DEVICE_REVOKED, id));
    TRY(db_exec(db, "DELETE FROM token WHERE tenant = ?", "b", id));
    return db_exec(db, "UPDATE receipt SET body = x'' WHERE tenant = ?", "b", id);
}

static enum status begin(struct vault *vault, const struct tenant *tenant, struct secret *next)
{
    TRY(log_tombstone(vault, tenant));
    TRY(bury(vault, tenant));
    return keys_next(vault->store, next);
}

static enum status begin_committed(struct vault *vault, const struct tenant *tenant, struct secret *next)
{
    struct db *db = store_federation(vault->store);
    TRY(db_begin(db));
    enum status status = begin(vault, tenant, next);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

/* --- what follows it --- */

/* Where the file cannot be written it may hold either key: nothing may be wrapped under one of them until the store is
 * opened anew. */
static enum status replace_key(struct vault *vault, const struct secret *next)
{
    enum status status = keys_replace(vault->store, vault->root, next);
    if (status == OK)
        status = keys_settle(vault->store);
    if (status == OK) {
        secret_free(&vault->token_key);
        status = key_derive(store_intermediate(vault->store), KEY_TOKEN, &vault->token_key);
    }
    vault->must_stop = status != OK;
    return status;
}

static enum status finish(struct vault *vault, const struct tenant *tenant)
{
    struct db *db = store_federation(vault->store);
    TRY(db_settle(db));
    intake_forget(vault, tenant);
    TRY(store_remove(vault->store, tenant));
    TRY(backup_drop(vault));
    return db_exec(db, "UPDATE erasure SET finished = 1 WHERE tenant = ?", "b", bytes_of(tenant->id, ID_BYTES));
}

enum status erase_tenant(struct vault *vault, const struct tenant *tenant, struct why *why)
{
    SCOPED_SECRET struct secret next = {0};
    if (vault->round)
        return why_hint(why, ERR_UNAVAILABLE, "a round is under way", NULL, "try again when it is over");
    if (store_folder(vault->store) && !vault->root)
        return why_set(why, ERR_UNAVAILABLE, "the root key was changed since the start: restart the server first", NULL,
                       0);
    TRY(begin_committed(vault, tenant, &next));
    TRY(replace_key(vault, &next));
    return finish(vault, tenant);
}

/* --- what was cut off --- */

static enum status next_unfinished(struct vault *vault, struct tenant *tenant, bool *is_replaced)
{
    uint8_t id[ID_BYTES], present[KEY_NAME_BYTES];
    SCOPED_BUF struct buf row = {0};
    SCOPED_BUF struct buf under = {0};
    TRY(db_row(store_federation(vault->store), "SELECT tenant, under FROM erasure WHERE finished = 0 LIMIT 1", ":bb",
               &row, &under));
    TRY(store_fixed(buf_bytes(&row), id, ID_BYTES));
    TRY(keys_name(store_intermediate(vault->store), present));
    *is_replaced = !bytes_equal(buf_bytes(&under), bytes_of(present, sizeof present));
    return tenant_find(vault->store, id, tenant);
}

static enum status next_committed(struct vault *vault, struct secret *next)
{
    struct db *db = store_federation(vault->store);
    TRY(db_begin(db));
    enum status status = keys_next(vault->store, next);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

enum status erase_resume(struct vault *vault)
{
    struct tenant tenant;
    bool is_replaced;
    enum status status;
    while ((status = next_unfinished(vault, &tenant, &is_replaced)) == OK) {
        SCOPED_SECRET struct secret next = {0};
        if (!is_replaced) {
            TRY(next_committed(vault, &next));
            TRY(replace_key(vault, &next));
        }
        TRY(finish(vault, &tenant));
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- the receipt --- */

static enum status read_row(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct erasure *out)
{
    int64_t leaf = 0;
    SCOPED_BUF struct buf epoch = {0};
    SCOPED_BUF struct buf salt = {0};
    *out = (struct erasure){0};
    TRY(db_row(store_federation(vault->store),
               "SELECT leaf, epoch, salt FROM erasure WHERE tenant = ? AND finished = 1", "b:ibb",
               bytes_of(tenant, ID_BYTES), &leaf, &epoch, &salt));
    memcpy(out->tenant, tenant, ID_BYTES);
    out->leaf = (uint64_t)leaf;
    TRY(store_text(buf_bytes(&epoch), out->epoch, sizeof out->epoch));
    return store_fixed(buf_bytes(&salt), out->salt, sizeof out->salt);
}

enum status erase_receipt(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct erasure *out)
{
    uint64_t size = 0;
    SCOPED_BUF struct buf note = {0};
    TRY(read_row(vault, tenant, out));
    TRY(erasure_sign(out, vault->federation.id, &vault->keys[SERVER_RECEIPT]));
    TRY(log_checkpoint(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], &size, &note));
    TRY(store_text(buf_bytes(&note), out->checkpoint, sizeof out->checkpoint));
    return merkle_prove_inclusion(log_source(vault->store), out->leaf, size, &out->proof);
}
