/* dp/projective: the geometry, the ratio of answers, unbiased estimates of the stated error, what is refused. */
#include "dp/projective.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/dp/chi_square.h"
#include "tests/dp/seeded.h"

static struct dp_projective made(uint64_t micro, uint32_t choices)
{
    struct dp_projective space;
    assert_int_equal(dp_projective_for((struct dp_epsilon){micro}, choices, &space), OK);
    return space;
}

/* Each choice has as many orthogonal answers as any other, and each pair as any other pair. */
static void test_geometry(void **state)
{
    (void)state;
    static const struct {
        uint32_t prime, dimensions, points, one, two;
    } spaces[] = {{2, 3, 7, 3, 1}, {3, 4, 40, 13, 4}, {5, 3, 31, 6, 1}, {7, 2, 8, 1, 0}};
    for (size_t s = 0; s < sizeof spaces / sizeof *spaces; s++) {
        struct dp_projective space = {spaces[s].prime, spaces[s].dimensions, spaces[s].points, 3, 4};
        for (uint32_t a = 0; a < space.points; a++)
            for (uint32_t b = 0; b < space.points; b++) {
                uint32_t both = 0, first = 0;
                for (uint32_t answer = 0; answer < space.points; answer++) {
                    bool is_first = dp_projective_count(&space, &answer, 1, a);
                    first += is_first;
                    both += is_first && dp_projective_count(&space, &answer, 1, b);
                }
                assert_int_equal(first, spaces[s].one);
                assert_int_equal(both, a == b ? spaces[s].one : spaces[s].two);
            }
    }
}

/* The law of answers: two chances, of the ratio that the ε says. */
static bool fits(uint64_t micro, uint32_t choices, uint32_t truth, double epsilon)
{
    enum { DRAWS = 100000, MOST = 200 };
    struct dp_projective space = made(micro, choices);
    struct dp_stream *stream SEEDED = seeded_stream(micro + truth);
    uint64_t counts[MOST] = {0};
    double law[MOST], sum = 0;
    assert_true(space.points <= MOST);
    for (int i = 0; i < DRAWS; i++)
        counts[dp_projective_answer(&space, stream, truth)]++;
    for (uint32_t answer = 0; answer < space.points; answer++)
        sum += law[answer] = dp_projective_count(&space, &answer, 1, truth) ? exp(epsilon) : 1;
    for (uint32_t answer = 0; answer < space.points; answer++)
        law[answer] /= sum;
    return chi_square_fits(counts, law, space.points, DRAWS);
}

static void test_law(void **state)
{
    (void)state;
    assert_true(fits(1000000, 30, 0, 1));
    assert_true(fits(1000000, 30, 29, 1));
    assert_true(fits(500000, 12, 7, .5));
    assert_true(fits(3000000, 100, 55, 3));
    assert_false(fits(1000000, 30, 5, 1.05));
}

static void test_epsilon(void **state)
{
    (void)state;
    static const uint64_t micros[] = {1, 1000, 100000, 1000000, 4000000, 12000000};
    for (size_t i = 0; i < sizeof micros / sizeof *micros; i++) {
        struct dp_projective space = made(micros[i], 1000), bolder = space;
        struct dp_epsilon got;
        assert_int_equal(dp_projective_epsilon(&space, &got), OK);
        assert_true(got.micro <= micros[i] && space.points >= 1000);
        bolder.inside++;
        assert_int_equal(dp_projective_epsilon(&bolder, &got), OK);
        assert_true(got.micro > micros[i] || micros[i] > 10000000); /* the most truthful on the grid */
        assert_true(dp_projective_loss(&space).rho <= dp_zcdp_of_pure((struct dp_epsilon){micros[i]}).rho);
    }
    double best = 4 * exp(1) / ((exp(1) - 1) * (exp(1) - 1));
    struct dp_projective space = made(1000000, 1000);
    double deviation = dp_projective_estimate(&space, 0, 1).standard_error;
    assert_true(deviation * deviation > .9 * best && deviation * deviation < 1.35 * best);
}

static void test_estimates(void **state)
{
    (void)state;
    enum { PEOPLE = 4000, CHOICES = 50 };
    struct dp_projective space = made(2000000, CHOICES);
    struct dp_stream *stream SEEDED = seeded_stream(77);
    static uint32_t answers[PEOPLE];
    for (uint32_t i = 0; i < PEOPLE; i++)
        answers[i] = dp_projective_answer(&space, stream, i % 4 ? 3 : i % CHOICES);
    double squares = 0;
    for (uint32_t choice = 0; choice < CHOICES; choice++) {
        double truth = choice == 3 ? 3000 : 0;
        for (uint32_t i = 0; i < PEOPLE; i += 4)
            truth += i % CHOICES == choice;
        struct dp_estimate estimate =
            dp_projective_estimate(&space, dp_projective_count(&space, answers, PEOPLE, choice), PEOPLE);
        double off = (estimate.value - truth) / estimate.standard_error;
        assert_true(fabs(off) < 5);
        squares += off * off;
    }
    assert_true(squares / CHOICES > .2 && squares / CHOICES < 1.6); /* the stated error is the error */
}

static void test_refused(void **state)
{
    (void)state;
    struct dp_projective space;
    struct dp_epsilon epsilon;
    assert_int_equal(dp_projective_for((struct dp_epsilon){0}, 10, &space), ERR_USAGE);
    assert_int_equal(dp_projective_for((struct dp_epsilon){12000001}, 10, &space), ERR_USAGE);
    assert_int_equal(dp_projective_for((struct dp_epsilon){1000000}, 1, &space), ERR_USAGE);
    assert_int_equal(dp_projective_for((struct dp_epsilon){1000000}, UINT32_MAX, &space), ERR_USAGE);
    static const struct dp_projective wrong[] = {
        {4, 3, 21, 1, 2}, {3, 3, 12, 1, 2}, {3, 3, 13, 0, 2},          {3, 3, 13, 2, 2},
        {3, 1, 1, 1, 2},  {0, 0, 0, 0, 0},  {3, 40, UINT32_MAX, 1, 2}, {3, 3, 13, 1, 13}, /* less likely inside */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(dp_projective_epsilon(&wrong[i], &epsilon), ERR_USAGE);
        assert_true(dp_projective_loss(&wrong[i]).delta == UINT64_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry),  cmocka_unit_test(test_law),     cmocka_unit_test(test_epsilon),
        cmocka_unit_test(test_estimates), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
