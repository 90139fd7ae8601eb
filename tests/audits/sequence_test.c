/* The longest common subsequence: cases counted by hand, and the table of Wagner and Fischer on random texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "audits/overlap/sequence.h"
#include "base/random.h"
#include "insight/overlap.h"

static size_t common(const char *document, const char *reference)
{
    struct sequence *sequence = NULL;
    SCOPED_MEM uint64_t *left = NULL;
    SCOPED_MEM uint64_t *right = NULL;
    size_t left_count = 0, right_count = 0;
    assert_int_equal(overlap_tokenise(bytes_str(document), &left, &left_count), OK);
    assert_int_equal(overlap_tokenise(bytes_str(reference), &right, &right_count), OK);
    assert_int_equal(sequence_new(left, left_count, &sequence), OK);
    size_t length = sequence_common(sequence, right, right_count);
    sequence_free(sequence);
    return length;
}

/* The first three are the examples of ROUGE-L's paper (Lin 2004, section 3.1). */
static void by_hand(void **state)
{
    (void)state;
    assert_int_equal(common("police kill the gunman", "police killed the gunman"), 3);
    assert_int_equal(common("the gunman kill police", "police killed the gunman"), 2);
    assert_int_equal(common("the gunman police killed", "police killed the gunman"), 2);
    assert_int_equal(common("", "police killed the gunman"), 0);
    assert_int_equal(common("one two three", ""), 0);
    assert_int_equal(common("one two three", "four five six"), 0);
    assert_int_equal(common("One, TWO three", "one x two y three z"), 3);
    assert_int_equal(common("a a a", "a a"), 2);
}

/* The textbook's table (Wagner and Fischer 1974), two rows of it. */
static size_t by_table(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
    static size_t rows[2][1024];
    memset(rows, 0, sizeof rows);
    for (size_t i = 1; i <= n; i++)
        for (size_t k = 1; k <= m; k++) {
            size_t up = rows[(i - 1) % 2][k], left = rows[i % 2][k - 1], corner = rows[(i - 1) % 2][k - 1];
            rows[i % 2][k] = a[i - 1] == b[k - 1] ? corner + 1 : up > left ? up : left;
        }
    return rows[n % 2][m];
}

/* Lengths around the word's 64, few and many different tokens. */
static void as_the_table(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 4);
    static const size_t lengths[] = {1, 2, 63, 64, 65, 127, 128, 129, 300};
    static uint64_t a[300], b[1000];
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (uint64_t alphabet = 2; alphabet < 2000; alphabet *= 5) {
            struct sequence *sequence = NULL;
            size_t n = lengths[l], m = 1 + random_below(random, 999);
            for (size_t i = 0; i < n; i++)
                a[i] = random_below(random, alphabet) * UINT64_C(0x9e3779b97f4a7c15);
            for (size_t i = 0; i < m; i++)
                b[i] = random_below(random, alphabet) * UINT64_C(0x9e3779b97f4a7c15);
            assert_int_equal(sequence_new(a, n, &sequence), OK);
            assert_int_equal(sequence_common(sequence, b, m), by_table(a, n, b, m));
            assert_int_equal(sequence_common(sequence, b, m / 2), by_table(a, n, b, m / 2)); /* starts anew */
            sequence_free(sequence);
        }
}

static void bounded(void **state)
{
    (void)state;
    struct sequence *sequence = NULL;
    SCOPED_MEM uint64_t *many = mem_new(SEQUENCE_TOKENS_MAX + 100, sizeof *many);
    assert_non_null(many);
    assert_int_equal(sequence_new(many, SEQUENCE_TOKENS_MAX + 100, &sequence), OK);
    assert_int_equal(sequence_tokens(sequence), SEQUENCE_TOKENS_MAX);
    assert_int_equal(sequence_common(sequence, many, SEQUENCE_TOKENS_MAX + 100), SEQUENCE_TOKENS_MAX);
    sequence_free(sequence);
}

static void out_of_memory(void **state)
{
    (void)state;
    static const uint64_t tokens[] = {1, 2, 3, 2};
    struct sequence *sequence = NULL;
    size_t n = 1;
    for (;; n++) {
        mem_fail_after(n);
        enum status status = sequence_new(tokens, 4, &sequence);
        mem_fail_after(0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_MEMORY);
        assert_null(sequence);
    }
    assert_true(n > 3);
    sequence_free(sequence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(as_the_table),
        cmocka_unit_test(bounded),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
