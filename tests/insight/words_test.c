/* Words: how text falls into them, and that the built-in lists can be searched. */
#include "tests/insight/candidates.h"

#include "insight/words.h"

static void expect_words(const char *text, const char *expected)
{
    struct words words;
    char joined[256] = "";
    words_start(&words, bytes_str(text));
    while (words_next(&words)) {
        strncat(joined, words.word, sizeof joined - strlen(joined) - 1);
        strncat(joined, ".", sizeof joined - strlen(joined) - 1);
    }
    assert_string_equal(joined, expected);
}

static void test_words(void **state)
{
    (void)state;
    expect_words("", "");
    expect_words(" -- !? ", "");
    expect_words("Update_reservation_flights(ID)", "update.reservation.flight.id.");
    expect_words("queries, cards & bus status", "query.card.bus.status."); /* "us" is no plural */
    expect_words("this address is less", "this.address.is.less.");
    expect_words("caf\xc3\xa9 na\xc3\xafve", "caf\xc3\xa9.na\xc3\xafve.");
}

static void test_long_word(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    struct words words;
    words_start(&words, bytes_str(text));
    assert_true(words_next(&words));
    assert_int_equal(words.size, WORD_MAX);
    assert_false(words_next(&words));
}

/* One word from the beginning, the middle and the end of each list: a list out of order would miss some. */
static void test_weights(void **state)
{
    (void)state;
    static const char *const stop[] = {"a", "about", "in", "is", "the", "your", "yet"};
    static const char *const common[] = {"able", "before", "check", "never", "not", "number", "zero", "write"};
    static const char *const known[] = {"accept", "baggage", "flight", "payment", "refund", "reservation", "yesterday"};
    for (size_t i = 0; i < sizeof stop / sizeof *stop; i++)
        assert_true(word_is_stop(stop[i]) && word_weight(stop[i]) < 0.5);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        assert_true(!word_is_stop(common[i]) && word_weight(common[i]) >= 0.5 && word_weight(common[i]) < 1.5);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(word_weight(known[i]) < 2);
    assert_true(word_weight("zygote") > 2);
    assert_true(word_weight("") > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_long_word),
        cmocka_unit_test(test_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
