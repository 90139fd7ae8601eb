/* The federation's document and enrolment: records, tokens, sealed requests and who can forge them (nobody). */
#include "protocol/federation.h"

#include "tests/protocol/samples.h"

#define CSR "-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n"

static enum status decode(struct bytes text, struct why *why)
{
    struct federation federation;
    enum status status = federation_decode(text, &federation, why);
    if (status != OK)
        assert_null(federation.ca_pem);
    federation_free(&federation);
    return status;
}

static void test_document(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"name\":\"Example federation\"", "\"name\":\"\"", ERR_INPUT},
        {"\"name\":\"Example federation\"", "\"name\":\"a\\u0007b\"", ERR_INPUT},
        {"\"ca\":\"", "\"ca\":7,\"cb\":\"", ERR_INPUT},
        {"\"library_key\":\"05", "\"library_key\":\"", ERR_INPUT},
        {"\"library_key\":\"05", "\"library_key\":\"0505", ERR_INPUT},
        {"\"k\":3", "\"k\":1", ERR_INPUT},
        {"\"policy\":{", "\"policy\":{\"a\":1,", ERR_INPUT},
    };
    struct federation federation = sample_federation(), back;
    SCOPED_BUF struct buf text, again;
    buf_init(&text);
    buf_init(&again);
    ok(federation_encode(&federation, &text));
    ok(federation_decode(buf_bytes(&text), &back, NULL));
    ok(federation_encode(&back, &again));
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    federation_free(&federation);
    federation_free(&back);
}

/* A token vouches for the authority and every key, and lets the policy change. */
static void test_keys_hash(void **state)
{
    (void)state;
    struct federation federation = sample_federation();
    uint8_t *const keys[] = {federation.id,
                             federation.sealing_key_id,
                             federation.sealing_key,
                             federation.receipt_key,
                             federation.library_key,
                             federation.evidence_key,
                             federation.checkpoint_key,
                             (uint8_t *)federation.ca_pem,
                             (uint8_t *)federation.name};
    uint8_t before[HASH_BYTES], after[HASH_BYTES];
    ok(federation_keys_hash(&federation, before));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        keys[i][2] ^= 1;
        ok(federation_keys_hash(&federation, after));
        assert_memory_not_equal(before, after, HASH_BYTES);
        keys[i][2] ^= 1;
    }
    federation.policy.k = 7;
    ok(federation_keys_hash(&federation, after));
    assert_memory_equal(before, after, HASH_BYTES);
    federation_free(&federation);
}

