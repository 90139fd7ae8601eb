/* A whole federation in one process for tests: a vault on a fixed clock and seeded ids, members with devices, and the
 * client's half of every message. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/log.h"
#include "crypto/ca.h"
#include "protocol/library.h"
#include "protocol/receipt.h"
#include "server/vault_state.h"

#define HOUSE_START_MS (1795000000LL * 1000) /* 2026-11-18 */
#define HOUSE_MEMBERS 6

struct member {
    char name[16];
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    struct secret seed;
};
struct house {
    int64_t ms;
    struct random_seeded seeded;
    void (*fill)(void *state, uint8_t *out, size_t size);
    char folder[256];           /* "" in memory */
    struct root_provider *root; /* NULL in memory */
    struct policy policy;
    uint64_t (*disk_free)(void *context); /* NULL: plenty */
    struct vault *vault;
    struct distiller distiller;
    size_t member_count;
    struct member members[HOUSE_MEMBERS];
};

/* One compiled scrubber for all vaults of a test program. */
static inline const struct redactor *house_redactor(void)
{
    static struct redactor *redactor;
    if (!redactor)
        assert_int_equal(redactor_new(redact_policy_text("default"), NULL, &redactor, NULL), OK);
    return redactor;
}

static inline uint64_t house_disk(void *context)
{
    (void)context;
    return UINT64_MAX;
}

static inline struct vault_options house_options(struct house *house)
{
    return (struct vault_options){.state = house->folder[0] ? house->folder : NULL,
                                  .root = house->root,
                                  .clock = clock_fixed(&house->ms),
                                  .random = {house->fill, &house->seeded},
                                  .redactor = house_redactor(),
                                  .disk_free = house->disk_free ? house->disk_free : house_disk};
}

static inline enum status house_found(struct house *house, struct why *why)
{
    static const char *const names[] = {"localhost", "127.0.0.1"};
    struct vault_options options = house_options(house);
    struct vault_founding founding = {"Test federation", &house->policy, names, 2};
    return vault_found(&options, &founding, &house->vault, why);
}

/* A provider over a new root key. */
static inline struct root_provider *house_root_new(void)
{
    struct root_provider *provider = NULL;
    assert_int_equal(root_provider_of_chance(&provider), OK);
    return provider;
}

/* What a failing test leaves, a folder and what lies beside it by its name, goes when its program ends. */
static pid_t house_process;
static inline void house_sweep(void)
{
    char command[160];
    if (getpid() != house_process) /* a child's end is not the program's */
        return;
    snprintf(command, sizeof command, "rm -rf /dev/shm/chatham-house-%ld-* /tmp/chatham-house-%ld-*",
             (long)house_process, (long)house_process);
    if (system(command) != 0)
        print_error("folders are left: chatham-house-%ld-*\n", (long)house_process);
}

static inline void house_folder_make(struct house *house)
{
    const char *where = file_exists("/dev/shm") ? "/dev/shm" : "/tmp"; /* many syncs: in memory if we can */
    if (house_process == 0)
        assert_int_equal(atexit(house_sweep), 0);
    house_process = getpid();
    snprintf(house->folder, sizeof house->folder, "%s/chatham-house-%ld-XXXXXX", where, (long)house_process);
    assert_non_null(mkdtemp(house->folder));
}

/* state: a new temporary folder, or memory. */
enum house_place { HOUSE_MEMORY, HOUSE_FOLDER };
static inline void house_prepare(struct house *house, enum house_place place)
{
    *house = (struct house){.ms = HOUSE_START_MS, .distiller = distiller_embedded()};
    house->fill = random_seeded_start(&house->seeded, 7).fill;
    policy_default(&house->policy);
    house->policy.k = 2;
    house->policy.min_tasks = 1;
    log_start("test", LOG_ERROR, clock_fixed(&house->ms), -1);
    if (place == HOUSE_MEMORY)
        return;
    house_folder_make(house);
    house->root = house_root_new();
}
static inline void house_new(struct house *house, enum house_place place)
{
    house_prepare(house, place);
    assert_int_equal(house_found(house, NULL), OK);
}

