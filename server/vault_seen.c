/* What members have seen of the log: each sends the checkpoint that it verified last. One that our own key signed and
 * that this log contradicts proves that the state was rolled back or that there are two of us; releases freeze on it.
 * Anything else changes nothing: the note has to prove itself, whoever brings it. Members' cosignatures come along with
 * it. */
#include "base/log.h"
#include "server/freeze.h"
#include "server/key_rotation.h"
#include "server/vault_state.h"

/* An earlier key signed nothing larger than the log was when it ended: what says otherwise is its thief's, not ours. */
static enum status open_earlier(const struct vault *vault, struct bytes note, struct checkpoint *out)
{
    struct key_earlier earlier = {.version = UINT32_MAX};
    enum status status;
    while ((status = key_earlier(vault, SERVER_CHECKPOINT, earlier.version, &earlier)) == OK) {
        status = checkpoint_open(note, vault->origin, earlier.public_key, out);
        if (status != ERR_DENIED)
            break;
    }
    if (status == OK && out->size <= earlier.tree)
        return OK;
    *out = (struct checkpoint){0};
    return status == OK || status == ERR_NOT_FOUND ? ERR_DENIED : status;
}

enum status vault_checkpoint_open(const struct vault *vault, struct bytes note, struct checkpoint *out)
{
    enum status status = checkpoint_open(note, vault->origin, vault->federation.checkpoint_key, out);
    return status == ERR_DENIED ? open_earlier(vault, note, out) : status;
}

enum status vault_log_holds(const struct vault *vault, const struct checkpoint *theirs, bool *holds)
{
    uint64_t size = 0;
    uint8_t root[MERKLE_BYTES];
    *holds = false;
    TRY(log_size(vault->store, &size));
    if (theirs->size > size)
        return OK;
    TRY(merkle_root(log_source(vault->store), theirs->size, root));
    *holds = memcmp(root, theirs->root, MERKLE_BYTES) == 0;
    return OK;
}

static enum status contradiction(struct vault *vault, const struct checkpoint *theirs, enum freeze_reason *reason,
                                 bool *contradicts)
{
    uint64_t size = 0;
    bool holds = false;
    TRY(log_size(vault->store, &size));
    TRY(vault_log_holds(vault, theirs, &holds));
    *reason = theirs->size > size ? FREEZE_SHRUNK : FREEZE_FORKED;
    *contradicts = !holds;
    return OK;
}

static enum status freeze_rows(struct vault *vault, enum freeze_reason reason, uint64_t size, struct bytes note,
                               bool *fresh)
{
    TRY(freeze_set(vault->store, reason, size, note, vault_now(vault), fresh));
    if (!*fresh)
        return OK;
    TRY(ledger_block(vault->ledger, LEDGER_CONTRADICTED, size, vault_now(vault)));
    return trail_add(vault, &(struct trail_act){.actor = TRAIL_VAULT, .act = "log.freeze", .count = size});
}

static enum status freeze_on(struct vault *vault, enum freeze_reason reason, uint64_t size, struct bytes note)
{
    struct db *db = store_federation(vault->store);
    bool fresh = false;
    TRY(db_begin(db));
    enum status status = freeze_rows(vault, reason, size, note, &fresh);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    if (status == OK && fresh)
        log_event(LOG_CONTRADICTED, (struct log_fields){.count = size});
    return status;
}

enum status vault_seen(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    struct checkpoint theirs;
    enum freeze_reason reason;
    bool contradicts = false;
    uint64_t size = 0;
    enum status status = vault_checkpoint_open(vault, payload, &theirs);
    if (status == ERR_MEMORY)
        return status;
    if (status != OK) {
        trail_refuse(vault, "log.seen", ERR_DENIED, NULL, NULL);
        return why_set(why, ERR_DENIED, "not a checkpoint of this log", NULL, 0);
    }
    TRY(contradiction(vault, &theirs, &reason, &contradicts));
    if (contradicts)
        TRY(freeze_on(vault, reason, theirs.size, payload));
    else
        TRY(cosign_keep(vault, payload, theirs.size));
    vault->is_heard |= !contradicts;
    TRY(cosign_offered(vault, contradicts ? 0 : theirs.size, &size));
    return cosign_note(vault, size, body);
}
