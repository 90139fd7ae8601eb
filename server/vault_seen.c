/* What members have seen of the log: each sends the checkpoint that it verified last. One that our own key signed and
 * that this log contradicts proves that the state was rolled back or that there are two of us; releases freeze on it.
 * Anything else changes nothing: the note has to prove itself, whoever brings it. */
#include "base/log.h"
#include "server/freeze.h"
#include "server/vault_state.h"

enum status vault_checkpoint_open(const struct vault *vault, struct bytes note, struct checkpoint *out)
{
    return checkpoint_open(note, vault->origin, vault->federation.checkpoint_key, out);
}

/* Whether this log holds what the checkpoint says. */
static enum status contradiction(struct vault *vault, const struct checkpoint *theirs, enum freeze_reason *reason,
                                 bool *contradicts)
{
    uint64_t size = 0;
    uint8_t root[MERKLE_BYTES];
    *reason = FREEZE_SHRUNK;
    TRY(log_size(vault->store, &size));
    *contradicts = theirs->size > size;
    if (*contradicts)
        return OK;
    *reason = FREEZE_FORKED;
    TRY(merkle_root(log_source(vault->store), theirs->size, root));
    *contradicts = memcmp(root, theirs->root, MERKLE_BYTES) != 0;
    return OK;
}

enum status vault_seen(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    struct checkpoint theirs;
    enum freeze_reason reason;
    bool contradicts = false;
    enum status status = vault_checkpoint_open(vault, payload, &theirs);
    if (status == ERR_MEMORY)
        return status;
    if (status != OK)
        return why_set(why, ERR_DENIED, "not a checkpoint of this log", NULL, 0);
    TRY(contradiction(vault, &theirs, &reason, &contradicts));
    if (contradicts) {
        log_event(LOG_CONTRADICTED, (struct log_fields){.count = theirs.size});
        TRY(freeze_set(vault->store, reason, theirs.size, payload, vault_now(vault)));
    }
    return vault_checkpoint(vault, BYTES_NONE, body, why);
}
