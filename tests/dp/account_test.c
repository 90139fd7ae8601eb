/* dp/account: rounding up, overflow, the filter's edge. */
#include "dp/account.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct dp_epsilon micro(uint64_t value)
{
    return (struct dp_epsilon){value};
}

static void test_of(void **state)
{
    (void)state;
    struct dp_epsilon out;
    assert_int_equal(dp_epsilon_of(1, 2, &out), OK);
    assert_int_equal(out.micro, 500000);
    assert_int_equal(dp_epsilon_of(1, 3, &out), OK);
    assert_int_equal(out.micro, 333334); /* up */
    assert_int_equal(dp_epsilon_of(1, UINT64_MAX, &out), OK);
    assert_int_equal(out.micro, 1);
    assert_int_equal(dp_epsilon_of(UINT64_MAX, DP_EPSILON_ONE, &out), OK);
    assert_true(out.micro == UINT64_MAX);
    assert_int_equal(dp_epsilon_of(UINT64_MAX, 1, &out), ERR_TOO_LARGE);
    assert_int_equal(dp_epsilon_of(1, 0, &out), ERR_USAGE);
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t micro; /* 0: refused */
    } rows[] = {
        {"0.5", 500000},
        {"2", 2000000},
        {"0.000001", 1},
        {"123456789.000000", 123456789000000},
        {"10.25", 10250000},
        {"", 0},
        {"0", 0},
        {"0.0", 0},
        {".5", 0},
        {"5.", 0},
        {"-1", 0},
        {"+1", 0},
        {"1e3", 0},
        {"nan", 0},
        {"inf", 0},
        {"1.2.3", 0},
        {"0.0000001", 0},
        {" 1", 0},
        {"1,5", 0},
        {"999999999999999", 0},
        {"99999999999999999999", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dp_epsilon out = micro(7);
        assert_int_equal(dp_epsilon_parse(bytes_str(rows[i].text), &out), rows[i].micro ? OK : ERR_INPUT);
        assert_true(out.micro == rows[i].micro);
    }
    char text[DP_EPSILON_TEXT];
    dp_epsilon_text(micro(10250000), text);
    assert_string_equal(text, "10.250000");
    dp_epsilon_text(micro(UINT64_MAX), text);
    assert_string_equal(text, "18446744073709.551615");
}

static void test_sums(void **state)
{
    (void)state;
    struct dp_epsilon out;
    assert_int_equal(dp_epsilon_add(micro(1), micro(2), &out), OK);
    assert_int_equal(out.micro, 3);
    assert_int_equal(dp_epsilon_add(micro(UINT64_MAX), micro(1), &out), ERR_TOO_LARGE);
    assert_true(out.micro == UINT64_MAX);
    assert_int_equal(dp_epsilon_times(micro(250000), 12, &out), OK);
    assert_int_equal(out.micro, 3000000);
    assert_int_equal(dp_epsilon_times(micro(UINT64_MAX / 2), 3, &out), ERR_TOO_LARGE);
    assert_true(out.micro == UINT64_MAX);
    assert_true(dp_epsilon_compare(micro(1), micro(2)) < 0);
    assert_true(dp_epsilon_compare(micro(2), micro(2)) == 0);
    assert_true(dp_epsilon_compare(micro(3), micro(2)) > 0);
}

static void test_allows(void **state)
{
    (void)state;
    assert_true(dp_account_allows(micro(0), micro(10), micro(10)));
    assert_true(dp_account_allows(micro(9), micro(1), micro(10)));
    assert_false(dp_account_allows(micro(9), micro(2), micro(10)));
    assert_false(dp_account_allows(micro(10), micro(1), micro(10)));
    assert_false(dp_account_allows(micro(11), micro(1), micro(10)));
    assert_false(dp_account_allows(micro(0), micro(0), micro(10)));
    assert_false(dp_account_allows(micro(UINT64_MAX), micro(2), micro(UINT64_MAX))); /* no wrap round to 1 */
    assert_int_equal(dp_account_left(micro(3), micro(10)).micro, 7);
    assert_int_equal(dp_account_left(micro(11), micro(10)).micro, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
