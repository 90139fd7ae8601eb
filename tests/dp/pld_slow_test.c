/* dp/pld at the ends of what is allowed: an answer, however wide, that is no more than zCDP's, or a clear refusal. */
#include "dp/pld.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/pld_settings.h"

#define SIZE(array) (sizeof(array) / sizeof *(array))

static void test_ends(void **state)
{
    (void)state;
    static const struct dp_mechanism ends[] = {PURE(1),
                                               PURE(100000000),
                                               LAPLACE(1),
                                               LAPLACE(100000000),
                                               RESPONSE(100000000, UINT64_MAX),
                                               RESPONSE(1, UINT64_MAX),
                                               GEOMETRIC(1, 1 << 20),
                                               GEOMETRIC(100000000, 1),
                                               GAUSSIAN(1, 10),
                                               GAUSSIAN(10000000000, 1),
                                               DISCRETE_GAUSSIAN(1, 10),
                                               DISCRETE_GAUSSIAN(1000, 1),
                                               SAMPLED_GAUSSIAN(1, 1),
                                               SAMPLED_GAUSSIAN(10000000000, 999),
                                               APPROXIMATE(1, 999999999999999999)};
    for (size_t i = 0; i < SIZE(ends); i++)
        for (uint64_t times = 1; times <= 1000000; times *= 1000) {
            const struct dp_step step = {ends[i], times};
            struct dp_epsilon out;
            enum status status = dp_pld_epsilon(&step, 1, DP_DELTA_ONE / 1000000, &out);
            assert_true(status == OK || status == ERR_POLICY || status == ERR_TOO_LARGE);
            assert_true(status == OK || out.micro == UINT64_MAX);
            struct dp_epsilon zcdp;
            if (status == OK && dp_zcdp_epsilon(dp_steps_zcdp(&step, 1), DP_DELTA_ONE / 1000000, &zcdp) == OK)
                assert_true(out.micro <= zcdp.micro);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
