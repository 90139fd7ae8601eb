/* A federation in one process. Hides enrolment, sealing and asking, and where the bytes that cross a boundary are kept.
 */
#include "audits/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "audits/scratch.h"
#include "base/file.h"
#include "base/log.h"
#include "crypto/ca.h"
#include "crypto/tls.h"
#include "server/identity.h"
#include "server/vault.h"

#define WORLD_START_MS (1795000000LL * 1000) /* 2026-11-18: worlds of one seed are alike whenever they are run */
#define WORLD_FILE_MAX (1u << 30)
#define CONTRIBUTIONS_MOST 1000000 /* the largest that a policy may state */

struct world {
    int64_t ms;
    struct random_seeded seeded;
    struct random random;
    char folder[SCRATCH_MAX]; /* "": in memory */
    struct root_provider *root;
    int log; /* memfd */
    struct vault *vault;
    struct distiller distiller;
    struct federation federation;
    uint8_t policy[HASH_BYTES];
    size_t member_count, member_room;
    struct world_member *members;
    size_t refused;
    struct world_bytes seen;
};

/* --- founding --- */

/* An attacker waits for the next minute, and for the next month. */
static void lift_limits_of_time(struct policy *policy)
{
    policy->rate_per_minute = 0;
    policy->max_contributions = CONTRIBUTIONS_MOST;
}

static enum status found(struct world *world, const struct policy *policy, struct why *why)
{
    static const char *const names[] = {"localhost", "127.0.0.1"};
    const struct redactor *redactor = NULL;
    SCOPED_BUF struct buf document = {0};
    enum status answer;
    struct policy timeless = *policy;
    lift_limits_of_time(&timeless);
    TRY(world_redactor(SCRUB_ON, &redactor, why));
    struct vault_options options = {.state = world->folder[0] ? world->folder : NULL,
                                    .root = world->root,
                                    .clock = clock_fixed(&world->ms),
                                    .random = world->random,
                                    .redactor = redactor};
    struct vault_founding founding = {"audit", &timeless, names, sizeof names / sizeof *names};
    TRY(vault_found(&options, &founding, &world->vault, why));
    TRY(world_ask(world, MESSAGE_FEDERATION, BYTES_NONE, &answer, &document));
    TRY(answer);
    TRY(federation_decode(buf_bytes(&document), &world->federation, why));
    return policy_hash(&world->federation.policy, world->policy);
}

static enum status world_start(const struct policy *policy, uint64_t seed, int64_t ms, enum world_place place,
                               struct world **out, struct why *why)
{
    bool disk = place == WORLD_ON_DISK;
    struct world *world = mem_new(1, sizeof *world);
    *out = NULL;
    if (!world)
        return ERR_MEMORY;
    world->ms = ms;
    world->distiller = distiller_embedded();
    world->random = random_seeded_start(&world->seeded, seed);
    world->log = memfd_create("log", MFD_CLOEXEC);
    enum status status = world->log < 0 ? ERR_IO : OK;
    log_start("vault", LOG_DEBUG, clock_fixed(&world->ms), world->log);
    if (status == OK && disk)
        status = scratch_open(world->folder, why);
    if (status == OK && disk)
        status = root_provider_of_chance(&world->root);
    if (status == OK)
        status = found(world, policy, why);
    if (status != OK) {
        world_free(world);
        return status;
    }
    *out = world;
    return OK;
}

enum status world_new(const struct policy *policy, uint64_t seed, struct world **out, struct why *why)
{
    return world_start(policy, seed, WORLD_START_MS, WORLD_IN_MEMORY, out, why);
}

enum status world_new_on_disk(const struct policy *policy, uint64_t seed, struct world **out, struct why *why)
{
    return world_start(policy, seed, WORLD_START_MS, WORLD_ON_DISK, out, why);
}

enum status world_new_now(const struct policy *policy, uint64_t seed, struct world **out, struct why *why)
{
    return world_start(policy, seed, clock_ms(clock_system()), WORLD_IN_MEMORY, out, why);
}

enum status world_branch(struct world *world, struct random random)
{
    world->random = random_seeded_start(&world->seeded, random_u64(random)); /* the state that the vault draws from */
    close(world->log);
    world->log = memfd_create("log", MFD_CLOEXEC);
    log_start("vault", LOG_DEBUG, clock_fixed(&world->ms), world->log);
    return world->log < 0 ? ERR_IO : OK;
}

static void seen_free(struct world_bytes *seen)
{
    struct buf *const all[] = {&seen->sent,   &seen->plain,     &seen->answered,
                               &seen->logged, &seen->published, &seen->stored};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_free(all[i]);
}

