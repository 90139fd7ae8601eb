/* The line that the log is told: read as it was written, anything else refused; the head by hand from its parts. */
#include "ledger/anchor.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct ledger_anchor sample = {.number = 3,
                                            .round = 7,
                                            .charge = {{500, 2}, {40}},
                                            .total = {{1500, 9}, {90}},
                                            .locals = {70, 0},
                                            .local_count = 4,
                                            .at = 1780000000,
                                            .head = {1, 2, 3}};

static void as_it_was_written(void **state)
{
    (void)state;
    SCOPED_BUF struct buf text = {0}, again = {0};
    struct ledger_anchor read;
    assert_int_equal(ledger_anchor_encode(&sample, &text), OK);
    assert_int_equal(text.size, LEDGER_ANCHOR_BYTES);
    assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), OK);
    assert_int_equal(ledger_anchor_encode(&read, &again), OK);
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
    assert_int_equal(read.number, 3);
    assert_int_equal(read.total.zcdp.rho, 1500);
    assert_int_equal(read.at, 1780000000);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    struct ledger_anchor read;
    SCOPED_BUF struct buf text = {0};
    assert_int_equal(ledger_anchor_encode(&sample, &text), OK);
    for (size_t size = 0; size < text.size; size++)
        assert_int_equal(ledger_anchor_decode(bytes_of(text.data, size), &read), ERR_INPUT);
    buf_add_byte(&text, 0);
    assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), ERR_INPUT);
    text.size--;
    text.data[0] = 2; /* version */
    assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), ERR_INPUT);
    text.data[0] = 1;
    for (int number = 0; number < 12; number++) { /* more than 63 bits, in any field */
        text.data[1 + 8 * number] ^= 0x80;
        assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), ERR_INPUT);
        text.data[1 + 8 * number] ^= 0x80;
    }
    assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), OK);
    text.data[8] = 0; /* the first charge has number 1 */
    assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), ERR_INPUT);
    text.data[8] = 3;
    text.data[8 * 3 - 3] = 1; /* a charge of more than the total */
    assert_int_equal(ledger_anchor_decode(buf_bytes(&text), &read), ERR_INPUT);
    assert_int_equal(read.number, 0);
}

static void the_head_by_hand(void **state)
{
    (void)state;
    static const uint8_t federation[LEDGER_FEDERATION_BYTES] = {9}, before[HASH_BYTES] = {8};
    uint8_t head[HASH_BYTES], other[HASH_BYTES], expected[HASH_BYTES];
    SCOPED_BUF struct buf text = {0}, line = {0};
    assert_int_equal(ledger_anchor_encode(&sample, &line), OK);
    buf_add(&text, bytes_of("chatham/v1 ledger", 18));
    buf_add(&text, bytes_of(federation, sizeof federation));
    buf_add(&text, bytes_of("tenant", 7));
    buf_add(&text, bytes_of(before, sizeof before));
    buf_add(&text, bytes_of(line.data, line.size - HASH_BYTES));
    hash_sha256(buf_bytes(&text), expected);
    assert_int_equal(ledger_anchor_head(&sample, federation, LEDGER_TENANT, before, head), OK);
    assert_memory_equal(head, expected, HASH_BYTES);
    assert_int_equal(ledger_anchor_head(&sample, federation, LEDGER_TRACE, before, other), OK);
    assert_memory_not_equal(head, other, HASH_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_it_was_written),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(the_head_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
