/* The house in one process: messages are delivered by calls instead of frames, under the same policy of who may ask. */
#include <stdio.h>

#include "server/vault.h"

/* Let distil answer a question. If it cannot, the vault is told by an answer that it will refuse, which ends the round.
 */
static enum status run_distil(const struct distiller *distiller, const struct message *question, struct message *answer)
{
    struct outbox out = {0};
    struct message in = *question; /* borrowed */
    in.peer = ROLE_VAULT;
    enum status status = distil_handle(distiller, &in, &out);
    *answer = (struct message){.type = MESSAGE_DISTILLED, .request = question->request};
    if (status == OK && out.count == 1) {
        *answer = out.items[0];
        out.items[0] = (struct message){0};
    }
    answer->peer = ROLE_DISTIL;
    outbox_free(&out);
    return status;
}

/* Deliver one message and all that distil answers to it. */
static enum status deliver(struct vault *vault, const struct distiller *distiller, const struct message *in,
                           struct outbox *collected)
{
    size_t at = collected->count;
    int wait_ms;
    TRY(vault_handle(vault, in, collected));
    TRY(vault_flush(vault, collected));
    TRY(vault_work(vault, VAULT_BUSY, &wait_ms));
    for (; at < collected->count; at++) {
        if (collected->items[at].peer != ROLE_DISTIL)
            continue;
        struct message answer;
        enum status distilled = run_distil(distiller, &collected->items[at], &answer);
        enum status status = vault_handle(vault, &answer, collected);
        message_free(&answer);
        TRY(status);
        TRY(distilled);
    }
    return OK;
}

static void take_reply(struct outbox *collected, enum role from, uint64_t request, struct buf *reply)
{
    for (size_t i = 0; i < collected->count; i++) {
        struct message *message = &collected->items[i];
        if (message->peer != from || message->type != MESSAGE_REPLY || message->request != request)
            continue;
        buf_free(reply);
        *reply = message->payload;
        message->payload = (struct buf){0};
        return;
    }
}

enum status house_ask(struct vault *vault, const struct distiller *distiller, enum role from, enum message_type type,
                      struct bytes payload, struct buf *reply)
{
    struct outbox collected = {0};
    struct message in = {.peer = from, .type = type, .request = 1};
    buf_free(reply);
    buf_add(&in.payload, payload);
    enum status status = buf_status(&in.payload);
    if (status == OK)
        status = deliver(vault, distiller, &in, &collected);
    if (status == OK)
        take_reply(&collected, from, in.request, reply);
    message_free(&in);
    outbox_free(&collected);
    return status;
}

enum status house_admin(struct vault *vault, const struct distiller *distiller, struct bytes command, struct buf *reply,
                        struct why *why)
{
    static _Thread_local char detail[sizeof((struct reply *)0)->detail]; /* a why points at what outlives the reply */
    SCOPED_BUF struct buf payload = {0};
    struct reply read;
    TRY(house_ask(vault, distiller, ROLE_SUPERVISOR, MESSAGE_ADMIN, command, &payload));
    if (payload.size == 0)
        return why_set(why, ERR_TOO_LARGE, "not a command that the vault takes", NULL, 0);
    TRY(reply_read(buf_bytes(&payload), &read));
    buf_add(reply, read.body);
    TRY(buf_status(reply));
    if (read.status == OK)
        return OK;
    snprintf(detail, sizeof detail, "%s", read.detail);
    return why_set(why, read.status, detail[0] ? detail : status_text(read.status), NULL, 0);
}
