/* What the parts of the gate share: the gate itself, its ports, its connections and the table of requests that wait for
 * the vault. Seen by gate*.c only. */
#pragma once

#include "crypto/tls.h"
#include "server/gate_route.h"
#include "server/process.h"
#include "server/process_link.h"

struct bufferevent;
struct evconnlistener;
struct event;
struct event_base;

#define GATE_PENDING 256u                      /* requests that wait for the vault at one time */
#define GATE_CONNECTIONS 512u                  /* by default */
#define GATE_OUTGOING_MAX (256u * 1024 * 1024) /* bytes of answers on their way */
#define GATE_PATIENCE 20
#define GATE_STOP_SECONDS 3

struct gate;
struct gate_port {
    struct gate *gate;
    enum gate_port_kind kind;
    struct evconnlistener *listener; /* NULL: not open */
};

enum gate_state {
    GATE_HEAD,    /* wants a request head */
    GATE_BODY,    /* wants its body */
    GATE_WAITING, /* the vault has it */
    GATE_SENDING, /* the answer is on its way */
    GATE_CLOSING, /* answered for the last time: what still comes is thrown away for a moment */
    GATE_DEAD,    /* to be freed by whoever was called from outside: no inner function frees */
};
struct gate_connection {
    struct gate_port *port;
    struct gate_connection *next, **back; /* the gate's list: *back == this */
    struct bufferevent *bev;
    struct event *deadline;
    enum gate_state state;
    const struct gate_route *route;
    size_t length;            /* of the body */
    struct buf numbers;       /* payload of a request without a body */
    bool keep_alive, has_met; /* has_met: the handshake is done */
    unsigned slot;            /* GATE_WAITING: index into gate.pending */
    size_t outgoing;          /* bytes counted in gate.outgoing */
    uint64_t started;         /* ticks, when the head was complete */
};

struct gate_pending {
    bool taken;
    uint64_t request;
    struct gate_connection *connection; /* NULL: went away before its answer */
};

struct gate_counts {
    uint64_t answers[6]; /* by first digit of the HTTP status */
    uint64_t accepted, full, handshakes_failed, timeouts, overloaded;
};

struct gate {
    struct event_base *base;
    struct process_link supervisor, vault;
    struct event *supervisor_readable, *vault_readable, *vault_writable, *stop_deadline;
    struct tls_server *tls; /* NULL until the vault has sent it */
    struct gate_port members, metrics;
    int listener_fd, metrics_fd; /* handed over, until their ports are open; -1: none */
    struct gate_connection *connections;
    unsigned open, most;
    unsigned patience; /* seconds for a head, and at least for a body or an answer */
    struct gate_pending pending[GATE_PENDING];
    uint64_t next_request;
    size_t outgoing;
    struct buf revoked; /* sorted serials, CERT_SERIAL_BYTES each */
    struct gate_counts counts;
    bool stopping;
    enum sandbox sandbox;
    enum status status; /* why the loop ended */
};

/* gate_connection.c */
void gate_connection_start(struct gate_port *port, int fd); /* takes fd */
void gate_connection_free(struct gate_connection *connection);
/* The vault's reply; may free the connection. The payload's memory is taken if it is sent. */
void gate_connection_answer(struct gate_connection *connection, struct buf *payload);
bool gate_connection_is_idle(const struct gate_connection *connection);
bool gate_connection_is_revoked(const struct gate_connection *connection);

/* gate_pending.c: the way to the vault and back */
MUST_USE enum status gate_ask(struct gate *gate, struct gate_connection *connection, enum message_type type,
                              struct bytes payload); /* ERR_UNAVAILABLE: full */
void gate_forget(struct gate *gate, struct gate_connection *connection);
void gate_answered(struct gate *gate, struct message *reply); /* takes the payload */

/* gate.c */
void gate_connections_changed(struct gate *gate); /* one was opened, closed or finished */
void gate_flush_vault(struct gate *gate);
void gate_metrics(const struct gate *gate, struct buf *out);
