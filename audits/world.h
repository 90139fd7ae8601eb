/* A world: a whole federation in one process, the same code as client and server, and every byte that crosses a
 * boundary kept for looking at. In memory it takes milliseconds; client halves are prepared once and shared by worlds.
 * One world at a time owns the process's log.
 *
 * The clock of a world stands still. What a policy limits by time (rate_per_minute, and max_contributions, which is of
 * a month) is therefore not limited in it: an attacker has the time, and a member's months of traces all count. */
#pragma once

#include "audits/audit.h"
#include "client/home.h"
#include "client/prepare.h"
#include "protocol/federation.h"
#include "protocol/library.h"
#include "server/message.h"

enum scrubbing { SCRUB_ON, SCRUB_OFF, SCRUBBINGS };
enum extraction { EXTRACT_REAL, EXTRACT_VERBATIM }; /* verbatim (audits/verbatim.h): for positive controls only */

/* The redactor of either kind, compiled once a process and borrowed. */
MUST_USE enum status world_redactor(enum scrubbing scrubbing, const struct redactor **out, struct why *why);
/* The keyed tag of a tenant's task, as world_prepare puts it into candidates. */
void world_task_tag(const char *tenant, uint64_t seed, struct bytes identity, uint8_t out[static TASK_TAG_BYTES]);
/* The client half of a tenant: everything up to the sealed door. Files that no reader takes are counted, not fatal. */
MUST_USE enum status world_prepare(const struct audit_tenant *tenant, const struct policy *policy,
                                   enum scrubbing scrubbing, enum extraction extraction, uint64_t seed,
                                   struct prepared *out, struct why *why);
/* The same for all tenants of a scope, from its cache where they were prepared before: *out is an array of
 * scope->tenant_count. */
MUST_USE enum status world_prepare_all(const struct audit_scope *scope, enum scrubbing scrubbing,
                                       enum extraction extraction, struct prepared **out, struct why *why);
void world_prepared_free(struct prepared *prepared, size_t count);
/* The policy that attacks run under: the default with the scope's k, and one task enough. */
void world_policy(const struct audit_scope *scope, struct policy *policy);

struct world;
struct world_bytes {
    struct buf sent;      /* envelopes and enrolment requests */
    struct buf plain;     /* the records inside the envelopes */
    struct buf answered;  /* everything that the server answered */
    struct buf logged;    /* the server's own log lines */
    struct buf published; /* the library document */
    struct buf stored;    /* all files of the state folder */
};
struct world_member {
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    struct secret seed; /* signing */
};
MUST_USE enum status world_new(const struct policy *policy, uint64_t seed, struct world **out, struct why *why);
/* With a state folder: a new temporary one, removed by world_free. */
MUST_USE enum status world_new_on_disk(const struct policy *policy, uint64_t seed, struct world **out, struct why *why);
/* In memory and at the system's time, by which TLS judges certificates: of worlds that are spoken to by it. */
MUST_USE enum status world_new_now(const struct policy *policy, uint64_t seed, struct world **out, struct why *why);
void world_free(struct world *world);
/* In a process that was forked from the world's: from here on its own log, and its own randomness drawn from `random`.
 * A world on disk cannot be branched. */
MUST_USE enum status world_branch(struct world *world, struct random random);
/* Enrol a tenant with one device; its number, from 0. */
MUST_USE enum status world_tenant(struct world *world, const char *name, size_t *tenant);
/* The same for a home's own keys, whose device is not one of the world's members: it speaks for itself, to a server at
 * that address. The home is saved. */
MUST_USE enum status world_enrol(struct world *world, const char *name, const char *server, struct home *home);
/* Seal and admit prepared items (each refused one is counted, not fatal; refused may be NULL). */
MUST_USE enum status world_share(struct world *world, size_t tenant, const struct prepared *prepared, size_t *refused);
MUST_USE enum status world_share_item(struct world *world, size_t tenant, const struct prepared_item *item,
                                      bool *accepted);
/* How many items it refused so far. What is refused is in no library: an attack that counts it as shared would call
 * safe what was never there. */
size_t world_refused(const struct world *world);
/* Run a round as the clock would, withdrawals and erasures with it; pull and verify as a member. ERR_NOT_FOUND: nothing
 * was released. ERR_POLICY: mode dp with too few members, or no budget left. ERR_BUG: the server's own check of what it
 * was about to sign stopped it. */
MUST_USE enum status world_round(struct world *world, struct library *library);
/* What an operator does to a member, and what a device takes back. */
enum world_event { WORLD_SUSPENSION, WORLD_ERASURE };
MUST_USE enum status world_operate(struct world *world, const char *tenant, enum world_event event);
MUST_USE enum status world_withdraw(struct world *world, size_t tenant, const struct prepared_item *item);
/* What an operator is shown of this month's noised answers: the reply of the server's command "survey". */
MUST_USE enum status world_survey(struct world *world, struct json **reply);
/* Read logs and the state folder, as they are now, into what was seen. ERR_MEMORY also where some of the bytes that
 * went before were lost. */
MUST_USE enum status world_look(struct world *world);
const struct world_bytes *world_seen(const struct world *world);
const char *world_folder(const struct world *world); /* "" in memory */

enum world_place { WORLD_IN_MEMORY, WORLD_ON_DISK };
/* The scope's tenants enrolled, their prepared items shared, one round, everything looked at. Nothing released is no
 * failure: the library is then empty; nor are items that were refused (world_refused). ERR_POLICY: the round was
 * refused, as mode dp does for too few members. */
MUST_USE enum status world_federate(const struct audit_scope *scope, const struct prepared *prepared,
                                    enum world_place place, struct world **out, struct library *library,
                                    struct why *why);
/* The same, for who looks at all the bytes and not for what is in a library: a round that was refused is no failure. */
MUST_USE enum status world_federate_anyway(const struct audit_scope *scope, const struct prepared *prepared,
                                           enum world_place place, struct world **out, struct library *library,
                                           struct why *why);
/* The texts of an insight, as readers see it: rendered. */
MUST_USE enum status insight_text(const struct insight *insight, struct buf *out);

/* --- for adversaries that make their own messages --- */
const struct world_member *world_member(const struct world *world, size_t tenant);
const struct federation *world_federation(const struct world *world);
/* The header that an honest device would write. */
void world_header(const struct world *world, size_t tenant, enum envelope_kind kind, const uint8_t id[static ID_BYTES],
                  struct envelope_header *out);
/* As the gate: the answer's status in *answer, its body in body (may be NULL). */
MUST_USE enum status world_ask(struct world *world, enum message_type type, struct bytes payload, enum status *answer,
                               struct buf *body);
MUST_USE enum status world_seal_and_send(struct world *world, const struct envelope_header *header,
                                         const struct secret *seed, struct bytes record, enum message_type type,
                                         enum status *answer);

/* The server's end of TLS, under the federation's authority, for localhost and 127.0.0.1. */
struct tls_server;
MUST_USE enum status world_tls(struct world *world, struct tls_server **out);

/* All bytes of the files below a folder, hidden ones too, one after the other, for searching. Files that cannot be read
 * are an error. */
MUST_USE enum status folder_bytes(const char *folder, struct buf *out);
