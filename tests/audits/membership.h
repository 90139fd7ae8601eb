/* What tests of membership share: made worlds of a few targets, and the area that an attack reaches on them. */
#pragma once

#include "tests/audits/traces.h"

#include <math.h>

#include "audits/membership/membership.h"
#include "audits/statistics/statistics.h"

enum { TARGETS = 5, WORLDS = 2000 };

static inline void near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.12g, wanted %.12g", value, wanted);
}

static inline double normal(struct random random)
{
    double u = 1 - random_unit(random), v = random_unit(random);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static inline struct auc area_of(const struct scored *scored)
{
    struct auc auc = {0};
    assert_int_equal(stat_auc(scored->members, scored->member_count, scored->others, scored->other_count, &auc), OK);
    return auc;
}
