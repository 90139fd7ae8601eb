/* Receipts: what is signed, alone and in a batch, and the log leaf that a receipt promises. */
#include "protocol/receipt.h"

#include "base/encode.h"
#include "protocol/receipt_leaf.h"
#include "tests/protocol/samples.h"

static const uint8_t federation[FEDERATION_ID_BYTES] = {1, 2, 3};

static struct receipt sample(uint8_t number)
{
    struct receipt receipt = {.version = RECEIPT_VERSION, .epoch = "2026-11", .leaf = 17};
    fill(receipt.contribution, ID_BYTES, number);
    fill(receipt.digest, DIGEST_BYTES, 2);
    fill(receipt.salt, sizeof receipt.salt, 3);
    return receipt;
}

static enum status decode(struct bytes text, struct why *why)
{
    struct receipt receipt;
    enum status status = receipt_decode(text, &receipt, why);
    if (status != OK)
        assert_int_equal(receipt.leaf, 0);
    return status;
}

static void test_alone(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"epoch\":\"2026-11\"", "\"epoch\":\"2026-00\"", ERR_INPUT},
        {"\"epoch\":\"2026-11\"", "\"epoch\":\"2026-11-23\"", ERR_INPUT},
        {"\"leaf\":17", "\"leaf\":-1", ERR_INPUT},
        {"\"leaf\":17", "\"leaf\":9007199254740992", ERR_INPUT},
        {"\"path\":[]", "\"path\":[\"\"]", ERR_INPUT},
        {"\"path\":[]", "\"path\":[\"AAAA\"]", ERR_INPUT},
        {"\"path\":[]", "\"path\":[1]", ERR_INPUT},
        {"\"path\":[]", "\"pat\":[]", ERR_INPUT},
        {"\"path\":[]", "\"path\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]", OK},
    };
    SCOPED_SECRET struct secret seed = {0};
    uint8_t key[SIGN_PUBLIC_BYTES], other[FEDERATION_ID_BYTES] = {9};
    struct receipt receipt = sample(1), back;
    SCOPED_BUF struct buf text;
    buf_init(&text);
    ok(sign_keypair(&seed, key));
    ok(receipt_sign_batch(&receipt, 1, federation, &seed));
    ok(receipt_encode(&receipt, &text));
    check_record_version(&text, decode, RECEIPT_VERSION);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    ok(receipt_decode(buf_bytes(&text), &back, NULL));
    assert_memory_equal(&back, &receipt, offsetof(struct receipt, path));
    ok(receipt_check(&back, federation, key));
    assert_int_equal(receipt_check(&back, other, key), ERR_DENIED);
    key[3] ^= 1;
    assert_int_equal(receipt_check(&back, federation, key), ERR_DENIED);
}

/* Every byte that means something is covered by the signature. */
static void test_altered(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = {0};
    uint8_t key[SIGN_PUBLIC_BYTES];
    struct receipt receipt = sample(1);
    ok(sign_keypair(&seed, key));
    ok(receipt_sign_batch(&receipt, 1, federation, &seed));
    uint8_t *const spots[] = {receipt.contribution,
                              receipt.digest + 31,
                              (uint8_t *)&receipt.leaf,
                              receipt.salt + 9,
                              receipt.batch_root,
                              receipt.signature,
                              receipt.signature + 63,
                              (uint8_t *)receipt.epoch + 6,
                              (uint8_t *)&receipt.batch_index,
                              (uint8_t *)&receipt.batch_size,
                              (uint8_t *)receipt.epoch};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        *spots[i] ^= 3;
        assert_int_equal(receipt_check(&receipt, federation, key), ERR_DENIED);
        *spots[i] ^= 3;
    }
    receipt.path.count = 1;
    assert_int_equal(receipt_check(&receipt, federation, key), ERR_DENIED);
    receipt.path.count = 0;
    ok(receipt_check(&receipt, federation, key));
}

/* A batch of two: each is proved by the other's hash. */
static void test_two(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = {0};
    uint8_t key[SIGN_PUBLIC_BYTES], leaves[2][MERKLE_BYTES], message[8 + MERKLE_BYTES] = {[7] = 2};
    uint8_t signature[SIGN_BYTES];
    struct receipt receipts[2] = {sample(1), sample(2)};
    ok(sign_keypair(&seed, key));
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUF struct buf body;
        buf_init(&body);
        ok(receipt_body(&receipts[i], &body));
        merkle_leaf(buf_bytes(&body), leaves[i]);
    }
    static const uint8_t node = 1; /* RFC 9162, section 2.1.1 */
    hash_sha256_parts((struct bytes[]){bytes_of(&node, 1), bytes_of(leaves, sizeof leaves)}, 2, message + 8);
    ok(sign_make(&seed, SIGN_RECEIPT, federation, bytes_of(message, sizeof message), signature));
    ok(receipt_sign_batch(receipts, 2, federation, &seed));
    for (size_t i = 0; i < 2; i++) {
        ok(receipt_check(&receipts[i], federation, key));
        assert_int_equal(receipts[i].path.count, 1);
        assert_memory_equal(receipts[i].path.hashes[0], leaves[1 - i], MERKLE_BYTES);
        assert_memory_equal(receipts[i].batch_root, message + 8, MERKLE_BYTES);
        assert_memory_equal(receipts[i].signature, signature, SIGN_BYTES);
    }
    receipts[0].batch_index = 1;
    assert_int_equal(receipt_check(&receipts[0], federation, key), ERR_DENIED);
}