static inline void house_reopen(struct house *house)
{
    struct vault_options options = house_options(house);
    vault_close(house->vault);
    house->vault = NULL;
    assert_int_equal(vault_open(&options, &house->vault, NULL), OK);
}

static inline void house_remove_folder(const char *folder)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

static inline void house_free(struct house *house)
{
    vault_close(house->vault);
    for (size_t i = 0; i < house->member_count; i++)
        secret_free(&house->members[i].seed);
    root_provider_close(house->root);
    if (house->folder[0])
        house_remove_folder(house->folder);
}

/* --- asking --- */

/* Ask as a role; the reply's status, its body copied into body (may be NULL). */
static inline enum status house_get(struct house *house, enum role from, enum message_type type, struct bytes payload,
                                    struct buf *body)
{
    SCOPED_BUF struct buf reply = {0};
    struct reply read;
    assert_int_equal(house_ask(house->vault, &house->distiller, from, type, payload, &reply), OK);
    assert_int_equal(reply_read(buf_bytes(&reply), &read), OK);
    if (body) {
        buf_clear(body);
        buf_add(body, read.body);
    }
    return read.status;
}

/* An admin command that must go well: its reply. */
static inline struct json *house_command(struct house *house, const char *command)
{
    SCOPED_BUF struct buf reply = {0};
    struct json *value = NULL;
    struct why why = {0};
    enum status status = house_admin(house->vault, &house->distiller, bytes_str(command), &reply, &why);
    if (status != OK)
        print_error("%s: %s\n", command, why.what ? why.what : status_text(status));
    assert_int_equal(status, OK);
    assert_int_equal(json_parse(buf_bytes(&reply), SIZE_MAX, &value, NULL), OK);
    return value;
}
static inline enum status house_command_status(struct house *house, const char *command)
{
    SCOPED_BUF struct buf reply = {0};
    struct why why = {0};
    return house_admin(house->vault, &house->distiller, bytes_str(command), &reply, &why);
}
static inline int64_t house_number(struct house *house, const char *command, const char *key)
{
    SCOPED_JSON struct json *reply = house_command(house, command);
    const struct json *value = json_get(reply, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

/* --- members --- */

/* A sealed enrolment request with a token's text; the signing key's seed into member. */
static inline void house_enrol_request(struct house *house, struct bytes token_text, struct member *member,
                                       struct buf *out)
{
    struct enrol_token token;
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    SCOPED_SECRET struct secret tls = {0};
    SCOPED_BUF struct buf csr = {0};
    secret_free(&member->seed);
    assert_int_equal(enrol_token_decode(token_text, &token), OK);
    assert_int_equal(sign_keypair(&member->seed, public_key), OK);
    assert_int_equal(ca_key_new(&tls), OK);
    assert_int_equal(csr_create(&tls, "device", &csr), OK);
    assert_int_equal(enrol_request_seal(&house->vault->federation, &token, &member->seed, buf_bytes(&csr), out), OK);
}

static inline void house_token(struct house *house, const char *command, struct buf *token)
{
    SCOPED_JSON struct json *reply = house_command(house, command);
    buf_clear(token);
    buf_add(token, json_string_bytes(json_get(reply, "token")));
    assert_true(token->size > 0);
}

static inline struct member *house_member(struct house *house, const char *name)
{
    char command[128];
    struct enrol_reply reply;
    struct member *member = &house->members[house->member_count++];
    SCOPED_BUF struct buf token = {0}, request = {0}, body = {0};
    assert_true(house->member_count <= HOUSE_MEMBERS);
    snprintf(member->name, sizeof member->name, "%s", name);
    snprintf(command, sizeof command, "{\"command\":\"tenant.add\",\"name\":\"%s\"}", name);
    house_token(house, command, &token);
    house_enrol_request(house, buf_bytes(&token), member, &request);
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), &body), OK);
    assert_int_equal(enrol_reply_decode(buf_bytes(&body), &reply, NULL), OK);
    memcpy(member->tenant, reply.tenant, ID_BYTES);
    memcpy(member->device, reply.device, ID_BYTES);
    enrol_reply_free(&reply);
    return member;
}

