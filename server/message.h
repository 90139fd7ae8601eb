/* The messages between the server's roles, and the one table of who may send what to whom, when and how large.
 *
 * A role is a pure machine: it takes one message and puts any number into an outbox. Processes carry them as frames
 * (transport/frame.h); audits and tests call the same machines in one process. */
#pragma once

#include "base/bytes.h"

enum role { ROLE_SUPERVISOR, ROLE_GATE, ROLE_VAULT, ROLE_DISTIL, ROLES };
enum phase { PHASE_START, PHASE_SERVE };

enum message_type {
    MESSAGE_NONE,
    /* supervisor → all */
    MESSAGE_STOP, /* finish what is in hand and exit */
    /* each → supervisor */
    MESSAGE_STARTED, /* ready to serve (sandbox entered) */
    /* vault → gate, at start and whenever they change */
    MESSAGE_IDENTITY, /* TLS key and certificates: lp key DER | lp certificate PEM | lp CA PEM */
    MESSAGE_REVOKED,  /* certificate serials, 16 bytes each: the whole list */
    /* gate → vault: each is answered by MESSAGE_REPLY with the same request number */
    MESSAGE_FEDERATION, /* empty */
    MESSAGE_ENROL,      /* sealed enrolment request */
    MESSAGE_CONTRIBUTE, /* envelope */
    MESSAGE_WITHDRAW,   /* envelope */
    MESSAGE_REQUEST,    /* envelope. Body: sealed */
    MESSAGE_LIBRARY, /* u64 tree size that the client has seen | u64 library version it has (0: none). Body: the bundle,
                      * detail
                      * "<version>.<tree size>"; or no body, "not modified", when it has seen both already */
    MESSAGE_CHECKPOINT,  /* empty */
    MESSAGE_INCLUSION,   /* u64 leaf | u64 tree size. Body: {"proof":[..],"v":1} (protocol/proof.h) */
    MESSAGE_CONSISTENCY, /* u64 from | u64 to. Likewise */
    MESSAGE_READY,       /* empty */
    MESSAGE_SEEN,        /* a checkpoint's signed note, the last that a member verified. Body: the present one */
    MESSAGE_WITNESSES,   /* empty */
    MESSAGE_DURABLE,     /* empty. Body: protocol/durable.h */
    MESSAGE_TILE,        /* u8 level or TILE_ENTRIES | u64 index | u16 width. Body: the tile's hashes, or the bundle */
    /* supervisor → vault: an operator's command, answered by MESSAGE_REPLY */
    MESSAGE_ADMIN, /* JSON object, docs/admin.md */
    MESSAGE_TICK,  /* empty: look whether a round is due; no answer */
    /* answers: u16 status | u32 lp detail (static text of ours, may be empty) | body */
    MESSAGE_REPLY,
    /* vault → distil and back */
    MESSAGE_DISTIL,    /* one round's candidates under random ids, with the thresholds */
    MESSAGE_DISTILLED, /* proposals with supporting ids */
    MESSAGE_TYPES
};
/* Certificates that may be valid at one time, so that a list of all of them is one message. */
#define CERTIFICATES_MAX (1u << 20)
const char *message_name(enum message_type type);

struct message_rule {
    enum role from, to;
    enum message_type type;
    enum phase phase;
    size_t limit; /* bytes of payload */
};
/* The rule that allows it, or NULL: nothing else may be sent. */
const struct message_rule *message_rule(enum role from, enum role to, enum message_type type, enum phase phase);

struct message {
    enum role peer; /* whom it came from, or goes to */
    enum message_type type;
    uint64_t request;
    struct buf payload; /* owned; secret for MESSAGE_IDENTITY */
};
void message_free(struct message *message);

struct outbox {
    size_t count, room;
    struct message *items;
};
/* Adds an empty message; its payload is then written in place. NULL: out of memory. */
struct message *outbox_add(struct outbox *outbox, enum role to, enum message_type type, uint64_t request);
void outbox_free(struct outbox *outbox);

/* A reply's payload. */
MUST_USE enum status reply_write(struct message *reply, enum status status, const char *detail, struct bytes body);
struct reply {
    enum status status;
    char detail[128];
    struct bytes body; /* points into the payload */
};
MUST_USE enum status reply_read(struct bytes payload, struct reply *out);
