/* The vault's messages: a federation in memory with one enrolled device gets a list of messages from its gate, its
 * supervisor and its distil, true ones and others. An item is: way | size u16 | bytes. Whatever comes, every question
 * has exactly one readable answer, and the vault lives. */
#include <stdlib.h>

#include "crypto/ca.h"
#include "protocol/contribution.h"
#include "server/vault.h"

static struct {
    struct vault *vault;
    struct distiller distiller;
    int64_t ms;
    struct random_seeded seeded;
    struct federation federation;
    struct secret sign_seed;
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
} house;

/* --- founding, once: a vault has to bear any history --- */

static void ask(enum role from, enum message_type type, struct bytes payload, struct buf *body)
{
    SCOPED_BUF struct buf payload_back = {0};
    struct reply reply;
    INVARIANT(house_ask(house.vault, &house.distiller, from, type, payload, &payload_back) == OK);
    INVARIANT(reply_read(buf_bytes(&payload_back), &reply) == OK && reply.status == OK);
    buf_clear(body);
    buf_add(body, reply.body);
}

static void enrol_device(void)
{
    SCOPED_BUF struct buf body = {0}, csr = {0}, request = {0};
    SCOPED_JSON struct json *added = NULL;
    SCOPED_SECRET struct secret tls = {0};
    struct enrol_token token;
    struct enrol_reply reply;
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    ask(ROLE_GATE, MESSAGE_FEDERATION, BYTES_NONE, &body);
    INVARIANT(federation_decode(buf_bytes(&body), &house.federation, NULL) == OK);
    ask(ROLE_SUPERVISOR, MESSAGE_ADMIN,
        bytes_str("{\"command\":\"tenant.add\",\"name\":\"a\",\"role\":\"administrator\"}"), &body);
    INVARIANT(json_parse(buf_bytes(&body), 4096, &added, NULL) == OK);
    INVARIANT(enrol_token_decode(json_string_bytes(json_get(added, "token")), &token) == OK);
    INVARIANT(sign_keypair(&house.sign_seed, public_key) == OK && ca_key_new(&tls) == OK &&
              csr_create(&tls, "d", &csr) == OK);
    INVARIANT(enrol_request_seal(&house.federation, &token, &house.sign_seed, buf_bytes(&csr), &request) == OK);
    ask(ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), &body);
    INVARIANT(enrol_reply_decode(buf_bytes(&body), &reply, NULL) == OK);
    memcpy(house.tenant, reply.tenant, ID_BYTES);
    memcpy(house.device, reply.device, ID_BYTES);
    enrol_reply_free(&reply);
}

static void found(void)
{
    static const char *const names[] = {"localhost"};
    struct policy policy;
    policy_default(&policy);
    house.ms = INT64_C(1795000000) * 1000;
    house.distiller = distiller_embedded();
    const struct vault_options options = {.clock = clock_fixed(&house.ms),
                                          .random = random_seeded_start(&house.seeded, 1)};
    const struct vault_founding founding = {"fuzz", &policy, names, 1};
    INVARIANT(secret_start(0, NULL) == OK && vault_found(&options, &founding, &house.vault, NULL) == OK);
    enrol_device();
}

/* --- one message --- */

static void deliver(struct message *in);

/* Every question has its one answer; what goes to distil is answered by it. */
static void follow(const struct message *in, struct outbox *out)
{
    size_t answers = 0;
    for (size_t i = 0; i < out->count; i++) {
        struct message *message = &out->items[i];
        struct reply reply;
        INVARIANT(message_rule(ROLE_VAULT, message->peer, message->type, PHASE_SERVE));
        if (message->type == MESSAGE_REPLY) {
            INVARIANT(reply_read(buf_bytes(&message->payload), &reply) == OK);
            answers += message->peer == in->peer && message->request == in->request;
        }
        if (message->type != MESSAGE_DISTIL)
            continue;
        struct outbox proposals = {0};
        message->peer = ROLE_VAULT;
        INVARIANT(distil_handle(&house.distiller, message, &proposals) == OK);
        for (size_t j = 0; j < proposals.count; j++) {
            proposals.items[j].peer = ROLE_DISTIL;
            deliver(&proposals.items[j]);
        }
        outbox_free(&proposals);
    }
    INVARIANT(in->peer != ROLE_GATE || answers == 1);
}

static void deliver(struct message *in)
{
    struct outbox out = {0};
    const struct message_rule *rule = message_rule(in->peer, ROLE_VAULT, in->type, PHASE_SERVE);
    INVARIANT(vault_handle(house.vault, in, &out) == OK && vault_flush(house.vault, &out) == OK);
    if (rule && in->payload.size <= rule->limit)
        follow(in, &out);
    outbox_free(&out);
}

static void deliver_as(enum role from, enum message_type type, struct bytes payload)
{
    static uint64_t request;
    struct message message = {.peer = from, .type = type, .request = ++request};
    buf_add(&message.payload, payload);
    deliver(&message);
    message_free(&message);
}

/* A record that our device really signs and seals: the fuzzer gets behind the cryptography. */
static void deliver_sealed(enum envelope_kind kind, struct bytes record)
{
    static const enum message_type types[] = {[ENVELOPE_CONTRIBUTION] = MESSAGE_CONTRIBUTE,
                                              [ENVELOPE_WITHDRAWAL] = MESSAGE_WITHDRAW,
                                              [ENVELOPE_REQUEST] = MESSAGE_REQUEST};
    struct envelope_header header = {.kind = kind};
    SCOPED_BUF struct buf envelope = {0};
    memcpy(header.federation, house.federation.id, sizeof header.federation);
    memcpy(header.sealing_key_id, house.federation.sealing_key_id, sizeof header.sealing_key_id);
    memcpy(header.tenant, house.tenant, ID_BYTES);
    memcpy(header.device, house.device, ID_BYTES);
    INVARIANT(policy_hash(&house.federation.policy, header.policy) == OK);
    memcpy(header.id, record.data, record.size < ID_BYTES ? record.size : ID_BYTES);
    clock_epoch(house.ms / 1000, header.epoch);
    if (envelope_seal(&header, house.federation.sealing_key, &house.sign_seed, record, &envelope) == OK)
        deliver_as(ROLE_GATE, types[kind], buf_bytes(&envelope));
}

/* `way`: its low bits choose. */
static void deliver_item(uint8_t way, struct bytes bytes)
{
    enum { WAYS_RAW = MESSAGE_TYPES };
    if (way < WAYS_RAW)
        deliver_as(ROLE_GATE, (enum message_type)way, bytes);
    else if (way < 2 * WAYS_RAW)
        deliver_as(ROLE_DISTIL, (enum message_type)(way - WAYS_RAW), bytes);
    else if (way < 3 * WAYS_RAW)
        deliver_as(ROLE_SUPERVISOR, (enum message_type)(way - 2 * WAYS_RAW), bytes);
    else
        deliver_sealed((enum envelope_kind)(ENVELOPE_CONTRIBUTION + way % 3), bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor cursor = {bytes_of(data, size)};
    uint8_t way = 0;
    uint16_t length = 0;
    if (!house.vault)
        found();
    while (cursor_u8(&cursor, &way) == OK && cursor_u16(&cursor, &length) == OK) {
        struct bytes bytes;
        if (cursor_bytes(&cursor, length < cursor.left.size ? length : cursor.left.size, &bytes) != OK)
            break;
        deliver_item(way, bytes);
    }
    return 0;
}