/* One more device of a tenant that is there, with a role; facts of its certificate (may be NULL). */
static inline struct member *house_device(struct house *house, const char *tenant, const char *role,
                                          struct cert_facts *facts)
{
    char command[160];
    struct enrol_reply reply;
    struct cert_facts own;
    struct member *member = &house->members[house->member_count++];
    SCOPED_BUF struct buf token = {0}, request = {0}, body = {0};
    assert_true(house->member_count <= HOUSE_MEMBERS);
    snprintf(member->name, sizeof member->name, "%s", tenant);
    snprintf(command, sizeof command, "{\"command\":\"tenant.token\",\"role\":\"%s\",\"tenant\":\"%s\"}", role, tenant);
    house_token(house, command, &token);
    house_enrol_request(house, buf_bytes(&token), member, &request);
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), &body), OK);
    assert_int_equal(enrol_reply_decode(buf_bytes(&body), &reply, NULL), OK);
    memcpy(member->tenant, reply.tenant, ID_BYTES);
    memcpy(member->device, reply.device, ID_BYTES);
    assert_int_equal(cert_read(bytes_str(reply.certificate_pem), facts ? facts : &own), OK);
    enrol_reply_free(&reply);
    return member;
}

/* --- contributions --- */

/* One candidate of a task: "when <topic> fails", "<act>". */
static inline void house_candidate(struct candidate *out, const char *when, const char *act, uint8_t task)
{
    *out = (struct candidate){.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 3, .runs_against = 1};
    memset(out->task, task, TASK_TAG_BYTES);
    assert_int_equal(phrases_add(&out->when, when), OK);
    assert_int_equal(phrases_add(&out->act, act), OK);
}

static inline void house_record(const char *when, const char *act, uint8_t task, struct buf *record)
{
    struct contribution contribution = {.class = CLASS_TEXT, .extractor = "contrast/1"};
    contribution.candidates = mem_new(1, sizeof *contribution.candidates);
    assert_non_null(contribution.candidates);
    contribution.candidate_count = 1;
    house_candidate(&contribution.candidates[0], when, act, task);
    buf_clear(record);
    assert_int_equal(contribution_encode(&contribution, record), OK);
    contribution_free(&contribution);
}

static inline void house_header(const struct house *house, const struct member *member, enum envelope_kind kind,
                                uint8_t id, struct envelope_header *header)
{
    *header = (struct envelope_header){.kind = kind};
    memcpy(header->federation, house->vault->federation.id, FEDERATION_ID_BYTES);
    memcpy(header->sealing_key_id, house->vault->federation.sealing_key_id, KEY_ID_BYTES);
    memcpy(header->tenant, member->tenant, ID_BYTES);
    memcpy(header->device, member->device, ID_BYTES);
    memcpy(header->policy, house->vault->policy, HASH_BYTES);
    memset(header->id, id, ID_BYTES);
    clock_epoch(house->ms / 1000, header->epoch);
}

static inline void house_seal(const struct house *house, const struct member *member,
                              const struct envelope_header *header, struct bytes record, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(envelope_seal(header, house->vault->federation.sealing_key, &member->seed, record, out), OK);
}

/* Seal and send a record; the answer's status. */
static inline enum status house_send(struct house *house, const struct member *member, uint8_t id, struct bytes record,
                                     struct buf *body)
{
    struct envelope_header header;
    SCOPED_BUF struct buf envelope = {0};
    house_header(house, member, ENVELOPE_CONTRIBUTION, id, &header);
    house_seal(house, member, &header, record, &envelope);
    return house_get(house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), body);
}
/* The same with a record made for it, and what was admitted is in the databases and the log. */
static inline enum status house_share(struct house *house, const struct member *member, uint8_t id, const char *when,
                                      const char *act, uint8_t task)
{
    SCOPED_BUF struct buf record = {0};
    house_record(when, act, task, &record);
    enum status status = house_send(house, member, id, buf_bytes(&record), NULL);
    assert_int_equal(vault_settle(house->vault), OK);
    return status;
}
#define HOUSE_WHEN "a search finds nothing"
#define HOUSE_ACT "widen the dates"
/* A member of that name who has shared one lesson, the same as all others who came by this: id and task are its number
 * in the house, from 1. */
