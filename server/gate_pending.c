/* The requests that wait for the vault: a fixed table, so that there are never more than the vault's queue should hold,
 * and an answer finds its connection, or nobody if that went away meanwhile. */
#include "server/gate_inside.h"

/* Strangers, who can be as many as they like, have one half; members have both. */
static unsigned first_slot(const struct gate_connection *connection)
{
    return connection->crowd == GATE_MEMBERS ? 0 : GATE_PENDING / 2;
}

enum status gate_ask(struct gate *gate, struct gate_connection *connection, enum message_type type,
                     struct bytes payload)
{
    unsigned slot = first_slot(connection);
    while (slot < GATE_PENDING && gate->pending[slot].taken)
        slot++;
    if (slot == GATE_PENDING)
        return ERR_UNAVAILABLE;
    uint64_t request = gate->next_request + slot; /* the slot is in the number's low part */
    gate->next_request += GATE_PENDING;
    TRY(process_link_send(&gate->vault, type, request, payload));
    gate->pending[slot] = (struct gate_pending){true, request, connection};
    connection->slot = slot;
    gate_flush_vault(gate);
    return OK;
}

void gate_forget(struct gate *gate, struct gate_connection *connection)
{
    INVARIANT(gate->pending[connection->slot].connection == connection);
    gate->pending[connection->slot].connection = NULL;
}

void gate_answered(struct gate *gate, struct message *reply)
{
    struct gate_pending *pending = &gate->pending[reply->request % GATE_PENDING];
    if (!pending->taken || pending->request != reply->request)
        return;
    struct gate_connection *connection = pending->connection;
    *pending = (struct gate_pending){0};
    if (connection)
        gate_connection_answer(connection, &reply->payload);
}
