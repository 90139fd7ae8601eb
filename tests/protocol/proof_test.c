/* Proofs as the log's answers carry them. */
#include "protocol/proof.h"

#include "tests/protocol/samples.h"

static enum status decode(struct bytes text, struct why *why)
{
    struct merkle_proof proof;
    enum status status = proof_decode(text, &proof, why);
    if (status != OK)
        assert_int_equal(proof.count, 0);
    return status;
}

static void test_round_trip(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, MERKLE_PROOF_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct merkle_proof proof = {.count = counts[i]}, back;
        SCOPED_BUF struct buf text;
        buf_init(&text);
        for (size_t at = 0; at < proof.count; at++)
            fill(proof.hashes[at], MERKLE_BYTES, (uint8_t)at);
        ok(proof_encode(&proof, &text));
        ok(proof_decode(buf_bytes(&text), &back, NULL));
        assert_int_equal(back.count, proof.count);
        assert_memory_equal(back.hashes, proof.hashes, proof.count * MERKLE_BYTES);
    }
}

static void test_strict(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"proof\":[", "\"proof\":[[],", ERR_INPUT},
        {"\"proof\":[", "\"proof\":[\"\",", ERR_INPUT},
        {"\"proof\":[", "\"proofs\":[", ERR_INPUT},
        {"\"proof\":[", "\"more\":1,\"proof\":[", ERR_INPUT},
        {"AAEC", "AAE", ERR_INPUT},
        {"AAEC", "AAECAAEC", ERR_INPUT},
        {"AAEC", "AA C", ERR_INPUT},
        {"AAEC", "AA_C", ERR_INPUT},
        {"8=\"", "9=\"", ERR_INPUT},
        /* stray bits */ {"AAEC", "AAED", OK},
    };
    struct merkle_proof proof = {.count = 1};
    SCOPED_BUF struct buf text, longer;
    buf_init(&text);
    buf_init(&longer);
    fill(proof.hashes[0], MERKLE_BYTES, 0);
    ok(proof_encode(&proof, &text));
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    buf_add_str(&longer, "{\"proof\":[");
    for (size_t i = 0; i <= MERKLE_PROOF_MAX; i++)
        buf_addf(&longer, "%s\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", i ? "," : "");
    buf_add_str(&longer, "]}");
    assert_int_equal(decode(buf_bytes(&longer), NULL), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip), cmocka_unit_test(test_strict)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
