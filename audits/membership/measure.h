/* From series of worlds to results: an attacker is fitted on the first worlds of a series, chooses its scores on the
 * next, and is judged on the rest, one target a world, so that what is judged is independent. Room-internal. */
#pragma once

#include "audits/membership/scores.h"
#include "audits/membership/series.h"

struct measured { /* by the score that was chosen for each */
    struct judged {
        struct scored scored;
        enum score chosen;
    } by[GOALS];
};
struct split { /* worlds of a series */
    size_t fit, choose, judge;
};
static inline size_t split_all(const struct split *split)
{
    return split->fit + split->choose + split->judge;
}
void measured_free(struct measured *measured);

/* Task targets from an open series, canaries from theirs: `numbers` of split_all(split) worlds. */
MUST_USE enum status measure_tasks(const struct cast *cast, const struct split *split, const double *numbers,
                                   struct random random, struct measured *out);
MUST_USE enum status measure_canaries(const struct cast *cast, const struct split *split, const double *numbers,
                                      struct random random, struct measured *out);
/* Tenant targets: who shared something in an open series is a member; in one with an absent tenant that one is none. */
MUST_USE enum status measure_tenants(const struct cast *cast, const struct split *open, const double *open_numbers,
                                     const struct split *absent, const double *absent_numbers, struct random random,
                                     struct measured *out);
/* The one task of a private series. */
MUST_USE enum status measure_private(const struct split *split, const double *numbers, struct measured *out);
/* The worst case, by GOAL_AREA alone: scores need no choice. */
MUST_USE enum status measure_worst(const double *numbers, size_t count, struct measured *out);
