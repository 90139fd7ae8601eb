/* The parts of the attack on membership. Room-internal. */
#pragma once

#include "audits/membership/measure.h"

enum membership_claim {
    TASK_AVERAGE,
    TASK_RATE_1,
    TASK_RATE_01,
    TASK_WORST,
    TENANT_AVERAGE,
    TENANT_RATE_1,
    TENANT_RATE_01,
    TENANT_WORST,
    CANARY_AVERAGE,
    PRIVATE_WORST,
    MEMBERSHIP_CLAIMS
};
extern const struct audit_claim membership_claims[MEMBERSHIP_CLAIMS + 1];

struct membership_sizes {                                   /* worlds */
    struct split open, absent, canary, private;             /* federations */
    struct split open_copied, absent_copied, canary_copied; /* libraries copied together for the control */
    size_t worst;                                           /* each of the two */
};
struct membership {
    const struct audit_scope *scope;
    const struct membership_sizes *sizes;
    struct worlds worlds;
    struct cast cast;
    struct random_seeded seeded;
    struct random random; /* of the adversary */
    struct audit_results *out;
};
/* *run may not be moved: its randomness points into it. */
MUST_USE enum status membership_open(const struct audit_scope *scope, const struct membership_sizes *sizes,
                                     struct membership *run, struct why *why);
void membership_close(struct membership *run);
bool membership_is_private(const struct membership *run);

/* An area under the ROC, with that of the control. */
MUST_USE enum status membership_add_area(struct membership *run, enum membership_claim which,
                                         const struct measured *measured, const struct measured *control,
                                         const char *note);
/* The area, and the two true-positive rates whose claims follow it. */
MUST_USE enum status membership_add_average(struct membership *run, enum membership_claim first,
                                            const struct measured *measured, const struct measured *control);
/* Not evaluated, and why. */
MUST_USE enum status membership_skip(struct membership *run, enum membership_claim which, const char *note);
/* Run a series of the attack's worlds; federations are counted. */
MUST_USE enum status membership_worlds(struct membership *run, const struct series *series, double **out);

/* The case of the canaries, alone. */
MUST_USE enum status membership_canary(struct membership *run);
/* private.c: mode dp, with colluders at the steepest point of the selection curve. */
MUST_USE enum status membership_private(struct membership *run, struct why *why);
