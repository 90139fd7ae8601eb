/* Hides where the log keeps what its entries of charges commit to. */
#include "server/budget.h"

/* --- to the log --- */

static enum status put_anchor(void *context, const struct ledger_anchor *anchor)
{
    struct vault *vault = context;
    SCOPED_BUF struct buf content = {0};
    TRY(ledger_anchor_encode(anchor, &content));
    return log_note(vault->store, vault->random, LOGGED_CHARGE, buf_bytes(&content), vault_now(vault));
}

/* --- from it --- */

#define ENTRIES                                                                                                        \
    "SELECT log.leaf, log.entry, opening.salt, opening.content FROM log"                                               \
    " LEFT JOIN opening ON opening.leaf = log.leaf WHERE instr(log.entry, ?) > 0 ORDER BY log.leaf DESC"

static enum status open_entry(const struct db_rows *rows, struct charge *charge, struct ledger_anchor *anchor)
{
    struct log_entry entry;
    struct bytes salt = db_bytes(rows, 2), content = db_bytes(rows, 3);
    uint8_t commitment[HASH_BYTES];
    *charge = (struct charge){.leaf = (uint64_t)db_integer(rows, 0), .content_size = content.size};
    if (salt.size != sizeof charge->salt || content.size != LEDGER_ANCHOR_BYTES ||
        log_entry_decode(db_bytes(rows, 1), &entry, NULL) != OK)
        return ERR_CORRUPT;
    memcpy(charge->salt, salt.data, salt.size);
    memcpy(charge->content, content.data, content.size);
    memcpy(charge->epoch, entry.epoch, sizeof charge->epoch);
    log_commit(LOGGED_CHARGE, charge->salt, content, commitment);
    bool holds = entry.kind == LOGGED_CHARGE && memcmp(commitment, entry.commitment, HASH_BYTES) == 0;
    return holds && ledger_anchor_decode(content, anchor) == OK ? OK : ERR_CORRUPT;
}

static enum status query_entries(struct vault *vault, struct db_rows **rows)
{
    return db_query(store_federation(vault->store), rows, ENTRIES, "b", bytes_str("\"kind\":\"charge\""));
}

/* The newest entry of a charge. ERR_NOT_FOUND; ERR_CORRUPT: it cannot be opened. */
static enum status newest(struct vault *vault, struct charge *charge, struct ledger_anchor *anchor)
{
    struct db_rows *rows = NULL;
    enum status status = query_entries(vault, &rows);
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = open_entry(rows, charge, anchor);
    db_done(rows);
    return status;
}

/* An entry that cannot be opened is newer than anything that a ledger has. */
enum status budget_compare(struct vault *vault, struct why *why)
{
    struct charge charge;
    struct ledger_anchor logged;
    enum status status = newest(vault, &charge, &logged);
    if (status == ERR_CORRUPT)
        logged = (struct ledger_anchor){.number = INT64_MAX};
    if (status != OK && status != ERR_NOT_FOUND && status != ERR_CORRUPT)
        return status;
    return ledger_compare(vault->ledger, status == ERR_NOT_FOUND ? NULL : &logged, why);
}

enum status budget_statement(struct vault *vault, struct charge *out)
{
    struct ledger_anchor anchor;
    uint64_t size = 0;
    SCOPED_BUF struct buf note = {0};
    TRY(newest(vault, out, &anchor));
    TRY(log_checkpoint(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], &size, &note));
    TRY(store_text(buf_bytes(&note), out->checkpoint, sizeof out->checkpoint));
    return merkle_prove_inclusion(log_source(vault->store), out->leaf, size, &out->proof);
}

/* --- what is missing --- */

/* The number of the newest charge in the first leaves of this log that the ledger has, too; 0. */
static enum status shared_number(struct vault *vault, uint64_t leaves, uint64_t *shared)
{
    struct ledger_anchor logged;
    struct charge charge;
    struct db_rows *rows = NULL;
    *shared = 0;
    enum status status = query_entries(vault, &rows);
    while (status == OK && *shared == 0 && (status = db_next(rows)) == OK) {
        if (open_entry(rows, &charge, &logged) != OK || charge.leaf >= leaves)
            continue;
        enum status found = ledger_number_of(vault->ledger, logged.head, shared);
        status = found == ERR_NOT_FOUND ? OK : found;
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status replay_own(struct vault *vault, struct dp_zcdp *added, struct why *why)
{
    struct charge charge;
    struct ledger_anchor logged;
    uint64_t shared = 0;
    enum status status = newest(vault, &charge, &logged);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "the log knows of no charge: give a member's statement", NULL, 0);
    if (status == ERR_CORRUPT)
        return why_set(why, status, "the log's last charge cannot be opened: give a member's statement", "log", 0);
    TRY(status);
    TRY(shared_number(vault, UINT64_MAX, &shared));
    return ledger_replay(vault->ledger, &logged, shared, 0, vault_now(vault), added, why);
}

/* A checkpoint of this very log says nothing about another one that was lost: it ends no block. */
static enum status replay_proved(struct vault *vault, const struct charge *charge, const struct checkpoint *checkpoint,
                                 const struct ledger_anchor *anchor, struct dp_zcdp *added, struct why *why)
{
    bool holds = false;
    uint64_t leaves = 0, shared = 0;
    TRY(vault_log_holds(vault, checkpoint, &holds));
    TRY(budget_common(vault, charge, checkpoint->size, &leaves));
    TRY(shared_number(vault, leaves, &shared));
    return ledger_replay(vault->ledger, anchor, shared, holds ? 0 : checkpoint->size, vault_now(vault), added, why);
}

static enum status replay_statement(struct vault *vault, const struct charge *charge, struct dp_zcdp *added,
                                    struct why *why)
{
    struct checkpoint checkpoint;
    struct ledger_anchor anchor;
    enum status status = vault_checkpoint_open(vault, bytes_str(charge->checkpoint), &checkpoint);
    if (status == ERR_MEMORY)
        return status;
    if (status != OK)
        return why_set(why, ERR_DENIED, "not a checkpoint of this federation", "statement", 0);
    TRY(charge_holds(charge, &checkpoint, why));
    if (ledger_anchor_decode(bytes_of(charge->content, charge->content_size), &anchor) != OK)
        return why_set(why, ERR_INPUT, "the log's entry opens to no charge", "statement", 0);
    return replay_proved(vault, charge, &checkpoint, &anchor, added, why);
}

enum status budget_replay(struct vault *vault, const struct charge *charge, struct dp_zcdp *added, struct why *why)
{
    TRY(charge ? replay_statement(vault, charge, added, why) : replay_own(vault, added, why));
    enum status status = budget_compare(vault, NULL);
    return status == ERR_POLICY ? OK : status;
}

/* --- opening --- */

uint64_t budget_delta(const struct vault *vault)
{
    uint64_t pico = vault->federation.policy.budget_delta_pico;
    return (pico ? pico : POLICY_BUDGET_DELTA_PICO) * (DP_DELTA_ONE / 1000000000000u);
}

enum status budget_open(struct vault *vault, struct why *why)
{
    struct ledger_terms terms = {.unit = LEDGER_TENANT, .anchor = put_anchor, .context = vault};
    const struct dp_epsilon budget = {vault->federation.policy.budget_epsilon_micro};
    memcpy(terms.federation, vault->federation.id, FEDERATION_ID_BYTES);
    TRY(ledger_cap_of(budget, budget_delta(vault), &terms.cap));
    TRY(ledger_open(store_federation(vault->store), &terms, &vault->ledger, why));
    enum status status = budget_compare(vault, NULL);
    return status == ERR_POLICY ? OK : status;
}
