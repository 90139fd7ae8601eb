/* Series of worlds in which somebody takes part or does not, and what the adversary reads off each. Room-internal. */
#pragma once

#include "audits/membership/cast.h"

enum series_kind {
    SERIES_OPEN,       /* each task takes part by a coin */
    SERIES_ABSENT,     /* the same, but of the tenant targets that would share something one, drawn at random, shares
                          nothing: an open world without one of its members */
    SERIES_CANARY,     /* as open, and each canary by a coin */
    SERIES_WORST_TASK, /* k - 1 colluders share what a task holds, whose tenant shares nothing else; by a coin the task
                        */
    SERIES_WORST_TENANT, /* likewise all that a tenant holds */
    SERIES_PRIVATE       /* mode dp: a task by a coin, on a base in which colluders have shared it; nobody else */
};
/* What is read: the library of the real round, or, for the positive control, a copy of everything that was shared and
 * an extra of whoever took part. Colluders share nothing then: they would hide what is to be found. */
enum series_reading { READ_RELEASED, READ_COPIED };

struct series {
    struct worlds *worlds;
    const struct cast *cast;
    enum series_kind kind;
    enum series_reading reading;
    size_t task;      /* private: the target, among the cast's tasks */
    const char *name; /* of the trials */
    size_t count;     /* of worlds */
};

/* What a world gives, side by side. Open: whether each task target took part, the task targets' signals, whether each
 * tenant target shared anything, the tenant targets' signals. Absent: which of the tenant targets stayed out, their
 * signals. Canary: whether each took
 * part, their signals. Private: whether the task took part, its signals. Worst: whether the target took part, and how
 * many of its lone phrases are in the library. */
size_t series_numbers(const struct series *series);
/* All its worlds: *out is owned. ERR_POLICY: the server refuses to hold a round (mode dp with too few tenants).
 * ERR_DENIED: it refused what somebody shared, who would count as a member without being one. */
MUST_USE enum status series_run(const struct series *series, double **out);
