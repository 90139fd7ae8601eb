/* The operator's signed account of the federation (protocol/evidence.h, docs/evidence.md). It goes to members and
 * officers: numbers of tenants are bands, and why something was withheld is not in it. */
#include "protocol/evidence.h"

#include "server/admin.h"
#include "server/admin_statements.h"

/* --- parts --- */

static enum status put_text(struct json *object, const char *key, struct bytes text, struct why *why)
{
    struct json *value = NULL;
    TRY(json_parse(text, LIBRARY_MAX, &value, why));
    json_set(object, key, value);
    return OK;
}

static enum status put_library(struct vault *vault, struct json *document, struct why *why)
{
    int64_t leaf = 0;
    SCOPED_BUF struct buf text = {0};
    SCOPED_BUF struct buf signature = {0};
    SCOPED_BUF struct buf salt = {0};
    enum status status = db_row(store_federation(vault->store),
                                "SELECT document, signature, leaf, salt FROM release ORDER BY version DESC LIMIT 1",
                                ":bbib", &text, &signature, &leaf, &salt);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    SCOPED_JSON struct json *library = json_object();
    json_set(document, "library", json_share(library));
    json_set(library, "leaf", json_integer(leaf));
    json_set(library, "salt", json_hex(buf_bytes(&salt)));
    json_set(library, "signature", json_hex(buf_bytes(&signature)));
    return put_text(library, "document", buf_bytes(&text), why);
}

/* Rows of a query, each turned into one JSON value. */
typedef struct json *(*row_json)(const struct db_rows *rows);
static enum status put_rows(struct vault *vault, struct json *object, const char *key, const char *sql, row_json make)
{
    struct db_rows *rows = NULL;
    struct json *list = json_array();
    enum status status = db_query(store_federation(vault->store), &rows, sql, "");
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, make(rows));
    db_done(rows);
    json_set(object, key, list);
    return status == ERR_NOT_FOUND ? OK : status;
}

static struct json *entry_json(const struct db_rows *rows)
{
    struct json *entry = NULL;
    return json_parse(db_bytes(rows, 0), 4096, &entry, NULL) == OK ? entry : NULL;
}

static struct json *key_json(const struct db_rows *rows)
{
    char created[CLOCK_TEXT];
    struct json *object = json_object();
    clock_text(db_integer(rows, 2), created);
    json_set(object, "purpose", json_string(db_bytes(rows, 0)));
    json_set(object, "version", json_integer(db_integer(rows, 1)));
    json_set(object, "created", json_text(created));
    return object;
}

static struct json *event_json(const struct db_rows *rows)
{
    char epoch[CLOCK_EPOCH];
    struct json *object = json_object();
    clock_epoch(db_integer(rows, 2), epoch);
    json_set(object, "leaf", json_integer(db_integer(rows, 0)));
    json_set(object, "kind", json_string(db_bytes(rows, 1)));
    json_set(object, "epoch", json_text(epoch));
    return object;
}

static struct json *epoch_json(const struct db_rows *rows)
{
    struct json *object = json_object();
    json_set(object, "epoch", json_string(db_bytes(rows, 0)));
    json_set(object, "contributions", json_integer(db_integer(rows, 1)));
    json_set(object, "withdrawals", json_integer(db_integer(rows, 2)));
    return object;
}

static enum status put_log(struct vault *vault, struct json *document)
{
    uint64_t size = 0;
    SCOPED_BUF struct buf note = {0};
    SCOPED_JSON struct json *log = json_object();
    json_set(document, "log", json_share(log));
    TRY(log_checkpoint(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], &size, &note));
    json_set(log, "checkpoint", json_string(buf_bytes(&note)));
    return put_rows(vault, log, "entries", "SELECT entry FROM log ORDER BY leaf", entry_json);
}

/* At least so many, in the steps in which support is published too. */
static struct json *band(int64_t tenants)
{
    static const int64_t steps[] = {100, 50, 20, 10, 5, 2};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (tenants >= steps[i])
            return json_integer(steps[i]);
    return json_integer(0);
}

