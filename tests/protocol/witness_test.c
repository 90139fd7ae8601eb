/* The list of witnesses: round trips, refusals, names. */
#include "protocol/witness.h"

#include "tests/protocol/samples.h"

static void fill_items(struct witness *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        memset(&items[i], (int)i, sizeof items[i]);
        memset(items[i].device, (int)i + 1, ID_BYTES);
    }
}

static void round_trip(void **state)
{
    (void)state;
    struct witness items[3];
    for (size_t count = 0; count <= 3; count++) {
        struct witnesses list = {count, items}, back;
        SCOPED_BUF struct buf text = {0}, again = {0};
        fill_items(items, 3);
        ok(witnesses_encode(&list, &text));
        ok(witnesses_decode(buf_bytes(&text), &back, NULL));
        assert_int_equal(back.count, count);
        if (count)
            assert_memory_equal(back.items, items, count * sizeof *items);
        ok(witnesses_encode(&back, &again));
        assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
        witnesses_free(&back);
    }
}

static void refusals(void **state)
{
    (void)state;
#define DEVICE(digit) "\"device\":\"0000000000000000000000000000000" digit "\""
#define KEY "\"key\":\"0000000000000000000000000000000000000000000000000000000000000000\""
#define TENANT "\"tenant\":\"00000000000000000000000000000000\""
#define ITEM(digit) "{" DEVICE(digit) "," KEY "," TENANT "}"
#define LIST(items) "{\"v\":1,\"witnesses\":[" items "]}"
    static const struct {
        const char *text;
        enum status status;
    } cases[] = {
        {LIST(""), OK},
        {LIST(ITEM("1")), OK},
        {LIST(ITEM("1") "," ITEM("2")), OK},
        {LIST(ITEM("2") "," ITEM("1")), ERR_INPUT},
        {LIST(ITEM("1") "," ITEM("1")), ERR_INPUT},
        {LIST("{" DEVICE("1") "," KEY "}"), ERR_INPUT},
        {LIST("{" DEVICE("1") "," KEY "," TENANT ",\"x\":1}"), ERR_INPUT},
        {LIST("{" DEVICE("A") "," KEY "," TENANT "}"), ERR_INPUT},
        {LIST("1"), ERR_INPUT},
        {"{\"v\":1}", ERR_INPUT},
        {"{\"v\":2,\"witnesses\":[]}", ERR_VERSION},
        {"{\"v\":1, \"witnesses\":[]}", ERR_INPUT},
        {"{\"v\":1,\"witnesses\":{}}", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct witnesses list;
        enum status status = witnesses_decode(bytes_str(cases[i].text), &list, NULL);
        if (status != cases[i].status)
            fail_msg("case %zu: %s", i, status_text(status));
        if (status != OK)
            assert_null(list.items);
        witnesses_free(&list);
    }
}

static void names(void **state)
{
    (void)state;
    uint8_t device[ID_BYTES], back[ID_BYTES];
    char name[WITNESS_NAME_MAX];
    for (size_t i = 0; i < ID_BYTES; i++)
        device[i] = (uint8_t)(0xf0 + i);
    witness_name(device, name);
    assert_string_equal(name, "chatham-device/f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    ok(witness_device(bytes_str(name), back));
    assert_memory_equal(device, back, ID_BYTES);
    static const char *const others[] = {"",
                                         "chatham-device/",
                                         "chatham/f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
                                         "chatham-device/F0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
                                         "chatham-device/f0f1f2f3f4f5f6f7f8f9fafbfcfdfe",
                                         "chatham-device/f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff0"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(witness_device(bytes_str(others[i]), back), ERR_INPUT);
}

/* Two federations give the same tenant different pseudonyms. */
static void pseudonyms(void **state)
{
    (void)state;
    static const uint8_t one[16] = {1}, two[16] = {2};
    uint8_t a[ID_BYTES], b[ID_BYTES], c[ID_BYTES];
    witness_tenant(one, one, a);
    witness_tenant(two, one, b);
    witness_tenant(one, two, c);
    assert_memory_not_equal(a, b, ID_BYTES);
    assert_memory_not_equal(a, c, ID_BYTES);
    assert_memory_not_equal(a, one, ID_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(refusals),
        cmocka_unit_test(names),
        cmocka_unit_test(pseudonyms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
