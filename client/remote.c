/* The client's side of the HTTP API: enrolment and sending. Hides paths and the order of checks. */
#include "client/remote.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/follow.h"
#include "client/durable.h"
#include "client/remote_internal.h"
#include "crypto/ca.h"
#include "protocol/problem.h"

#define REPLY_MAX (1u << 20)

enum status remote_connect(const struct home *home, struct http **out, struct why *why)
{
    struct http_identity identity = {.ca_pem = bytes_str(home->federation.ca_pem),
                                     .certificate_pem = bytes_str(home->certificate_pem),
                                     .key = &home->tls_key};
    return http_new(home->server, &identity, out, why);
}

enum status remote_status(const struct http_reply *reply, struct why *why)
{
    if (reply->status >= 200 && reply->status < 300)
        return OK;
    return why_set(why, problem_decode(buf_bytes(&reply->body), (int)reply->status), "the server refused", "reply", 0);
}

/* --- enrolment --- */

static enum status federation_fetch(const char *server, const struct http_identity *identity,
                                    struct federation *federation, struct why *why)
{
    struct http *http = NULL;
    TRY(http_new(server, identity, &http, why));
    enum status status = federation_ask(http, federation, why);
    http_free(http);
    return status;
}

/* The server is whom the token names: only then is its CA believed. */
static enum status federation_believe(const struct federation *federation, const struct enrol_token *token,
                                      struct why *why)
{
    enum status status = enrol_token_check(token, federation);
    if (status == ERR_DENIED)
        return why_hint(why, ERR_DENIED, "the token is of another federation than this server", NULL,
                        "check the address with whoever gave you the token");
    return status;
}

/* The first contact is with a stranger. Of its document only what the token vouches for is believed, the keys and the
 * CA; the policy, which may change and for which no token can vouch, comes over a connection that this CA secures. */
static enum status federation_find(const char *server, const struct enrol_token *token, struct federation *out,
                                   struct why *why)
{
    struct federation stranger = {0};
    TRY(federation_fetch(server, &(struct http_identity){.first_contact = true}, &stranger, why));
    enum status status = federation_believe(&stranger, token, why);
    if (status == OK)
        status = federation_fetch(server, &(struct http_identity){.ca_pem = bytes_str(stranger.ca_pem)}, out, why);
    federation_free(&stranger);
    TRY(status);
    status = federation_believe(out, token, why);
    if (status != OK)
        federation_free(out);
    return status;
}

static enum status enrol_send(const struct home *home, const char *server, const struct federation *federation,
                              const struct enrol_token *token, struct enrol_reply *out, struct why *why)
{
    struct http_identity identity = {.ca_pem = bytes_str(federation->ca_pem)};
    struct http *http = NULL;
    struct http_reply reply = {0};
    SCOPED_BUF struct buf csr = {0};
    SCOPED_BUF struct buf request = {0};
    TRY(csr_create(&home->tls_key, "device", &csr));
    TRY(enrol_request_seal(federation, token, &home->sign_seed, buf_bytes(&csr), &request));
    TRY(http_new(server, &identity, &http, why));
    enum status status =
        http_post(http, "/v1/enrol", "application/octet-stream", buf_bytes(&request), REPLY_MAX, &reply, why);
    if (status == OK && reply.status == 403)
        status = why_hint(why, ERR_DENIED, "the token was not accepted", NULL,
                          "tokens serve once and for 24 hours: ask your operator for a new one");
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK)
        status = enrol_reply_decode(buf_bytes(&reply.body), out, why);
    http_reply_free(&reply);
    http_free(http);
    return status;
}

static enum status policy_accept(const struct policy *mine, const struct policy *theirs, bool accept, struct why *why)
{
    struct why reason = {0};
    enum status status = policy_as_strict(mine, theirs, &reason);
    if (status != ERR_POLICY || accept)
        return status == ERR_POLICY ? OK : status;
    return why_hint(why, ERR_POLICY, "the federation's policy is laxer than yours", reason.where,
                    "read it, then repeat with --accept-policy");
}