static inline void house_sharer(struct house *house, const char *name)
{
    const struct member *member = house_member(house, name);
    uint8_t number = (uint8_t)house->member_count;
    assert_int_equal(house_share(house, member, number, HOUSE_WHEN, HOUSE_ACT, number), OK);
}

static inline struct tenant house_tenant(struct house *house, const char *name)
{
    struct tenant tenant;
    assert_int_equal(tenant_named(house->vault->store, name, &tenant), OK);
    return tenant;
}
/* Whether a tenant's database of that version of its key is in the state folder. */
static inline bool house_has_database(const struct house *house, const struct tenant *tenant, uint32_t version)
{
    char hex[2 * ID_BYTES + 1], path[400];
    encode_hex_text(tenant->id, ID_BYTES, hex);
    snprintf(path, sizeof path, "%s/tenants/%s.%u.db", house->folder, hex, (unsigned)version);
    return file_exists(path);
}
static inline enum status house_withdraw(struct house *house, const struct member *member, uint8_t id, uint8_t target,
                                         struct buf *body)
{
    struct envelope_header header;
    uint8_t target_id[ID_BYTES];
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    memset(target_id, target, ID_BYTES);
    assert_int_equal(withdrawal_encode(target_id, &record), OK);
    house_header(house, member, ENVELOPE_WITHDRAWAL, id, &header);
    house_seal(house, member, &header, buf_bytes(&record), &envelope);
    return house_get(house, ROLE_GATE, MESSAGE_WITHDRAW, buf_bytes(&envelope), body);
}

/* --- the library --- */

static inline enum status house_pull(struct house *house, const struct checkpoint *seen, uint64_t has, struct buf *body)
{
    SCOPED_BUF struct buf payload = {0};
    buf_add_u64(&payload, seen ? seen->size : 0);
    buf_add_u64(&payload, has);
    return house_get(house, ROLE_GATE, MESSAGE_LIBRARY, buf_bytes(&payload), body);
}

/* The reply's detail is the ETag that the gate will serve: "<version>.<tree size>". */
static inline void house_etag(struct house *house, uint64_t version, uint64_t tree)
{
    struct reply reply;
    char etag[64];
    SCOPED_BUF struct buf payload = {0}, answer = {0};
    buf_add_u64(&payload, 0);
    buf_add_u64(&payload, 0);
    assert_int_equal(
        house_ask(house->vault, &house->distiller, ROLE_GATE, MESSAGE_LIBRARY, buf_bytes(&payload), &answer), OK);
    assert_int_equal(reply_read(buf_bytes(&answer), &reply), OK);
    snprintf(etag, sizeof etag, "%llu.%llu", (unsigned long long)version, (unsigned long long)tree);
    assert_string_equal(reply.detail, etag);
}

/* Pull as a member, check everything, decode. */
static inline void house_library(struct house *house, struct checkpoint *seen, struct library *library)
{
    SCOPED_BUF struct buf body = {0};
    struct library_bundle bundle;
    struct checkpoint now;
    struct why why = {0};
    assert_int_equal(house_pull(house, seen, 0, &body), OK);
    assert_int_equal(library_bundle_decode(buf_bytes(&body), &bundle, NULL), OK);
    enum status status = library_bundle_check(&bundle, &house->vault->federation, seen, &now, &why);
    if (status != OK)
        print_error("bundle: %s\n", why.what ? why.what : status_text(status));
    assert_int_equal(status, OK);
    assert_int_equal(library_decode(buf_bytes(&bundle.document), library, NULL), OK);
    house_etag(house, library->version, now.size);
    *seen = now;
    library_bundle_free(&bundle);
}
