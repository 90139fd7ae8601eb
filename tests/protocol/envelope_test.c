/* The sealed envelope: what a device seals only the federation opens, and nothing altered, cut off, re-addressed,
 * re-sealed or of another version gets through or leaves a trace. */
#include "crypto/aead.h"
#include "crypto/hpke_internal.h"
#include "protocol/contribution.h"

#include "tests/protocol/samples.h"

struct world {
    struct secret sealing, device;
    uint8_t sealing_key[HPKE_PUBLIC_BYTES], device_key[SIGN_PUBLIC_BYTES];
    struct envelope_header header;
    struct buf record, envelope;
};

static int set_up(void **state)
{
    struct world *world = mem_new(1, sizeof *world);
    if (!world || secret_start(0, NULL) != OK)
        return -1;
    ok(hpke_keypair(&world->sealing, world->sealing_key));
    ok(sign_keypair(&world->device, world->device_key));
    world->header = (struct envelope_header){.kind = ENVELOPE_CONTRIBUTION, .epoch = "2026-11"};
    fill(world->header.federation, sizeof world->header.federation, 0x10);
    fill(world->header.sealing_key_id, sizeof world->header.sealing_key_id, 0x20);
    fill(world->header.tenant, sizeof world->header.tenant, 0x30);
    fill(world->header.device, sizeof world->header.device, 0x40);
    fill(world->header.policy, sizeof world->header.policy, 0x50);
    fill(world->header.id, sizeof world->header.id, 0x60);
    buf_init(&world->record);
    buf_init(&world->envelope);
    buf_add_str(&world->record, "{\"a record\":\"of no special form\"}");
    ok(envelope_seal(&world->header, world->sealing_key, &world->device, buf_bytes(&world->record), &world->envelope));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    secret_free(&world->sealing);
    secret_free(&world->device);
    buf_free(&world->record);
    buf_free(&world->envelope);
    mem_free(world);
    return 0;
}

/* Refused as ERR_DENIED, with nothing written anywhere. */
static void check_refused(const struct world *world, struct bytes envelope)
{
    static const struct envelope_header no_header;
    static const uint8_t no_digest[DIGEST_BYTES];
    struct envelope_header header = world->header;
    uint8_t digest[DIGEST_BYTES];
    SCOPED_BUF struct buf record;
    buf_init_secret(&record);
    buf_add_str(&record, "before");
    fill(digest, sizeof digest, 1);
    assert_int_equal(envelope_open(envelope, &world->sealing, world->device_key, &header, &record, digest), ERR_DENIED);
    assert_string_equal(buf_text(&record), "before");
    assert_memory_equal(&header, &no_header, sizeof header);
    assert_memory_equal(digest, no_digest, sizeof digest);
}

static void test_round_trip(void **state)
{
    struct world *world = *state;
    struct envelope_header header;
    uint8_t digest[DIGEST_BYTES], expected[HASH_BYTES];
    SCOPED_BUF struct buf record;
    buf_init_secret(&record);
    ok(envelope_peek(buf_bytes(&world->envelope), &header));
    assert_memory_equal(&header, &world->header, sizeof header);
    ok(envelope_open(buf_bytes(&world->envelope), &world->sealing, world->device_key, &header, &record, digest));
    assert_true(bytes_equal(buf_bytes(&record), buf_bytes(&world->record)));
    assert_memory_equal(&header, &world->header, sizeof header);
    hash_sha256(buf_bytes(&world->record), expected);
    assert_memory_equal(digest, expected, sizeof digest);
    assert_int_equal(world->envelope.size, ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES + HPKE_TAG_BYTES +
                                               padme(SIGN_BYTES + 4 + world->record.size));
    assert_int_equal(bytes_find(buf_bytes(&world->envelope), bytes_str("special")), SIZE_MAX);
}

static void test_every_bit_counts(void **state)
{
    struct world *world = *state;
    for (size_t i = 0; i < world->envelope.size; i++) {
        uint8_t flip = (uint8_t)(1u << (i % 8));
        world->envelope.data[i] ^= flip;
        check_refused(world, buf_bytes(&world->envelope));
        world->envelope.data[i] ^= flip;
    }
}

static void test_every_length_counts(void **state)
{
    struct world *world = *state;
    struct envelope_header header;
    for (size_t size = 0; size < world->envelope.size; size++) {
        check_refused(world, bytes_part(buf_bytes(&world->envelope), 0, size));
        assert_int_equal(envelope_peek(bytes_part(buf_bytes(&world->envelope), 0, size), &header),
                         size < ENVELOPE_LEAST ? ERR_INPUT : OK);
    }
    buf_add_byte(&world->envelope, 0);
    check_refused(world, buf_bytes(&world->envelope));
}

