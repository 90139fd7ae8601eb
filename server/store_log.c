/* Log entries and their Merkle tree as rows. Level 0 of the tree are the entries' own leaf hashes; node holds the
 * complete subtrees above. */
#include "server/store_log.h"

#include "crypto/checkpoint.h"
#include "server/store_inside.h"

enum status log_size(struct store *store, uint64_t *size)
{
    int64_t count = 0;
    *size = 0;
    TRY(db_row(store_federation(store), "SELECT coalesce(max(leaf) + 1, 0) FROM log", ":i", &count));
    *size = (uint64_t)count;
    return OK;
}

static enum status node_read(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    struct db *db = store_federation(state);
    SCOPED_BUF struct buf hash = {0};
    enum status status = level == 0 ? db_row(db, "SELECT hash FROM log WHERE leaf = ?", "i:b", (int64_t)index, &hash)
                                    : db_row(db, "SELECT hash FROM node WHERE level = ? AND place = ?", "ii:b",
                                             (int64_t)level, (int64_t)index, &hash);
    if (status == ERR_NOT_FOUND) /* a hole in the tree */
        return ERR_CORRUPT;
    TRY(status);
    return store_fixed(buf_bytes(&hash), out, MERKLE_BYTES);
}

static enum status node_write(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    if (level == 0) /* written with its entry */
        return OK;
    return db_exec(store_federation(state), "INSERT INTO node (level, place, hash) VALUES (?, ?, ?)", "iib",
                   (int64_t)level, (int64_t)index, bytes_of(hash, MERKLE_BYTES));
}

struct merkle_source log_source(struct store *store)
{
    return (struct merkle_source){node_read, store};
}

static enum status append(struct store *store, struct bytes entry, uint64_t *leaf)
{
    struct db *db = store_federation(store);
    uint8_t hash[MERKLE_BYTES];
    int64_t known = 0;
    merkle_leaf(entry, hash);
    enum status status = db_row(db, "SELECT leaf FROM log WHERE hash = ?", "b:i", bytes_of(hash, sizeof hash), &known);
    *leaf = (uint64_t)known;
    if (status != ERR_NOT_FOUND)
        return status;
    TRY(log_size(store, leaf));
    TRY(db_exec(db, "INSERT INTO log (leaf, hash, entry) VALUES (?, ?, ?)", "ibb", (int64_t)*leaf,
                bytes_of(hash, sizeof hash), entry));
    return merkle_append(log_source(store), node_write, store, *leaf, hash);
}

enum status log_append(struct store *store, struct bytes entry, uint64_t *leaf)
{
    *leaf = 0;
    return store->promised ? ERR_BUG : append(store, entry, leaf);
}

void log_promise(struct store *store, int64_t by)
{
    INVARIANT(by >= 0 || store->promised >= (uint64_t)-by);
    store->promised += (uint64_t)by;
}

enum status log_next(struct store *store, uint64_t *leaf)
{
    TRY(log_size(store, leaf));
    *leaf += store->promised;
    return OK;
}

enum status log_append_promised(struct store *store, struct bytes entry, uint64_t leaf)
{
    uint64_t at = 0;
    TRY(append(store, entry, &at));
    return at == leaf ? OK : ERR_CORRUPT;
}

enum status log_commitment(struct store *store, struct random random, const struct log_entry *entry,
                           struct bytes content, uint8_t salt[static 32], uint64_t *leaf)
{
    struct log_entry logged = *entry;
    SCOPED_BUF struct buf text = {0};
    random_fill(random, salt, 32);
    log_commit(entry->kind, salt, content, logged.commitment);
    TRY(log_entry_encode(&logged, &text));
    return log_append(store, buf_bytes(&text), leaf);
}

enum status log_note(struct store *store, struct random random, enum log_kind kind, struct bytes content, int64_t now)
{
    struct log_entry entry = {.kind = kind};
    uint8_t salt[32];
    uint64_t leaf = 0;
    clock_epoch(now, entry.epoch);
    TRY(log_commitment(store, random, &entry, content, salt, &leaf));
    return db_exec(store_federation(store),
                   "INSERT INTO opening (leaf, kind, salt, content, at) VALUES (?, ?, ?, ?, ?)", "itbbi", (int64_t)leaf,
                   log_kind_name(kind), bytes_of(salt, sizeof salt), content, now);
}

enum status log_entry_at(struct store *store, uint64_t leaf, struct buf *entry)
{
    return db_row(store_federation(store), "SELECT entry FROM log WHERE leaf = ?", "i:b", (int64_t)leaf, entry);
}

/* --- tiles --- */

static enum status tile_rows(struct store *store, const struct tile *tile, struct db_rows **rows)
{
    struct db *db = store_federation(store);
    const int64_t first = (int64_t)(tile->index * TILE_WIDTH), end = first + tile->width;
    if (tile->level == TILE_ENTRIES)
        return db_query(db, rows, "SELECT entry FROM log WHERE leaf >= ? AND leaf < ? ORDER BY leaf", "ii", first, end);
    if (tile->level == 0)
        return db_query(db, rows, "SELECT hash FROM log WHERE leaf >= ? AND leaf < ? ORDER BY leaf", "ii", first, end);
    return db_query(db, rows, "SELECT hash FROM node WHERE level = ? AND place >= ? AND place < ? ORDER BY place",
                    "iii", (int64_t)(TILE_HEIGHT * tile->level), first, end);
}

static enum status tile_row_add(const struct tile *tile, struct bytes row, struct buf *out)
{
    if (tile->level == TILE_ENTRIES)
        return tile_bundle_add(out, row);
    if (row.size != MERKLE_BYTES)
        return ERR_CORRUPT;
    buf_add(out, row);
    return buf_status(out);
}

enum status log_tile(struct store *store, const struct tile *tile, struct buf *out)
{
    uint64_t size = 0;
    unsigned count = 0;
    struct db_rows *rows = NULL;
    buf_clear(out);
    TRY(log_size(store, &size));
    if (tile->width > tile_width(tile, size))
        return ERR_NOT_FOUND;
    enum status status = tile_rows(store, tile, &rows);
    for (; status == OK && (status = db_next(rows)) == OK; count++)
        status = tile_row_add(tile, db_bytes(rows, 0), out);
    db_done(rows);
    TRY(status == ERR_NOT_FOUND ? OK : status);
    return count == tile->width ? OK : ERR_CORRUPT; /* a hole in the tree */
}

/* --- checkpoints --- */

enum status log_checkpoint_at(struct store *store, const char *origin, const struct secret *seed, uint64_t size,
                              struct buf *note)
{
    struct checkpoint checkpoint = {.size = size};
    TRY(merkle_root(log_source(store), size, checkpoint.root));
    return checkpoint_sign(&checkpoint, origin, seed, note);
}

enum status log_checkpoint(struct store *store, const char *origin, const struct secret *seed, uint64_t *size,
                           struct buf *note)
{
    TRY(log_size(store, size));
    return log_checkpoint_at(store, origin, seed, *size, note);
}