/* A buf that lost an append keeps its beginning: to search that and find nothing would be no answer. */
static enum status seen_status(const struct world_bytes *seen)
{
    const struct buf *const all[] = {&seen->sent,   &seen->plain,     &seen->answered,
                                     &seen->logged, &seen->published, &seen->stored};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        TRY(buf_status(all[i]));
    return OK;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    vault_close(world->vault);
    log_start("audit", LOG_ERROR, clock_system(), -1);
    if (world->log >= 0)
        close(world->log);
    for (size_t i = 0; i < world->member_count; i++)
        secret_free(&world->members[i].seed);
    mem_free(world->members);
    federation_free(&world->federation);
    root_provider_close(world->root);
    scratch_remove(world->folder);
    seen_free(&world->seen);
    mem_free(world);
}

/* --- asking --- */

enum status world_ask(struct world *world, enum message_type type, struct bytes payload, enum status *answer,
                      struct buf *body)
{
    SCOPED_BUF struct buf text = {0};
    struct reply reply;
    TRY(house_ask(world->vault, &world->distiller, ROLE_GATE, type, payload, &text));
    TRY(reply_read(buf_bytes(&text), &reply));
    buf_add(&world->seen.answered, buf_bytes(&text));
    *answer = reply.status;
    if (!body)
        return buf_status(&world->seen.answered);
    buf_clear(body);
    buf_add(body, reply.body);
    return buf_status(body);
}

static enum status admin(struct world *world, const struct json *command, struct json **reply, struct why *why)
{
    SCOPED_BUF struct buf text = {0}, answer = {0};
    TRY(json_canonical(command, &text));
    TRY(house_admin(world->vault, &world->distiller, buf_bytes(&text), &answer, why));
    return json_parse(buf_bytes(&answer), SIZE_MAX, reply, why);
}

/* --- members --- */

static enum status token_of(struct world *world, const char *name, struct enrol_token *token)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_JSON struct json *reply = NULL;
    json_set(command, "command", json_text("tenant.add"));
    json_set(command, "name", json_text(name));
    TRY(admin(world, command, &reply, NULL));
    return enrol_token_decode(json_string_bytes(json_get(reply, "token")), token);
}

/* A new tenant with one device, whose keys are given. */
static enum status enrol(struct world *world, const char *name, const struct secret *seed, const struct secret *tls,
                         struct enrol_reply *out)
{
    struct enrol_token token = {0};
    enum status answer = OK;
    SCOPED_BUF struct buf csr = {0}, request = {0}, body = {0};
    *out = (struct enrol_reply){0};
    TRY(csr_create(tls, "device", &csr));
    TRY(token_of(world, name, &token));
    enum status status = enrol_request_seal(&world->federation, &token, seed, buf_bytes(&csr), &request);
    secret_wipe(&token, sizeof token);
    TRY(status);
    buf_add(&world->seen.sent, buf_bytes(&request));
    TRY(world_ask(world, MESSAGE_ENROL, buf_bytes(&request), &answer, &body));
    TRY(answer);
    return enrol_reply_decode(buf_bytes(&body), out, NULL);
}

static enum status enrol_member(struct world *world, const char *name, struct world_member *member)
{
    struct enrol_reply reply;
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    SCOPED_SECRET struct secret tls = {0};
    TRY(sign_keypair(&member->seed, public_key));
    TRY(ca_key_new(&tls));
    TRY(enrol(world, name, &member->seed, &tls, &reply));
    memcpy(member->tenant, reply.tenant, ID_BYTES);
    memcpy(member->device, reply.device, ID_BYTES);
    enrol_reply_free(&reply);
    return OK;
}