static enum status enrol_with(struct home *home, const char *server, const struct enrol_token *token,
                              bool accept_policy, struct why *why)
{
    struct federation federation = {0};
    struct enrol_reply reply = {0};
    struct policy mine;
    policy_default(&mine);
    TRY(federation_find(server, token, &federation, why));
    enum status status = policy_accept(&mine, &federation.policy, accept_policy, why);
    if (status == OK)
        status = enrol_send(home, server, &federation, token, &reply, why);
    if (status == OK)
        status =
            cert_check(bytes_str(federation.ca_pem), bytes_str(reply.certificate_pem), clock_seconds(home->clock), why);
    char *address = status == OK ? mem_copy(bytes_str(server)) : NULL;
    if (status == OK && !address)
        status = ERR_MEMORY;
    if (status != OK) {
        federation_free(&federation);
        enrol_reply_free(&reply);
        return status;
    }
    home->federation = federation;
    home->server = address;
    memcpy(home->tenant, reply.tenant, ID_BYTES);
    memcpy(home->device, reply.device, ID_BYTES);
    home->certificate_pem = reply.certificate_pem;
    reply.certificate_pem = NULL;
    enrol_reply_free(&reply);
    home->enrolled = true;
    return home_save(home);
}

enum status remote_enrol(struct home *home, const char *server, struct bytes token_text, bool accept_policy,
                         struct why *why)
{
    struct enrol_token token;
    if (home->enrolled)
        return why_hint(why, ERR_EXISTS, "this device is enrolled already", NULL,
                        "use another --home for another federation");
    enum status status = enrol_token_decode(token_text, &token);
    if (status == OK)
        status = enrol_with(home, server, &token, accept_policy, why);
    else
        status = why_set(why, ERR_INPUT, "that is not an enrolment token", "token", 0);
    secret_wipe(&token, sizeof token);
    return status;
}

/* --- sending --- */

enum status remote_header(const struct home *home, enum envelope_kind kind, const uint8_t id[static ID_BYTES],
                          const char epoch[static EPOCH_TEXT], struct envelope_header *out)
{
    *out = (struct envelope_header){.kind = kind};
    memcpy(out->federation, home->federation.id, FEDERATION_ID_BYTES);
    memcpy(out->sealing_key_id, home->federation.sealing_key_id, KEY_ID_BYTES);
    memcpy(out->tenant, home->tenant, ID_BYTES);
    memcpy(out->device, home->device, ID_BYTES);
    memcpy(out->id, id, ID_BYTES);
    memcpy(out->epoch, epoch, EPOCH_TEXT);
    return policy_hash(&home->federation.policy, out->policy);
}

static enum status item_seal(const struct home *home, const struct outbox_item *item, struct buf *envelope)
{
    struct envelope_header header;
    TRY(remote_header(home, item->kind, item->id, item->epoch, &header));
    return envelope_seal(&header, home->federation.sealing_key, &home->sign_seed, buf_bytes(&item->record), envelope);
}

static enum status receipt_believe(const struct home *home, const struct outbox_item *item, struct bytes text,
                                   struct receipt *out, struct why *why)
{
    TRY(receipt_decode(text, out, why));
    if (memcmp(out->contribution, item->id, ID_BYTES) != 0 || memcmp(out->digest, item->digest, DIGEST_BYTES) != 0)
        return why_set(why, ERR_DENIED, "the receipt is for something else", "receipt", 0);
    enum status status = receipt_check_document(out, &home->federation);
    return status == OK ? OK : why_set(why, status, "the receipt's signature is wrong", "receipt", 0);
}

static bool is_refusal(enum status status)
{
    return status == ERR_POLICY || status == ERR_INPUT || status == ERR_TOO_LARGE || status == ERR_EXISTS ||
           status == ERR_VERSION;
}

/* A 404: there is nothing of ours to withdraw, which refuses the withdrawal; or this is no place to send anything to.
 */
static enum status not_found(enum envelope_kind kind, struct why *why)
{
    return kind == ENVELOPE_WITHDRAWAL
               ? ERR_POLICY
               : why_set(why, ERR_UNAVAILABLE, "the server takes no contributions", "server", 0);
}

