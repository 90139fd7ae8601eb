/* The log as the operator sees it, and its own check: every hash is computed again from the entries. */
#include "crypto/tile_folder.h"
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

static enum status put_vkey(struct vault *vault, struct json *reply)
{
    SCOPED_BUF struct buf vkey = {0};
    TRY(checkpoint_vkey(vault->origin, vault->federation.checkpoint_key, &vkey));
    json_set(reply, "vkey", json_string(buf_bytes(&vkey)));
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
    TRY(put_vkey(vault, reply));
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

/* Every node that an append computes must be the one that is stored. What it computes from was compared before. */
static enum status compare_node(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    struct merkle_source stored = log_source(state);
    uint8_t there[MERKLE_BYTES];
    TRY(stored.node(stored.state, level, index, there));
    return memcmp(there, hash, MERKLE_BYTES) == 0 ? OK : ERR_CORRUPT;
}

static enum status compare_leaf(struct store *store, uint64_t leaf, struct buf *entry)
{
    uint8_t hash[MERKLE_BYTES];
    enum status status = log_entry_at(store, leaf, entry);
    if (status == ERR_NOT_FOUND) /* a hole */
        return ERR_CORRUPT;
    TRY(status);
    merkle_leaf(buf_bytes(entry), hash);
    return merkle_append(log_source(store), compare_node, store, leaf, hash);
}

/* And there is no node that no leaf completes. */
static enum status compare_count(struct store *store, uint64_t size)
{
    int64_t count = 0;
    TRY(db_row(store_federation(store), "SELECT count(*) FROM node", ":i", &count));
    while ((size >>= 1) > 0)
        count -= (int64_t)size;
    return count == 0 ? OK : ERR_CORRUPT;
}

static enum status compare_tree(struct store *store, uint64_t size)
{
    SCOPED_BUF struct buf entry = {0};
    for (uint64_t leaf = 0; leaf < size; leaf++)
        TRY(compare_leaf(store, leaf, &entry));
    return compare_count(store, size);
}

enum status admin_log_verify(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    uint64_t size = 0;
    TRY(json_fields_end(fields));
    TRY(log_size(vault->store, &size));
    enum status status = compare_tree(vault->store, size);
    if (status == ERR_CORRUPT)
        return why_set(why, status, "entries and tree do not agree", "log", 0);
    TRY(status);
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

/* --- export --- */

static enum status take_tile(struct vault *vault, const struct json *name, struct json *list, struct why *why)
{
    struct tile tile;
    SCOPED_BUF struct buf content = {0};
    if (tile_path_parse(json_string_bytes(name), &tile) != OK)
        return why_set(why, ERR_INPUT, "not the name of a tile", "tiles", json_count(list));
    enum status status = log_tile(vault->store, &tile, &content);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "the log has no such tile", "tiles", json_count(list));
    json_push(list, json_base64(buf_bytes(&content)));
    return status;
}

static enum status put_offered(struct vault *vault, struct json *reply)
{
    uint64_t size = 0;
    uint8_t root[MERKLE_BYTES];
    SCOPED_BUF struct buf note = {0};
    TRY(cosign_offered(vault, 0, &size));
    TRY(cosign_note(vault, size, &note));
    TRY(merkle_root(log_source(vault->store), size, root));
    json_set(reply, "size", json_integer((int64_t)size));
    json_set(reply, "root", json_hex(bytes_of(root, sizeof root)));
    json_set(reply, "checkpoint", json_string(buf_bytes(&note)));
    return OK;
}

/* {"tiles": ["0/000", ..]}, with the checkpoint that members are shown. */
enum status admin_log_tiles(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    const struct json *names = json_take_array(fields, "tiles", TILE_BATCH);
    TRY(json_fields_end(fields));
    TRY(put_offered(vault, reply));
    TRY(put_vkey(vault, reply));
    struct json *list = json_array();
    enum status status = OK;
    for (size_t i = 0; i < json_count(names) && status == OK; i++)
        status = take_tile(vault, json_at(names, i), list, why);
    json_set(reply, "tiles", list);
    return status;
}
