/* dp/floor: on the floor passes, a hair under it is refused, a policy can only raise it. */
#include "dp/floor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct dp_floor none = {{0, 0, 0, 0}};

static void test_variance(void **state)
{
    (void)state;
    struct why why = {0};
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_VECTOR, (struct dp_ratio){2500, 1}, 2500, NULL), OK);
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_VECTOR, (struct dp_ratio){2499, 1}, 2500, &why), ERR_POLICY);
    assert_string_equal(why.what, "noise of vectors is under the floor");
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_COUNT, (struct dp_ratio){1, 4}, 1, NULL), OK);
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_COUNT, (struct dp_ratio){0, 4}, 1, NULL), ERR_POLICY);
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_COUNT, (struct dp_ratio){1, UINT64_MAX}, UINT64_MAX, NULL),
                     ERR_POLICY);
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_COUNT, (struct dp_ratio){UINT64_MAX, 1}, UINT64_MAX, NULL), OK);
}

static void test_policy(void **state)
{
    (void)state;
    struct dp_floor stricter = none, laxer = dp_floor_builtin(), absurd = none;
    stricter.least[DP_FEATURE_VECTOR] = 2000;
    laxer.least[DP_FEATURE_VECTOR] = 1;
    absurd.least[DP_FEATURE_VECTOR] = DP_FLOOR_MOST + 1;
    assert_int_equal(dp_floor_check(&stricter, DP_FEATURE_VECTOR, (struct dp_ratio){4, 1}, 1, NULL), OK);
    assert_int_equal(dp_floor_check(&stricter, DP_FEATURE_VECTOR, (struct dp_ratio){399, 100}, 1, NULL), ERR_POLICY);
    assert_int_equal(dp_floor_check(&laxer, DP_FEATURE_VECTOR, (struct dp_ratio){99, 100}, 1, NULL), ERR_POLICY);
    assert_int_equal(dp_floor_check(&absurd, DP_FEATURE_VECTOR, (struct dp_ratio){4, 1}, 1, NULL), ERR_USAGE);
    assert_int_equal(dp_floor_higher(stricter, laxer).least[DP_FEATURE_VECTOR], 2000);
    assert_int_equal(dp_floor_higher(stricter, laxer).least[DP_FEATURE_VOTE], laxer.least[DP_FEATURE_VOTE]);
}

static void test_epsilon(void **state)
{
    (void)state;
    struct dp_floor stricter = {{1000, 500, 0, 0}};
    struct dp_epsilon most = dp_floor_epsilon(&stricter, DP_FEATURE_VOTE);
    assert_true(fabs((double)most.micro / 1e6 - 2 * asinh(.5)) < 2e-6);
    assert_true(dp_floor_epsilon(&stricter, DP_FEATURE_CHOICE).micro > most.micro);
    assert_int_equal(dp_floor_check_epsilon(&stricter, DP_FEATURE_VOTE, most, NULL), OK);
    most.micro++;
    assert_int_equal(dp_floor_check_epsilon(&stricter, DP_FEATURE_VOTE, most, NULL), ERR_POLICY);
    assert_int_equal(dp_floor_check_epsilon(&none, DP_FEATURE_VOTE, most, NULL), OK);
    assert_int_equal(dp_floor_check_epsilon(&none, DP_FEATURE_VOTE, (struct dp_epsilon){20000000}, NULL), ERR_POLICY);
    assert_int_equal(dp_floor_check_epsilon(&none, DP_FEATURE_VOTE, (struct dp_epsilon){0}, NULL), ERR_USAGE);
    /* the two ways of asking agree: the variance of an answer at this ε, debiased */
    double lie = 1 / (1 + exp((double)(most.micro - 1) / 1e6));
    double variance = lie * (1 - lie) / ((1 - 2 * lie) * (1 - 2 * lie));
    assert_true(fabs(variance - 1) < 1e-5);
}

static void test_names(void **state)
{
    (void)state;
    for (enum dp_feature i = DP_FEATURE_VOTE; i <= DP_FEATURE_VECTOR; i++) {
        enum dp_feature found;
        assert_int_equal(dp_feature_named(bytes_str(dp_feature_name(i)), &found), OK);
        assert_int_equal(found, i);
        assert_true(dp_floor_builtin().least[i] > 0);
    }
    enum dp_feature found;
    assert_int_equal(dp_feature_named(bytes_str("gradient"), &found), ERR_NOT_FOUND);
    assert_int_equal(dp_floor_check(&none, (enum dp_feature)9, (struct dp_ratio){1, 1}, 1, NULL), ERR_USAGE);
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_VOTE, (struct dp_ratio){1, 0}, 1, NULL), ERR_USAGE);
    assert_int_equal(dp_floor_check(&none, DP_FEATURE_VOTE, (struct dp_ratio){1, 1}, 0, NULL), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variance),
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_epsilon),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
