/* The library's document: round trips, strictness, bands of support. */
#include "protocol/library.h"

#include "tests/protocol/samples.h"

static enum status decode(struct bytes text, struct why *why)
{
    struct library library;
    enum status status = library_decode(text, &library, why);
    if (status != OK)
        assert_null(library.insights);
    library_free(&library);
    return status;
}

static struct buf encoded(struct library library)
{
    struct buf text;
    buf_init(&text);
    ok(library_encode(&library, &text));
    library_free(&library);
    return text;
}

static void test_record(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"id\":\"10", "\"id\":\"", ERR_INPUT},
        {"\"rate\":8", "\"rate\":11", ERR_INPUT},
        {"\"rate\":8", "\"rate\":-1", ERR_INPUT},
        {"\"rate\":8,", "", OK},
        {"\"support\":\"k+\"", "\"support\":\"3\"", ERR_INPUT},
        {"\"support\":\"k+\"", "\"support\":3", ERR_INPUT},
        {"\"links\":[]", "\"links\":[\"10\"]", ERR_INPUT},
        {"\"links\":[]", "\"links\":[7]", ERR_INPUT},
        {"\"retractions\":[\"", "\"retractions\":[\"0", ERR_INPUT},
        {"\"mode\":\"threshold\"", "\"mode\":\"dp\"", OK},
        {"\"version\":2", "\"version\":0", ERR_INPUT},
        {"\"k\":3", "\"k\":0", ERR_INPUT},
        /* an insight has no task, no counts, no tenants */
        {"\"rate\":8", "\"rate\":8,\"runs\":[3,1]", ERR_INPUT},
        {"\"support\":\"k+\"", "\"support\":\"k+\",\"task\":\"00000000000000000000000000000000\"", ERR_INPUT},
        {"\"support\":\"k+\"", "\"support\":\"k+\",\"tenants\":3", ERR_INPUT},
    };
    SCOPED_BUF struct buf text = encoded(sample_library());
    struct library library;
    ok(library_decode(buf_bytes(&text), &library, NULL));
    assert_int_equal(library.insights[0].rate, 8);
    assert_int_equal(library.insights[1].rate, INSIGHT_RATE_UNKNOWN);
    assert_memory_equal(library.insights[1].links[0], library.insights[0].id, INSIGHT_ID_BYTES);
    SCOPED_BUF struct buf again = encoded(library);
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
}

static void test_empty(void **state)
{
    (void)state;
    struct library library = {.version = 1, .epoch = "2026-11", .k = 2};
    SCOPED_BUF struct buf text = encoded(library);
    ok(decode(buf_bytes(&text), NULL));
}

static void test_encode_refuses(void **state)
{
    (void)state;
    struct library library = {.version = 1, .k = 2};
    SCOPED_BUF struct buf text;
    buf_init(&text);
    assert_int_equal(library_encode(&library, &text), ERR_USAGE);
}

static void test_without_memory(void **state)
{
    (void)state;
    SCOPED_BUF struct buf text = encoded(sample_library());
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        mem_fail_after(n);
        status = decode(buf_bytes(&text), NULL);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
    }
}

static void test_bands(void **state)
{
    (void)state;
    static const struct {
        uint32_t tenants;
        const char *band;
    } cases[] = {{0, "k+"},   {2, "k+"},   {4, "k+"},   {5, "5+"},   {9, "5+"},     {10, "10+"},         {19, "10+"},
                 {20, "20+"}, {49, "20+"}, {50, "50+"}, {99, "50+"}, {100, "100+"}, {4294967295, "100+"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(support_band_name(support_band_of(cases[i].tenants)), cases[i].band);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_record), cmocka_unit_test(test_empty),
                                       cmocka_unit_test(test_encode_refuses), cmocka_unit_test(test_without_memory),
                                       cmocka_unit_test(test_bands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
