/* What a server says of its backups: one spelling, nothing besides. */
#include "protocol/durable.h"

#include "tests/protocol/samples.h"

static enum status decode(struct bytes text, struct why *why)
{
    struct durable record;
    enum status status = durable_decode(text, &record, why);
    if (status != OK)
        assert_int_equal(record.backed_up, 0);
    return status;
}

static void test_record(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"backed_up\":17", "\"backed_up\":-1", ERR_INPUT},
        {"\"backed_up\":17", "\"backed_up\":9007199254740992", ERR_INPUT},
        {"\"restored_from\":5", "\"restored_from\":1.5", ERR_INPUT},
        {"\"restored_from\":5", "\"restored_from\":6", OK},
        {"\"restore\":\"0909", "\"restore\":\"0a0A", ERR_INPUT},
        {"\"restore\":\"0909", "\"restore\":\"09", ERR_INPUT},
    };
    struct durable durable = {.backed_up = 17, .restored_from = 5}, back;
    SCOPED_BUF struct buf text = {0};
    memset(durable.restore, 9, sizeof durable.restore);
    ok(durable_encode(&durable, &text));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    ok(durable_decode(buf_bytes(&text), &back, NULL));
    assert_memory_equal(&back, &durable, sizeof back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_record)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
