/* Erasure receipts: what they claim is signed, committed to and in the log, or they are refused. */
#include "protocol/erasure.h"

#include "protocol/log_entry.h"
#include "tests/protocol/samples.h"

/* A log of three entries, the second of them an erasure. */
struct world {
    struct federation federation;
    struct secret receipt_seed, checkpoint_seed;
    struct erasure erasure;
};

static void entry_hash(const struct erasure *erasure, enum log_kind kind, uint8_t out[static MERKLE_BYTES])
{
    struct log_entry entry = {.kind = kind, .epoch = "2026-11"};
    SCOPED_BUF struct buf text = {0};
    log_commit(kind, erasure->salt, bytes_of(erasure->tenant, ID_BYTES), entry.commitment);
    ok(log_entry_encode(&entry, &text));
    merkle_leaf(buf_bytes(&text), out);
}

static void node(const uint8_t *left, const uint8_t *right, uint8_t out[static MERKLE_BYTES])
{
    const uint8_t prefix = 1;
    const struct bytes parts[] = {bytes_of(&prefix, 1), bytes_of(left, MERKLE_BYTES), bytes_of(right, MERKLE_BYTES)};
    hash_sha256_parts(parts, 3, out);
}

static void make(struct world *world, enum log_kind kind)
{
    char origin[48];
    struct checkpoint checkpoint = {.size = 3};
    uint8_t leaf[MERKLE_BYTES], other[MERKLE_BYTES] = {1}, last[MERKLE_BYTES] = {2}, pair[MERKLE_BYTES];
    SCOPED_BUF struct buf note = {0};
    *world = (struct world){.erasure = {.epoch = "2026-11", .leaf = 1}};
    fill(world->federation.id, FEDERATION_ID_BYTES, 5);
    fill(world->erasure.tenant, ID_BYTES, 6);
    fill(world->erasure.salt, sizeof world->erasure.salt, 7);
    ok(sign_keypair(&world->receipt_seed, world->federation.receipt_key));
    ok(sign_keypair(&world->checkpoint_seed, world->federation.checkpoint_key));
    entry_hash(&world->erasure, kind, leaf);
    node(other, leaf, pair);
    node(pair, last, checkpoint.root);
    world->erasure.proof.count = 2;
    memcpy(world->erasure.proof.hashes[0], other, MERKLE_BYTES);
    memcpy(world->erasure.proof.hashes[1], last, MERKLE_BYTES);
    federation_origin(world->federation.id, origin);
    ok(checkpoint_sign(&checkpoint, origin, &world->checkpoint_seed, &note));
    memcpy(world->erasure.checkpoint, note.data, note.size);
    ok(erasure_sign(&world->erasure, world->federation.id, &world->receipt_seed));
}

static void unmake(struct world *world)
{
    secret_free(&world->receipt_seed);
    secret_free(&world->checkpoint_seed);
}

static enum status check(const struct world *world)
{
    struct checkpoint checkpoint;
    enum status status = erasure_check(&world->erasure, &world->federation, &checkpoint, NULL);
    assert_int_equal(checkpoint.size, status == OK ? 3 : 0);
    return status;
}

static enum status decode(struct bytes text, struct why *why)
{
    struct erasure record;
    return erasure_decode(text, &record, why);
}

static void test_record(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"epoch\":\"2026-11\"", "\"epoch\":\"2026-00\"", ERR_INPUT},
        {"\"leaf\":1", "\"leaf\":-1", ERR_INPUT},
        {"\"proof\":[", "\"proof\":[1,", ERR_INPUT},
        {"\"leaf\":1", "\"leaf\":2", OK},
    };
    struct world world;
    struct erasure back;
    SCOPED_BUF struct buf text = {0};
    make(&world, LOGGED_ERASURE);
    ok(check(&world));
    ok(erasure_encode(&world.erasure, &text));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    ok(erasure_decode(buf_bytes(&text), &back, NULL));
    assert_memory_equal(&back, &world.erasure, sizeof back);
    unmake(&world);
}

static void test_altered(void **state)
{
    (void)state;
    struct world world;
    make(&world, LOGGED_ERASURE);
    struct erasure *erasure = &world.erasure;
    uint8_t *const spots[] = {erasure->tenant,
                              erasure->salt + 31,
                              (uint8_t *)&erasure->leaf,
                              (uint8_t *)erasure->epoch + 6,
                              erasure->signature,
                              erasure->signature + 63,
                              erasure->proof.hashes[0],
                              erasure->proof.hashes[1] + 31,
                              (uint8_t *)erasure->checkpoint,
                              (uint8_t *)erasure->checkpoint + 60,
                              world.federation.id,
                              world.federation.receipt_key,
                              world.federation.checkpoint_key};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        *spots[i] ^= 1;
        assert_int_equal(check(&world), ERR_DENIED);
        *spots[i] ^= 1;
        ok(check(&world));
    }
    unmake(&world);
}

/* Signed by the server, but what its log says is something else. */
static void test_the_log_must_say_so(void **state)
{
    (void)state;
    struct world world;
    make(&world, LOGGED_SUSPENSION);
    assert_int_equal(check(&world), ERR_DENIED);
    unmake(&world);
    make(&world, LOGGED_ERASURE);
    world.erasure.tenant[3] ^= 1;
    ok(erasure_sign(&world.erasure, world.federation.id, &world.receipt_seed));
    assert_int_equal(check(&world), ERR_DENIED);
    unmake(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_record), cmocka_unit_test(test_altered),
                                       cmocka_unit_test(test_the_log_must_say_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