static enum status put_counts(struct vault *vault, struct json *document)
{
    struct db *db = store_federation(vault->store);
    int64_t active = 0, rounds = 0, releases = 0;
    SCOPED_JSON struct json *counts = json_object();
    json_set(document, "counts", json_share(counts));
    TRY(db_row(db, "SELECT count(*) FROM tenant WHERE state = ?", "i:i", (int64_t)TENANT_ACTIVE, &active));
    TRY(db_row(db, "SELECT count(*) FROM round", ":i", &rounds));
    TRY(db_row(db, "SELECT count(*) FROM release", ":i", &releases));
    json_set(counts, "tenants_at_least", band(active));
    json_set(counts, "rounds", json_integer(rounds));
    json_set(counts, "releases", json_integer(releases));
    return put_rows(vault, counts, "epochs",
                    "SELECT epoch, sum((kind = 1) * count), sum((kind = 2) * count) FROM intake_count"
                    " GROUP BY epoch ORDER BY epoch",
                    epoch_json);
}

static enum status put_redaction(struct vault *vault, struct json *document)
{
    uint8_t hash[HASH_BYTES];
    struct json *redaction = json_object();
    redactor_hash(vault->redactor, hash);
    json_set(redaction, "policy", json_text(vault->federation.policy.redaction));
    json_set(redaction, "hash", json_hex(bytes_of(hash, sizeof hash)));
    json_set(document, "redaction", redaction);
    return OK;
}

static enum status put_period(struct vault *vault, struct json *document)
{
    char from[CLOCK_EPOCH], to[CLOCK_EPOCH], made[CLOCK_TEXT];
    struct json *period = json_object();
    clock_epoch(vault->founded, from);
    clock_epoch(vault_now(vault), to);
    clock_text(vault_now(vault), made);
    json_set(period, "from", json_text(from));
    json_set(period, "to", json_text(to));
    json_set(document, "period", period);
    json_set(document, "made", json_text(made));
    return OK;
}

/* --- the whole --- */

static enum status put_statements(struct vault *vault, struct json *document)
{
    SCOPED_JSON struct json *budget = json_object();
    json_set(document, "budget", json_share(budget));
    json_set(document, "trust", statements_trust());
    return statements_budget(vault, budget);
}

static enum status document_make(struct vault *vault, const struct json *audit, struct json *document, struct why *why)
{
    json_set(document, "v", json_integer(1));
    json_set(document, "kind", json_text("chatham evidence"));
    TRY(put_period(vault, document));
    TRY(put_text(document, "federation", buf_bytes(&vault->document), why));
    TRY(put_counts(vault, document));
    TRY(put_library(vault, document, why));
    TRY(put_log(vault, document));
    TRY(put_rows(vault, document, "keys", "SELECT purpose, version, created FROM server_key ORDER BY purpose, version",
                 key_json));
    TRY(put_rows(vault, document, "events", "SELECT leaf, kind, at FROM opening ORDER BY leaf", event_json));
    TRY(put_redaction(vault, document));
    TRY(put_statements(vault, document));
    if (!audit)
        return OK;
    uint8_t hash[HASH_BYTES];
    SCOPED_JSON struct json *part = json_object();
    json_set(document, "audit", json_share(part));
    TRY(evidence_audit_hash(audit, hash));
    json_set(part, "hash", json_hex(bytes_of(hash, sizeof hash)));
    json_set(part, "results", json_share(audit));
    return OK;
}

/* An audit that goes into the account is in the log before the account is made, so that the account's log shows it. */
static enum status log_audit(struct vault *vault, const struct json *audit)
{
    struct db *db = store_federation(vault->store);
    uint8_t hash[HASH_BYTES];
    TRY(evidence_audit_hash(audit, hash));
    TRY(db_begin(db));
    enum status status =
        log_note(vault->store, vault->random, LOGGED_AUDIT, bytes_of(hash, sizeof hash), vault_now(vault));
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

enum status admin_evidence(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    SCOPED_JSON struct json *document = json_object();
    const struct json *audit = json_has(fields, "audit") ? json_take_object(fields, "audit") : NULL;
    TRY(json_fields_end(fields));
    if (audit)
        TRY(log_audit(vault, audit));
    TRY(document_make(vault, audit, document, why));
    return evidence_sign(document, vault->federation.id, &vault->keys[SERVER_EVIDENCE], reply);
}