enum status world_tenant(struct world *world, const char *name, size_t *tenant)
{
    if (world->member_count == world->member_room) {
        size_t room = world->member_room ? world->member_room * 2 : 8;
        struct world_member *grown = mem_grow(world->members, world->member_room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        world->members = grown;
        world->member_room = room;
    }
    struct world_member member = {0};
    enum status status = enrol_member(world, name, &member);
    if (status != OK) {
        secret_free(&member.seed);
        return status;
    }
    *tenant = world->member_count;
    world->members[world->member_count++] = member;
    return OK;
}

enum status world_enrol(struct world *world, const char *name, const char *server, struct home *home)
{
    struct enrol_reply reply;
    SCOPED_BUF struct buf document = {0};
    TRY(enrol(world, name, &home->sign_seed, &home->tls_key, &reply));
    memcpy(home->tenant, reply.tenant, ID_BYTES);
    memcpy(home->device, reply.device, ID_BYTES);
    home->certificate_pem = reply.certificate_pem;
    reply.certificate_pem = NULL;
    enrol_reply_free(&reply);
    home->server = mem_copy(bytes_str(server));
    TRY(home->server ? OK : ERR_MEMORY);
    TRY(federation_encode(&world->federation, &document));
    TRY(federation_decode(buf_bytes(&document), &home->federation, NULL));
    home->enrolled = true;
    return home_save(home);
}

enum status world_tls(struct world *world, struct tls_server **out)
{
    struct outbox sent = {0};
    *out = NULL;
    enum status status = vault_start(world->vault, &sent);
    for (size_t i = 0; i < sent.count && status == OK; i++)
        if (sent.items[i].type == MESSAGE_IDENTITY)
            status = identity_decode(buf_bytes(&sent.items[i].payload), out);
    outbox_free(&sent);
    return status == OK && !*out ? ERR_BUG : status;
}

const struct world_member *world_member(const struct world *world, size_t tenant)
{
    return &world->members[tenant];
}

const struct federation *world_federation(const struct world *world)
{
    return &world->federation;
}

/* --- sharing --- */

void world_header(const struct world *world, size_t tenant, enum envelope_kind kind, const uint8_t id[static ID_BYTES],
                  struct envelope_header *out)
{
    const struct world_member *member = &world->members[tenant];
    *out = (struct envelope_header){.kind = kind};
    memcpy(out->federation, world->federation.id, FEDERATION_ID_BYTES);
    memcpy(out->sealing_key_id, world->federation.sealing_key_id, KEY_ID_BYTES);
    memcpy(out->tenant, member->tenant, ID_BYTES);
    memcpy(out->device, member->device, ID_BYTES);
    memcpy(out->policy, world->policy, HASH_BYTES);
    memcpy(out->id, id, ID_BYTES);
    clock_epoch(world->ms / 1000, out->epoch);
}

enum status world_seal_and_send(struct world *world, const struct envelope_header *header, const struct secret *seed,
                                struct bytes record, enum message_type type, enum status *answer)
{
    SCOPED_BUF struct buf envelope = {0};
    TRY(envelope_seal(header, world->federation.sealing_key, seed, record, &envelope));
    buf_add(&world->seen.sent, buf_bytes(&envelope));
    return world_ask(world, type, buf_bytes(&envelope), answer, NULL);
}

enum status world_share_item(struct world *world, size_t tenant, const struct prepared_item *item, bool *accepted)
{
    struct envelope_header header;
    enum status answer = OK;
    buf_add(&world->seen.plain, buf_bytes(&item->record));
    buf_add_byte(&world->seen.plain, '\n');
    world_header(world, tenant, ENVELOPE_CONTRIBUTION, item->id, &header);
    enum status status = world_seal_and_send(world, &header, &world->members[tenant].seed, buf_bytes(&item->record),
                                             MESSAGE_CONTRIBUTE, &answer);
    *accepted = status == OK && answer == OK;
    world->refused += !*accepted;
    return status == ERR_TOO_LARGE ? OK : status;
}

enum status world_share(struct world *world, size_t tenant, const struct prepared *prepared, size_t *refused)
{
    size_t before = world->refused;
    for (size_t i = 0; i < prepared->count; i++) {
        bool accepted = false;
        TRY(world_share_item(world, tenant, &prepared->items[i], &accepted));
    }
    if (refused)
        *refused = world->refused - before;
    return buf_status(&world->seen.plain);
}

size_t world_refused(const struct world *world)
{
    return world->refused;
}

/* --- taking it back --- */

enum status world_operate(struct world *world, const char *tenant, enum world_event event)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_JSON struct json *reply = NULL;
    json_set(command, "command", json_text(event == WORLD_ERASURE ? "tenant.erase" : "tenant.suspend"));
    json_set(command, "tenant", json_text(tenant));
    if (event == WORLD_ERASURE)
        json_set(command, "confirm", json_text(tenant));
    return admin(world, command, &reply, NULL);
}

enum status world_withdraw(struct world *world, size_t tenant, const struct prepared_item *item)
{
    struct envelope_header header;
    enum status answer = OK;
    uint8_t id[ID_BYTES];
    SCOPED_BUF struct buf record = {0};
    random_fill(world->random, id, sizeof id);
    world_header(world, tenant, ENVELOPE_WITHDRAWAL, id, &header);
    TRY(withdrawal_encode(item->id, &record));
    TRY(world_seal_and_send(world, &header, &world->members[tenant].seed, buf_bytes(&record), MESSAGE_WITHDRAW,
                            &answer));
    return answer;
}

