/* dp/bounded: never more keys than allowed, each once, of the unit's own, the same each time, none favoured. */
#include "dp/bounded.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"

static void test_choice(void **state)
{
    (void)state;
    const uint32_t keys[] = {7, 7, 3, 9, 3, 7, 100, 4294967295U};
    uint32_t out[8], again[8];
    size_t chosen = dp_bounded_keys(5, keys, 8, 8, out);
    assert_int_equal(chosen, 5); /* repeats count once */
    for (size_t most = 0; most < 5; most++) {
        assert_int_equal(dp_bounded_keys(5, keys, 8, most, again), most);
        assert_memory_equal(again, out, most * sizeof *out);
    }
    const uint32_t turned[] = {100, 9, 4294967295U, 3, 7};
    assert_int_equal(dp_bounded_keys(5, turned, 5, 3, again), 3); /* order says nothing */
    assert_memory_equal(again, out, 3 * sizeof *out);
    assert_int_equal(dp_bounded_keys(5, keys, 0, 3, again), 0);
}

static void test_none_is_favoured(void **state)
{
    (void)state;
    enum { UNITS = 50000, KEYS = 6 };
    const uint32_t keys[KEYS] = {0, 1, 2, 3, 4, 5};
    uint64_t counts[KEYS] = {0};
    uint32_t out[1];
    double law[KEYS];
    for (uint64_t unit = 0; unit < UNITS; unit++) {
        assert_int_equal(dp_bounded_keys(unit, keys, KEYS, 1, out), 1);
        counts[out[0]]++;
    }
    for (size_t i = 0; i < KEYS; i++)
        law[i] = 1. / KEYS;
    assert_true(chi_square_fits(counts, law, KEYS, UNITS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_none_is_favoured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
