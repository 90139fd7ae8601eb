/* Effects attributable to taking part: Fisher's tea, and draws in which the truth is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/statistics/attributable.h"
#include "base/random.h"

static void tea(void **state)
{
    (void)state;
    /* Fisher 1935, chapter II: all four of eight cups, 1 / 70; three of four, 17 / 70. */
    assert_true(fabs(stat_attributable_p(4, 4, 0, 4, 0) - 1. / 70) < 1e-12);
    assert_true(fabs(stat_attributable_p(3, 4, 1, 4, 0) - 17. / 70) < 1e-12);
    assert_int_equal(stat_attributable(3, 4, 1, 4).low, 0);
    assert_int_equal(stat_attributable(4, 4, 0, 4).low, 1);
    assert_true(stat_attributable_p(0, 0, 0, 0, 0) == 1);
}

static void clear_effects(void **state)
{
    (void)state;
    struct attributable all = stat_attributable(50, 50, 0, 50), none = stat_attributable(25, 50, 25, 50);
    assert_true(all.low >= 40 && all.high == 50 && stat_attributable_p(50, 50, 0, 50, 0) < 1e-12);
    assert_int_equal(none.low, 0);
    assert_true(stat_attributable_p(50, 50, 0, 50, all.low) > .025); /* the bound is where the test stops to object */
    assert_true(stat_attributable_p(50, 50, 0, 50, all.low - 1) <= .025);
    assert_true(stat_attributable_p(25, 50, 25, 50, 0) > .4 && none.high < 20);
}

/* Of 60, 24 show it whatever happens, and of those who take part of the others the last 24 show it by that. */
static void covers(void **state)
{
    (void)state;
    enum { DRAWS = 500, ALL = 60, ANYWAY = 24, BY_IT = 36 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    size_t covered = 0, low_enough = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        size_t in_hits = 0, out_hits = 0, in = 0, truth = 0;
        for (size_t i = 0; i < ALL; i++) {
            int takes_part = (int)random_below(random, 2), by_it = i >= BY_IT; /* the last 24 react */
            in += (size_t)takes_part;
            truth += (size_t)(takes_part && by_it);
            in_hits += (size_t)(takes_part && (by_it || i < ANYWAY));
            out_hits += (size_t)(!takes_part && i < ANYWAY);
        }
        struct attributable found = stat_attributable(in_hits, in, out_hits, ALL - in);
        covered += found.low <= truth && truth <= found.high;
        low_enough += found.low <= truth;
    }
    assert_true(covered >= DRAWS * 94 / 100);
    assert_true(low_enough >= DRAWS * 97 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tea),
        cmocka_unit_test(clear_effects),
        cmocka_unit_test(covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
