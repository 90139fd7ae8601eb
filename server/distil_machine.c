/* Distil as a machine: one question in, one answer out, nothing kept between them. */
#include "server/round_message.h"
#include "server/vault.h"

enum status distil_handle(const struct distiller *distiller, const struct message *in, struct outbox *out)
{
    if (in->type != MESSAGE_DISTIL || in->peer != ROLE_VAULT)
        return OK;
    struct distil_question question;
    struct distil_answer answer = {0};
    TRY(distil_question_decode(buf_bytes(&in->payload), &question));
    struct distil_options options = {question.near_milli / 1000.0, question.related_milli / 1000.0};
    memcpy(answer.nonce, question.nonce, ROUND_NONCE_BYTES);
    enum status status =
        distiller->distil(distiller->state, question.candidates, question.count, &options, &answer.proposals);
    struct message *message = status == OK ? outbox_add(out, ROLE_VAULT, MESSAGE_DISTILLED, in->request) : NULL;
    if (status == OK)
        status = message ? distil_answer_encode(&answer, &message->payload) : ERR_MEMORY;
    distil_answer_free(&answer);
    distil_question_free(&question);
    return status;
}
