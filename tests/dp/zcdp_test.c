/* dp/zcdp: sums that only round up, losses of mechanisms, the conversion against figures of 40 digits, numbers that are
 * refused. */
#include "dp/zcdp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof *(array))

static struct dp_zcdp loss(uint64_t rho, uint64_t delta)
{
    return (struct dp_zcdp){rho, delta};
}

static void expect(struct dp_zcdp got, uint64_t rho, uint64_t delta)
{
    assert_true(got.rho == rho);
    assert_true(got.delta == delta);
}

static void test_sums(void **state)
{
    (void)state;
    expect(dp_zcdp_add(loss(1, 2), loss(3, 4)), 4, 6);
    expect(dp_zcdp_times(loss(5, 7), 12), 60, 84);
    expect(dp_zcdp_add(loss(UINT64_MAX - 1, 1), loss(2, 1)), UINT64_MAX, 2);
    expect(dp_zcdp_times(loss(UINT64_MAX / 2, UINT64_MAX / 2), 3), UINT64_MAX, UINT64_MAX);
    expect(dp_zcdp_times(loss(5, 7), 0), 0, 0);
}

static void test_filter(void **state)
{
    (void)state;
    const struct dp_zcdp cap = {10, 100};
    assert_true(dp_zcdp_allows(loss(9, 0), loss(1, 100), cap));
    assert_true(dp_zcdp_allows(loss(10, 99), loss(0, 1), cap)); /* a mechanism may need δ only */
    assert_false(dp_zcdp_allows(loss(9, 0), loss(2, 0), cap));
    assert_false(dp_zcdp_allows(loss(0, 100), loss(1, 1), cap));
    assert_false(dp_zcdp_allows(loss(0, 0), loss(0, 0), cap));
    const struct dp_zcdp most = {UINT64_MAX, UINT64_MAX};
    assert_false(dp_zcdp_allows(loss(UINT64_MAX, 0), loss(1, 0), most)); /* a sum that saturated fits nowhere */
    assert_false(dp_zcdp_allows(loss(1, DP_DELTA_ONE - 1), loss(0, 1), most));
    assert_true(dp_zcdp_within(loss(UINT64_MAX - 1, DP_DELTA_ONE - 1), most));
}

static void test_pure(void **state)
{
    (void)state;
    static const struct {
        uint64_t micro, rho; /* the latter: ceil of 1e9 ε tanh(ε / 2), of 40 digits */
    } rows[] = {{0, 0},
                {1, 1},
                {1000, 500},
                {100000, 4995838},
                {500000, 122459332},
                {1000000, 462117158},
                {4000000, 3856110321},
                {50000000, 50000000000}};
    for (size_t i = 0; i < SIZE(rows); i++) {
        struct dp_zcdp got = dp_zcdp_of_pure((struct dp_epsilon){rows[i].micro});
        assert_in_range(got.rho, rows[i].rho, rows[i].rho + 1); /* never under; the margin may cost one */
        expect(dp_zcdp_of_approximate((struct dp_epsilon){rows[i].micro}, 5), got.rho, 5);
    }
    expect(dp_zcdp_of_pure((struct dp_epsilon){UINT64_MAX}), UINT64_MAX, 0);
    expect(dp_zcdp_of_pure((struct dp_epsilon){UINT64_MAX - 1}), UINT64_MAX, 0);
}

static void test_gaussian(void **state)
{
    (void)state;
    expect(dp_zcdp_of_gaussian(1, (struct dp_ratio){1, 1}), DP_RHO_ONE / 2, 0);
    expect(dp_zcdp_of_gaussian(3, (struct dp_ratio){30, 10}), DP_RHO_ONE / 2, 0);
    expect(dp_zcdp_of_gaussian(1, (struct dp_ratio){2, 1}), DP_RHO_ONE / 8, 0);
    expect(dp_zcdp_of_gaussian(1, (struct dp_ratio){3, 1}), 55555556, 0); /* 1/18, up */
    expect(dp_zcdp_of_gaussian(0, (struct dp_ratio){3, 1}), 0, 0);
    expect(dp_zcdp_of_gaussian(1, (struct dp_ratio){UINT64_MAX, 1}), 1, 0);
    expect(dp_zcdp_of_gaussian(UINT64_MAX, (struct dp_ratio){1, UINT64_MAX}), UINT64_MAX, 0);
    struct dp_zcdp big = dp_zcdp_of_gaussian(UINT64_MAX, (struct dp_ratio){UINT64_MAX, 1});
    assert_in_range(big.rho, DP_RHO_ONE / 2, DP_RHO_ONE / 2 + 1);
    expect(dp_zcdp_of_variance(9, (struct dp_ratio){90, 10}), DP_RHO_ONE / 2, 0);
    expect(dp_zcdp_of_variance(1, (struct dp_ratio){9, 1}), 55555556, 0);
    expect(dp_zcdp_of_variance(UINT64_MAX, (struct dp_ratio){1, 1}), UINT64_MAX, 0);
    expect(dp_zcdp_of_variance(1, (struct dp_ratio){UINT64_MAX, 1}), 1, 0);
}

