/* Candidates and phrases: what is tidied, what is refused, what counts as the same phrase, how it reads. */
#include "protocol/candidate.h"

#include "tests/protocol/samples.h"

static void test_phrase_is_tidied(void **state)
{
    (void)state;
    struct phrases phrases = {0};
    ok(phrases_add(&phrases, "  ask \t the\r\n customer "));
    assert_string_equal(phrases.items[0], "ask the customer");
    phrases_free(&phrases);
    assert_int_equal(phrases.count, 0);
}

static void test_phrase_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " \n\t",
                                      "a\x1b[31mb",
                                      "\xff",
                                      "a\x7f",
                                      "a\xc2\x9b"
                                      "b",
                                      "a\xe2\x80\xa8"
                                      "b",
                                      "a\xc0\xaf"};
    struct phrases phrases = {0};
    char longest[PHRASE_MAX + 2];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(phrases_add(&phrases, bad[i]), ERR_INPUT);
    memset(longest, 'x', sizeof longest);
    longest[PHRASE_MAX + 1] = 0;
    assert_int_equal(phrases_add(&phrases, longest), ERR_TOO_LARGE);
    longest[PHRASE_MAX] = 0;
    for (size_t i = 0; i < PHRASES_MAX; i++)
        ok(phrases_add(&phrases, longest));
    assert_int_equal(phrases_add(&phrases, "one more"), ERR_TOO_LARGE);
    assert_int_equal(phrases.count, PHRASES_MAX);
    phrases_free(&phrases);
}

static bool same_key(const char *a, const char *b)
{
    uint8_t one[16], other[16];
    phrase_key(a, one);
    phrase_key(b, other);
    return memcmp(one, other, 16) == 0;
}

static void test_phrase_key(void **state)
{
    (void)state;
    assert_true(same_key("Ask the customer.", "ask  the customer"));
    assert_true(same_key("(check, then \"book\")", "CHECK then book"));
    assert_true(same_key("\xc3\x84rger \xce\xa3 \xd0\x96 \xd0\x81", "\xc3\xa4rger \xcf\x83 \xd0\xb6 \xd1\x91"));
    assert_false(same_key("a + b", "a - b"));
    assert_false(same_key("list_orders", "list orders"));
    assert_false(same_key("3.5", "35"));
    assert_false(same_key("do", "do not"));
    assert_false(same_key("\xc3\x97", "\xc3\xb7")); /* times and divided by stand where a letter pair would */
    /* SHA-256 of nothing, FIPS 180-4 example values: what is only punctuation has no words. */
    static const uint8_t empty[16] = {0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
                                      0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24};
    uint8_t key[16];
    phrase_key("...", key);
    assert_memory_equal(key, empty, 16);
}

static void test_copy(void **state)
{
    (void)state;
    struct candidate from = sample_candidate(), copy;
    SCOPED_BUF struct buf a, b;
    buf_init(&a);
    buf_init(&b);
    ok(candidate_copy(&from, &copy));
    assert_ptr_not_equal(from.tool, copy.tool);
    struct json *one = candidate_encode(&from), *other = candidate_encode(&copy);
    ok(json_canonical(one, &a));
    ok(json_canonical(other, &b));
    assert_true(bytes_equal(buf_bytes(&a), buf_bytes(&b)));
    json_free(one);
    json_free(other);
    candidate_free(&from);
    candidate_free(&copy);
}

static void test_copy_without_memory(void **state)
{
    (void)state;
    struct candidate from = sample_candidate(), copy;
    enum status status = ERR_MEMORY;
    size_t n = 0;
    while (status != OK) {
        mem_fail_after(++n);
        status = candidate_copy(&from, &copy);
        mem_fail_after(0);
        assert_true(status == OK || (status == ERR_MEMORY && copy.tool == NULL && copy.when.count == 0));
    }
    assert_true(n > 10);
    candidate_free(&copy);
    candidate_free(&from);
}

