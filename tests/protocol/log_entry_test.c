/* Entries of the log: one form a kind, and commitments that hide and bind. */
#include "protocol/log_entry.h"

#include "tests/protocol/samples.h"

static enum status decode(struct bytes text, struct why *why)
{
    struct log_entry entry;
    return log_entry_decode(text, &entry, why);
}

static void test_every_kind(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"epoch\":\"2026-11\"", "\"epoch\":\"2026-1\"", ERR_INPUT},
        {"\"commitment\":\"00", "\"commitment\":\"", ERR_INPUT},
        {"\"commitment\":\"00", "\"commitment\":\"0g", ERR_INPUT},
        {"\"commitment\":\"00", "\"commitment\":\"0A", ERR_INPUT},
        {"\"kind\":\"", "\"kind\":\"x", ERR_INPUT},
        {"\"v\":1", "\"note\":\"\",\"v\":1", ERR_INPUT},
    };
    for (unsigned kind = 0; kind < LOGGED_KINDS; kind++) {
        struct log_entry entry = {.kind = (enum log_kind)kind, .epoch = "2026-11"}, back;
        SCOPED_BUF struct buf text;
        buf_init(&text);
        fill(entry.commitment, HASH_BYTES, 0);
        entry.version = kind == LOGGED_RELEASE ? 12 : 0;
        ok(log_entry_encode(&entry, &text));
        ok(log_entry_decode(buf_bytes(&text), &back, NULL));
        assert_memory_equal(&entry, &back, sizeof entry);
        check_record(&text, decode);
        check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
        assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("version")) != SIZE_MAX, kind == LOGGED_RELEASE);
    }
}

static void test_commitment(void **state)
{
    (void)state;
    uint8_t salt[32], one[HASH_BYTES], other[HASH_BYTES], expected[HASH_BYTES], text[22 + 32 + 3];
    fill(salt, sizeof salt, 5);
    log_commit(LOGGED_POLICY, salt, bytes_str("abc"), one);
    memcpy(text, "chatham/v1 log\0policy\0", 22);
    memcpy(text + 22, salt, 32);
    memcpy(text + 54, "abc", 3);
    hash_sha256(bytes_of(text, 57), expected);
    assert_memory_equal(one, expected, HASH_BYTES);
    log_commit(LOGGED_AUDIT, salt, bytes_str("abc"), other);
    assert_memory_not_equal(one, other, HASH_BYTES);
    salt[31] ^= 1;
    log_commit(LOGGED_POLICY, salt, bytes_str("abc"), other);
    assert_memory_not_equal(one, other, HASH_BYTES);
}

static void test_encode_refuses(void **state)
{
    (void)state;
    struct log_entry entry = {.kind = LOGGED_AUDIT, .epoch = "26-11"};
    SCOPED_BUF struct buf text;
    buf_init(&text);
    assert_int_equal(log_entry_encode(&entry, &text), ERR_USAGE);
    entry = (struct log_entry){.kind = LOGGED_KINDS, .epoch = "2026-11"};
    assert_int_equal(log_entry_encode(&entry, &text), ERR_USAGE);
    assert_int_equal(text.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_kind), cmocka_unit_test(test_commitment),
                                       cmocka_unit_test(test_encode_refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
