/* Sums of losses: by zCDP and by basic composition at once, never under what was added, never a number that ends. */
#include "ledger/loss.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#define EPSILON(n) ((struct dp_epsilon){(n)})
#define DELTA (DP_DELTA_ONE / 1000000)

static uint64_t epsilon_of(struct ledger_loss loss)
{
    struct dp_epsilon out;
    assert_int_equal(ledger_loss_epsilon(loss, DELTA, &out), OK);
    return out.micro;
}

static void caps_of_a_lifetime(void **state)
{
    (void)state;
    struct ledger_loss cap;
    assert_int_equal(ledger_cap_of(EPSILON(0), DELTA, &cap), OK);
    assert_true(cap.zcdp.rho == 0 && cap.zcdp.delta == 0 && cap.epsilon.micro == 0);
    assert_int_equal(ledger_cap_of(EPSILON(1000000), DELTA, &cap), OK);
    assert_int_equal(cap.epsilon.micro, 1000000);
    assert_int_equal(cap.zcdp.delta, DELTA / 4);
    /* What is within it has at most that ε, at the three quarters of δ that are left beside basic composition's. */
    struct dp_epsilon epsilon;
    assert_int_equal(ledger_loss_epsilon(ledger_loss_of_zcdp(cap.zcdp), DELTA - DELTA / 4, &epsilon), OK);
    assert_in_range(epsilon.micro, 990000, 1000000);
    assert_int_equal(ledger_cap_of(EPSILON(1000000), 0, &cap), ERR_USAGE);
    assert_int_equal(ledger_cap_of(EPSILON(1000000), DP_DELTA_ONE, &cap), ERR_USAGE);
    assert_int_equal(ledger_cap_of(EPSILON(UINT64_MAX), DELTA, &cap), ERR_USAGE);
}

/* One mechanism of ε = 1 costs 1; a hundred of ε = 0.1 cost less than 10, one way or the other. */
static void the_lower_epsilon_counts(void **state)
{
    (void)state;
    struct ledger_loss sum = {0};
    assert_int_equal(epsilon_of(sum), 0);
    assert_int_equal(epsilon_of(ledger_loss_of_pure(EPSILON(1000000))), 1000000);
    assert_int_equal(epsilon_of(ledger_loss_of_approximate(EPSILON(1000000), DELTA / 10)), 1000000);
    for (int i = 0; i < 100; i++)
        sum = ledger_loss_add(sum, ledger_loss_of_pure(EPSILON(100000)));
    assert_int_equal(sum.epsilon.micro, 10000000);
    assert_in_range(epsilon_of(sum), 4000000, 6000000);
}

static void without_an_epsilon_there_is_none_of_the_sum(void **state)
{
    (void)state;
    struct ledger_loss noise = ledger_loss_of_zcdp((struct dp_zcdp){1000, 0});
    struct ledger_loss sum = ledger_loss_add(ledger_loss_of_pure(EPSILON(5)), noise);
    assert_int_equal(sum.epsilon.micro, LEDGER_NO_EPSILON.micro);
    assert_int_equal(ledger_loss_less(sum, ledger_loss_of_pure(EPSILON(5))).epsilon.micro, LEDGER_NO_EPSILON.micro);
    assert_int_equal(ledger_loss_less(sum, noise).epsilon.micro, LEDGER_NO_EPSILON.micro);
    assert_true(epsilon_of(sum) > 0);
}

static void sums_end(void **state)
{
    (void)state;
    struct dp_epsilon out;
    const struct ledger_loss huge = {{INT64_MAX, INT64_MAX}, {INT64_MAX}};
    struct ledger_loss sum = ledger_loss_add(huge, huge);
    assert_true(sum.zcdp.rho == INT64_MAX && sum.zcdp.delta == INT64_MAX && sum.epsilon.micro == INT64_MAX);
    assert_int_equal(ledger_loss_epsilon(sum, DELTA, &out), ERR_POLICY);
    assert_int_equal(ledger_loss_epsilon(sum, 0, &out), ERR_USAGE);
    sum = ledger_loss_less((struct ledger_loss){{1, 2}, {3}}, (struct ledger_loss){{2, 1}, {4}});
    assert_true(sum.zcdp.rho == 0 && sum.zcdp.delta == 1 && sum.epsilon.micro == 0);
}

static void what_fits(void **state)
{
    (void)state;
    const struct ledger_loss cap = {{100, 10}, {50}};
    static const struct {
        struct ledger_loss sum;
        bool fits;
    } rows[] = {
        {{{100, 10}, {INT64_MAX}}, true}, {{{101, 10}, {50}}, true},      {{{101, 10}, {51}}, false},
        {{{100, 11}, {50}}, false},       {{{0, 0}, {0}}, true},          {{{100, 0}, {99}}, true},
        {{{0, INT64_MAX}, {0}}, false},   {{{INT64_MAX, 0}, {50}}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(ledger_loss_fits(rows[i].sum, cap), rows[i].fits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caps_of_a_lifetime),
        cmocka_unit_test(the_lower_epsilon_counts),
        cmocka_unit_test(without_an_epsilon_there_is_none_of_the_sum),
        cmocka_unit_test(sums_end),
        cmocka_unit_test(what_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