static enum status decode_text(struct bytes text, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct candidate candidate;
    TRY(json_parse(text, 65536, &json, why));
    enum status status = candidate_decode(json, &candidate, why);
    if (status != OK)
        assert_null(candidate.tool);
    candidate_free(&candidate);
    return status;
}

static void test_decode_is_strict(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"kind\":\"recovery\"", "\"kind\":\"recover\"", ERR_INPUT},
        {"\"outcome\":\"success\"", "\"outcome\":0", ERR_INPUT},
        {"\"runs\":[3,1]", "\"runs\":[3]", ERR_INPUT},
        {"\"runs\":[3,1]", "\"runs\":[3,1,1]", ERR_INPUT},
        {"\"runs\":[3,1]", "\"runs\":[-3,1]", ERR_INPUT},
        {"\"runs\":[3,1]", "\"runs\":[3,4294967296]", ERR_INPUT},
        {"\"runs\":[3,1]", "\"runs\":[3,1.5]", ERR_INPUT},
        {"\"runs\":[3,1]", "\"notes\":\"x\",\"runs\":[3,1]", ERR_INPUT},
        {"\"why\":[", "\"why\":[7,", ERR_INPUT},
        {"the price changes", "the  price changes", ERR_INPUT},
        {"the price changes", " the price changes", ERR_INPUT},
        {"the price changes", "the\\nprice changes", ERR_INPUT},
        {"the price changes", "the\\u001b[2Jprice", ERR_INPUT},
        {"\"tool\":\"book_reservation\"", "\"tool\":\"\"", ERR_INPUT},
        {"\"tool\":\"book_reservation\"", "\"tool\":null", ERR_INPUT},
        {"\"tool\":\"book_reservation\"", "\"tool\":\"a\\nb\"", ERR_INPUT},
        {"\"order\":[", "\"order\":[\"\",", ERR_INPUT},
        {"\"task\":\"30", "\"task\":\"", ERR_INPUT},
        {"\"task\":\"30", "\"task\":\"3G", ERR_INPUT},
        /* and what it lets pass */
        {"\"runs\":[3,1]", "\"runs\":[0,4294967295]", OK},
        {"\"tool\":\"book_reservation\",", "", OK},
        {"the price changes",
         "the pri\xc3\xa7"
         "e changes",
         OK},
    };
    struct candidate candidate = sample_candidate();
    struct json *json = candidate_encode(&candidate);
    SCOPED_BUF struct buf text;
    buf_init(&text);
    ok(json_canonical(json, &text));
    check_spoils(&text, decode_text, spoils, sizeof spoils / sizeof *spoils);
    json_free(json);
    candidate_free(&candidate);
}

static void rendered(const struct candidate *candidate, const char *expected)
{
    SCOPED_BUF struct buf out;
    buf_init(&out);
    ok(candidate_render(candidate, &out));
    assert_string_equal(buf_text(&out), expected);
}

static void test_render(void **state)
{
    (void)state;
    struct candidate candidate = {0};
    rendered(&candidate, "");
    ok(phrases_add(&candidate.avoid, "guessing"));
    rendered(&candidate, "Avoid guessing.");
    ok(phrases_add(&candidate.when, "an order is not found"));
    rendered(&candidate, "When an order is not found, avoid guessing.");
    ok(phrases_add(&candidate.act, "ask for the number"));
    ok(phrases_add(&candidate.act, "look again"));
    ok(phrases_add(&candidate.why, "numbers begin with a sign"));
    rendered(&candidate,
             "When an order is not found, ask for the number; then look again. Avoid guessing because numbers "
             "begin with a sign.");
    candidate_free(&candidate);
    ok(phrases_add(&candidate.act, "sum up"));
    rendered(&candidate, "Sum up.");
    candidate_free(&candidate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phrase_is_tidied),
        cmocka_unit_test(test_phrase_is_refused),
        cmocka_unit_test(test_phrase_key),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_copy_without_memory),
        cmocka_unit_test(test_decode_is_strict),
        cmocka_unit_test(test_render),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