/* Every size: one signature, each receipt holds, and none in another's place. */
static void test_sizes(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = {0};
    uint8_t key[SIGN_PUBLIC_BYTES];
    static struct receipt receipts[RECEIPT_BATCH_MAX + 1];
    ok(sign_keypair(&seed, key));
    for (size_t count = 1; count <= RECEIPT_BATCH_MAX; count += 1 + count / 4) {
        for (size_t i = 0; i < count; i++)
            receipts[i] = sample((uint8_t)i);
        ok(receipt_sign_batch(receipts, count, federation, &seed));
        for (size_t i = 0; i < count; i++) {
            ok(receipt_check(&receipts[i], federation, key));
            assert_memory_equal(receipts[i].signature, receipts[0].signature, SIGN_BYTES);
            receipts[i].batch_index = (i + 1) % count;
            assert_int_equal(receipt_check(&receipts[i], federation, key), count == 1 ? OK : ERR_DENIED);
        }
    }
    assert_int_equal(receipt_sign_batch(receipts, 0, federation, &seed), ERR_USAGE);
    assert_int_equal(receipt_sign_batch(receipts, RECEIPT_BATCH_MAX + 1, federation, &seed), ERR_USAGE);
}

static void check_leaf(const struct receipt *receipt, enum log_kind kind, struct bytes content)
{
    uint8_t leaf[MERKLE_BYTES], again[MERKLE_BYTES], commitment[HASH_BYTES];
    struct log_entry entry;
    SCOPED_BUF struct buf text;
    buf_init(&text);
    ok(receipt_log_leaf(receipt, LOGGED_CONTRIBUTION, &text, leaf));
    ok(log_entry_decode(buf_bytes(&text), &entry, NULL));
    assert_int_equal(entry.kind, kind);
    assert_string_equal(entry.epoch, "2026-11");
    log_commit(kind, receipt->salt, content, commitment);
    assert_memory_equal(entry.commitment, commitment, HASH_BYTES);
    merkle_leaf(buf_bytes(&text), again);
    assert_memory_equal(leaf, again, MERKLE_BYTES);
    ok(receipt_log_leaf(receipt, LOGGED_WITHDRAWAL, NULL, again));
    assert_int_equal(memcmp(leaf, again, MERKLE_BYTES) == 0, kind == LOGGED_INTAKE);
}

/* A batch has one leaf, whatever its receipts are for. */
static void test_log_leaf(void **state)
{
    (void)state;
    struct receipt receipt = sample(1);
    uint8_t content[8 + MERKLE_BYTES] = {[6] = 1, [7] = 2};
    fill(receipt.batch_root, MERKLE_BYTES, 9);
    fill(content + 8, MERKLE_BYTES, 9);
    receipt.batch_size = 258;
    check_leaf(&receipt, LOGGED_INTAKE, bytes_of(content, sizeof content));
}

/* A receipt of before batches: it holds, and names a leaf of its own. */
static const char old_text[] =
    "{\"batch\":{\"index\":0,\"path\":[],\"root\":\"27485d915346e5df5e96d27b59fa280586285f67849148d6ca70977733d205"
    "56\",\"size\":1},\"contribution\":\"606162636465666768696a6b6c6d6e6f\",\"digest\":\"02030405060708090a0b0c0d0e"
    "0f101112131415161718191a1b1c1d1e1f2021\",\"epoch\":\"2026-11\",\"leaf\":17,\"salt\":\"030405060708090a0b0c0d0e"
    "0f101112131415161718191a1b1c1d1e1f202122\",\"signature\":\"fd3322a47c625e8e8c3e8efe11b2c5dc18f9fa1e8e089"
    "4abe542bee8c02a49122e3bbcb82fb1618f8baa82c8760c29f4d4028e8fc5648510796646430fbdd106\",\"v\":1}";
static const char old_key[] = "07ab4d51f435c40964b3c7687f86489320cbde5ce0ab00bf70d06347bb8418be";

static void test_first_version(void **state)
{
    (void)state;
    struct receipt receipt;
    uint8_t content[ID_BYTES + DIGEST_BYTES], key[SIGN_PUBLIC_BYTES];
    SCOPED_BUF struct buf again;
    buf_init(&again);
    ok(decode_hex_fixed(bytes_str(old_key), key, sizeof key));
    ok(receipt_decode(bytes_str(old_text), &receipt, NULL));
    assert_int_equal(receipt.version, 1);
    ok(receipt_encode(&receipt, &again));
    assert_string_equal(buf_text(&again), old_text);
    ok(receipt_check(&receipt, federation, key));
    memcpy(content, receipt.contribution, ID_BYTES);
    memcpy(content + ID_BYTES, receipt.digest, DIGEST_BYTES);
    check_leaf(&receipt, LOGGED_CONTRIBUTION, bytes_of(content, sizeof content));
}

static int start(void **state)
{
    (void)state;
    return secret_start(0, NULL) == OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_alone),    cmocka_unit_test(test_altered),
                                       cmocka_unit_test(test_two),      cmocka_unit_test(test_sizes),
                                       cmocka_unit_test(test_log_leaf), cmocka_unit_test(test_first_version)};
    return cmocka_run_group_tests(tests, start, NULL);
}
