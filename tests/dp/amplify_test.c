/* dp/amplify: known answers, order, refusals. */
#include "dp/amplify.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIZE(array) (sizeof(array) / sizeof *(array))

static uint64_t shuffled(uint64_t micro, uint64_t count, uint64_t delta)
{
    struct dp_epsilon out, closed;
    assert_int_equal(dp_shuffle_epsilon((struct dp_epsilon){micro}, count, delta, &out), OK);
    assert_int_equal(dp_shuffle_closed((struct dp_epsilon){micro}, count, delta, &closed), OK);
    assert_true(out.micro <= closed.micro && closed.micro <= micro);
    return out.micro;
}

static const uint64_t delta = DP_DELTA_ONE / 1000000;

/* Feldman, McMillan, Talwar 2021: their program's bounds for 1e5 answers of ε0 = 4 are 0.16753856 from below and
 * 0.17279055 from above. */
static void test_known(void **state)
{
    (void)state;
    uint64_t got = shuffled(4000000, 100000, delta);
    assert_in_range(got, 167539, 172790);
}

/* Two answers shuffled, by hand: with the other one as good as the own with probability 1 / e, C is 0 or 1; for C = 0
 * the answer is seen, and δ(ε) = high - e^ε (1 - high); for C = 1 the counts 0, 1, 2 have P = low / 2, 1 / 2, high / 2
 * and Q the reverse. */
static void test_two(void **state)
{
    (void)state;
    const double high = 0.73105857863000488, rate = 0.36787944117144233,
                 grown = 1.6487212707001282; /* ε0 = 1, ε = 1/2 */
    double seen = high - grown * (1 - high), exact = (1 - rate) * seen + rate * seen / 2;
    uint64_t got = shuffled(1000000, 2, (uint64_t)(exact * (double)DP_DELTA_ONE));
    assert_in_range(got, 500000, 500010);
    assert_true(shuffled(1000000, 1, (uint64_t)(seen * (double)DP_DELTA_ONE)) == 500000 ||
                shuffled(1000000, 1, (uint64_t)(seen * (double)DP_DELTA_ONE)) == 500001);
}

static void test_order(void **state)
{
    (void)state;
    uint64_t before = UINT64_MAX;
    for (uint64_t count = 10; count <= 10000; count *= 10) {
        uint64_t now = shuffled(2000000, count, delta);
        assert_true(now <= before);
        assert_true(now <= shuffled(2500000, count, delta));
        assert_true(now >= shuffled(2000000, count, delta * 10));
        before = now;
    }
    assert_true(before < 300000);
}

static void test_shuffle_refused(void **state)
{
    (void)state;
    struct dp_epsilon out, one = {DP_EPSILON_ONE};
    assert_int_equal(dp_shuffle_epsilon((struct dp_epsilon){0}, 5, delta, &out), ERR_USAGE);
    assert_int_equal(dp_shuffle_epsilon(one, 0, delta, &out), ERR_USAGE);
    assert_int_equal(dp_shuffle_epsilon(one, 5, 0, &out), ERR_USAGE);
    assert_int_equal(dp_shuffle_epsilon(one, 5, DP_DELTA_ONE, &out), ERR_USAGE);
    assert_int_equal(dp_shuffle_epsilon((struct dp_epsilon){20000001}, 5, delta, &out), ERR_TOO_LARGE);
    assert_int_equal(dp_shuffle_closed(one, DP_SHUFFLE_MOST + 1, delta, &out), ERR_TOO_LARGE);
    assert_true(out.micro == UINT64_MAX);
}

static void test_sampling(void **state)
{
    (void)state;
    static const struct {
        uint64_t micro, delta;
        struct dp_ratio part;
        uint64_t epsilon, to; /* log(1 + q (e^ε - 1)) and q δ, up */
    } rows[] = {
        {1000000, 100, {1, 100}, 17037, 1}, {1000000, 101, {1, 100}, 17037, 2},  {500000, 0, {1, 2}, 280930, 0},
        {1000000, 7, {3, 3}, 1000000, 7},   {20000000, 9, {1, 10}, 17697415, 1}, {UINT64_MAX, 1, {1, 2}, UINT64_MAX, 1},
    };
    for (size_t i = 0; i < SIZE(rows); i++) {
        struct dp_epsilon out;
        uint64_t to;
        assert_int_equal(
            dp_amplify_sampling((struct dp_epsilon){rows[i].micro}, rows[i].delta, rows[i].part, &out, &to), OK);
        assert_true(out.micro == rows[i].epsilon);
        assert_true(to == rows[i].to);
    }
    struct dp_epsilon out, one = {DP_EPSILON_ONE};
    uint64_t to;
    assert_int_equal(dp_amplify_sampling(one, 0, (struct dp_ratio){0, 1}, &out, &to), ERR_USAGE);
    assert_int_equal(dp_amplify_sampling(one, 0, (struct dp_ratio){2, 1}, &out, &to), ERR_USAGE);
    assert_int_equal(dp_amplify_sampling(one, 0, (struct dp_ratio){1, 0}, &out, &to), ERR_USAGE);
    assert_int_equal(dp_amplify_sampling(one, DP_DELTA_ONE, (struct dp_ratio){1, 2}, &out, &to), ERR_USAGE);
    assert_int_equal(dp_amplify_sampling((struct dp_epsilon){0}, 0, (struct dp_ratio){1, 2}, &out, &to), ERR_USAGE);
    assert_true(out.micro == UINT64_MAX && to == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),           cmocka_unit_test(test_two),      cmocka_unit_test(test_order),
        cmocka_unit_test(test_shuffle_refused), cmocka_unit_test(test_sampling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
