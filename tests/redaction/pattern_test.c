/* Patterns run backwards: their starts against Vectorscan, asked of every start whether all from there matches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <hs/hs.h>

#include "base/random.h"
#include "redaction/pattern.h"

#define LENGTH 12

static struct pattern *pattern_of(const char *text)
{
    struct pattern *pattern = NULL;
    assert_int_equal(pattern_new(bytes_str(text), "test", &pattern, NULL), OK);
    return pattern;
}

static size_t start_of(const char *pattern_text, const char *text, size_t end)
{
    struct pattern *pattern = pattern_of(pattern_text);
    bool alive;
    size_t start = pattern_start(pattern, bytes_str(text), 0, end, &alive);
    pattern_free(pattern);
    return start;
}

struct whole {
    hs_database_t *database;
    hs_scratch_t *scratch;
};

static struct whole whole_new(const char *pattern)
{
    struct whole whole = {0};
    char anchored[64];
    hs_compile_error_t *error = NULL;
    snprintf(anchored, sizeof anchored, "^(%s)$", pattern);
    assert_int_equal(hs_compile(anchored, HS_FLAG_SINGLEMATCH, HS_MODE_BLOCK, NULL, &whole.database, &error),
                     HS_SUCCESS);
    assert_int_equal(hs_alloc_scratch(whole.database, &whole.scratch), HS_SUCCESS);
    return whole;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)id, (void)from, (void)to, (void)flags;
    *(bool *)context = true;
    return 0;
}

/* The first start from which text up to `end` matches wholly; SIZE_MAX if none. */
static size_t start_wanted(const struct whole *whole, const char *text, size_t end)
{
    for (size_t start = 0; start < end; start++) {
        bool matched = false;
        hs_scan(whole->database, text + start, (unsigned)(end - start), 0, whole->scratch, on_match, &matched);
        if (matched)
            return start;
    }
    return SIZE_MAX;
}

static void starts_are_the_first(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "ab",        "a+b",      "(ab|b)c*", "a{2,3}b",       "[^a]b",   "(a|b|c)+c", "a(b|c)?a",     "(ab?){2}",
        "a.b",       "[a-b]*c",  "a|bc",     "((a|b)c?){2,}", "a{2}",    "(a*b*)*c",  "(a|ab)(c|bc)", "b+a?b+",
        "(a+|b)+cc", "c{0,2}ab", "[ab][bc]", "a(bc){1,2}",    "(aa)*ab", "(a?){3}aa", "(a|aa)+b",     "c?(ab)+",
    };
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 7);
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct pattern *pattern = pattern_of(patterns[i]);
        struct whole whole = whole_new(patterns[i]);
        for (int round = 0; round < 100; round++) {
            char text[LENGTH + 1] = {0};
            for (size_t k = 0; k < LENGTH; k++)
                text[k] = (char)('a' + random_below(source, 3));
            for (size_t end = 1; end <= LENGTH; end++) {
                bool alive;
                size_t start = pattern_start(pattern, bytes_str(text), 0, end, &alive);
                if (start != start_wanted(&whole, text, end))
                    fail_msg("%s in %s up to %zu", patterns[i], text, end);
            }
        }
        hs_free_scratch(whole.scratch);
        hs_free_database(whole.database);
        pattern_free(pattern);
    }
}

static void edges_and_classes(void **state)
{
    (void)state;
    assert_int_equal(start_of("\\bS-\\d{3}\\b", "x S-123.", 7), 2);
    assert_int_equal(start_of("\\bS-\\d{3}\\b", "xS-123.", 6), SIZE_MAX);
    assert_int_equal(start_of("\\bS-\\d{3}\\b", "S-1234", 5), SIZE_MAX);
    assert_int_equal(start_of("\\BS-\\d{3}", "xS-123", 6), 1);
    assert_int_equal(start_of("^ab$", "ab", 2), 0);
    assert_int_equal(start_of("^ab$", "ab\n", 2), 0);
    assert_int_equal(start_of("^ab$", "xab", 3), SIZE_MAX);
    assert_int_equal(start_of("(?i)aB[c-d]", "xAbD", 4), 1);
    assert_int_equal(start_of("(?i)[^b]x", "Bx", 2), SIZE_MAX);
    assert_int_equal(start_of("\\x41\\.\\t\\w+?", "A.\tb_9", 6), 0);
    assert_int_equal(start_of("[]a-]+", "b]a-", 4), 1);
    assert_int_equal(start_of("[\\]\\d^-]+", "b]3^-", 5), 1);
    assert_int_equal(start_of("a{,2}", "a{,2}", 5), 0);
    assert_int_equal(start_of("\\S\\s\\D", "a b", 3), 0);
    assert_int_equal(start_of("a.b", "a\nb", 3), SIZE_MAX);
}

/* What a longer match might begin with is said, and nothing before `from` is looked at. */
static void walks_end_where_told(void **state)
{
    (void)state;
    struct pattern *pattern = pattern_of("a[ab]*c");
    bool alive;
    assert_int_equal(pattern_start(pattern, bytes_str("abac"), 2, 4, &alive), 2);
    assert_true(alive);
    assert_int_equal(pattern_start(pattern, bytes_str("abac"), 3, 4, &alive), SIZE_MAX);
    assert_true(alive);
    assert_int_equal(pattern_start(pattern, bytes_str("axac"), 0, 4, &alive), 2);
    assert_false(alive);
    pattern_free(pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_are_the_first),
        cmocka_unit_test(edges_and_classes),
        cmocka_unit_test(walks_end_where_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
