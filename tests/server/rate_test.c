/* Rates: a minute's share at once, then as fast as the policy says, each tenant for itself. */
#include "server/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void a_minutes_share_is_there_at_once(void **state)
{
    (void)state;
    struct rates *rates = NULL;
    for (int i = 0; i < 5; i++)
        assert_int_equal(rates_take(&rates, 3, 5, 1000), OK);
    assert_int_equal(rates_take(&rates, 3, 5, 1000), ERR_LIMIT);
    assert_int_equal(rates_take(&rates, 4, 5, 1000), OK); /* another tenant's */
    rates_free(rates);
}

static void it_fills_steadily(void **state)
{
    (void)state;
    struct rates *rates = NULL;
    for (int i = 0; i < 5; i++)
        assert_int_equal(rates_take(&rates, 1, 5, 0), OK);
    assert_int_equal(rates_take(&rates, 1, 5, 11999), ERR_LIMIT);
    assert_int_equal(rates_take(&rates, 1, 5, 12000), OK); /* a fifth of a minute; asking in vain cost nothing */
    assert_int_equal(rates_take(&rates, 1, 5, 12001), ERR_LIMIT);
    assert_int_equal(rates_take(&rates, 1, 5, INT64_MAX / 2), OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(rates_take(&rates, 1, 5, INT64_MAX / 2), OK);
    assert_int_equal(rates_take(&rates, 1, 5, INT64_MAX / 2), ERR_LIMIT); /* never more than a minute's share */
    rates_free(rates);
}

static void a_clock_that_goes_back_fills_nothing(void **state)
{
    (void)state;
    struct rates *rates = NULL;
    assert_int_equal(rates_take(&rates, 1, 1, 90000), OK);
    assert_int_equal(rates_take(&rates, 1, 1, 0), ERR_LIMIT);
    assert_int_equal(rates_take(&rates, 1, 1, 59999), ERR_LIMIT);
    assert_int_equal(rates_take(&rates, 1, 1, 60000), OK);
    rates_free(rates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minutes_share_is_there_at_once),
        cmocka_unit_test(it_fills_steadily),
        cmocka_unit_test(a_clock_that_goes_back_fills_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
