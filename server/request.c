/* The course of a request: opened, judged by the table of roles, done with its row in the trail in one transaction,
 * answered under seal. */
#include "server/request.h"

#include "base/log.h"
#include "protocol/request.h"
#include "server/admit.h"
#include "server/budget.h"
#include "server/members.h"
#include "server/sender.h"

#define KEPT_SECONDS (40LL * 86400) /* longer than an epoch with the slack on both sides */

struct asked {
    struct sender sender;
    struct request request;
    struct bytes header; /* of the envelope */
};

/* --- what each does, in the caller's transaction --- */

typedef enum status (*request_run)(struct vault *vault, const struct asked *asked, struct json *answer,
                                   struct why *why);

static enum status renew(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    struct certificate certificate;
    struct certificates held;
    SCOPED_BUF struct buf pem = {0};
    TRY(certificates_of(vault->store, asked->sender.device.id, vault_now(vault), &held));
    if (held.count >= REQUEST_CERTIFICATES)
        return why_set(why, ERR_LIMIT, "this device has enough certificates that have not expired", NULL, 0);
    TRY(vault_certify(vault, &asked->sender.tenant, &asked->sender.device, bytes_str(asked->request.csr_pem), &pem,
                      &certificate));
    TRY(certificate_add(vault->store, &certificate));
    json_set(answer, "certificate", json_string(buf_bytes(&pem)));
    return OK;
}

static enum status list_devices(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    (void)why;
    bool more = false;
    struct json *list = json_array();
    enum status status = members_devices(vault, asked->sender.tenant.id, NULL, list, &more);
    json_set(answer, "devices", list);
    return status;
}

static enum status revoke_device(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    enum status status = members_revoke_device(vault, asked->sender.tenant.id, asked->request.subject);
    json_set(answer, "device", json_hex(bytes_of(asked->request.subject, ID_BYTES)));
    json_set(answer, "state", json_text("revoked"));
    return status == ERR_NOT_FOUND ? why_set(why, status, "there is no such device", NULL, 0) : status;
}

static enum status new_token(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    (void)why;
    SCOPED_BUF struct buf token;
    buf_init_secret(&token);
    TRY(vault_token_new(vault, &asked->sender.tenant, asked->request.role, &token));
    json_set(answer, "role", json_text(member_role_name(asked->request.role)));
    json_set(answer, "token", json_string(buf_bytes(&token)));
    return OK;
}

static enum status list_tokens(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    (void)why;
    struct json *list = json_array();
    enum status status = members_tokens(vault, asked->sender.tenant.id, list);
    json_set(answer, "tokens", list);
    return status;
}

static enum status revoke_token(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    enum status status = members_revoke_token(vault, asked->sender.tenant.id, asked->request.subject);
    json_set(answer, "id", json_hex(bytes_of(asked->request.subject, ID_BYTES)));
    json_set(answer, "state", json_text("revoked"));
    return status == ERR_NOT_FOUND ? why_set(why, status, "there is no such unused token", NULL, 0) : status;
}

static enum status show_trail(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    (void)why;
    return trail_page(vault, asked->sender.tenant.id, (int64_t)asked->request.from, answer);
}

static enum status show_budget(struct vault *vault, const struct asked *asked, struct json *answer, struct why *why)
{
    (void)why;
    return budget_put_statement(vault, asked->sender.tenant.id, answer);
}

static const struct request_row {
    request_run run;
    bool changes; /* is done once */
    bool revokes; /* the gate gets a new list */
} rows[REQUEST_COMMANDS] = {
    [REQUEST_RENEW] = {renew, true, false},
    [REQUEST_DEVICE_LIST] = {list_devices, false, false},
    [REQUEST_DEVICE_REVOKE] = {revoke_device, true, true},
    [REQUEST_TOKEN_NEW] = {new_token, true, false},
    [REQUEST_TOKEN_LIST] = {list_tokens, false, false},
    [REQUEST_TOKEN_REVOKE] = {revoke_token, true, false},
    [REQUEST_TRAIL] = {show_trail, false, false},
    [REQUEST_BUDGET] = {show_budget, false, false},
};

/* --- judging --- */

/* A device whose certificate has ended may renew it for a while, and nothing else. */
static enum status check_certificate(struct vault *vault, const struct asked *asked)
{
    struct certificates held;
    int64_t grace = asked->request.command == REQUEST_RENEW ? REQUEST_GRACE_SECONDS : 0;
    TRY(certificates_of(vault->store, asked->sender.device.id, vault_now(vault), &held));
    return vault_now(vault) < held.latest + grace ? OK : ERR_DENIED;
}

