/* Planted values are found in each form in which they would leak, and in no other text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "audits/boundary/automaton.h"
#include "audits/boundary/needles.h"
#include "base/encode.h"
#include "base/random.h"

static struct needles *needles_of(const char *const *values, size_t count)
{
    struct needles *needles = NULL;
    assert_int_equal(needles_new(&needles), OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(needles_add(needles, bytes_str(values[i])), OK);
    assert_int_equal(needles_ready(needles), OK);
    return needles;
}

static bool is_in(const char *value, struct bytes text)
{
    bool found = false;
    struct needles *needles = needles_of(&value, 1);
    needles_find(needles, text, &found);
    needles_free(needles);
    return found;
}

static void forms(void **state)
{
    (void)state;
    static const struct {
        const char *value, *text;
        bool found;
    } cases[] = {
        {"mia.li@example.com", "write to mia.li@example.com now", true},
        {"mia.li@example.com", "write to MIA.LI@Example.com now", true},
        {"mia.li@example.com", "write to mia.li@example.co now", false},
        {"12 Oak  Street", "at 12 Oak Street,", true},
        {"C:\\Users\\mia", "{\"path\":\"C:\\\\Users\\\\mia\"}", true},
        {"C:\\Users\\mia", "\"{\\\"path\\\":\\\"C:\\\\\\\\Users\\\\\\\\mia\\\"}\"", true},
        {"C:\\Users\\mia", "C:/Users/mia", false},
        {"Zo\xc3\xab Br\xc3\xbcn", "\"Zo\\u00eb Br\\u00fcn\"", true},
        {"Zo\xc3\xab \xf0\x9f\x98\x80!", "\"Zo\\u00eb \\ud83d\\ude00!\"", true},
        {"secret", "736563726574", true},
        {"secret", "73656372657A", false},
        {"secret", "5365637265", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (is_in(cases[i].value, bytes_str(cases[i].text)) != cases[i].found)
            fail_msg("case %zu", i);
}

static void base64_at_each_alignment(void **state)
{
    (void)state;
    static const char value[] = "hunter2hunter2",
                      texts[][40] = {"hunter2hunter2",   "xhunter2hunter2",   "xyhunter2hunter2",
                                     "hunter2hunter2 z", "xhunter2hunter2 z", "xy hunter2hunter2zz"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        SCOPED_BUF struct buf standard = {0}, url = {0};
        encode_base64(bytes_str(texts[i]), &standard);
        encode_base64url(bytes_str(texts[i]), &url);
        assert_true(is_in(value, buf_bytes(&standard)));
        assert_true(is_in(value, buf_bytes(&url)));
    }
    SCOPED_BUF struct buf other = {0};
    encode_base64(bytes_str("hunter3hunter3"), &other);
    assert_false(is_in(value, buf_bytes(&other)));
}

static void long_values_by_their_pieces(void **state)
{
    (void)state;
    static const char key[] = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n"
                              "VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dV\n-----END KEY-----\n";
    assert_true(is_in(key, bytes_str("... VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dV ...")));
    assert_false(is_in(key, bytes_str("-----BEGIN KEY-----\n-----END KEY-----")));
    assert_true(is_in("first line of it\\nsecond line of it, which is longer", bytes_str("First line of it")));
    struct needles *needles = NULL;
    assert_int_equal(needles_new(&needles), OK);
    assert_int_equal(needles_add(needles, bytes_str("short")), ERR_INPUT);
    assert_int_equal(needles_add(needles, bytes_str("a\nb\nc\nd")), ERR_INPUT);
    assert_int_equal(needles_count(needles), 0);
    needles_free(needles);
}

/* Many random patterns over two letters, against bytes_find: every overlap and suffix occurs. */
static void as_a_plain_search(void **state)
{
    (void)state;
    enum { PATTERNS = 300, TEXTS = 50, TEXT = 400 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    char patterns[PATTERNS][16] = {{0}}, text[TEXT];
    struct automaton *automaton = NULL;
    assert_int_equal(automaton_new(AUTOMATON_EXACT, &automaton), OK);
    for (uint32_t i = 0; i < PATTERNS; i++) {
        size_t size = 1 + random_below(random, 14);
        for (size_t k = 0; k < size; k++)
            patterns[i][k] = (char)('a' + random_below(random, 2));
        assert_int_equal(automaton_add(automaton, bytes_str(patterns[i]), i), OK);
    }
    assert_int_equal(automaton_ready(automaton), OK);
    for (int t = 0; t < TEXTS; t++) {
        bool found[PATTERNS] = {false};
        size_t size = random_below(random, TEXT);
        for (size_t k = 0; k < size; k++)
            text[k] = (char)('a' + random_below(random, 2));
        automaton_find(automaton, bytes_of(text, size), found);
        for (size_t i = 0; i < PATTERNS; i++)
            assert_int_equal(found[i], bytes_find(bytes_of(text, size), bytes_str(patterns[i])) != SIZE_MAX);
    }
    automaton_free(automaton);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(base64_at_each_alignment),
        cmocka_unit_test(long_values_by_their_pieces),
        cmocka_unit_test(as_a_plain_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