/* Proposition 12 of Canonne, Kamath, Steinke 2020, minimised with 40 digits. */
static const struct {
    uint64_t rho, delta;
    double epsilon;
} converted[] = {
    {2560000000, 100000000, 17.1583087121047},
    {70000000, 100000000, 2.38727517671797},
    {500000000, 1000000000000, 5.22153444453017},
    {125000000, 10000000000000, 2.16571554517549},
    {1000, 1000000000000, 0.00449649398064861},
    {12500000000, 1000000000, 43.465629405461},
    {1, 1, 0.000337064775424048},
    {1000000000000, 1000000000000, 1231.87932309184},
};

static void test_epsilon(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZE(converted); i++) {
        struct dp_epsilon got;
        assert_int_equal(dp_zcdp_epsilon(loss(converted[i].rho, 0), converted[i].delta, &got), OK);
        double epsilon = (double)got.micro / DP_EPSILON_ONE;
        assert_true(epsilon >= converted[i].epsilon);
        assert_true(epsilon <= converted[i].epsilon * (1 + 1e-9) + 1e-6);
        /* δ of its own leaves less to convert with */
        struct dp_epsilon more;
        uint64_t own = converted[i].delta / 2;
        assert_int_equal(dp_zcdp_epsilon(loss(converted[i].rho, own), converted[i].delta, &more), OK);
        assert_true(own == 0 || more.micro > got.micro);
    }
}

static void test_epsilon_edges(void **state)
{
    (void)state;
    struct dp_epsilon got;
    assert_int_equal(dp_zcdp_epsilon(loss(0, 0), 1, &got), OK);
    assert_int_equal(got.micro, 0);
    assert_int_equal(dp_zcdp_epsilon(loss(1, 0), 0, &got), ERR_USAGE);
    assert_int_equal(dp_zcdp_epsilon(loss(1, 0), DP_DELTA_ONE, &got), ERR_USAGE);
    assert_int_equal(dp_zcdp_epsilon(loss(1, 0), UINT64_MAX, &got), ERR_USAGE);
    assert_int_equal(dp_zcdp_epsilon(loss(0, 7), 7, &got), ERR_POLICY);
    assert_int_equal(dp_zcdp_epsilon(loss(0, 6), 7, &got), OK);
    assert_int_equal(dp_zcdp_epsilon(loss(UINT64_MAX, 0), 7, &got), ERR_TOO_LARGE);
    assert_true(got.micro == UINT64_MAX);
    assert_int_equal(dp_zcdp_epsilon(loss(UINT64_MAX - 1, 0), 7, &got), OK);
    assert_true(got.micro > UINT64_C(18446744073000000));
}

static void test_for(void **state)
{
    (void)state;
    static const uint64_t targets[] = {1000, 500000, 1000000, 8000000, 100000000};
    const uint64_t delta = DP_DELTA_ONE / 100000;
    for (size_t i = 0; i < SIZE(targets); i++) {
        struct dp_zcdp most;
        struct dp_epsilon got, target = {targets[i]};
        assert_int_equal(dp_zcdp_for(target, delta, delta / 10, &most), OK);
        assert_int_equal(dp_zcdp_epsilon(most, delta, &got), OK);
        assert_true(got.micro <= target.micro);
        assert_true(most.delta == delta / 10);
        most.rho += most.rho / 1000000 + 1; /* and it is the greatest */
        assert_int_equal(dp_zcdp_epsilon(most, delta, &got), OK);
        assert_true(got.micro >= target.micro);
    }
    struct dp_zcdp none;
    assert_int_equal(dp_zcdp_for((struct dp_epsilon){0}, delta, 0, &none), ERR_USAGE);
    assert_int_equal(dp_zcdp_for((struct dp_epsilon){1}, 0, 0, &none), ERR_USAGE);
    assert_int_equal(dp_zcdp_for((struct dp_epsilon){1}, DP_DELTA_ONE, 0, &none), ERR_USAGE);
    assert_int_equal(dp_zcdp_for((struct dp_epsilon){1}, 5, 5, &none), ERR_USAGE);
    assert_int_equal(dp_zcdp_for((struct dp_epsilon){1}, 1, 0, &none), ERR_POLICY);
    expect(none, 0, 0);
}

