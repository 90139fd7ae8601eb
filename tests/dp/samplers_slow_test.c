/* All ways of drawing 20 laws, 1e7 draws each, and the nearest wrong law that so many draws must tell. */
#include "tests/dp/samplers.h"

enum { DRAWS = 10000000 };

static struct view_of_law law;

static void test_prepared(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        expect(settings + i, &law);
        assert_true(fits_prepared(settings + i, &law, DRAWS));
    }
}

static void test_direct(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        expect(settings + i, &law);
        assert_true(fits_directly(settings + i, &law, DRAWS));
    }
}

static void test_steady(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        expect(settings + i, &law);
        assert_true(fits_steadily(settings + i, &law, DRAWS));
    }
}

/* 0.4 % off in scale. */
static void test_the_check_can_fail(void **state)
{
    (void)state;
    const struct setting gaussian = {GAUSSIAN, {1000, 10}}, other = {GAUSSIAN, {992, 10}};
    const struct setting laplace = {LAPLACE, {1, 10}}, another = {LAPLACE, {1004, 10000}};
    expect(&gaussian, &law);
    assert_false(fits_prepared(&other, &law, DRAWS));
    expect(&laplace, &law);
    assert_false(fits_prepared(&another, &law, DRAWS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prepared),
        cmocka_unit_test(test_direct),
        cmocka_unit_test(test_steady),
        cmocka_unit_test(test_the_check_can_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
