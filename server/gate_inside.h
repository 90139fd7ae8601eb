/* What the parts of the gate share: the gate itself, its ports, its connections and the table of requests that wait for
 * the vault. Seen by gate*.c only. */
#pragma once

#include <sys/queue.h>

#include "crypto/tls.h"
#include "server/gate_route.h"
#include "server/process.h"
#include "server/process_link.h"

struct bufferevent;
struct event;
struct event_base;

#define GATE_PENDING 256u                      /* requests that wait for the vault at one time */
#define GATE_CONNECTIONS 4096u                 /* by default */
#define GATE_DEVICE_CONNECTIONS 64u            /* of one certificate */
#define GATE_INCOMING_MAX (64u * 1024 * 1024)  /* bytes of bodies that are coming in */
#define GATE_OUTGOING_MAX (256u * 1024 * 1024) /* bytes of answers on their way */
#define GATE_PATIENCE 20
#define GATE_MEETING_SECONDS 8 /* for a greeting and the handshake after it */
#define GATE_SPARE_FILES 32    /* descriptors beside those of connections */
#define GATE_STOP_SECONDS 3

struct gate;
struct gate_port {
    struct gate *gate;
    enum gate_port_kind kind;
    int fd;
    struct event *acceptable; /* NULL: not open */
    bool is_paused;
};

/* What is known of a connection; a crowd has a limit, and makes room when all are full (gate_door.c). */
enum gate_crowd {
    GATE_GREETING_CROWD, /* no whole greeting yet: costs next to nothing */
    GATE_MEETING,        /* in the handshake */
    GATE_STRANGERS,      /* without a certificate of a member */
    GATE_MEMBERS,
    GATE_SCRAPERS, /* on the metrics port */
    GATE_CROWDS
};
struct gate_crowd_list {
    TAILQ_HEAD(, gate_connection) connections; /* the oldest, or longest unused, first */
    unsigned count;
};

enum gate_state {
    GATE_GREETING, /* wants a first TLS record: no session yet */
    GATE_HEAD,     /* wants a request head */
    GATE_BODY,     /* wants its body */
    GATE_WAITING,  /* the vault has it */
    GATE_SENDING,  /* the answer is on its way */
    GATE_CLOSING,  /* answered for the last time: what still comes is thrown away for a moment */
    GATE_DEAD,     /* to be freed by whoever was called from outside: no inner function frees */
};
struct gate_connection {
    struct gate_port *port;
    TAILQ_ENTRY(gate_connection) place;
    enum gate_crowd crowd;
    uint8_t serial[CERT_SERIAL_BYTES]; /* GATE_MEMBERS: of its certificate */
    struct event *greeting;            /* GATE_GREETING: something has come; owns the descriptor */
    unsigned wakes;                    /* GATE_GREETING */
    struct bufferevent *bev;           /* NULL in GATE_GREETING */
    struct event *deadline;
    enum gate_state state;
    const struct gate_route *route;
    size_t length;             /* of the body */
    struct buf numbers;        /* payload of a request without a body */
    bool keep_alive, has_met;  /* has_met: the handshake is done */
    unsigned slot;             /* GATE_WAITING: index into gate.pending */
    size_t thrown_away;        /* GATE_CLOSING */
    size_t incoming, outgoing; /* bytes counted in gate.incoming, gate.outgoing */
    uint64_t started;          /* ticks, when the head was complete */
};

struct gate_pending {
    bool taken;
    uint64_t request;
    struct gate_connection *connection; /* NULL: went away before its answer */
};

struct gate_counts {
    uint64_t answers[6]; /* by first digit of the HTTP status */
    uint64_t accepted, full, evicted, handshakes_failed, timeouts, overloaded;
};

struct gate {
    struct event_base *base;
    struct process_link supervisor, vault;
    struct event *supervisor_readable, *vault_readable, *vault_writable, *stop_deadline, *give_back;
    struct tls_server *tls; /* NULL until the vault has sent it */
    struct gate_port members, metrics;
    int listener_fd, metrics_fd; /* handed over, until their ports are open; -1: none */
    struct gate_crowd_list crowds[GATE_CROWDS];
    unsigned open, most; /* connections on the members' port */
    unsigned patience;   /* seconds for a head, and at least for a body or an answer */
    struct gate_pending pending[GATE_PENDING];
    uint64_t next_request;
    size_t incoming, outgoing;
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

/* gate_door.c */
void gate_door_prepare(int listener); /* before the filter */
MUST_USE enum status gate_port_open(struct gate *gate, struct gate_port *port, enum gate_port_kind kind, int fd);
void gate_port_close(struct gate_port *port);
void gate_port_pause(struct gate_port *port);
void gate_port_resume(struct gate_port *port);
/* At the end of a crowd; may free another connection of it. */
void gate_crowd_enter(struct gate_connection *connection, enum gate_crowd crowd);
void gate_crowd_leave(struct gate_connection *connection);
/* Whether a member's device may have one more, before it enters; may free another one of the device. */
bool gate_device_has_room(const struct gate_connection *connection);

void gate_departed(struct gate *gate); /* one that had a session is gone */
void gate_give_back(int unused, short what, void *gate);

/* gate_greeting.c: look at what has come, without taking it */
enum gate_greeting { GATE_GREETING_PART, GATE_GREETING_WHOLE, GATE_GREETING_BAD };
enum gate_greeting gate_greeting_look(struct gate_connection *connection, int fd);

/* gate_pending.c: the way to the vault and back */
MUST_USE enum status gate_ask(struct gate *gate, struct gate_connection *connection, enum message_type type,
                              struct bytes payload); /* ERR_UNAVAILABLE: full */
void gate_forget(struct gate *gate, struct gate_connection *connection);
void gate_answered(struct gate *gate, struct message *reply); /* takes the payload */

/* gate.c */
void gate_connections_changed(struct gate *gate); /* one was opened, closed or finished */
void gate_flush_vault(struct gate *gate);
void gate_metrics(const struct gate *gate, struct buf *out);
