/* The vault: root key, tenant keys, stores, opening, admission, receipts, ledger, log, selection, signing. It has no
 * network.
 *
 * One machine over injected storage, clock and randomness: vault_handle takes a message and fills an outbox. The same
 * code serves the real process (a state folder) and replays (state NULL: in-memory stores). Not thread-safe: one thread
 * owns it.
 *
 * State folder S: intermediate.key (wrapped under the root key), federation.db (SQLCipher under the intermediate key's
 * database subkey), tenants/<id>.<version>.db, root.key or root.salt, lock, control. In memory `root` may be NULL. */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "crypto/root_provider.h"
#include "insight/release.h"
#include "protocol/federation.h"
#include "server/message.h"

struct vault;
struct vault_options {
    const char *state;          /* folder, or NULL for in-memory stores */
    struct root_provider *root; /* borrowed; must outlive the vault */
    struct clock clock;
    struct random random;                 /* ids, salts and shuffling; keys always come from the system */
    const char *const *canaries;          /* of the release gate; NULL-terminated or NULL */
    const struct redactor *redactor;      /* borrowed, for worlds that share one; NULL: compiled here from the policy */
    uint64_t (*disk_free)(void *context); /* bytes; NULL: the disk of the state folder is asked */
    void *disk_context;
};
struct vault_founding {
    const char *name;
    const struct policy *policy;
    const char *const *server_names; /* DNS names and addresses of the server certificate */
    size_t server_name_count;
};
/* Found a federation in an empty folder (or in memory): keys, CA, genesis log entry. ERR_EXISTS if there is one. */
MUST_USE enum status vault_found(const struct vault_options *options, const struct vault_founding *founding,
                                 struct vault **out, struct why *why);
MUST_USE enum status vault_open(const struct vault_options *options, struct vault **out, struct why *why);
void vault_close(struct vault *vault);

/* Messages to send at start (identity and revocations for the gate). */
MUST_USE enum status vault_start(struct vault *vault, struct outbox *out);
/* One message in, any number out. OK also when the answer is a refusal; an error means that the vault must stop. What
 * is admitted is answered by a later call: when a batch is full, when another message needs it to be stored, or when
 * the caller flushes, which it must do before it waits. */
MUST_USE enum status vault_handle(struct vault *vault, const struct message *in, struct outbox *out);
MUST_USE enum status vault_flush(struct vault *vault, struct outbox *out);
/* Between messages: a few milliseconds of what could be done later. Idle: nothing came for the time that the call
 * before said. *wait_ms: call again after so long, -1: after the next message. */
enum vault_pace { VAULT_BUSY, VAULT_IDLE };
MUST_USE enum status vault_work(struct vault *vault, enum vault_pace pace, int *wait_ms);

/* The last call before vault_close when a process ends: what was only counted is written. ended: how its loop ended
 * (ERR_INPUT: a peer broke the table of messages). */
MUST_USE enum status vault_stop(struct vault *vault, enum status ended);

/* Distil, the other pure machine: MESSAGE_DISTIL in, MESSAGE_DISTILLED out. */
MUST_USE enum status distil_handle(const struct distiller *distiller, const struct message *in, struct outbox *out);

/* The house in one process: deliver `in` to the vault, run distil for what it asks, until only the answer to `in` is
 * left; *reply takes its payload. For tests, the audits' worlds and admin commands without a server. */
MUST_USE enum status house_ask(struct vault *vault, const struct distiller *distiller, enum role from,
                               enum message_type type, struct bytes payload, struct buf *reply);
/* An admin command (JSON text in, JSON text out): {"command":"tenant.add","name":"acme"}. The table is in
 * server/admin.c, its words in docs/admin.md: tenant.add, tenant.token, tenant.list, tenant.suspend, tenant.resume,
 * round, round.preview, library, policy, status, log, log.verify, ledger, guarantee, evidence. why->what is valid until
 * the next call in this thread. */
MUST_USE enum status house_admin(struct vault *vault, const struct distiller *distiller, struct bytes command,
                                 struct buf *reply, struct why *why);
