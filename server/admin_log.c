/* The log as the operator sees it, and its own check: every hash is computed again from the entries. */
#include "crypto/checkpoint.h"
#include "server/admin.h"
#include "server/freeze.h"

#define LOG_PAGE 1000

static enum status put_checkpoint(struct vault *vault, struct json *reply)
{
    uint64_t size = 0;
    SCOPED_BUF struct buf note = {0};
    TRY(log_checkpoint(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], &size, &note));
    json_set(reply, "size", json_integer((int64_t)size));
    json_set(reply, "checkpoint", json_string(buf_bytes(&note)));
    return OK;
}

/* {"from": leaf}, by default the last page. */
enum status admin_log(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    uint64_t size = 0;
    struct db_rows *rows = NULL;
    TRY(log_size(vault->store, &size));
    int64_t from = size > LOG_PAGE ? (int64_t)size - LOG_PAGE : 0;
    if (json_has(fields, "from"))
        from = json_take_integer(fields, "from", 0, INT64_C(1) << 53);
    TRY(json_fields_end(fields));
    TRY(put_checkpoint(vault, reply));
    struct json *list = json_array();
    enum status status =
        db_query(store_federation(vault->store), &rows, "SELECT entry FROM log WHERE leaf >= ? ORDER BY leaf LIMIT ?",
                 "ii", from, (int64_t)LOG_PAGE);
    while (status == OK && (status = db_next(rows)) == OK) {
        struct json *entry = NULL;
        status = json_parse(db_bytes(rows, 0), 4096, &entry, why);
        json_push(list, entry);
    }
    db_done(rows);
    json_set(reply, "from", json_integer(from));
    json_set(reply, "entries", list);
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- verifying --- */

/* A tree rebuilt beside the stored one. */
struct rebuilt {
    struct db *db;
};

static enum status rebuilt_node(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    struct rebuilt *tree = state;
    SCOPED_BUF struct buf hash = {0};
    TRY(db_row(tree->db, "SELECT hash FROM node WHERE level = ? AND place = ?", "ii:b", (int64_t)level, (int64_t)index,
               &hash));
    return store_fixed(buf_bytes(&hash), out, MERKLE_BYTES);
}

static enum status rebuilt_store(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    struct rebuilt *tree = state;
    return db_exec(tree->db, "INSERT INTO node (level, place, hash) VALUES (?, ?, ?)", "iib", (int64_t)level,
                   (int64_t)index, bytes_of(hash, MERKLE_BYTES));
}

static enum status rebuild(struct vault *vault, struct rebuilt *tree, uint64_t size)
{
    struct merkle_source source = {rebuilt_node, tree};
    SCOPED_BUF struct buf entry = {0};
    for (uint64_t leaf = 0; leaf < size; leaf++) {
        uint8_t hash[MERKLE_BYTES];
        enum status status = log_entry_at(vault->store, leaf, &entry);
        if (status == ERR_NOT_FOUND) /* a hole */
            return ERR_CORRUPT;
        TRY(status);
        merkle_leaf(buf_bytes(&entry), hash);
        TRY(merkle_append(source, rebuilt_store, tree, leaf, hash));
    }
    return OK;
}

static enum status compare_roots(struct vault *vault, uint64_t size, bool *same)
{
    static const char *const schema_sql[] = {
        "CREATE TABLE node (level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL,"
        " PRIMARY KEY (level, place)) WITHOUT ROWID;",
        NULL};
    static const struct db_schema schema = {"log check", schema_sql};
    struct rebuilt tree = {0};
    uint8_t stored[MERKLE_BYTES], computed[MERKLE_BYTES];
    TRY(db_open(NULL, NULL, &schema, &tree.db, NULL));
    enum status status = rebuild(vault, &tree, size);
    if (status == OK)
        status = merkle_root((struct merkle_source){rebuilt_node, &tree}, size, computed);
    if (status == OK)
        status = merkle_root(log_source(vault->store), size, stored);
    *same = status == OK && memcmp(stored, computed, sizeof stored) == 0;
    db_close(tree.db);
    return status;
}

enum status admin_log_verify(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    uint64_t size = 0;
    bool same = false;
    TRY(json_fields_end(fields));
    TRY(log_size(vault->store, &size));
    TRY(compare_roots(vault, size, &same));
    if (!same)
        return why_set(why, ERR_CORRUPT, "entries and tree do not agree", "log", 0);
    json_set(reply, "verified", json_bool(true));
    TRY(freeze_show(vault->store, reply));
    TRY(cosign_verify(vault, reply, why));
    return put_checkpoint(vault, reply);
}

#define SAID_MAX 256

/* {"reason": "what happened, in the operator's words"} */
enum status admin_log_thaw(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    char said[SAID_MAX + 1] = "";
    struct bytes reason = json_take_string(fields, "reason", SAID_MAX);
    TRY(json_fields_end(fields));
    if (reason.size == 0 || memchr(reason.data, 0, reason.size))
        return why_set(why, ERR_INPUT, "say why releases may go on", "reason", 0);
    memcpy(said, reason.data, reason.size);
    enum status status = freeze_thaw(vault->store, said, vault_now(vault));
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "releases are not frozen", NULL, 0);
    TRY(status);
    return freeze_show(vault->store, reply);
}