static void test_origin(void **state)
{
    (void)state;
    uint8_t id[FEDERATION_ID_BYTES];
    char origin[48];
    fill(id, sizeof id, 0xa0);
    federation_origin(id, origin);
    assert_string_equal(origin, "chatham/a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
}

static struct enrol_token sample_token(void)
{
    struct enrol_token token = {0};
    fill(token.id, sizeof token.id, 0x11);
    fill(token.secret, sizeof token.secret, 0x71);
    fill(token.hash, sizeof token.hash, 0xc1);
    return token;
}

static void test_token(void **state)
{
    (void)state;
    struct enrol_token token = sample_token(), back;
    static const struct enrol_token nothing;
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    ok(enrol_token_encode(&token, &text));
    assert_true(bytes_starts(buf_bytes(&text), "chatham-token-1."));
    ok(enrol_token_decode(buf_bytes(&text), &back));
    assert_memory_equal(&token, &back, sizeof token);
    for (size_t size = 0; size < text.size; size++)
        assert_int_equal(enrol_token_decode(bytes_part(buf_bytes(&text), 0, size), &back),
                         size == 14 || size == 15 ? ERR_VERSION : ERR_INPUT);
    assert_memory_equal(&nothing, &back, sizeof back);
    SCOPED_BUF struct buf second = spoiled(&text, "token-1.", "token-2."); /* it says no serial */
    assert_int_equal(enrol_token_decode(buf_bytes(&second), &back), ERR_INPUT);
    SCOPED_BUF struct buf later = spoiled(&text, "token-1.", "token-3.");
    assert_int_equal(enrol_token_decode(buf_bytes(&later), &back), ERR_VERSION);
    SCOPED_BUF struct buf dirty = spoiled(&text, "token-1.", "token-1. ");
    assert_int_equal(enrol_token_decode(buf_bytes(&dirty), &back), ERR_INPUT);
    buf_add_str(&text, "AAAA");
    assert_int_equal(enrol_token_decode(buf_bytes(&text), &back), ERR_INPUT);
}

static void test_second_token(void **state)
{
    (void)state;
    struct enrol_token token = sample_token(), back;
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    token.serial = 7;
    ok(enrol_token_encode(&token, &text));
    assert_true(bytes_starts(buf_bytes(&text), "chatham-token-2."));
    ok(enrol_token_decode(buf_bytes(&text), &back));
    assert_memory_equal(&token, &back, sizeof token);
    for (size_t size = 16; size < text.size; size++)
        assert_int_equal(enrol_token_decode(bytes_part(buf_bytes(&text), 0, size), &back), ERR_INPUT);
    SCOPED_BUF struct buf first = spoiled(&text, "token-2.", "token-1.");
    assert_int_equal(enrol_token_decode(buf_bytes(&first), &back), ERR_INPUT);
}

/* --- certification --- */

/* A federation whose authority is real. */
struct house {
    struct secret ca;
    struct federation federation;
};

static void house_start(struct house *house)
{
    SCOPED_BUF struct buf pem = {0};
    *house = (struct house){.federation = sample_federation()};
    ok(ca_key_new(&house->ca));
    ok(ca_create(&house->ca, "Example federation", 1795000000, 86400, &pem));
    mem_free(house->federation.ca_pem);
    house->federation.ca_pem = mem_copy(buf_bytes(&pem));
    assert_non_null(house->federation.ca_pem);
    house->federation.serial = 1;
    ok(federation_certify(&house->federation, &house->ca));
}

static void house_end(struct house *house)
{
    secret_free(&house->ca);
    federation_free(&house->federation);
}

/* The same house after another rotation; ca_pem is borrowed. */
static struct federation rotated(const struct house *house, const struct secret *ca)
{
    struct federation now = house->federation;
    now.serial++;
    fill(now.sealing_key, sizeof now.sealing_key, 0xee);
    fill(now.earlier[now.earlier_count++], SIGN_PUBLIC_BYTES, 0xcc);
    ok(federation_certify(&now, ca));
    return now;
}

static void test_certified_document(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"serial\":2", "\"serial\":0", ERR_INPUT},
        {"\"serial\":2", "\"serial\":-2", ERR_INPUT},
        {"\"earlier_receipt_keys\":[\"cc", "\"earlier_receipt_keys\":[\"", ERR_INPUT},
        {"\"certification\":\"", "\"certification\":\"00", ERR_INPUT},
    };
    struct house house;
    SCOPED_BUF struct buf text, again;
    struct federation back;
    buf_init(&text);
    buf_init(&again);
    house_start(&house);
    struct federation now = rotated(&house, &house.ca);
    ok(federation_encode(&now, &text));
    ok(federation_decode(buf_bytes(&text), &back, NULL));
    ok(federation_encode(&back, &again));
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
    ok(federation_check(&back, house.federation.ca_pem));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    federation_free(&back);
    house_end(&house);
}

static void test_every_key_is_certified(void **state)
{
    (void)state;
    struct house house;
    house_start(&house);
    struct federation now = rotated(&house, &house.ca);
    uint8_t *const parts[] = {now.id,          now.sealing_key_id,  now.sealing_key,    now.receipt_key,
                              now.library_key, now.evidence_key,    now.checkpoint_key, (uint8_t *)&now.serial,
                              now.earlier[0],  (uint8_t *)now.name, now.certification};
    ok(federation_check(&now, now.ca_pem));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        parts[i][0] ^= 4;
        assert_int_equal(federation_check(&now, now.ca_pem), ERR_DENIED);
        parts[i][0] ^= 4;
    }
    now.policy.k = 7;
    ok(federation_check(&now, now.ca_pem));
    house_end(&house);
}

static void test_who_follows_whom(void **state)
{
    (void)state;
    struct house house;
    SCOPED_SECRET struct secret other = {0};
    house_start(&house);
    ok(ca_key_new(&other));
    const struct federation *pinned = &house.federation;
    struct federation now = rotated(&house, &house.ca), forged = now, foreign = now, stale = now, first = *pinned;
    ok(federation_follows(pinned, pinned, NULL));
    ok(federation_follows(pinned, &now, NULL));
    assert_int_equal(federation_follows(&now, pinned, NULL), ERR_DENIED); /* never back */
    fill(forged.sealing_key, sizeof forged.sealing_key, 0x66);
    assert_int_equal(federation_follows(pinned, &forged, NULL), ERR_DENIED);
    ok(federation_certify(&forged, &other)); /* by another authority */
    assert_int_equal(federation_follows(pinned, &forged, NULL), ERR_DENIED);
    stale.serial = pinned->serial;
    ok(federation_certify(&stale, &house.ca)); /* the same serial, other keys */
    assert_int_equal(federation_follows(pinned, &stale, NULL), ERR_DENIED);
    foreign.id[0] ^= 1;
    ok(federation_certify(&foreign, &house.ca));
    assert_int_equal(federation_follows(pinned, &foreign, NULL), ERR_DENIED);
    first.serial = 0; /* enrolled before there were serials */
    ok(federation_follows(&first, &now, NULL));
    assert_int_equal(federation_follows(&now, &first, NULL), ERR_DENIED);
    house_end(&house);
}

