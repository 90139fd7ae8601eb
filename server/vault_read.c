/* What anyone who is let in may read: the federation document, the library with its proofs, the log. Nothing here
 * writes. */
#include "protocol/library.h"

#include <inttypes.h>
#include <stdio.h>

#include "protocol/durable.h"
#include "protocol/proof.h"
#include "server/vault_state.h"

enum status vault_federation(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    (void)payload, (void)why;
    buf_add(body, buf_bytes(&vault->document));
    return buf_status(body);
}

enum status vault_ready(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    (void)payload, (void)body, (void)why;
    uint64_t size = 0;
    return log_size(vault->store, &size);
}

enum status vault_checkpoint(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    (void)payload, (void)why;
    uint64_t size = 0;
    TRY(cosign_offered(vault, 0, &size));
    return cosign_note(vault, size, body);
}

/* --- what a member must keep --- */

static enum status last_restore(struct db *db, uint8_t id[static RESTORE_ID_BYTES])
{
    SCOPED_BUF struct buf stored = {0};
    enum status status = db_row(db, "SELECT id FROM restore ORDER BY number DESC LIMIT 1", ":b", &stored);
    if (status == ERR_NOT_FOUND)
        return OK;
    return status == OK ? store_fixed(buf_bytes(&stored), id, RESTORE_ID_BYTES) : status;
}

enum status vault_durable(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    (void)payload, (void)why;
    struct db *db = store_federation(vault->store);
    int64_t backed_up = 0, from = 0;
    struct durable durable = {0};
    TRY(db_row(db, "SELECT coalesce(max(log), 0) FROM backup", ":i", &backed_up));
    TRY(db_row(db, "SELECT coalesce(min(log), 0) FROM restore", ":i", &from));
    TRY(last_restore(db, durable.restore));
    durable.backed_up = (uint64_t)backed_up;
    durable.restored_from = (uint64_t)from;
    return durable_encode(&durable, body);
}

/* --- proofs --- */

static enum status two_numbers(struct bytes payload, uint64_t *first, uint64_t *second)
{
    struct cursor cursor = {payload};
    TRY(cursor_u64(&cursor, first));
    TRY(cursor_u64(&cursor, second));
    return cursor_end(&cursor);
}

enum status vault_inclusion(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    uint64_t leaf, size, tree;
    struct merkle_proof proof;
    TRY(two_numbers(payload, &leaf, &size));
    TRY(log_size(vault->store, &tree));
    if (size > tree || leaf >= size)
        return why_set(why, ERR_NOT_FOUND, "the log has no such leaf or size", NULL, 0);
    TRY(merkle_prove_inclusion(log_source(vault->store), leaf, size, &proof));
    return proof_encode(&proof, body);
}

enum status vault_consistency(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    uint64_t from, to, tree;
    struct merkle_proof proof;
    TRY(two_numbers(payload, &from, &to));
    TRY(log_size(vault->store, &tree));
    if (to > tree || from > to)
        return why_set(why, ERR_NOT_FOUND, "the log has no such size", NULL, 0);
    TRY(merkle_prove_consistency(log_source(vault->store), from, to, &proof));
    return proof_encode(&proof, body);
}

enum status vault_tile(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    struct cursor cursor = {payload};
    struct tile tile = {0};
    uint8_t level = 0;
    uint16_t width = 0;
    TRY(cursor_u8(&cursor, &level));
    TRY(cursor_u64(&cursor, &tile.index));
    TRY(cursor_u16(&cursor, &width));
    TRY(cursor_end(&cursor));
    tile.level = level;
    tile.width = width;
    if ((tile.level >= TILE_LEVELS && tile.level != TILE_ENTRIES) || tile.index > TILE_INDEX_MAX || tile.width == 0 ||
        tile.width > TILE_WIDTH)
        return ERR_INPUT;
    enum status status = log_tile(vault->store, &tile, body);
    return status == ERR_NOT_FOUND ? why_set(why, status, "the log has no such tile", NULL, 0) : status;
}

/* --- the library --- */

static enum status load_release(struct vault *vault, struct library_bundle *bundle, uint64_t *version)
{
    int64_t number = 0, leaf = 0;
    SCOPED_BUF struct buf signature = {0};
    SCOPED_BUF struct buf salt = {0};
    TRY(db_row(store_federation(vault->store),
               "SELECT version, document, signature, leaf, salt FROM release ORDER BY version DESC LIMIT 1", ":ibbib",
               &number, &bundle->document, &signature, &leaf, &salt));
    *version = (uint64_t)number;
    bundle->leaf = (uint64_t)leaf;
    TRY(store_fixed(buf_bytes(&signature), bundle->signature, SIGN_BYTES));
    TRY(store_fixed(buf_bytes(&salt), bundle->salt, sizeof bundle->salt));
    return log_entry_at(vault->store, bundle->leaf, &bundle->entry);
}

static enum status prove_release(struct vault *vault, uint64_t seen, uint64_t tree, struct library_bundle *bundle)
{
    struct merkle_source source = log_source(vault->store);
    TRY(merkle_prove_inclusion(source, bundle->leaf, tree, &bundle->inclusion));
    bundle->old_size = seen;
    return seen ? merkle_prove_consistency(source, seen, tree, &bundle->consistency) : OK;
}

/* The bundle of the release in hand, under the checkpoint of `size`. */
static enum status write_bundle(struct vault *vault, uint64_t seen, uint64_t size, struct library_bundle *bundle,
                                struct buf *body)
{
    TRY(prove_release(vault, seen, size, bundle));
    TRY(cosign_note(vault, size, &bundle->checkpoint));
    return library_bundle_encode(bundle, body);
}

static enum status answer_library(struct vault *vault, uint64_t seen, uint64_t has, struct library_bundle *bundle,
                                  struct buf *body, struct why *why)
{
    uint64_t version = 0, size = 0;
    enum status status = load_release(vault, bundle, &version);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "no library has been published yet", NULL, 0);
    TRY(status);
    TRY(cosign_for_library(vault, seen, bundle->leaf, &size));
    if (has == version && seen == size)
        return why_set(why, OK, "not modified", NULL, 0);
    TRY(write_bundle(vault, seen, size, bundle, body));
    /* The gate makes it the ETag. */
    snprintf(vault->etag, sizeof vault->etag, "%" PRIu64 ".%" PRIu64, version, size);
    return why_set(why, OK, vault->etag, NULL, 0);
}

enum status vault_library(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    uint64_t seen, has, tree;
    struct library_bundle bundle = {0};
    TRY(two_numbers(payload, &seen, &has));
    TRY(log_size(vault->store, &tree));
    if (seen > tree)
        return why_set(why, ERR_CORRUPT, "the log is shorter here than what you have seen", NULL, 0);
    enum status status = answer_library(vault, seen, has, &bundle, body, why);
    library_bundle_free(&bundle);
    return status;
}
