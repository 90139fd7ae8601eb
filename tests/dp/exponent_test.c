/* dp/exponent: the bounds enclose values computed to sixty digits, closely. */
#include "dp/exponent.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* floor(2^64 exp(-x)), by an arbitrary-precision decimal library */
static const struct {
    struct dp_ratio x;
    uint64_t floor;
} known[] = {
    {{1, 2}, UINT64_C(11188515852577165299)},
    {{1, 1}, UINT64_C(6786177901268885274)},
    {{1, 1000000}, UINT64_C(18446725626974701275)},
    {{2, 1}, UINT64_C(2496495334008788799)},
    {{7, 3}, UINT64_C(1788817073518667176)},
    {{10, 1}, UINT64_C(837480885292947)},
    {{44, 1}, UINT64_C(1)},
    {{1, DP_EXP_DENOMINATOR_MOST}, UINT64_C(18446744073692774400)},
    {{693147, 1000000}, UINT64_C(9223373702226476700)},
    {{439, 10}, UINT64_C(1)},
};

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct dp_exp_bounds bounds;
        assert_int_equal(dp_exp_bounds(known[i].x, &bounds), OK);
        assert_true(bounds.below <= known[i].floor && known[i].floor < bounds.above);
        assert_true(bounds.above - bounds.below < 512);
    }
}

static void test_monotone(void **state)
{
    (void)state;
    struct dp_exp_bounds before = {UINT64_MAX, UINT64_MAX}, now;
    for (uint64_t x = 1; x < 60000; x++) {
        assert_int_equal(dp_exp_bounds((struct dp_ratio){x, 1000}, &now), OK);
        assert_true(now.below <= before.above && now.below <= now.above);
        before = now;
    }
    assert_true(now.below == 0 && now.above == 1);
}

static void test_refused(void **state)
{
    (void)state;
    struct dp_exp_bounds bounds;
    assert_int_equal(dp_exp_bounds((struct dp_ratio){0, 1}, &bounds), ERR_USAGE);
    assert_int_equal(dp_exp_bounds((struct dp_ratio){1, 0}, &bounds), ERR_USAGE);
    assert_int_equal(dp_exp_bounds((struct dp_ratio){1, DP_EXP_DENOMINATOR_MOST + 1}, &bounds), ERR_USAGE);
    assert_true(bounds.below == 0 && bounds.above == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