/* A token outlives a rotation, and is worth nothing with an older document or another authority. */
static void test_token_and_rotation(void **state)
{
    (void)state;
    struct house house;
    struct enrol_token token = sample_token(), old = sample_token();
    house_start(&house);
    struct federation now = rotated(&house, &house.ca), forged = now, before = house.federation;
    ok(enrol_token_name(&token, &house.federation));
    ok(enrol_token_check(&token, &house.federation));
    ok(enrol_token_check(&token, &now));
    fill(forged.sealing_key, sizeof forged.sealing_key, 0x66);
    assert_int_equal(enrol_token_check(&token, &forged), ERR_DENIED);
    ok(enrol_token_name(&token, &now));
    assert_int_equal(enrol_token_check(&token, &house.federation), ERR_DENIED);
    before.serial = 0;
    ok(enrol_token_name(&old, &before));
    ok(enrol_token_check(&old, &before));
    assert_int_equal(enrol_token_check(&old, &now), ERR_DENIED);
    house_end(&house);
}

struct enrolling {
    struct federation federation;
    struct secret sealing, seed;
    struct enrol_token token;
    struct buf sealed;
};

static int set_up(void **state)
{
    struct enrolling *world = mem_new(1, sizeof *world);
    if (!world || secret_start(0, NULL) != OK)
        return -1;
    world->federation = sample_federation();
    world->token = sample_token();
    ok(hpke_keypair(&world->sealing, world->federation.sealing_key));
    uint8_t key[SIGN_PUBLIC_BYTES];
    ok(sign_keypair(&world->seed, key));
    buf_init(&world->sealed);
    ok(enrol_request_seal(&world->federation, &world->token, &world->seed, bytes_str(CSR), &world->sealed));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct enrolling *world = *state;
    federation_free(&world->federation);
    secret_free(&world->sealing);
    secret_free(&world->seed);
    buf_free(&world->sealed);
    mem_free(world);
    return 0;
}

static void test_request(void **state)
{
    struct enrolling *world = *state;
    struct enrol_request request;
    uint8_t id[ID_BYTES], mac[32], key[SIGN_PUBLIC_BYTES], secret[32];
    ok(enrol_request_peek(buf_bytes(&world->sealed), id));
    assert_memory_equal(id, world->token.id, ID_BYTES);
    ok(enrol_request_open(buf_bytes(&world->sealed), world->federation.id, &world->sealing, &request));
    ok(sign_public(&world->seed, key));
    assert_memory_equal(request.sign_key, key, sizeof key);
    assert_string_equal(request.csr_pem, CSR);
    enrol_mac(world->token.secret, bytes_str(CSR), key, mac);
    assert_memory_equal(request.mac, mac, sizeof mac);
    /* the MAC knows the secret, the request and the key */
    memcpy(secret, world->token.secret, sizeof secret);
    secret[0] ^= 1;
    enrol_mac(secret, bytes_str(CSR), key, mac);
    assert_memory_not_equal(request.mac, mac, sizeof mac);
    enrol_mac(world->token.secret, bytes_str(CSR "\n"), key, mac);
    assert_memory_not_equal(request.mac, mac, sizeof mac);
    key[0] ^= 1;
    enrol_mac(world->token.secret, bytes_str(CSR), key, mac);
    assert_memory_not_equal(request.mac, mac, sizeof mac);
    enrol_request_free(&request);
}

static void check_refused(const struct enrolling *world, struct bytes sealed, const uint8_t *federation)
{
    struct enrol_request request;
    assert_int_equal(enrol_request_open(sealed, federation, &world->sealing, &request), ERR_DENIED);
    assert_null(request.csr_pem);
}

static void test_request_is_refused(void **state)
{
    struct enrolling *world = *state;
    struct buf *sealed = &world->sealed;
    for (size_t i = 0; i < sealed->size; i++) {
        sealed->data[i] ^= 0x20;
        check_refused(world, buf_bytes(sealed), world->federation.id);
        sealed->data[i] ^= 0x20;
    }
    for (size_t size = 0; size < sealed->size; size++)
        check_refused(world, bytes_part(buf_bytes(sealed), 0, size), world->federation.id);
    uint8_t other[FEDERATION_ID_BYTES];
    fill(other, sizeof other, 0xee);
    check_refused(world, buf_bytes(sealed), other);
}