/* ERR_POLICY and its like when the server refuses this item; anything else stops the sending. Never ERR_NOT_FOUND. */
static enum status item_send(struct home *home, struct http *http, const struct outbox_item *item, struct why *why)
{
    struct http_reply reply = {0};
    struct receipt receipt;
    SCOPED_BUF struct buf envelope = {0};
    const char *path = item->kind == ENVELOPE_WITHDRAWAL ? "/v1/withdrawals" : "/v1/contributions";
    TRY(item_seal(home, item, &envelope));
    enum status status =
        http_post(http, path, "application/octet-stream", buf_bytes(&envelope), REPLY_MAX, &reply, why);
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == ERR_NOT_FOUND)
        status = not_found(item->kind, why);
    if (status == OK)
        status = receipt_believe(home, item, buf_bytes(&reply.body), &receipt, why);
    if (status == OK)
        status = outbox_sent(home, item->id, buf_bytes(&reply.body), receipt.leaf);
    http_reply_free(&reply);
    return status;
}

static enum status send_kind(struct home *home, struct http *http, enum envelope_kind kind,
                             void (*progress)(const char *doing, size_t done, size_t of), struct send_report *report,
                             struct why *why)
{
    uint8_t after[ID_BYTES] = {0};
    struct outbox_item item;
    enum status status;
    while ((status = outbox_next_of(home, OUTBOX_QUEUED, kind, after, &item)) == OK) {
        memcpy(after, item.id, ID_BYTES);
        struct why refused = {0};
        status = item_send(home, http, &item, &refused);
        outbox_item_free(&item);
        if (status == OK)
            report->sent++;
        else if (is_refusal(status)) {
            report->refused++;
            status = outbox_refused(home, after);
        } else if (why)
            *why = refused;
        if (status != OK)
            break;
        report->left--;
        if (progress)
            progress("sending", report->sent + report->refused, report->sent + report->refused + report->left);
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

/* Withdrawals first: they must not wait behind contributions that are over the policy's share. */
static enum status send_queued(struct home *home, struct http *http,
                               void (*progress)(const char *doing, size_t done, size_t of), struct send_report *report,
                               struct why *why)
{
    TRY(send_kind(home, http, ENVELOPE_WITHDRAWAL, progress, report, why));
    return send_kind(home, http, ENVELOPE_CONTRIBUTION, progress, report, why);
}

/* What the server lost in a restore goes with it. */
static enum status send_with_lost(struct home *home, struct http *http,
                                  void (*progress)(const char *doing, size_t done, size_t of),
                                  struct send_report *report, struct why *why)
{
    size_t again = 0;
    TRY(durable_follow(home, http, &again, why));
    report->left += again;
    return send_queued(home, http, progress, report, why);
}

static enum status meet_and_send(struct home *home, struct http *http,
                                 void (*progress)(const char *doing, size_t done, size_t of),
                                 struct send_report *report, struct why *why)
{
    struct seen shown;
    struct why alarm = {0};
    enum status met = follow_meet(home, http, &shown, &alarm);
    seen_free(&shown);
    enum status status = met == OK || met == ERR_CORRUPT ? send_with_lost(home, http, progress, report, why) : OK;
    if (status != OK || met == OK)
        return status;
    if (why)
        *why = alarm;
    return met;
}

/* Sealed to the keys that are in use now. They may be rotated again while we send: what was refused then is sealed and
 * sent again. */
static enum status send_to_present_keys(struct home *home, struct http *http,
                                        void (*progress)(const char *doing, size_t done, size_t of),
                                        struct send_report *report, struct why *why)
{
    bool changed = false;
    TRY(keys_refresh(home, http, &changed, why));
    for (size_t changes = 0;; changes++) {
        struct why reason = {0};
        enum status status = meet_and_send(home, http, progress, report, &reason);
        if (status == ERR_DENIED && keys_changed(home, http, changes))
            continue;
        if (why && !why->what)
            *why = reason;
        return status;
    }
}

enum status remote_flush(struct home *home, void (*progress)(const char *doing, size_t done, size_t of),
                         struct send_report *report, struct why *why)
{
    size_t counts[OUTBOX_STATES];
    struct http *http = NULL;
    *report = (struct send_report){0};
    TRY(outbox_count(home, counts));
    report->left = counts[OUTBOX_QUEUED];
    if (report->left == 0)
        return OK;
    TRY(home_require_enrolled(home, why));
    TRY(remote_connect(home, &http, why));
    enum status status = send_to_present_keys(home, http, progress, report, why);
    http_free(http);
    return status;
}