static enum status open_request(struct vault *vault, struct bytes envelope, struct asked *asked, struct why *why)
{
    TRY(sender_open(vault, ENVELOPE_REQUEST, envelope, &asked->sender));
    asked->header = bytes_part(envelope, 0, ENVELOPE_HEADER_BYTES);
    TRY(sender_take_rate(vault, &asked->sender, why));
    TRY(admit_check_epoch(vault, asked->sender.header.epoch, why));
    return request_decode(buf_bytes(&asked->sender.record), &asked->request, why);
}

/* --- answers that are kept --- */

/* Done before? OK and its answer; ERR_NOT_FOUND: no; ERR_EXISTS: its id was used for something else. */
static enum status kept_answer(struct vault *vault, const struct sender *sender, struct buf *body, struct why *why)
{
    SCOPED_BUF struct buf digest = {0};
    TRY(db_row(store_federation(vault->store), "SELECT digest, reply FROM request WHERE device = ? AND id = ?", "bb:bb",
               bytes_of(sender->header.device, ID_BYTES), bytes_of(sender->header.id, ID_BYTES), &digest, body));
    if (bytes_equal(buf_bytes(&digest), bytes_of(sender->digest, DIGEST_BYTES)))
        return OK;
    buf_clear(body);
    return why_set(why, ERR_EXISTS, "the id was used for something else", "envelope", 0);
}

static enum status keep_answer(struct vault *vault, const struct sender *sender, struct bytes body, struct why *why)
{
    struct db *db = store_federation(vault->store);
    struct bytes device = bytes_of(sender->header.device, ID_BYTES);
    int64_t kept = 0, now = vault_now(vault);
    TRY(db_exec(db, "DELETE FROM request WHERE device = ? AND at < ?", "bi", device, now - KEPT_SECONDS));
    TRY(db_row(db, "SELECT count(*) FROM request WHERE device = ?", "b:i", device, &kept));
    if (kept >= REQUESTS_KEPT)
        return why_set(why, ERR_LIMIT, "this device has asked for many changes lately", NULL, 0);
    return db_exec(db, "INSERT INTO request (device, id, digest, at, reply) VALUES (?, ?, ?, ?, ?)", "bbbib", device,
                   bytes_of(sender->header.id, ID_BYTES), bytes_of(sender->digest, DIGEST_BYTES), now, body);
}

/* --- doing it --- */

static enum status run_and_seal(struct vault *vault, const struct asked *asked, struct buf *body, struct why *why)
{
    SCOPED_JSON struct json *answer = json_object();
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    json_set(answer, "v", json_integer(1));
    TRY(rows[asked->request.command].run(vault, asked, answer, why));
    TRY(json_canonical(answer, &text));
    return request_reply_seal(asked->request.reply_key, asked->header, buf_bytes(&text), body);
}

static enum status run_entered(struct vault *vault, const struct asked *asked, struct buf *body, struct why *why)
{
    const struct sender *sender = &asked->sender;
    TRY(run_and_seal(vault, asked, body, why));
    if (rows[asked->request.command].changes)
        TRY(keep_answer(vault, sender, buf_bytes(body), why));
    return trail_add(vault, &(struct trail_act){.actor = TRAIL_DEVICE,
                                                .act = request_command_name(asked->request.command),
                                                .device = sender->device.id,
                                                .tenant = sender->tenant.id,
                                                .count = 1});
}

static enum status run_once(struct vault *vault, const struct asked *asked, struct buf *body, struct why *why)
{
    struct db *db = store_federation(vault->store);
    enum status status =
        rows[asked->request.command].changes ? kept_answer(vault, &asked->sender, body, why) : ERR_NOT_FOUND;
    if (status != ERR_NOT_FOUND)
        return status;
    TRY(db_begin(db));
    status = run_entered(vault, asked, body, why);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status answer(struct vault *vault, struct bytes envelope, struct asked *asked, struct buf *body,
                          const char **call, struct why *why)
{
    TRY(open_request(vault, envelope, asked, why));
    *call = request_command_name(asked->request.command);
    TRY(sender_may(&asked->sender, *call));
    TRY(check_certificate(vault, asked));
    TRY(vault_settle(vault)); /* not before: a stranger can't make us drain the journal */
    return run_once(vault, asked, body, why);
}

enum status request_answer(struct vault *vault, const struct message *in, struct outbox *out)
{
    struct why why = {0};
    struct asked asked = {0};
    const char *call = "request";
    SCOPED_BUF struct buf body = {0};
    enum status status = answer(vault, buf_bytes(&in->payload), &asked, &body, &call, &why);
    if (status == OK && rows[asked.request.command].revokes)
        status = vault_send_revoked(vault, out);
    if (status != OK)
        trail_refuse(vault, call, status, asked.sender.is_proved ? asked.sender.device.id : NULL,
                     asked.sender.tenant.id);
    request_free(&asked.request);
    sender_free(&asked.sender);
    return vault_reply(out, in->peer, in->request, status, &why, buf_bytes(&body));
}
