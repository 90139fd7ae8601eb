/* The records of a contribution and a withdrawal: round trips, one spelling, and no room for text in class noised. */
#include "protocol/contribution.h"

#include "tests/protocol/samples.h"

static enum status decode(struct bytes text, struct why *why)
{
    struct contribution contribution;
    enum status status = contribution_decode(text, &contribution, why);
    if (status != OK)
        assert_null(contribution.candidates);
    contribution_free(&contribution);
    return status;
}

static struct buf encoded(struct contribution contribution)
{
    struct buf text;
    buf_init(&text);
    ok(contribution_encode(&contribution, &text));
    contribution_free(&contribution);
    return text;
}

static void check_round_trip(const struct buf *text)
{
    struct contribution contribution;
    ok(contribution_decode(buf_bytes(text), &contribution, NULL));
    SCOPED_BUF struct buf again = encoded(contribution);
    assert_true(bytes_equal(buf_bytes(text), buf_bytes(&again)));
}

static void test_text(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"class\":\"text\"", "\"class\":\"noised\"", ERR_INPUT},
        {"\"class\":\"text\"", "\"class\":\"Text\"", ERR_INPUT},
        {"contrast/1", "contrast 1", ERR_INPUT},
        {"contrast/1", "", ERR_INPUT},
        {"contrast/1", "a-name-that-is-much-too-long-to-be-one", ERR_INPUT},
        {"contrast/1", "llm-9.2/b", OK},
        {"\"candidates\":[", "\"candidates\":[1,", ERR_INPUT},
        {"\"extractor\"", "\"epsilon_micro\":1,\"extractor\"", ERR_INPUT}, /* class text claims no epsilon */
    };
    SCOPED_BUF struct buf text = encoded(sample_text());
    check_round_trip(&text);
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
}

static void test_noised(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"codebook\":1", "\"codebook\":0", ERR_INPUT},
        {"\"epsilon_micro\":500000", "\"epsilon_micro\":0", ERR_INPUT},
        {"\"epsilon_micro\":500000", "\"epsilon_micro\":-1", ERR_INPUT},
        {"\"epsilon_micro\":500000", "\"epsilon_micro\":1000000001", ERR_INPUT},
        {"[7,1]", "[7,2]", ERR_INPUT},
        {"[7,1]", "[7,\"yes\"]", ERR_INPUT},
        {"[7,1]", "[7,1,0]", ERR_INPUT},
        {"[7,1]", "\"some text\"", ERR_INPUT},
        {"[7,1]", "[7,1],[7,0]", ERR_INPUT},
        {"[7,1]", "[4294967296,1]", ERR_INPUT},
        {"-2147483648", "-2147483649", ERR_INPUT},
        {"-2147483648", "0.5", ERR_INPUT},
        {"-2147483648", "\"text\"", ERR_INPUT},
        {"[7,1]", "[6,0],[7,1]", OK},
        /* nothing that could hold words has a field */
        {"\"scale\"", "\"redaction\":\"00\",\"scale\"", ERR_INPUT},
        {"\"epsilon_micro\"", "\"candidates\":[],\"epsilon_micro\"", ERR_INPUT},
        {"\"features\"", "\"extractor\":\"contrast/1\",\"features\"", ERR_INPUT},
    };
    SCOPED_BUF struct buf text = encoded(sample_noised());
    check_round_trip(&text);
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("extractor")), SIZE_MAX);
}

/* A record without members is as long as it says: counts at the limit pass, one more does not. */
static void test_limits(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        struct contribution contribution = {.class = CLASS_TEXT, .extractor = "contrast/1"};
        contribution.candidate_count = CONTRIBUTION_CANDIDATES_MAX + more;
        contribution.candidates = mem_new(contribution.candidate_count, sizeof *contribution.candidates);
        assert_non_null(contribution.candidates);
        SCOPED_BUF struct buf text = encoded(contribution);
        assert_int_equal(decode(buf_bytes(&text), NULL), more ? ERR_INPUT : OK);
    }
    SCOPED_BUF struct buf huge;
    buf_init(&huge);
    for (size_t i = 0; i <= ENVELOPE_MAX; i++)
        buf_add_byte(&huge, '[');
    assert_int_equal(decode(buf_bytes(&huge), NULL), ERR_TOO_LARGE);
}

static void test_without_memory(void **state)
{
    (void)state;
    SCOPED_BUF struct buf text = encoded(sample_text());
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        mem_fail_after(n);
        status = decode(buf_bytes(&text), NULL);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
    }
    struct contribution contribution = sample_noised();
    status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        SCOPED_BUF struct buf out;
        buf_init(&out);
        mem_fail_after(n);
        status = contribution_encode(&contribution, &out);
        mem_fail_after(0);
        assert_true(status == OK || (status == ERR_MEMORY && out.size == 0));
    }
    contribution_free(&contribution);
}

static enum status decode_withdrawal(struct bytes text, struct why *why)
{
    uint8_t id[ID_BYTES];
    return withdrawal_decode(text, id, why);
}

static void test_withdrawal(void **state)
{
    (void)state;
    uint8_t id[ID_BYTES], back[ID_BYTES];
    SCOPED_BUF struct buf text;
    buf_init(&text);
    fill(id, sizeof id, 0xa0);
    ok(withdrawal_encode(id, &text));
    assert_string_equal(buf_text(&text), "{\"contribution\":\"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf\",\"v\":1}");
    ok(withdrawal_decode(buf_bytes(&text), back, NULL));
    assert_memory_equal(id, back, sizeof id);
    check_record(&text, decode_withdrawal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),           cmocka_unit_test(test_noised),     cmocka_unit_test(test_limits),
        cmocka_unit_test(test_without_memory), cmocka_unit_test(test_withdrawal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