static void test_peek_names_the_fault(void **state)
{
    struct world *world = *state;
    static const struct {
        size_t at;
        uint8_t by;
        enum status expected;
    } faults[] = {
        {0, 'X', ERR_INPUT},
        {5, 2, ERR_VERSION},
        {4, 1, ERR_VERSION},
        {6, 0, ERR_INPUT},
        {6, 4, ERR_INPUT},
        {8, 0x10, ERR_VERSION},
        {10, 3, ERR_VERSION},
        {12, 1, ERR_VERSION},
        {ENVELOPE_HEADER_BYTES - 1, 'x', ERR_INPUT},
        {ENVELOPE_HEADER_BYTES - 3, '9', ERR_INPUT},
    };
    struct envelope_header header;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        uint8_t before = world->envelope.data[faults[i].at];
        world->envelope.data[faults[i].at] = faults[i].by;
        assert_int_equal(envelope_peek(buf_bytes(&world->envelope), &header), faults[i].expected);
        assert_int_equal(header.tenant[0], 0);
        world->envelope.data[faults[i].at] = before;
    }
    buf_reserve(&world->envelope, ENVELOPE_MAX);
    ok(buf_status(&world->envelope));
    assert_int_equal(envelope_peek(bytes_of(world->envelope.data, ENVELOPE_MAX + 1), &header), ERR_TOO_LARGE);
}

static void test_wrong_keys(void **state)
{
    struct world *world = *state;
    struct secret other_sealing = {0}, other_device = {0};
    uint8_t key[32];
    ok(hpke_keypair(&other_sealing, key));
    struct secret kept = world->sealing;
    world->sealing = other_sealing;
    check_refused(world, buf_bytes(&world->envelope));
    world->sealing = kept;
    ok(sign_keypair(&other_device, world->device_key));
    check_refused(world, buf_bytes(&world->envelope));
    secret_free(&other_sealing);
    secret_free(&other_device);
}

/* What the federation's own operator could do: open it, and seal the same signed plaintext again. */
static void seal_again(const struct world *world, struct envelope_header header, bool change_federation,
                       struct buf *out)
{
    SCOPED_BUF struct buf inner, mine;
    SCOPED_SECRET struct secret ephemeral = {0};
    SCOPED_HPKE struct hpke_context context = {0};
    uint8_t enc[HPKE_ENC_BYTES];
    buf_init_secret(&inner);
    buf_init(&mine);
    struct bytes sealed = buf_bytes(&world->envelope);
    ok(hpke_open(&world->sealing, sealed.data + ENVELOPE_HEADER_BYTES, bytes_str("chatham/v1 envelope"),
                 bytes_part(sealed, 0, ENVELOPE_HEADER_BYTES),
                 bytes_part(sealed, ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES, sealed.size), &inner));
    if (change_federation)
        header.federation[0] ^= 1;
    ok(envelope_seal(&header, world->sealing_key, &world->device, BYTES_NONE, &mine)); /* for its header alone */
    buf_add(out, bytes_part(buf_bytes(&mine), 0, ENVELOPE_HEADER_BYTES));
    ok(secret_random(&ephemeral, HPKE_PRIVATE_BYTES));
    ok(hpke_setup_sender(&ephemeral, world->sealing_key, bytes_str("chatham/v1 envelope"), enc, &context));
    buf_add(out, bytes_of(enc, sizeof enc));
    ok(aead_seal_to(&context.base, bytes_part(buf_bytes(&mine), 0, ENVELOPE_HEADER_BYTES), buf_bytes(&inner), out));
}

static void test_sealed_again(void **state)
{
    struct world *world = *state;
    for (int change = 0; change < 2; change++) {
        SCOPED_BUF struct buf again;
        buf_init(&again);
        seal_again(world, world->header, change == 1, &again);
        check_refused(world, buf_bytes(&again)); /* even under the same header: the encapsulation is signed too */
    }
}

/* Another tenant, device, policy, id or epoch under the same signature, sealed afresh. */
static void test_header_is_signed(void **state)
{
    struct world *world = *state;
    struct envelope_header headers[7];
    for (size_t i = 0; i < 7; i++)
        headers[i] = world->header;
    headers[0].tenant[3] ^= 1;
    headers[1].device[3] ^= 1;
    headers[2].policy[3] ^= 1;
    headers[3].id[3] ^= 1;
    headers[4].epoch[6] = '2';
    headers[5].kind = ENVELOPE_WITHDRAWAL; /* another purpose, too */
    headers[6].kind = ENVELOPE_REQUEST;
    for (size_t i = 0; i < 7; i++) {
        SCOPED_BUF struct buf again;
        buf_init(&again);
        seal_again(world, headers[i], false, &again);
        check_refused(world, buf_bytes(&again));
    }
}

