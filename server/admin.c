/* The operator's commands: one row each. A row takes its own fields, checks that nothing is left over, then acts. */
#include "server/admin.h"

#include "base/encode.h"
#include "base/log.h"
#include "server/freeze.h"
#include "server/roles.h"
#include "server/round.h"

#define ADMIN_TEXT_MAX (32u * 1024 * 1024)

enum effect { EFFECT_NONE, EFFECT_REVOKED, EFFECT_IDENTITY, EFFECT_ROUND, EFFECT_PREVIEW };
/* What changes something is in the trail before it begins, what only reads when it is done. */
enum touch { TOUCH_CHANGES, TOUCH_READS };

static enum status no_fields(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)vault, (void)reply, (void)why;
    return json_fields_end(fields);
}

/* Whatever a member took back disappears with others' changes at the next scheduled round, unless the operator wants
 * it now. In mode dp nothing tells who left, and a round that waited for withdrawals would tell of them. */
static enum status admin_round(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)reply;
    bool with_erasures = json_has(fields, "with_erasures") && json_take_bool(fields, "with_erasures");
    TRY(json_fields_end(fields));
    bool is_private = vault->federation.policy.mode == RELEASE_DP;
    return with_erasures || is_private ? OK : round_check_unhurried(vault, why);
}

static const struct admin_row {
    const char *name;
    admin_run run;
    enum effect effect; /* what follows when it went well */
    enum touch touch;
} rows[] = {
    {"tenant.add", admin_tenant_add, EFFECT_NONE, TOUCH_CHANGES},
    {"tenant.token", admin_tenant_token, EFFECT_NONE, TOUCH_CHANGES},
    {"tenant.list", admin_tenant_list, EFFECT_NONE, TOUCH_READS},
    {"tenant.suspend", admin_tenant_suspend, EFFECT_REVOKED, TOUCH_CHANGES},
    {"tenant.resume", admin_tenant_resume, EFFECT_REVOKED, TOUCH_CHANGES},
    {"tenant.rotate", admin_tenant_rotate, EFFECT_NONE, TOUCH_CHANGES},
    {"device.list", admin_device_list, EFFECT_NONE, TOUCH_READS},
    {"device.revoke", admin_device_revoke, EFFECT_REVOKED, TOUCH_CHANGES},
    {"token.list", admin_token_list, EFFECT_NONE, TOUCH_READS},
    {"token.revoke", admin_token_revoke, EFFECT_NONE, TOUCH_CHANGES},
    {"tenant.erase", admin_tenant_erase, EFFECT_REVOKED, TOUCH_CHANGES},
    {"round", admin_round, EFFECT_ROUND, TOUCH_CHANGES},
    {"round.preview", no_fields, EFFECT_PREVIEW, TOUCH_CHANGES},
    {"backup", admin_backup, EFFECT_NONE, TOUCH_CHANGES},
    {"backup.end", admin_backup_end, EFFECT_NONE, TOUCH_CHANGES},
    {"library", admin_library, EFFECT_NONE, TOUCH_READS},
    {"policy", admin_policy, EFFECT_NONE, TOUCH_READS},
    {"status", admin_status, EFFECT_NONE, TOUCH_READS},
    {"log", admin_log, EFFECT_NONE, TOUCH_READS},
    {"log.verify", admin_log_verify, EFFECT_NONE, TOUCH_READS},
    {"log.tiles", admin_log_tiles, EFFECT_NONE, TOUCH_READS},
    {"log.thaw", admin_log_thaw, EFFECT_NONE, TOUCH_CHANGES},
    {"time.accept", admin_time_accept, EFFECT_NONE, TOUCH_CHANGES},
    {"trail", admin_trail, EFFECT_NONE, TOUCH_READS},
    {"trail.verify", admin_trail_verify, EFFECT_NONE, TOUCH_READS},
    {"key.list", admin_key_list, EFFECT_NONE, TOUCH_READS},
    {"key.rotate", admin_key_rotate, EFFECT_IDENTITY, TOUCH_CHANGES},
    {"key.destroy", admin_key_destroy, EFFECT_NONE, TOUCH_CHANGES},
    {"root.change", admin_root_change, EFFECT_NONE, TOUCH_CHANGES},
    {"ledger", admin_ledger, EFFECT_NONE, TOUCH_READS},
    {"budget", admin_budget, EFFECT_NONE, TOUCH_READS},
    {"budget.replay", admin_budget_replay, EFFECT_NONE, TOUCH_CHANGES},
    {"survey", admin_survey, EFFECT_NONE, TOUCH_READS},
    {"guarantee", admin_guarantee, EFFECT_NONE, TOUCH_READS},
    {"evidence", admin_evidence, EFFECT_NONE, TOUCH_CHANGES},
};

