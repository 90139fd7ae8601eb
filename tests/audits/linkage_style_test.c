/* Spelling keeps the meaning, and profiles of letters tell authors apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/linkage/style.h"

static void spelling(void **state)
{
    (void)state;
    struct candidate candidate = {0};
    struct contribution lesson = {.candidate_count = 1, .candidates = &candidate}, spelled;
    assert_int_equal(phrases_add(&candidate.when, "order not found"), OK);
    assert_int_equal(phrases_add(&candidate.act, "retry"), OK);
    static const char *const expected[STYLES] = {
        "order not found",  "Order not found",  "order not found.",  "Order not found.",
        "order, not found", "Order, not found", "order, not found.", "Order, not found.",
    };
    for (unsigned style = 0; style < STYLES; style++) {
        uint8_t key[16], other[16];
        assert_int_equal(style_contribution(&lesson, style, &spelled), OK);
        assert_string_equal(spelled.candidates[0].when.items[0], expected[style]);
        phrase_key(expected[0], key);
        phrase_key(spelled.candidates[0].when.items[0], other);
        assert_memory_equal(key, other, sizeof key);
        contribution_free(&spelled);
    }
    candidate_free(&candidate);
}

static void profiles(void **state)
{
    (void)state;
    struct style_profile *all = mem_new(3, sizeof *all);
    assert_non_null(all);
    style_add(&all[0], bytes_str("whoever writes like this, writes like this, and whoever reads it knows"));
    style_add(&all[1], bytes_str("whoever writes like this knows who writes like this"));
    style_add(&all[2], bytes_str("KBYTES=4096; RC=0; EXIT"));
    assert_true(style_cosine(&all[0], &all[1]) > .5);
    assert_true(style_cosine(&all[0], &all[2]) < .1);
    style_add_profile(&all[0], &all[0], -1);
    assert_true(style_cosine(&all[0], &all[1]) == 0); /* nothing is left of it */
    mem_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelling),
        cmocka_unit_test(profiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