/* A device that signs, but pads otherwise than Padmé says, or not with zeros. */
static void test_padding_is_checked(void **state)
{
    struct world *world = *state;
    static const struct {
        size_t claimed, size, dirty_at;
        enum status expected;
    } cases[] = {
        {60, 60, SIZE_MAX, OK}, /* 64 + 4 + 60 = 128, which is its own Padmé size */
        {60, 61, SIZE_MAX, ERR_DENIED}, {57, 60, SIZE_MAX, OK},         {57, 60, 59, ERR_DENIED},
        {57, 59, SIZE_MAX, ERR_DENIED}, {61, 60, SIZE_MAX, ERR_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t inner[SIGN_BYTES + 4 + 64] = {0}, enc[HPKE_ENC_BYTES], digest[DIGEST_BYTES], hash[HASH_BYTES];
        uint8_t message[ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES + HASH_BYTES];
        size_t size = SIGN_BYTES + 4 + cases[i].size;
        SCOPED_SECRET struct secret ephemeral = {0};
        SCOPED_HPKE struct hpke_context context = {0};
        SCOPED_BUF struct buf envelope, record;
        buf_init(&envelope);
        buf_init_secret(&record);
        inner[SIGN_BYTES + 3] = (uint8_t)cases[i].claimed;
        if (cases[i].dirty_at != SIZE_MAX)
            inner[SIGN_BYTES + 4 + cases[i].dirty_at] = 1;
        ok(secret_random(&ephemeral, HPKE_PRIVATE_BYTES));
        ok(hpke_setup_sender(&ephemeral, world->sealing_key, bytes_str("chatham/v1 envelope"), enc, &context));
        memcpy(message, world->envelope.data, ENVELOPE_HEADER_BYTES);
        memcpy(message + ENVELOPE_HEADER_BYTES, enc, sizeof enc);
        hash_sha256(bytes_of(inner + SIGN_BYTES, size - SIGN_BYTES), hash);
        memcpy(message + ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES, hash, sizeof hash);
        ok(sign_make(&world->device, SIGN_CONTRIBUTION, world->header.federation, bytes_of(message, sizeof message),
                     inner));
        buf_add(&envelope, bytes_part(buf_bytes(&world->envelope), 0, ENVELOPE_HEADER_BYTES));
        buf_add(&envelope, bytes_of(enc, sizeof enc));
        ok(aead_seal_to(&context.base, bytes_of(world->envelope.data, ENVELOPE_HEADER_BYTES), bytes_of(inner, size),
                        &envelope));
        struct envelope_header header;
        assert_int_equal(
            envelope_open(buf_bytes(&envelope), &world->sealing, world->device_key, &header, &record, digest),
            cases[i].expected);
    }
}

static void test_seal_refuses(void **state)
{
    struct world *world = *state;
    SCOPED_BUF struct buf out, record;
    buf_init(&out);
    buf_init(&record);
    struct envelope_header header = world->header;
    header.kind = (enum envelope_kind)4;
    assert_int_equal(envelope_seal(&header, world->sealing_key, &world->device, BYTES_NONE, &out), ERR_USAGE);
    header = world->header;
    memcpy(header.epoch, "2026-13", 8);
    assert_int_equal(envelope_seal(&header, world->sealing_key, &world->device, BYTES_NONE, &out), ERR_USAGE);
    buf_reserve(&record, ENVELOPE_MAX + 1);
    ok(buf_status(&record));
    memset(record.data, 'x', ENVELOPE_MAX + 1);
    for (size_t size = ENVELOPE_MAX - 512; size <= ENVELOPE_MAX + 1; size++)
        assert_int_equal(
            envelope_seal(&world->header, world->sealing_key, &world->device, bytes_of(record.data, size), &out),
            ERR_TOO_LARGE);
    assert_int_equal(out.size, 0);
    /* the largest Padmé size that fits with header, encapsulation and tag */
    ok(envelope_seal(&world->header, world->sealing_key, &world->device, bytes_of(record.data, 224 * 1024), &out));
    assert_true(out.size <= ENVELOPE_MAX);
}

static void test_seal_without_memory(void **state)
{
    struct world *world = *state;
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        SCOPED_BUF struct buf out;
        buf_init(&out);
        mem_fail_after(n);
        status = envelope_seal(&world->header, world->sealing_key, &world->device, buf_bytes(&world->record), &out);
        mem_fail_after(0);
        assert_true(status == OK || (status == ERR_MEMORY && out.size == 0));
    }
}

/* Nikitin et al. 2019, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", algorithm 1:
 * sizes worked out by hand, and the promised bounds. */
static void test_padme(void **state)
{
    (void)state;
    static const size_t known[][2] = {{0, 0},     {1, 1},     {2, 2},       {7, 7},       {8, 8},
                                      {9, 10},    {15, 16},   {16, 16},     {17, 18},     {100, 104},
                                      {128, 128}, {129, 144}, {1000, 1024}, {1025, 1088}, {65537, 67584}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(padme(known[i][0]), known[i][1]);
    size_t distinct = 0, last = 0;
    for (size_t size = 1; size < 300000; size++) {
        size_t padded = padme(size);
        assert_true(padded >= size && padded >= last && (padded - size) * 100 <= size * 12);
        assert_int_equal(padme(padded), padded);
        distinct += padded != last;
        last = padded;
    }
    assert_true(distinct < 256);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(test_round_trip),          WITH_WORLD(test_every_bit_counts),
        WITH_WORLD(test_every_length_counts), WITH_WORLD(test_peek_names_the_fault),
        WITH_WORLD(test_wrong_keys),          WITH_WORLD(test_sealed_again),
        WITH_WORLD(test_header_is_signed),    WITH_WORLD(test_padding_is_checked),
        WITH_WORLD(test_seal_refuses),        WITH_WORLD(test_seal_without_memory),
        cmocka_unit_test(test_padme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
