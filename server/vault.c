/* The vault's front: which message is answered by what. A table, so that what is not a row is refused. */
#include "server/vault.h"

#include <stdio.h>

#include "base/log.h"
#include "server/identity.h"
#include "server/intake.h"
#include "server/key_rotation.h"
#include "server/request.h"
#include "server/round.h"
#include "server/vault_state.h"

/* What they read of the log and the library need not wait for the journal; enrolment sees to it once it knows whom it
 * lets in. */
static const struct answer {
    enum message_type type;
    vault_answer answer;
} answers[] = {
    {MESSAGE_FEDERATION, vault_federation},
    {MESSAGE_ENROL, vault_enrol},
    {MESSAGE_LIBRARY, vault_library},
    {MESSAGE_CHECKPOINT, vault_checkpoint},
    {MESSAGE_INCLUSION, vault_inclusion},
    {MESSAGE_CONSISTENCY, vault_consistency},
    {MESSAGE_READY, vault_ready},
    {MESSAGE_SEEN, vault_seen},
    {MESSAGE_DURABLE, vault_durable},
    {MESSAGE_WITNESSES, vault_witnesses},
    {MESSAGE_TILE, vault_tile},
};

static const struct answer *find_answer(enum message_type type)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (answers[i].type == type)
            return &answers[i];
    return NULL;
}

enum status vault_reply(struct outbox *out, enum role to, uint64_t request, enum status status, const struct why *why,
                        struct bytes body)
{
    char detail[128] = "", place[64] = "";
    struct message *message = outbox_add(out, to, MESSAGE_REPLY, request);
    if (!message)
        return ERR_MEMORY;
    if (why && why->where && why->at)
        snprintf(place, sizeof place, " (%s: %zu)", why->where, why->at);
    else if (why && why->where)
        snprintf(place, sizeof place, " (%s)", why->where);
    if (why && why->what && status != ERR_DENIED)
        snprintf(detail, sizeof detail, "%s%s%s%s", why->what, place, why->hint ? ": " : "",
                 why->hint ? why->hint : "");
    return reply_write(message, status, detail, status == OK ? body : BYTES_NONE);
}

void vault_pseudonym(const struct vault *vault, const uint8_t device[static ID_BYTES], uint8_t out[static 16])
{
    hash_keyed(bytes_of(vault->pseudonym_key, sizeof vault->pseudonym_key), bytes_of(device, ID_BYTES), out, 16);
}

/* The message is made when the list is whole: one that was cut short would let in again whom it leaves out. */
enum status vault_send_revoked(struct vault *vault, struct outbox *out)
{
    SCOPED_BUF struct buf list = {0};
    TRY(certificate_revoked(vault->store, vault_now(vault), &list));
    struct message *message = outbox_add(out, ROLE_GATE, MESSAGE_REVOKED, 0);
    if (!message)
        return ERR_MEMORY;
    message->payload = list;
    list = (struct buf){0};
    return OK;
}

enum status vault_send_identity(struct vault *vault, struct outbox *out)
{
    struct message *identity = outbox_add(out, ROLE_GATE, MESSAGE_IDENTITY, 0);
    if (!identity)
        return ERR_MEMORY;
    const struct identity own = {secret_bytes(&vault->keys[SERVER_TLS]), buf_bytes(&vault->certificate),
                                 bytes_str(vault->federation.ca_pem)};
    return identity_encode(&own, &identity->payload);
}

enum status vault_start(struct vault *vault, struct outbox *out)
{
    vault_time_look(vault);
    TRY(vault_send_identity(vault, out));
    return vault_send_revoked(vault, out);
}

static enum status tick(struct vault *vault, struct outbox *out)
{
    enum status status = vault_time_tick(vault);
    if (status == OK)
        status = trail_tick(vault);
    if (status == OK)
        status = key_tick(vault, out);
    if (status != OK) /* kept, and tried again */
        log_event(LOG_STORE_FAILED, (struct log_fields){.status = status});
    return round_tick(vault, out);
}

enum status vault_stop(struct vault *vault, enum status ended)
{
    if (ended == ERR_INPUT)
        trail_refuse(vault, "frame", ERR_DENIED, NULL, NULL);
    return trail_flush(vault);
}

enum status vault_settle(struct vault *vault)
{
    return intake_settle(vault);
}

/* The rows of the frame policy that are left: an answer, or a command. */
static enum status answer_message(struct vault *vault, const struct message *in, struct outbox *out)
{
    const struct answer *answer = find_answer(in->type);
    struct why why = {0};
    SCOPED_BUF struct buf body = {0};
    INVARIANT(answer || in->type == MESSAGE_ADMIN);
    enum status status = answer ? OK : vault_settle(vault);
    if (status != OK)
        status = why_set(&why, status, "what was received cannot be stored", "intake journal", 0);
    else if (answer)
        status = answer->answer(vault, buf_bytes(&in->payload), &body, &why);
    else
        return vault_admin(vault, in, out);
    return vault_reply(out, in->peer, in->request, status, &why, buf_bytes(&body));
}

enum status vault_handle(struct vault *vault, const struct message *in, struct outbox *out)
{
    vault_time_look(vault);
    const struct message_rule *rule = message_rule(in->peer, ROLE_VAULT, in->type, PHASE_SERVE);
    if (!rule || in->payload.size > rule->limit) {
        log_event(LOG_FRAME_REFUSED, (struct log_fields){.count = in->type, .status = ERR_DENIED});
        trail_refuse(vault, "frame", ERR_DENIED, NULL, NULL);
        return OK;
    }
    if (in->type == MESSAGE_CONTRIBUTE || in->type == MESSAGE_WITHDRAW)
        return admit_message(vault, in, out);
    TRY(intake_flush(vault, out));
    if (in->type == MESSAGE_STOP)
        return trail_flush(vault);
    if (in->type == MESSAGE_TICK)
        return tick(vault, out);
    if (in->type == MESSAGE_DISTILLED)
        return round_distilled(vault, in, out);
    if (in->type == MESSAGE_REQUEST)
        return request_answer(vault, in, out);
    TRY(answer_message(vault, in, out));
    return vault->must_stop ? ERR_IO : OK;
}

enum status vault_flush(struct vault *vault, struct outbox *out)
{
    return intake_flush(vault, out);
}

enum status vault_work(struct vault *vault, enum vault_pace pace, int *wait_ms)
{
    return intake_work(vault, pace, wait_ms);
}