/* Seal an inside again under the token id 12.., as one who knows the sealing key could. */
static void check_sealed_again(const struct enrolling *world, uint8_t aad[static FEDERATION_ID_BYTES + ID_BYTES],
                               struct bytes inside)
{
    SCOPED_BUF struct buf sealed, request;
    uint8_t enc[HPKE_ENC_BYTES];
    buf_init(&sealed);
    buf_init(&request);
    aad[FEDERATION_ID_BYTES] = 0x12;
    ok(hpke_seal(world->federation.sealing_key, bytes_str("chatham/v1 enrol"),
                 bytes_of(aad, FEDERATION_ID_BYTES + ID_BYTES), inside, enc, &sealed));
    buf_add(&request, bytes_of(aad + FEDERATION_ID_BYTES, ID_BYTES));
    buf_add(&request, bytes_of(enc, sizeof enc));
    buf_add(&request, buf_bytes(&sealed));
    check_refused(world, buf_bytes(&request), world->federation.id);
}

/* Under another token the proof does not hold, and an inside that names its own token does not match. */
static void test_request_is_bound_to_its_token(void **state)
{
    struct enrolling *world = *state;
    uint8_t aad[FEDERATION_ID_BYTES + ID_BYTES];
    SCOPED_BUF struct buf record;
    buf_init_secret(&record);
    memcpy(aad, world->federation.id, FEDERATION_ID_BYTES);
    memcpy(aad + FEDERATION_ID_BYTES, world->token.id, ID_BYTES);
    ok(hpke_open(&world->sealing, world->sealed.data + ID_BYTES, bytes_str("chatham/v1 enrol"),
                 bytes_of(aad, sizeof aad),
                 bytes_part(buf_bytes(&world->sealed), ID_BYTES + HPKE_ENC_BYTES, world->sealed.size), &record));
    SCOPED_BUF struct buf renamed = spoiled(&record, "\"token\":\"11", "\"token\":\"12");
    check_sealed_again(world, aad, buf_bytes(&renamed));
    check_sealed_again(world, aad, buf_bytes(&record));
}

static void test_request_limits(void **state)
{
    struct enrolling *world = *state;
    uint8_t id[ID_BYTES];
    SCOPED_BUF struct buf long_csr, out;
    buf_init(&long_csr);
    buf_init(&out);
    for (size_t i = 0; i <= PEM_MAX; i++)
        buf_add_byte(&long_csr, 'x');
    assert_int_equal(enrol_request_seal(&world->federation, &world->token, &world->seed, buf_bytes(&long_csr), &out),
                     ERR_USAGE);
    ok(enrol_request_seal(&world->federation, &world->token, &world->seed, bytes_part(buf_bytes(&long_csr), 0, PEM_MAX),
                          &out));
    ok(enrol_request_peek(buf_bytes(&out), id));
    buf_reserve(&out, ENROL_REQUEST_MAX);
    ok(buf_status(&out));
    assert_int_equal(enrol_request_peek(bytes_of(out.data, ENROL_REQUEST_MAX + 1), id), ERR_TOO_LARGE);
    assert_int_equal(enrol_request_peek(bytes_of(out.data, ID_BYTES + HPKE_ENC_BYTES), id), ERR_INPUT);
}

static enum status decode_reply(struct bytes text, struct why *why)
{
    struct enrol_reply reply;
    enum status status = enrol_reply_decode(text, &reply, why);
    if (status != OK)
        assert_null(reply.certificate_pem);
    enrol_reply_free(&reply);
    return status;
}

static void test_reply(void **state)
{
    (void)state;
    struct enrol_reply reply = {.certificate_pem = text_of("-----BEGIN CERTIFICATE-----\n")}, back;
    SCOPED_BUF struct buf text, again;
    buf_init(&text);
    buf_init(&again);
    fill(reply.tenant, ID_BYTES, 1);
    fill(reply.device, ID_BYTES, 2);
    policy_default(&reply.policy);
    ok(enrol_reply_encode(&reply, &text));
    check_record(&text, decode_reply);
    ok(enrol_reply_decode(buf_bytes(&text), &back, NULL));
    ok(enrol_reply_encode(&back, &again));
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
    enrol_reply_free(&reply);
    enrol_reply_free(&back);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_keys_hash),
        cmocka_unit_test(test_second_token),
        cmocka_unit_test(test_certified_document),
        cmocka_unit_test(test_every_key_is_certified),
        cmocka_unit_test(test_who_follows_whom),
        cmocka_unit_test(test_token_and_rotation),
        cmocka_unit_test(test_origin),
        cmocka_unit_test(test_token),
        WITH_WORLD(test_request),
        WITH_WORLD(test_request_is_refused),
        WITH_WORLD(test_request_is_bound_to_its_token),
        WITH_WORLD(test_request_limits),
        cmocka_unit_test(test_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
