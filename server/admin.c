/* The operator's commands: one row each. A row takes its own fields, checks that nothing is left over, then acts. */
#include "server/admin.h"

#include "base/encode.h"
#include "base/log.h"
#include "server/round.h"

#define ADMIN_TEXT_MAX (32u * 1024 * 1024)

enum effect { EFFECT_NONE, EFFECT_REVOKED, EFFECT_ROUND, EFFECT_PREVIEW };

static enum status no_fields(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)vault, (void)reply, (void)why;
    return json_fields_end(fields);
}

static const struct admin_row {
    const char *name;
    admin_run run;
    enum effect effect; /* what follows when it went well */
} rows[] = {
    {"tenant.add", admin_tenant_add, EFFECT_NONE},
    {"tenant.token", admin_tenant_token, EFFECT_NONE},
    {"tenant.list", admin_tenant_list, EFFECT_NONE},
    {"tenant.suspend", admin_tenant_suspend, EFFECT_REVOKED},
    {"tenant.resume", admin_tenant_resume, EFFECT_REVOKED},
    {"round", no_fields, EFFECT_ROUND},
    {"round.preview", no_fields, EFFECT_PREVIEW},
    {"library", admin_library, EFFECT_NONE},
    {"policy", admin_policy, EFFECT_NONE},
    {"status", admin_status, EFFECT_NONE},
    {"log", admin_log, EFFECT_NONE},
    {"log.verify", admin_log_verify, EFFECT_NONE},
    {"ledger", admin_ledger, EFFECT_NONE},
    {"guarantee", admin_guarantee, EFFECT_NONE},
    {"evidence", admin_evidence, EFFECT_NONE},
};

static const struct admin_row *find_row(struct bytes name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bytes_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

/* Run a command; *row tells what has to follow. */
static enum status run(struct vault *vault, struct bytes text, const struct admin_row **row, struct buf *body,
                       struct why *why)
{
    SCOPED_JSON struct json *command = NULL;
    SCOPED_JSON struct json *reply = json_object();
    struct json_fields fields;
    TRY(json_parse(text, ADMIN_TEXT_MAX, &command, why));
    json_fields(&fields, command, "command", why);
    struct bytes name = json_take_string(&fields, "command", 64);
    if (fields.status != OK)
        return fields.status;
    *row = find_row(name);
    if (!*row)
        return why_set(why, ERR_USAGE, "unknown command", NULL, 0);
    log_event(LOG_ADMIN, (struct log_fields){.count = (uint64_t)(*row - rows)});
    TRY((*row)->run(vault, &fields, reply, why));
    return json_canonical(reply, body);
}

enum status vault_admin(struct vault *vault, const struct message *in, struct outbox *out)
{
    const struct admin_row *row = NULL;
    struct why why = {0};
    SCOPED_BUF struct buf body = {0};
    enum status status = run(vault, buf_bytes(&in->payload), &row, &body, &why);
    if (status == OK && (row->effect == EFFECT_ROUND || row->effect == EFFECT_PREVIEW)) {
        status = round_start(vault, row->effect == EFFECT_ROUND ? ROUND_PUBLISH : ROUND_PREVIEW, in, out, &why);
        if (status == OK)
            return OK; /* answered when distil is back */
    }
    if (status == OK && row->effect == EFFECT_REVOKED)
        status = vault_send_revoked(vault, out);
    return vault_reply(out, in->peer, in->request, status, &why, buf_bytes(&body));
}

/* --- what the operator may look at --- */

enum status admin_policy(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    SCOPED_BUF struct buf text = {0};
    struct json *policy = NULL;
    TRY(json_fields_end(fields));
    TRY(policy_encode(&vault->federation.policy, &text));
    TRY(json_parse(buf_bytes(&text), ADMIN_TEXT_MAX, &policy, why));
    json_set(reply, "policy", policy);
    json_set(reply, "hash", json_hex(bytes_of(vault->policy, HASH_BYTES)));
    return OK;
}

enum status admin_library(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    SCOPED_BUF struct buf text = {0};
    struct json *document = NULL;
    int64_t version = 0, published = 0;
    char when[CLOCK_TEXT];
    TRY(json_fields_end(fields));
    enum status status = db_row(store_federation(vault->store),
                                "SELECT version, document, published FROM release ORDER BY version DESC LIMIT 1",
                                ":ibi", &version, &text, &published);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "no library has been published yet", NULL, 0);
    TRY(status);
    TRY(json_parse(buf_bytes(&text), LIBRARY_MAX, &document, why));
    clock_text(published, when);
    json_set(reply, "version", json_integer(version));
    json_set(reply, "published", json_text(when));
    json_set(reply, "document", document);
    return OK;
}

static enum status count(struct vault *vault, const char *sql, struct json *reply, const char *key)
{
    int64_t value = 0;
    TRY(db_row(store_federation(vault->store), sql, ":i", &value));
    json_set(reply, key, json_integer(value));
    return OK;
}

enum status admin_status(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    static const struct {
        const char *key, *sql;
    } counts[] = {
        {"tenants", "SELECT count(*) FROM tenant"},
        {"devices", "SELECT count(*) FROM device"},
        {"contributions", "SELECT count(*) FROM receipt WHERE kind = 1"},
        {"withdrawals", "SELECT count(*) FROM receipt WHERE kind = 2"},
        {"rounds", "SELECT count(*) FROM round"},
        {"library", "SELECT coalesce(max(version), 0) FROM release"},
        {"tree", "SELECT count(*) FROM log"},
    };
    char founded[CLOCK_TEXT];
    TRY(json_fields_end(fields));
    clock_text(vault->founded, founded);
    json_set(reply, "federation", json_hex(bytes_of(vault->federation.id, FEDERATION_ID_BYTES)));
    json_set(reply, "name", json_text(vault->federation.name));
    json_set(reply, "founded", json_text(founded));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        TRY(count(vault, counts[i].sql, reply, counts[i].key));
    json_set(reply, "round_under_way", json_bool(vault->round != NULL));
    json_set(reply, "admitted_since_start", json_integer((int64_t)vault->admitted));
    json_set(reply, "refused_since_start", json_integer((int64_t)vault->refused));
    return OK;
}
