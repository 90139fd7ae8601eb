/* dp/response_many: the ε of the chances, the law of answers, the estimate, what is refused. */
#include "dp/response_many.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static void test_epsilon(void **state)
{
    (void)state;
    struct dp_epsilon out;
    assert_int_equal(dp_response_many_epsilon((struct dp_response_many){3, 5, 3}, &out), OK);
    assert_int_equal(out.micro, 1098613); /* 3/5 against 1/5: ln 3, up */
    static const struct dp_response_many wrong[] = {{1, 3, 3}, {5, 5, 3}, {0, 5, 3}, {3, 5, 1}, {3, 5, 0}, {6, 5, 3}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(dp_response_many_epsilon(wrong[i], &out), ERR_USAGE);
        assert_true(dp_response_many_loss(wrong[i]).delta == UINT64_MAX);
    }
    /* two choices are the binary response */
    struct dp_response two;
    struct dp_response_many many;
    assert_int_equal(dp_response_for((struct dp_epsilon){1000000}, &two), OK);
    assert_int_equal(dp_response_many_for((struct dp_epsilon){1000000}, 2, &many), OK);
    assert_true(many.of == two.of && many.truths == two.of - two.lies);
}

static void test_for(void **state)
{
    (void)state;
    static const uint64_t micros[] = {1000, 100000, 1000000, 4000000, 20000000};
    static const uint32_t choices[] = {2, 3, 10, 1000};
    for (size_t i = 0; i < sizeof micros / sizeof *micros; i++)
        for (size_t k = 0; k < sizeof choices / sizeof *choices; k++) {
            struct dp_response_many response;
            struct dp_epsilon got;
            assert_int_equal(dp_response_many_for((struct dp_epsilon){micros[i]}, choices[k], &response), OK);
            assert_int_equal(dp_response_many_epsilon(response, &got), OK);
            assert_true(got.micro <= micros[i]);
            response.truths++;
            if (dp_response_many_epsilon(response, &got) == OK)
                assert_true(got.micro > micros[i]);
        }
    struct dp_response_many response;
    assert_int_equal(dp_response_many_for((struct dp_epsilon){0}, 3, &response), ERR_USAGE);
    assert_int_equal(dp_response_many_for((struct dp_epsilon){20000001}, 3, &response), ERR_USAGE);
    assert_int_equal(dp_response_many_for((struct dp_epsilon){1000000}, 1, &response), ERR_USAGE);
    assert_int_equal(dp_response_many_for((struct dp_epsilon){1}, UINT32_MAX, &response), ERR_USAGE);
    assert_true(response.of == 0);
}

static void test_answers_and_estimate(void **state)
{
    (void)state;
    enum { DRAWS = 100000, CHOICES = 5 };
    struct dp_response_many response;
    struct dp_stream *stream SEEDED = seeded_stream(6);
    assert_int_equal(dp_response_many_for((struct dp_epsilon){1000000}, CHOICES, &response), OK);
    double share = exp(1) / (exp(1) + CHOICES - 1), law[CHOICES], off[CHOICES];
    for (uint32_t truth = 0; truth < CHOICES; truth += 2) {
        uint64_t counts[CHOICES] = {0};
        for (int i = 0; i < DRAWS; i++)
            counts[dp_response_many_answer(stream, response, truth)]++;
        for (uint32_t i = 0; i < CHOICES; i++) {
            law[i] = i == truth ? share : (1 - share) / (CHOICES - 1);
            off[i] = i == truth ? share + .01 : (.99 - share) / (CHOICES - 1);
        }
        assert_true(chi_square_fits(counts, law, CHOICES, DRAWS));
        assert_false(chi_square_fits(counts, off, CHOICES, DRAWS));
        struct dp_estimate all = dp_response_many_estimate(response, counts[truth], DRAWS);
        struct dp_estimate none = dp_response_many_estimate(response, counts[(truth + 1) % CHOICES], DRAWS);
        assert_true(fabs(all.value - DRAWS) < 5 * all.standard_error && fabs(none.value) < 5 * none.standard_error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_epsilon),
        cmocka_unit_test(test_for),
        cmocka_unit_test(test_answers_and_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
