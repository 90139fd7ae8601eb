/* Room-internal: the inside of the vault, shared by the files that answer its messages. */
#pragma once

#include "base/json.h"
#include "crypto/checkpoint.h"
#include "ledger/ledger.h"
#include "server/reserve.h"
#include "server/store.h"
#include "server/store_log.h"
#include "server/trail.h"
#include "server/vault_time.h"
#include "server/vault.h"

/* One key, one purpose. Each is kept as a box under the intermediate key. */
enum server_key {
    SERVER_CA,      /* P-256, signs certificates */
    SERVER_TLS,     /* P-256, the gate's */
    SERVER_SEALING, /* X25519 */
    SERVER_RECEIPT,
    SERVER_LIBRARY,
    SERVER_EVIDENCE,
    SERVER_CHECKPOINT,
    SERVER_KEYS
};

/* A sealing key that was replaced: it opens what was sealed in time. */
#define SEALING_EARLIER_MAX 16
struct sealing_earlier {
    uint8_t id[KEY_ID_BYTES];
    struct secret key;
    int64_t until; /* seconds */
};

struct round;  /* server/round.h */
struct rates;  /* server/rate.h */
struct intake; /* server/intake.h */

struct vault {
    struct clock clock;
    struct vault_time time; /* of which vault_now is the only reader but for server/vault_time.c and status */
    struct random random;
    const char *const *canaries;
    struct root_provider *root; /* borrowed; NULL in memory, and once the folder is under another one */
    struct store *store;
    struct secret keys[SERVER_KEYS];
    size_t sealing_count;
    struct sealing_earlier sealing[SEALING_EARLIER_MAX]; /* the oldest first */
    struct secret token_key;                             /* enrolment tokens' secrets come from it */
    struct federation federation;
    struct ledger *ledger;
    struct buf document;    /* the federation's, as served */
    struct buf certificate; /* the server's */
    char origin[48];
    char etag[48]; /* of the last library bundle: the detail of its reply */
    uint8_t policy[HASH_BYTES];
    int64_t founded;
    int64_t opened;                  /* the time then; what a clock's jump that was accepted had added is left out */
    bool is_heard;                   /* since then a member has brought a checkpoint that this log holds */
    const struct redactor *redactor; /* borrowed, or own_redactor */
    struct redactor *own_redactor;
    uint8_t pseudonym_key[32];  /* of device ids in the server's own log; new at each start */
    struct intake *intake;      /* what is durable in the journal and not in the databases */
    struct reserve reserve;     /* of the disk */
    struct rates *rates;        /* what each tenant may still send this minute */
    uint64_t admitted, refused; /* since the start */
    bool must_stop;             /* a key file could not be written: only opening anew tells which key it holds */
    struct round *round;        /* in flight, or NULL */
    uint64_t next_request;      /* to distil */
    int64_t round_rest;         /* no scheduled round before: the last one failed */
    struct trail_tally refusals;
};

static inline int64_t vault_now(const struct vault *vault)
{
    return vault->time.now;
}

/* --- server/vault_keys.c --- */
/* New keys, with their public halves in the federation document. */
MUST_USE enum status server_keys_make(struct vault *vault);
MUST_USE enum status server_keys_save(const struct vault *vault, int64_t now);
MUST_USE enum status server_keys_load(struct vault *vault);
void server_keys_free(struct vault *vault);
const char *server_key_purpose(enum server_key key); /* "sealing" */
MUST_USE enum status server_key_save(const struct vault *vault, enum server_key key, uint32_t version,
                                     const struct secret *secret, int64_t now);
void server_sealing_id(const uint8_t public_key[static HPKE_PUBLIC_BYTES], uint8_t id[static KEY_ID_BYTES]);
/* The private sealing key of an id, present or earlier and in time; NULL if there is none. */
const struct secret *server_sealing_key(const struct vault *vault, const uint8_t id[static KEY_ID_BYTES]);
/* Those that are alive, from the present one (0) to the oldest; NULL after it. */
const struct secret *server_sealing_nth(const struct vault *vault, size_t n);