enum status world_survey(struct world *world, struct json **reply)
{
    SCOPED_JSON struct json *command = json_object();
    *reply = NULL;
    json_set(command, "command", json_text("survey"));
    return admin(world, command, reply, NULL);
}

/* --- the library --- */

static enum status pull(struct world *world, struct library *library)
{
    SCOPED_BUF struct buf payload = {0}, body = {0};
    struct library_bundle bundle = {0};
    struct checkpoint seen = {0}, now;
    enum status answer = OK;
    buf_add_u64(&payload, 0);
    buf_add_u64(&payload, 0);
    TRY(world_ask(world, MESSAGE_LIBRARY, buf_bytes(&payload), &answer, &body));
    TRY(answer);
    enum status status = library_bundle_decode(buf_bytes(&body), &bundle, NULL);
    if (status == OK)
        status = library_bundle_check(&bundle, &world->federation, &seen, &now, NULL);
    if (status == OK)
        status = library_decode(buf_bytes(&bundle.document), library, NULL);
    buf_add(&world->seen.published, buf_bytes(&bundle.document));
    library_bundle_free(&bundle);
    return status;
}

enum status world_round(struct world *world, struct library *library)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_JSON struct json *reply = NULL;
    *library = (struct library){0};
    json_set(command, "command", json_text("round"));
    json_set(command, "with_erasures", json_bool(true));
    enum status status = admin(world, command, &reply, NULL);
    /* no policy of another mode forbids a round: the server's own check of its library does */
    if (status == ERR_POLICY && world->federation.policy.mode != RELEASE_DP)
        return ERR_BUG;
    TRY(status);
    return pull(world, library);
}

static enum status federate(const struct audit_scope *scope, const struct prepared *prepared, enum world_place place,
                            enum status refused, struct world **out, struct library *library, struct why *why)
{
    struct policy policy;
    struct world *world = NULL;
    *out = NULL;
    *library = (struct library){0};
    world_policy(scope, &policy);
    TRY(world_start(&policy, scope->seed, WORLD_START_MS, place, &world, why));
    enum status status = OK;
    for (size_t i = 0, number; i < scope->tenant_count && status == OK; i++) {
        status = world_tenant(world, scope->tenants[i].name, &number);
        if (status == OK)
            status = world_share(world, number, &prepared[i], NULL);
    }
    if (status == OK)
        status = world_round(world, library);
    if (status == OK || status == ERR_NOT_FOUND || status == refused)
        status = world_look(world);
    if (status != OK) {
        library_free(library);
        world_free(world);
        return status;
    }
    *out = world;
    return OK;
}

enum status world_federate(const struct audit_scope *scope, const struct prepared *prepared, enum world_place place,
                           struct world **out, struct library *library, struct why *why)
{
    return federate(scope, prepared, place, ERR_NOT_FOUND, out, library, why);
}

enum status world_federate_anyway(const struct audit_scope *scope, const struct prepared *prepared,
                                  enum world_place place, struct world **out, struct library *library, struct why *why)
{
    return federate(scope, prepared, place, ERR_POLICY, out, library, why);
}

enum status insight_text(const struct insight *insight, struct buf *out)
{
    return candidate_render(&insight->text, out);
}

/* --- looking --- */

static enum status add_file(void *context, const char *path)
{
    return file_read(path, WORLD_FILE_MAX, context);
}

enum status folder_bytes(const char *folder, struct buf *out)
{
    return folder_walk_whole(folder, add_file, out);
}

static enum status read_log(struct world *world)
{
    struct buf *log = &world->seen.logged;
    off_t size = lseek(world->log, 0, SEEK_END);
    buf_clear(log);
    if (size < 0)
        return ERR_IO;
    buf_reserve(log, (size_t)size);
    TRY(buf_status(log));
    ssize_t got = pread(world->log, log->data, (size_t)size, 0);
    if (got != size)
        return ERR_IO;
    log->size = (size_t)got;
    return OK;
}

enum status world_look(struct world *world)
{
    TRY(read_log(world));
    buf_clear(&world->seen.stored);
    if (world->folder[0])
        TRY(folder_bytes(world->folder, &world->seen.stored));
    return seen_status(&world->seen);
}

const char *world_folder(const struct world *world)
{
    return world->folder;
}

const struct world_bytes *world_seen(const struct world *world)
{
    return &world->seen;
}
