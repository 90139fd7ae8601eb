/* Overlap: parity with the FoT privacy checker on its own 27 x 27 pairs, and small cases counted by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "insight/overlap.h"
#include "tests/insight/fot_overlap.h"

static struct overlap measure(const char *document, const char *reference)
{
    struct overlap_text *d, *r;
    assert_int_equal(overlap_text_new(bytes_str(document), &d), OK);
    assert_int_equal(overlap_text_new(bytes_str(reference), &r), OK);
    struct overlap overlap;
    assert_int_equal(overlap_measure(d, r, &overlap), OK);
    overlap_text_free(d);
    overlap_text_free(r);
    return overlap;
}

static size_t tokens(const char *text)
{
    struct overlap_text *made;
    assert_int_equal(overlap_text_new(bytes_str(text), &made), OK);
    size_t count = overlap_tokens(made);
    overlap_text_free(made);
    return count;
}

static void test_tokens(void **state)
{
    (void)state;
    assert_int_equal(tokens(""), 0);
    assert_int_equal(tokens("  ...  "), 0);
    assert_int_equal(tokens("$b>9$ a_b \xc3\xa9t\xc3\xa9 X"), 5); /* b, 9, a_b, t, x */
    assert_int_equal(tokens("a"), 1);
    assert_int_equal(tokens("a b"), 2);
}

static void test_by_hand(void **state)
{
    (void)state;
    struct overlap same = measure("One two, THREE four", "one two three four");
    assert_int_equal(same.exact, 1);
    assert_int_equal(same.windows, 1);
    assert_true(same.jaccard == 1.0);

    struct overlap one_off = measure("one two three four", "one two other four");
    assert_int_equal(one_off.exact, 0);
    assert_int_equal(one_off.windows, 1);
    assert_true(one_off.jaccard == 0.0);

    struct overlap two_off = measure("one two three four", "one x y four");
    assert_int_equal(two_off.windows, 0);

    struct overlap shifted = measure("one two three four", "two three four one"); /* a shift is no mismatch */
    assert_int_equal(shifted.windows, 0);

    struct overlap short_text = measure("one two three", "one two three");
    assert_int_equal(short_text.exact, 0);
    assert_int_equal(short_text.windows, 0);
    assert_true(short_text.jaccard == 0.0);

    struct overlap occurrences = measure("a a a a a a", "a a a a a"); /* 3 windows x 2 windows */
    assert_int_equal(occurrences.exact, 1);
    assert_int_equal(occurrences.windows, 6);
}

static uint64_t number(const struct json *row, size_t index)
{
    return (uint64_t)json_integer_value(json_at(row, index));
}

static double six_places(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.6f", value);
    return strtod(text, NULL);
}

static size_t load_texts(const struct json *list, struct overlap_text **out, size_t room)
{
    assert_true(json_count(list) <= room);
    for (size_t i = 0; i < json_count(list); i++)
        assert_int_equal(overlap_text_new(json_string_bytes(json_get(json_at(list, i), "text")), &out[i]), OK);
    return json_count(list);
}

static void test_fot_parity(void **state)
{
    (void)state;
    SCOPED_JSON struct json *vectors = fot_overlap_load();
    if (!vectors) {
        print_message("fot-overlap.json.gz is not there: skipped\n");
        skip();
    }
    struct overlap_text *documents[64], *references[64];
    size_t d = load_texts(json_get(vectors, "documents"), documents, 64);
    size_t r = load_texts(json_get(vectors, "references"), references, 64);
    struct overlap *got = mem_new(d * r, sizeof *got);
    assert_non_null(got);
    assert_int_equal(overlap_matrix((const struct overlap_text *const *)documents, d,
                                    (const struct overlap_text *const *)references, r, got),
                     OK);
    const struct json *pairs = json_get(vectors, "pairs");
    assert_int_equal(json_count(pairs), 729);
    for (size_t i = 0; i < json_count(pairs); i++) {
        const struct json *row = json_at(pairs, i);
        const struct overlap *pair = &got[number(row, 0) * r + number(row, 1)];
        assert_int_equal(pair->exact, number(row, 2));
        assert_true(six_places(pair->jaccard) == json_number_value(json_at(row, 3)));
        assert_int_equal(pair->windows, number(row, 4));
    }
    mem_free(got);
    for (size_t i = 0; i < d; i++)
        overlap_text_free(documents[i]);
    for (size_t i = 0; i < r; i++)
        overlap_text_free(references[i]);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct overlap_text *text;
    size_t n = 1;
    for (;; n++) {
        mem_fail_after(n);
        enum status status = overlap_text_new(bytes_str("one two three four five"), &text);
        mem_fail_after(0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_MEMORY);
        assert_null(text);
    }
    assert_true(n > 3);
    overlap_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_fot_parity),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