/* --- answers: what a peer is told. The status is the answer's; `why` becomes its detail --- */
typedef enum status (*vault_answer)(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);

/* server/vault_enrol.c */
enum status vault_enrol(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
/* A one-use token of a tenant, as text. */
enum token_use { TOKEN_UNUSED, TOKEN_USED, TOKEN_REVOKED }; /* stored */
MUST_USE enum status vault_token_new(struct vault *vault, const struct tenant *tenant, enum member_role role,
                                     struct buf *text);
/* server/vault_certificate.c: a certificate for a device's request, not yet entered. ERR_UNAVAILABLE: there are
 * CERTIFICATES_MAX that have not expired. */
MUST_USE enum status vault_certify(struct vault *vault, const struct tenant *tenant, const struct device *device,
                                   struct bytes csr_pem, struct buf *pem, struct certificate *certificate);
/* server/vault_read.c */
enum status vault_federation(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_library(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_durable(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_checkpoint(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_inclusion(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_consistency(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_tile(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
enum status vault_ready(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
/* server/vault_cosign.c */
enum status vault_witnesses(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
/* Offer the log's tip for cosigning, in the caller's transaction: at the end of a round. */
MUST_USE enum status cosign_offer(struct vault *vault);
/* The size of the checkpoint to show to someone who has seen `seen`: the tip, or with cosigners in the policy the one
 * offered last, unless he has seen more. */
MUST_USE enum status cosign_offered(struct vault *vault, uint64_t seen, uint64_t *size);
/* That of the checkpoint to show a library under that stands at `leaf`: with its quorum, if any has it. */
MUST_USE enum status cosign_for_library(struct vault *vault, uint64_t seen, uint64_t leaf, uint64_t *size);
/* Distinct tenants that cosigned a size. */
MUST_USE enum status cosign_count(struct vault *vault, uint64_t size, uint64_t *tenants);
/* The signed note of a size with the cosignatures that are kept of it. */
MUST_USE enum status cosign_note(struct vault *vault, uint64_t size, struct buf *note);
/* Check every checkpoint that was offered and every cosignature that is kept; "cosigned": the size offered last,
 * "cosigners" of it and "cosigners_wanted". ERR_CORRUPT with the reason. */
MUST_USE enum status cosign_verify(struct vault *vault, struct json *reply, struct why *why);
/* Keep the good cosignatures of active devices under a note of this log. */
MUST_USE enum status cosign_keep(struct vault *vault, struct bytes note, uint64_t size);
/* server/vault_seen.c */
enum status vault_seen(struct vault *vault, struct bytes payload, struct buf *body, struct why *why);
/* A note that one of this federation's checkpoint keys signed. ERR_INPUT, ERR_DENIED. */
MUST_USE enum status vault_checkpoint_open(const struct vault *vault, struct bytes note, struct checkpoint *out);
/* Whether this log is the one of a checkpoint, or has grown from it. */
MUST_USE enum status vault_log_holds(const struct vault *vault, const struct checkpoint *theirs, bool *holds);

/* server/vault.c: nothing is queued and all of the journal is in the databases and the log. vault_handle has seen to it
 * for every message but contributions, withdrawals, plain reads and the clock's ticks: what a tick brings asks for it
 * before it reads tenants' databases or appends to the log. */
MUST_USE enum status vault_settle(struct vault *vault);
/* server/vault.c: add an answer to the outbox; to a stranger all denials look alike. */
MUST_USE enum status vault_reply(struct outbox *out, enum role to, uint64_t request, enum status status,
                                 const struct why *why, struct bytes body);
/* A device's name in our own log. */
void vault_pseudonym(const struct vault *vault, const uint8_t device[static ID_BYTES], uint8_t out[static 16]);
/* The TLS key and certificates for the gate: at the start, and after they were rotated. */
MUST_USE enum status vault_send_identity(struct vault *vault, struct outbox *out);
/* The revocation list for the gate, after anything changed it. */
MUST_USE enum status vault_send_revoked(struct vault *vault, struct outbox *out);

/* server/admin.c: a command; it may be answered later (a round). */
MUST_USE enum status vault_admin(struct vault *vault, const struct message *in, struct outbox *out);
