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

static enum status open_entry(const struct db_rows *rows, struct ledger_anchor *out)
{
    struct log_entry entry;
    struct bytes salt = db_bytes(rows, 1), content = db_bytes(rows, 2);
    uint8_t commitment[HASH_BYTES];
    if (salt.size != 32 || log_entry_decode(db_bytes(rows, 0), &entry, NULL) != OK)
        return ERR_CORRUPT;
    log_commit(LOGGED_CHARGE, salt.data, content, commitment);
    bool holds = entry.kind == LOGGED_CHARGE && memcmp(commitment, entry.commitment, HASH_BYTES) == 0;
    return holds && ledger_anchor_decode(content, out) == OK ? OK : ERR_CORRUPT;
}

/* The newest entry of a charge. One that cannot be opened is newer than anything that a ledger has. */
static enum status newest(struct vault *vault, struct ledger_anchor *out)
{
    struct db_rows *rows = NULL;
    *out = (struct ledger_anchor){0};
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT log.entry, opening.salt, opening.content FROM log"
                                  " LEFT JOIN opening ON opening.leaf = log.leaf"
                                  " WHERE instr(log.entry, ?) > 0 ORDER BY log.leaf DESC LIMIT 1",
                                  "b", bytes_str("\"kind\":\"charge\""));
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = open_entry(rows, out);
    db_done(rows);
    if (status == ERR_CORRUPT) {
        *out = (struct ledger_anchor){.number = INT64_MAX};
        return OK;
    }
    return status;
}

enum status budget_compare(struct vault *vault, struct why *why)
{
    struct ledger_anchor logged;
    enum status status = newest(vault, &logged);
    if (status != OK && status != ERR_NOT_FOUND)
        return status;
    return ledger_compare(vault->ledger, status == OK ? &logged : NULL, why);
}

/* --- opening --- */

enum status budget_open(struct vault *vault, struct why *why)
{
    struct ledger_terms terms = {.unit = LEDGER_TENANT, .anchor = put_anchor, .context = vault};
    const struct dp_epsilon budget = {vault->federation.policy.budget_epsilon_micro};
    memcpy(terms.federation, vault->federation.id, FEDERATION_ID_BYTES);
    TRY(ledger_cap_of(budget, BUDGET_DELTA, &terms.cap));
    TRY(ledger_open(store_federation(vault->store), &terms, &vault->ledger, why));
    enum status status = budget_compare(vault, NULL);
    return status == ERR_POLICY ? OK : status;
}