static const struct admin_row *find_row(struct bytes name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bytes_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

/* --- the trail --- */

/* Whom a command is about. The tenant need not be there yet, or any more. */
struct subject {
    bool has_tenant, has_device;
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
};

static void find_tenant(struct vault *vault, const char *name, struct subject *subject)
{
    struct tenant tenant;
    if (subject->has_tenant || !name || tenant_named(vault->store, name, &tenant) != OK)
        return;
    memcpy(subject->tenant, tenant.id, ID_BYTES);
    subject->has_tenant = true;
}

static void find_device(struct vault *vault, const struct json *id, struct subject *subject)
{
    struct device device;
    uint8_t wanted[ID_BYTES];
    if (subject->has_device || decode_hex_fixed(json_string_bytes(id), wanted, ID_BYTES) != OK ||
        device_find(vault->store, wanted, &device) != OK)
        return;
    memcpy(subject->device, device.id, ID_BYTES);
    memcpy(subject->tenant, device.tenant, ID_BYTES);
    subject->has_device = subject->has_tenant = true;
}

static void find_subject(struct vault *vault, const struct json *command, struct subject *subject)
{
    find_device(vault, json_get(command, "device"), subject);
    find_tenant(vault, json_string_text(json_get(command, "tenant")), subject);
    find_tenant(vault, json_string_text(json_get(command, "name")), subject);
}

static enum status enter(struct vault *vault, const char *act, const struct subject *subject, bool is_begun,
                         enum status outcome)
{
    return trail_add(vault, &(struct trail_act){.actor = TRAIL_OPERATOR,
                                                .act = act,
                                                .device = subject->has_device ? subject->device : NULL,
                                                .tenant = subject->has_tenant ? subject->tenant : NULL,
                                                .is_begun = is_begun,
                                                .outcome = outcome,
                                                .count = 1});
}

/* --- running --- */

static enum status read_command(struct bytes text, struct json **command, struct json_fields *fields,
                                const struct admin_row **row, struct why *why)
{
    *row = NULL;
    TRY(json_parse(text, ADMIN_TEXT_MAX, command, why));
    json_fields(fields, *command, "command", why);
    struct bytes name = json_take_string(fields, "command", 64);
    if (fields->status != OK)
        return fields->status;
    *row = find_row(name);
    if (!*row)
        return why_set(why, ERR_USAGE, "unknown command", NULL, 0);
    return role_may(CALLER_OPERATOR, (*row)->name) ? OK : why_set(why, ERR_USAGE, "not in the table of roles", NULL, 0);
}

static enum status run(struct vault *vault, const struct admin_row *row, struct json_fields *fields,
                       const struct message *in, struct outbox *out, struct buf *body, struct why *why)
{
    SCOPED_JSON struct json *reply = json_object();
    log_event(LOG_ADMIN, (struct log_fields){.count = (uint64_t)(row - rows)});
    TRY(row->run(vault, fields, reply, why));
    TRY(json_canonical(reply, body));
    if (row->effect == EFFECT_ROUND || row->effect == EFFECT_PREVIEW)
        return round_start(vault, row->effect == EFFECT_ROUND ? ROUND_PUBLISH : ROUND_PREVIEW, in, out, why);
    if (row->effect == EFFECT_IDENTITY)
        return vault_send_identity(vault, out);
    return row->effect == EFFECT_REVOKED ? vault_send_revoked(vault, out) : OK;
}

/* *is_answered: a round was begun, which answers and enters its outcome when distil is back. */
static enum status run_entered(struct vault *vault, const struct message *in, struct outbox *out, struct buf *body,
                               bool *is_answered, struct why *why)
{
    const struct admin_row *row = NULL;
    struct json_fields fields;
    struct subject subject = {0};
    SCOPED_JSON struct json *command = NULL;
    TRY(trail_flush(vault));
    enum status status = read_command(buf_bytes(&in->payload), &command, &fields, &row, why);
    find_subject(vault, command, &subject);
    if (status == OK && row->touch == TOUCH_CHANGES)
        TRY(enter(vault, row->name, &subject, true, OK));
    if (status == OK)
        status = run(vault, row, &fields, in, out, body, why);
    find_subject(vault, command, &subject);
    *is_answered = status == OK && (row->effect == EFFECT_ROUND || row->effect == EFFECT_PREVIEW);
    if (*is_answered)
        return OK;
    enum status entered = enter(vault, row ? row->name : "unknown", &subject, false, status);
    return status == OK ? entered : status;
}

enum status vault_admin(struct vault *vault, const struct message *in, struct outbox *out)
{
    bool is_answered = false;
    struct why why = {0};
    SCOPED_BUF struct buf body = {0};
    enum status status = run_entered(vault, in, out, &body, &is_answered, &why);
    if (is_answered)
        return OK;
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

enum status admin_time_accept(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    int64_t by = 0;
    char now[CLOCK_TEXT];
    TRY(json_fields_end(fields));
    if (vault->time.behind > 0)
        return why_set(why, ERR_POLICY, "the clock is behind the time in use, which never runs backwards", NULL, 0);
    TRY(vault_time_accept(vault, &by));
    clock_text(vault_now(vault), now);
    json_set(reply, "moved_seconds", json_integer(by));
    json_set(reply, "time", json_text(now));
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
        {"contributions", "SELECT coalesce(sum(count), 0) FROM intake_count WHERE kind = 1"},
        {"withdrawals", "SELECT coalesce(sum(count), 0) FROM intake_count WHERE kind = 2"},
        {"rounds", "SELECT count(*) FROM round"},
        {"library", "SELECT coalesce(max(version), 0) FROM release"},
        {"tree", "SELECT count(*) FROM log"},
        {"backed_up", "SELECT coalesce(max(log), 0) FROM backup"},
        {"restores", "SELECT count(*) FROM restore"},
    };
    char founded[CLOCK_TEXT], now[CLOCK_TEXT];
    TRY(json_fields_end(fields));
    clock_text(vault->founded, founded);
    clock_text(vault_now(vault), now);
    json_set(reply, "federation", json_hex(bytes_of(vault->federation.id, FEDERATION_ID_BYTES)));
    json_set(reply, "name", json_text(vault->federation.name));
    json_set(reply, "founded", json_text(founded));
    json_set(reply, "time", json_text(now));
    json_set(reply, "clock_behind_seconds", json_integer(vault->time.behind));
    json_set(reply, "clock_jumped_seconds", json_integer(vault->time.ahead));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        TRY(count(vault, counts[i].sql, reply, counts[i].key));
    json_set(reply, "round_under_way", json_bool(vault->round != NULL));
    enum status frozen = freeze_check(vault->store, NULL);
    if (frozen != OK && frozen != ERR_POLICY)
        return frozen;
    json_set(reply, "frozen", json_bool(frozen != OK));
    json_set(reply, "admitted_since_start", json_integer((int64_t)vault->admitted));
    json_set(reply, "refused_since_start", json_integer((int64_t)vault->refused));
    return OK;
}
