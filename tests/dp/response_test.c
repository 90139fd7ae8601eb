/* dp/response: the lie's rate, its epsilon rounded up, the estimate. */
#include "dp/response.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static void test_epsilon(void **state)
{
    (void)state;
    struct dp_epsilon out;
    assert_int_equal(dp_response_epsilon((struct dp_response){1, 4}, &out), OK);
    assert_int_equal(out.micro, 1098613); /* ln 3 = 1.0986122886..., up */
    assert_int_equal(dp_response_epsilon((struct dp_response){1, 2}, &out), ERR_USAGE);
    assert_int_equal(dp_response_epsilon((struct dp_response){0, 4}, &out), ERR_USAGE);
    assert_int_equal(dp_response_epsilon((struct dp_response){3, 4}, &out), ERR_USAGE);
    assert_int_equal(dp_response_epsilon((struct dp_response){5, 4}, &out), ERR_USAGE);
    assert_int_equal(dp_response_epsilon((struct dp_response){1, 0}, &out), ERR_USAGE);
    assert_true(out.micro == UINT64_MAX);
    assert_true(dp_response_loss((struct dp_response){0, 4}).delta == UINT64_MAX);
    assert_true(dp_response_loss((struct dp_response){1, 4}).rho == dp_zcdp_of_pure((struct dp_epsilon){1098613}).rho);
}

static void test_for(void **state)
{
    (void)state;
    static const uint64_t micros[] = {1, 1000, 100000, 500000, 1000000, 4000000, 20000000};
    struct dp_response response;
    for (size_t i = 0; i < sizeof micros / sizeof *micros; i++) {
        struct dp_epsilon wanted = {micros[i]}, got;
        assert_int_equal(dp_response_for(wanted, &response), OK);
        assert_int_equal(dp_response_epsilon(response, &got), OK);
        assert_true(got.micro <= wanted.micro && (double)(wanted.micro - got.micro) <= 2 + 0.2 * (double)wanted.micro);
        struct dp_response bolder = {response.lies - 1, response.of};
        if (dp_response_epsilon(bolder, &got) == OK)
            assert_true(got.micro > wanted.micro); /* the most truthful one on the grid */
    }
    assert_int_equal(dp_response_for((struct dp_epsilon){0}, &response), ERR_USAGE);
    assert_int_equal(dp_response_for((struct dp_epsilon){20000001}, &response), ERR_USAGE);
}

static void test_answers(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    const struct dp_response response = {1, 4};
    struct dp_stream *stream SEEDED = seeded_stream(11);
    uint64_t counts[2][2] = {{0}};
    for (int i = 0; i < DRAWS; i++)
        for (int truth = 0; truth < 2; truth++)
            counts[truth][dp_response_answer(stream, response, truth)]++;
    const double no[2] = {0.75, 0.25}, yes[2] = {0.25, 0.75};
    assert_true(chi_square_fits(counts[0], no, 2, DRAWS));
    assert_true(chi_square_fits(counts[1], yes, 2, DRAWS));
    assert_false(chi_square_fits(counts[0], yes, 2, DRAWS));
}

static void test_estimate(void **state)
{
    (void)state;
    const struct dp_response response = {1, 4};
    struct dp_stream *stream SEEDED = seeded_stream(12);
    uint64_t said_yes = 0;
    for (int i = 0; i < 10000; i++)
        said_yes += dp_response_answer(stream, response, i < 3000);
    struct dp_estimate estimate = dp_response_estimate(response, said_yes, 10000);
    assert_true(fabs(estimate.standard_error - sqrt(10000 * 0.1875) / 0.5) < 1e-9);
    assert_true(fabs(estimate.value - 3000) < 5 * estimate.standard_error);
    assert_true(fabs((double)said_yes - 3000) > 5 * estimate.standard_error); /* undebiased it would be wrong */
}

/* Of 400 estimates at least 93 % have the truth within their margin, and not with half of it. */
static void test_margin(void **state)
{
    (void)state;
    enum { ROUNDS = 400, PEOPLE = 200 };
    const struct dp_response response = {1, 4};
    struct dp_stream *stream SEEDED = seeded_stream(13);
    int within = 0, half = 0;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t said_yes = 0;
        for (int i = 0; i < PEOPLE; i++)
            said_yes += dp_response_answer(stream, response, i < 60);
        struct dp_estimate estimate = dp_response_estimate(response, said_yes, PEOPLE);
        within += fabs(estimate.value - 60) <= dp_estimate_margin(estimate);
        half += fabs(estimate.value - 60) <= dp_estimate_margin(estimate) / 2;
    }
    assert_true(within >= ROUNDS * 93 / 100 && half < ROUNDS * 80 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_epsilon),  cmocka_unit_test(test_for),    cmocka_unit_test(test_answers),
        cmocka_unit_test(test_estimate), cmocka_unit_test(test_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
