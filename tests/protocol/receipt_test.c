/* Receipts: what is signed, alone and in a batch, and the log leaf that a receipt promises. */
#include "protocol/receipt.h"

#include "protocol/receipt_leaf.h"
#include "tests/protocol/samples.h"

static const uint8_t federation[FEDERATION_ID_BYTES] = {1, 2, 3};

static struct receipt sample(uint8_t number)
{
    struct receipt receipt = {.epoch = "2026-11", .leaf = 17};
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
    ok(receipt_sign(&receipt, federation, &seed));
    ok(receipt_encode(&receipt, &text));
    check_record(&text, decode);
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
    ok(receipt_sign(&receipt, federation, &seed));
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
static void test_batch(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret seed = {0};
    uint8_t key[SIGN_PUBLIC_BYTES], leaves[2][MERKLE_BYTES], message[8 + MERKLE_BYTES] = {[7] = 2};
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
    for (size_t i = 0; i < 2; i++) {
        receipts[i].batch_index = i;
        receipts[i].batch_size = 2;
        receipts[i].path.count = 1;
        memcpy(receipts[i].path.hashes[0], leaves[1 - i], MERKLE_BYTES);
        memcpy(receipts[i].batch_root, message + 8, MERKLE_BYTES);
        ok(sign_make(&seed, SIGN_RECEIPT, federation, bytes_of(message, sizeof message), receipts[i].signature));
        ok(receipt_check(&receipts[i], federation, key));
    }
    receipts[0].batch_index = 1;
    assert_int_equal(receipt_check(&receipts[0], federation, key), ERR_DENIED);
}

static void test_log_leaf(void **state)
{
    (void)state;
    struct receipt receipt = sample(1);
    uint8_t leaf[MERKLE_BYTES], again[MERKLE_BYTES], content[ID_BYTES + DIGEST_BYTES], commitment[HASH_BYTES];
    struct log_entry entry;
    SCOPED_BUF struct buf text;
    buf_init(&text);
    ok(receipt_log_leaf(&receipt, LOGGED_CONTRIBUTION, &text, leaf));
    ok(log_entry_decode(buf_bytes(&text), &entry, NULL));
    memcpy(content, receipt.contribution, ID_BYTES);
    memcpy(content + ID_BYTES, receipt.digest, DIGEST_BYTES);
    log_commit(LOGGED_CONTRIBUTION, receipt.salt, bytes_of(content, sizeof content), commitment);
    assert_memory_equal(entry.commitment, commitment, HASH_BYTES);
    merkle_leaf(buf_bytes(&text), again);
    assert_memory_equal(leaf, again, MERKLE_BYTES);
    ok(receipt_log_leaf(&receipt, LOGGED_WITHDRAWAL, NULL, again));
    assert_memory_not_equal(leaf, again, MERKLE_BYTES);
}

static int start(void **state)
{
    (void)state;
    return secret_start(0, NULL) == OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_alone), cmocka_unit_test(test_altered),
                                       cmocka_unit_test(test_batch), cmocka_unit_test(test_log_leaf)};
    return cmocka_run_group_tests(tests, start, NULL);
}