static void test_sigma(void **state)
{
    (void)state;
    static const uint64_t rhos[] = {
        1, 7, 1000, 55555556, 125000000, 500000000, UINT64_C(8000000000), UINT64_C(3000000000000)};
    for (size_t i = 0; i < SIZE(rhos); i++) {
        struct dp_ratio sigma;
        assert_int_equal(dp_zcdp_sigma(rhos[i], 3, &sigma), OK);
        assert_true(dp_zcdp_of_gaussian(3, sigma).rho <= rhos[i]);
        sigma.numerator -= 3;
        assert_true(dp_zcdp_of_gaussian(3, sigma).rho > rhos[i]);
    }
    struct dp_ratio sigma;
    assert_int_equal(dp_zcdp_sigma(DP_RHO_ONE / 8, 3, &sigma), OK);
    assert_true(sigma.numerator == UINT64_C(6) << 20 && sigma.denominator == 1 << 20);
    assert_int_equal(dp_zcdp_sigma(0, 3, &sigma), ERR_USAGE);
    assert_int_equal(dp_zcdp_sigma(1, 0, &sigma), ERR_USAGE);
    assert_int_equal(dp_zcdp_sigma(1, UINT64_MAX, &sigma), ERR_TOO_LARGE);
    assert_int_equal(sigma.numerator, 0);
}

static void test_text(void **state)
{
    (void)state;
    char text[DP_ZCDP_TEXT];
    dp_zcdp_text(loss(125000000, 1000000000000), text);
    assert_string_equal(text, "rho 0.125000000 delta 0.000001000000000000");
    dp_zcdp_text(loss(UINT64_MAX, UINT64_MAX), text);
    assert_string_equal(text, "rho 18446744073.709551615 delta 18.446744073709551615");
}

struct number {
    const char *text;
    uint64_t value; /* 0: refused */
};

static void expect_numbers(const struct number *rows, size_t count, enum status parse(struct bytes, uint64_t *))
{
    for (size_t i = 0; i < count; i++) {
        uint64_t got = 7;
        assert_int_equal(parse(bytes_str(rows[i].text), &got), rows[i].value ? OK : ERR_INPUT);
        assert_true(got == rows[i].value);
    }
}

static void test_parse(void **state)
{
    (void)state;
    static const struct number rhos[] = {
        {"0.125", 125000000},
        {"2", 2000000000},
        {"0.000000001", 1},
        {"18446744073", UINT64_C(18446744073000000000)},
        {"18446744074", 0},
        {"0.0000000001", 0},
        {"", 0},
        {"0", 0},
        {"-1", 0},
        {"nan", 0},
        {"inf", 0},
        {"1e3", 0},
        {"1.", 0},
        {".1", 0},
        {"1.2.3", 0},
        {" 1", 0},
        {"99999999999999999999999", 0},
    };
    static const struct number deltas[] = {
        {"0.000001", 1000000000000},
        {"1e-6", 1000000000000},
        {"25e-7", 2500000000000},
        {"1e-18", 1},
        {"0.5", DP_DELTA_ONE / 2},
        {"0.999999999999999999", DP_DELTA_ONE - 1},
        {"9e-1", DP_DELTA_ONE / 10 * 9},
        {"1", 0},
        {"10e-1", 0},
        {"1e-19", 0},
        {"1e-0", 0},
        {"1e6", 0},
        {"1.5e-6", 0},
        {"e-6", 0},
        {"1e-", 0},
        {"0", 0},
        {"0e-6", 0},
        {"1e-6e-6", 0},
        {"1e--6", 0},
        {"1e-1.0", 0},
        {"nan", 0},
        {"-1e-6", 0},
        {"1e-99999999999999999999", 0},
        {"9999999999e-18", 0},
    };
    expect_numbers(rhos, SIZE(rhos), dp_rho_parse);
    expect_numbers(deltas, SIZE(deltas), dp_delta_parse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),     cmocka_unit_test(test_filter),  cmocka_unit_test(test_pure),
        cmocka_unit_test(test_gaussian), cmocka_unit_test(test_epsilon), cmocka_unit_test(test_epsilon_edges),
        cmocka_unit_test(test_for),      cmocka_unit_test(test_sigma),   cmocka_unit_test(test_text),
        cmocka_unit_test(test_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
